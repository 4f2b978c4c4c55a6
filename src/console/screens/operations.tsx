import { ACT_WORDS } from '../acts/act-words.ts';
import { OperationState } from '../acts/operation-progress.tsx';
import { operationQuery, operationText } from '../acts/operation-words.ts';
import { StopOperation } from '../acts/stop-operation.tsx';
import { Age } from '../elements/age.tsx';
import { Empty } from '../elements/empty.tsx';
import { Trouble } from '../elements/loading.tsx';
import { LoadingScreen } from '../elements/loading-screen.tsx';
import type { Operation } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { to } from '../router.ts';

export function OperationsScreen() {
  const operations = usePolled('operations', api.operations);
  if (operations.value === undefined) return <LoadingScreen of={operations} />;
  const all = operations.value.operations;
  return (
    <>
      <h1>Operations</h1>
      <Trouble of={operations} />
      {all.length === 0 ? (
        <Empty title="Nobody has asked for one yet.">
          <p>
            Choose <a href={to('/orders')}>orders</a> by a filter; then one act can be asked for all
            of them.
          </p>
        </Empty>
      ) : (
        all.map((operation) => (
          <OperationCard
            key={operation.operationId}
            operation={operation}
            done={operations.again}
          />
        ))
      )}
    </>
  );
}

function OperationCard({
  operation,
  done,
}: {
  readonly operation: Operation;
  readonly done: () => void;
}) {
  const { operationId, action, filter, actor, reason, askedAt } = operation;
  return (
    <section class="card">
      <h2>
        {ACT_WORDS[action].name}: {operationText(filter)}
      </h2>
      <OperationState operation={operation} />
      <div class="buttons">
        <StopOperation operation={operation} done={done} />
      </div>
      <p class="dim">
        {actor} asked for it <Age at={askedAt} />
        {reason !== undefined && <em> “{reason}”</em>}.{' '}
        <a href={to('/orders', operationQuery(filter))}>Orders that match now</a>
        {action === 'pause' && (
          <>
            {' · '}
            <a href={to('/orders', { pausedBy: operationId })}>Orders that it keeps paused</a>
          </>
        )}
      </p>
    </section>
  );
}
