import { Loading } from '../elements/loading.tsx';
import type { Operation } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { codeWords } from '../words/error-words.ts';
import { countText } from '../words/numbers.ts';
import { StopOperation } from './stop-operation.tsx';

const isOver = ({ status }: Operation) => status !== 'running';

/** How far an operation has come, until it ends; it goes on without this page. */
export function OperationProgress({
  operationId,
  close,
}: {
  readonly operationId: string;
  readonly close: () => void;
}) {
  const operation = usePolled(
    `operation ${operationId}`,
    (signal) => api.operation(operationId, signal),
    isOver,
  );
  if (operation.value === undefined) return <Loading of={operation} />;
  return (
    <div class="form">
      <OperationState operation={operation.value} />
      <div class="buttons">
        <button type="button" class="primary" onClick={close}>
          {isOver(operation.value) ? 'Done' : 'Let it go on'}
        </button>
        <StopOperation operation={operation.value} done={operation.again} />
      </div>
    </div>
  );
}

const STATES: Readonly<Record<Operation['status'], string>> = {
  running: 'It is under way.',
  stopped: 'It was stopped. What is done stays done.',
  done: 'It is done.',
};

export function OperationState({ operation }: { readonly operation: Operation }) {
  const { status, matched, done, refused, refusals } = operation;
  return (
    <>
      <p role="status">
        <strong>{STATES[status]}</strong> {countText(done, 'order')} of {matched}
        {refused > 0 && `, ${countText(refused, 'order')} refused`}.
      </p>
      <progress max={Math.max(matched, done + refused, 1)} value={done + refused}>
        {done + refused} of {matched}
      </progress>
      {Object.entries(refusals).map(([code, count]) => (
        <p key={code} class="dim">
          {count} × {codeWords(code)}
        </p>
      ))}
    </>
  );
}
