import { Empty } from '../elements/empty.tsx';
import { FailureLines } from '../elements/failure-lines.tsx';
import { Loading } from '../elements/loading.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { failureGroups } from '../words/failures.ts';

/** The orders that a plugin has failed, by reason. */
export function PluginFailures({ name }: { readonly name: string }) {
  const failed = usePolled(`failed by ${name}`, (signal) =>
    api.orders({ status: 'failed', plugin: name, limit: '100' }, signal),
  );
  const groups = failureGroups(failed.value?.orders ?? []);
  return (
    <section class="card">
      <h2>Orders that it failed</h2>
      {failed.value === undefined ? (
        <Loading of={failed} />
      ) : groups.length === 0 ? (
        <Empty title="It has failed none.">
          <p>
            An attempt that fails is repeated first; an order fails when its attempts are used up.
          </p>
        </Empty>
      ) : (
        <FailureLines groups={groups} />
      )}
    </section>
  );
}
