import { awaitedPlaces } from '../core/awaiting.ts';
import type { OrderState } from '../core/order.ts';
import type { KeyedPlace } from '../ports/awaited-events.ts';
import { isKeyed } from '../ports/awaited-events.ts';

/** Where tasks of the order have waited for events, and wait no longer. */
export function placesAwaitedNoMore(before: OrderState, after: OrderState): readonly KeyedPlace[] {
  const now = awaitedPlaces(after);
  return awaitedPlaces(before)
    .filter(isKeyed)
    .filter(
      ({ taskId, attempt }) => !now.some((one) => one.taskId === taskId && one.attempt === attempt),
    );
}
