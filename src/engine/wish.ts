import type { OrderEvent } from '../core/event.ts';
import type { Outcome } from './engine.ts';
import { advanceOrders } from './engine.ts';
import type { EnginePorts } from './engine-ports.ts';

/** A wish takes a moment; a sweep that comes later finds what its caller left unfinished. Milliseconds. */
const UNFINISHED_AFTER_MS = 60_000;

/**
 * Applies what a person asks of one order. No queue holds the wish: if this process dies between storing and sending, the sweeper
 * finishes it, since the order's wake-up has been brought forward before.
 * @throws when the wish could not be applied; it may be repeated.
 */
export async function applyWish(
  orderId: string,
  event: OrderEvent,
  ports: EnginePorts,
): Promise<Outcome> {
  await ports.activeOrders.hasten(orderId, ports.clock() + UNFINISHED_AFTER_MS);
  const { outcomes, failures } = await advanceOrders(new Map([[orderId, [event]]]), ports);
  const outcome = outcomes.get(orderId);
  if (outcome === undefined) throw failures.get(orderId);
  return outcome;
}
