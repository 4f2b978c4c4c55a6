import type { OrderEvent } from '../core/event.ts';
import type { Instant } from '../core/json.ts';
import type { Unsent } from '../ports/messenger.ts';
import { TooLargeError } from '../ports/too-large.ts';

/**
 * The failures of tasks whose message no queue takes, by order: sending it again would change nothing. A message that could not be
 * sent for another reason is none of them.
 */
export function failuresOfUnsendable(
  unsent: readonly Unsent[],
  at: Instant,
): ReadonlyMap<string, readonly OrderEvent[]> {
  const events = new Map<string, OrderEvent[]>();
  for (const { message, error } of unsent) {
    if (!isUnsendable({ message, error }) || message.to === 'lifecycle') continue;
    if (message.to === 'orchestrator') continue;
    const { invited, history } = message.body;
    const failure =
      history === undefined
        ? { code: 'INPUT_TOO_LARGE', message: `its message cannot be sent: ${error.message}` }
        : {
            code: 'HISTORY_TOO_LARGE',
            message: `its input and the order's history do not fit into one message: ${error.message}`,
          };
    const failed = Object.values(invited).map(
      ({ taskId, attempt }): OrderEvent => ({
        ...{ type: 'TaskFailed', at, taskId, attempt, error: failure, retry: 'never' },
      }),
    );
    events.set(message.orderId, [...(events.get(message.orderId) ?? []), ...failed]);
  }
  return events;
}

export function isUnsendable({ error }: Unsent): boolean {
  return error instanceof TooLargeError;
}
