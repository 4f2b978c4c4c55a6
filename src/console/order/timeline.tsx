import { Age } from '../elements/age.tsx';
import type { Order } from '../messages.ts';
import { may } from '../reading/me.ts';
import { to } from '../router.ts';
import { foldMoments, type TimelineLine } from './fold-moments.ts';

/** What happened, in people's words, and who asked for it. */
export function Timeline({ order }: { readonly order: Order }) {
  return (
    <section class="card later">
      <h2>What happened</h2>
      <ol class="timeline">
        {foldMoments(order).map((line, index) => (
          <li key={index} class={line.tone}>
            <Told line={line} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Told({ line: { text, moments } }: { readonly line: TimelineLine }) {
  const last = moments.at(-1);
  if (last === undefined) return null;
  const { at, reason, operation } = last.moment;
  return (
    <>
      {moments.length === 1 ? (
        <span>
          {text}
          {reason !== undefined && <em> “{reason}”</em>}
          {operation !== undefined && may('GET /operations') && (
            <>
              {' '}
              <a href={to('/operations')}>with many others</a>
            </>
          )}
        </span>
      ) : (
        <details>
          <summary>{text}</summary>
          <ul>
            {moments.map((one, index) => (
              <li key={index}>{one.text}</li>
            ))}
          </ul>
        </details>
      )}
      <span class="when">
        <Age at={at} />
      </span>
    </>
  );
}
