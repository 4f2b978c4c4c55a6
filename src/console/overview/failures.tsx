import { Empty } from '../elements/empty.tsx';
import { FailureLines } from '../elements/failure-lines.tsx';
import { Loading } from '../elements/loading.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { failureGroups } from '../words/failures.ts';
import { countText } from '../words/numbers.ts';

/** The latest orders that failed, by plugin and reason. */
export function Failures() {
  const failed = usePolled('failed', (signal) =>
    api.orders({ status: 'failed', limit: '100' }, signal),
  );
  const groups = failureGroups(failed.value?.orders ?? []);
  return (
    <section class="card">
      <h2>Latest failures</h2>
      {failed.value === undefined ? (
        <Loading of={failed} />
      ) : groups.length === 0 ? (
        <Empty title="Nothing has failed.">
          <p>An order that fails is listed here, with the plugin that failed it and why.</p>
        </Empty>
      ) : (
        <FailureLines groups={groups} />
      )}
      {failed.value !== undefined && groups.length > 0 && (
        <p class="dim">Of the latest {countText(failed.value.orders.length, 'failed order')}.</p>
      )}
    </section>
  );
}
