import type { Attempt } from '../messages.ts';
import { attemptWords } from '../words/attempt-words.ts';

/** Each dispatch of a task: how long it lay in the queue, how long it was at work, where, and why it failed. */
export function Attempts({
  attempts,
  isOver,
  isEvent,
}: {
  readonly attempts: readonly Attempt[];
  /** An event from outside was waited for, and no plugin. */
  readonly isEvent: boolean;
  /** Nobody waits for their task any more. */
  readonly isOver: boolean;
}) {
  if (attempts.length === 0) return null;
  return (
    <div>
      <h3>{attempts.length === 1 ? 'Attempt' : 'Attempts'}</h3>
      <ol class="lines">
        {attempts.map((one) => {
          const { time, why, where, logUrl } = attemptWords(one, isOver, isEvent);
          return (
            <li key={one.attempt}>
              <span>
                {one.attempt}. {time}
                {why !== undefined && <span class="why">{why}</span>}
              </span>
              <span class="dim facts">
                {where !== undefined && (
                  <span title="How the name of its log stream ends">
                    instance <code>{where}</code>
                  </span>
                )}
                {logUrl !== undefined && (
                  <a href={logUrl} target="_blank" rel="noreferrer">
                    log
                  </a>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
