import { Due, Took } from '../elements/age.tsx';
import type { Order } from '../messages.ts';
import { codeWords } from '../words/error-words.ts';
import { sentence } from '../words/problem-words.ts';
import { undoingVerdict } from '../words/undoing-words.ts';

/** The one sentence that matters: why the order failed, or what it waits for. */
export function Verdict({ order }: { readonly order: Order }) {
  const { error, waitingFor, reason, status } = order;
  const undoing = undoingVerdict(order);
  if (error !== undefined) {
    return (
      <p class="problem" role="status">
        <strong>
          {error.task} failed{error.attempt > 0 && ` at attempt ${error.attempt}`}
        </strong>
        : {error.message}{' '}
        <span class="dim">
          ({codeWords(error.code)}, <code>{error.code}</code>)
        </span>
        {undoing !== undefined && <span class="below">{undoing}</span>}
      </p>
    );
  }
  if (status === 'cancelled') {
    return (
      <p class="note">
        It was cancelled{reason === undefined ? '' : `: ${reason}`}.
        {undoing !== undefined && <span class="below">{undoing}</span>}
      </p>
    );
  }
  if (waitingFor === undefined) return null;
  return (
    <p class="note" role="status">
      It waits for {waitingFor.what}
      {waitingFor.until !== undefined && (
        <>
          {' '}
          (due <Due at={waitingFor.until} />)
        </>
      )}
      {waitingFor.since !== undefined && (
        <>
          {' '}
          (for <Took from={waitingFor.since} />)
        </>
      )}
      .
      {waitingFor.why !== undefined && (
        <strong class="below">
          {waitingFor.task === undefined ? sentence(waitingFor.why) : `${waitingFor.why}.`}
        </strong>
      )}
    </p>
  );
}
