import type { Instant } from '../core/json.ts';
import type { EndedOrder, OrderState } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';

/**
 * Whether the order ended between the two states. A failed one ends once more after a retry, or at once where somebody skips the last of
 * its tasks.
 */
export function endedBetween(before: OrderState, after: OrderState): after is EndedOrder {
  if (!hasEnded(after)) return false;
  const { status, endedAt } = before as Pick<EndedOrder, 'status'> & { readonly endedAt?: Instant };
  return status !== after.status || endedAt !== after.endedAt;
}
