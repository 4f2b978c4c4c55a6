import type { OrderEvent } from '../core/event.ts';
import type { Outcome } from './advanced-order.ts';
import { advanceOrders } from './engine.ts';
import type { EnginePorts } from './engine-ports.ts';

/** A wish takes a moment; a sweep that comes later finds what its caller left unfinished. Milliseconds. */
export const UNFINISHED_AFTER_MS = 60_000;

/** A wish puts the order under a wake-up that no entry sets. */
export const NO_ENTRY = -1;

/**
 * Applies what a person asks of one order. No queue holds the wish: if this process dies between storing and sending, the sweeper
 * finishes it, since the order has been put under a wake-up more before.
 * @throws when the wish could not be applied; it may be repeated.
 */
export async function applyWish(
  orderId: string,
  event: OrderEvent,
  ports: EnginePorts,
): Promise<Outcome> {
  const latest = await ports.journal.latest(orderId);
  if (latest === undefined) return { known: false };
  const { workflow } = latest.state;
  let wakeUp = { at: ports.clock() + UNFINISHED_AFTER_MS, entry: NO_ENTRY };
  // Another wish of this instant keeps its own wake-up: it may not have come to the end.
  while ((await ports.activeOrders.put({ orderId, workflow, wakeUp })) === 'existed') {
    wakeUp = { ...wakeUp, at: wakeUp.at + 1 };
  }
  const { outcomes, failures } = await advanceOrders(new Map([[orderId, [event]]]), ports);
  const outcome = outcomes.get(orderId);
  if (outcome === undefined) throw failures.get(orderId);
  await ports.activeOrders.remove(orderId, wakeUp);
  return outcome;
}
