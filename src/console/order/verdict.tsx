import { Due } from '../elements/age.tsx';
import type { Order } from '../messages.ts';
import { codeWords } from '../words/error-words.ts';

/** The one sentence that matters: why the order failed, or what it waits for. */
export function Verdict({ order }: { readonly order: Order }) {
  const { error, waitingFor, reason, status } = order;
  if (error !== undefined) {
    return (
      <p class="problem" role="status">
        <strong>
          {error.task} failed at attempt {error.attempt}
        </strong>
        : {error.message}{' '}
        <span class="dim">
          ({codeWords(error.code)}, <code>{error.code}</code>)
        </span>
      </p>
    );
  }
  if (status === 'cancelled') {
    return <p class="note">It was cancelled{reason === undefined ? '' : `: ${reason}`}.</p>;
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
      .
    </p>
  );
}
