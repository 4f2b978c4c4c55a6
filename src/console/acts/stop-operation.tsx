import { Refusal } from '../elements/problem.tsx';
import { useAsking } from '../elements/use-asking.ts';
import type { Operation } from '../messages.ts';
import { api } from '../reading/api.ts';
import { may } from '../reading/me.ts';

/** Stops an operation that is under way; what it has done stays done. */
export function StopOperation({
  operation: { operationId, status },
  done,
}: {
  readonly operation: Operation;
  readonly done: () => void;
}) {
  const { isBusy, error, ask } = useAsking();
  if (status !== 'running' || !may('POST /operations/{operationId}/stop')) return null;
  const stop = () =>
    ask(async () => {
      await api.stopOperation(operationId);
      done();
    });
  return (
    <>
      <button type="button" disabled={isBusy} onClick={() => void stop()}>
        Stop it
      </button>
      {error !== undefined && <Refusal error={error} />}
    </>
  );
}
