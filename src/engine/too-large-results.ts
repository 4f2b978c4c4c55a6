import type { OrderEvent } from '../core/event.ts';
import type { OrderState } from '../core/order.ts';
import type { TooLargeError } from '../ports/too-large.ts';

/**
 * The events of an entry that does not fit, in the order in which each is to get an entry of its own: what may not be lost comes
 * first, so that an optional result is the one that finds no room.
 */
export function inOrderOfNeed(
  events: readonly OrderEvent[],
  state: OrderState,
): readonly OrderEvent[] {
  const optional = new Set(
    'stage' in state
      ? state.stage.tasks.flatMap((task) =>
          'taskId' in task && !task.mandatory ? [task.taskId] : [],
        )
      : [],
  );
  const weight = (event: OrderEvent) => {
    if (event.type !== 'TaskCompleted') return 0;
    return optional.has(event.taskId) ? 2 : 1;
  };
  return events.toSorted((a, b) => weight(a) - weight(b));
}

/**
 * A result that does not fit into its order is no better the next time: its task has failed, which is small enough to be
 * stored. `undefined` for an event that brings no result.
 */
export function withoutResult(event: OrderEvent, error: TooLargeError): OrderEvent | undefined {
  if (event.type !== 'TaskCompleted') return undefined;
  const { result: _, ...answered } = event;
  const message = `the result does not fit: ${error.message}`;
  const failure = { code: 'RESULT_TOO_LARGE', message };
  return { ...answered, type: 'TaskFailed', error: failure, retry: 'never' };
}
