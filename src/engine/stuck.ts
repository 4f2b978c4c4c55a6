import type { Instant } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import { LOOK_AFTER_MS } from '../core/pausing.ts';
import type { EnginePorts } from './engine-ports.ts';

/**
 * A wake-up that lies behind by more than this is nobody's any more: sweeps fail, the order's own fail, or it was set aside. Five sweeps,
 * as the alarm on the sweep itself allows.
 */
export const OVERDUE_MS = 300_000;

/** Since when somebody should look at the order, though all its wake-ups are kept; `undefined` while nobody need. */
export function overlookedSince(state: OrderState, now: Instant): Instant | undefined {
  if (state.status !== 'paused') return undefined;
  const lookAt = state.pausedAt + LOOK_AFTER_MS;
  return lookAt <= now ? lookAt : undefined;
}

/** Marks the order, if nobody has looked at it for too long. Before its wake-up moves: whoever dies before that is followed by a sweep. */
export async function markIfOverlooked(
  state: OrderState,
  { activeOrders, clock }: EnginePorts,
): Promise<void> {
  if (overlookedSince(state, clock()) === undefined) return;
  await activeOrders.markStuck(state.orderId);
}
