import { Empty } from '../elements/empty.tsx';
import type { Schedule } from '../messages.ts';
import { orderPath } from '../router.ts';
import { RunLine } from './run-line.tsx';

/** The latest runs, the newest first, each with its order or the reason why there is none. */
export function Runs({ schedule: { runs } }: { readonly schedule: Schedule }) {
  return (
    <section class="card later">
      <h2>Latest runs</h2>
      {runs.length === 0 ? (
        <Empty title="It has not run yet.">
          <p>Each run stands here, with its order.</p>
        </Empty>
      ) : (
        <ul class="lines">
          {runs.map((run) => (
            <li key={run.at}>
              <RunLine run={run} />
              {run.orderId !== undefined && (
                <a class="id" href={orderPath(run.orderId)}>
                  {run.orderId}
                </a>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
