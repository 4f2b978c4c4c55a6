import type { Instant } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { LOOK_AFTER_MS } from '../core/pausing.ts';
import { isHeld } from '../core/task.ts';
import type { EnginePorts } from './engine-ports.ts';

/**
 * A wake-up that lies behind by more than this is nobody's any more: sweeps fail, the order's own fail, or it was set aside. Five sweeps,
 * as the alarm on the sweep itself allows.
 */
export const OVERDUE_MS = 300_000;

/** Since when somebody should look at the order, though all its wake-ups are kept; `undefined` while nobody need. */
export function overlookedSince(state: OrderState, now: Instant): Instant | undefined {
  const lookAt = stillSince(state) + LOOK_AFTER_MS;
  return lookAt <= now ? lookAt : undefined;
}

/**
 * Since when the clocks of the order stand still, or of that task of it for which they have stood longest; `Infinity` while none does. A task
 * that waits for its turn does not count: those before it go on, and each of them has a deadline.
 */
function stillSince(state: OrderState): Instant {
  if (state.status === 'paused') return state.pausedAt;
  if (hasEnded(state) || state.status === 'accepted') return Infinity;
  return Math.min(...state.stage.tasks.filter(isHeld).map(({ heldSince }) => heldSince));
}

/** Marks the order, if nobody has looked at it for too long. Before its wake-up moves: whoever dies before that is followed by a sweep. */
export async function markIfOverlooked(
  state: OrderState,
  { activeOrders, clock }: EnginePorts,
): Promise<void> {
  if (overlookedSince(state, clock()) === undefined) return;
  await activeOrders.markStuck(state.orderId);
}

/** Takes the mark away once what was overlooked goes on. */
export async function unmarkIfSeen(
  before: OrderState,
  after: OrderState,
  { activeOrders, clock }: EnginePorts,
): Promise<void> {
  if (overlookedSince(before, clock()) === undefined) return;
  if (overlookedSince(after, clock()) !== undefined) return;
  await activeOrders.unmarkStuck(before.orderId);
}
