import { isUnanswered } from '../reading/is-unanswered.ts';
import { orderPath } from '../router.ts';
import { countText } from '../words/numbers.ts';
import { problemWords } from '../words/problem-words.ts';
import type { Outcome } from './act-on-each.ts';
import { ACT_WORDS } from './act-words.ts';
import type { BulkAct } from './operation-request.ts';

/** How far it has come, and each order that refused it, with its reason. */
export function ChosenOutcomes({
  act,
  outcomes,
  total,
  isOver,
  stop,
  close,
}: {
  readonly act: BulkAct;
  readonly outcomes: readonly Outcome[];
  readonly total: number;
  readonly isOver: boolean;
  readonly stop: () => void;
  readonly close: () => void;
}) {
  const failed = outcomes.filter(({ error }) => error !== undefined);
  const unanswered = failed.filter(({ error }) => isUnanswered(error)).length;
  const refused = failed.length - unanswered;
  return (
    <div class="form">
      <p role="status">
        <strong>{isOver ? 'It is done.' : 'It is under way.'}</strong>{' '}
        {countText(outcomes.length - failed.length, 'order')} of {total} {ACT_WORDS[act].done}
        {refused > 0 && `, ${refused} refused`}
        {unanswered > 0 && `, ${unanswered} without an answer`}.
      </p>
      <progress max={total} value={outcomes.length}>
        {outcomes.length} of {total}
      </progress>
      {failed.length > 0 && (
        <ul class="lines">
          {failed.map(({ orderId, error }) => (
            <li key={orderId}>
              <a class="id" href={orderPath(orderId)}>
                {orderId}
              </a>
              <span class="why">
                {isUnanswered(error)
                  ? 'Nobody knows whether it was done.'
                  : problemWords(error).detail}
              </span>
            </li>
          ))}
        </ul>
      )}
      <div class="buttons">
        {isOver ? (
          <button type="button" class="primary" onClick={close}>
            Done
          </button>
        ) : (
          <button type="button" onClick={stop}>
            Stop it
          </button>
        )}
      </div>
    </div>
  );
}
