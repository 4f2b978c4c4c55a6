import { placeOrder } from '../core/decide.ts';
import { defined } from '../core/defined.ts';
import type { OrderPlaced } from '../core/event.ts';
import { placedEvent } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { EnginePorts } from './engine-ports.ts';

/** An order that was placed: it is new, or it was there, placed by the same request or by another. */
export interface Placed {
  readonly state: OrderState;
  readonly outcome: 'new' | 'repeated' | 'conflicting';
}

/** An order that may not have been stored. To place it again is safe. */
export interface NotPlaced {
  readonly outcome: 'failed';
  readonly error: unknown;
}

type PlacingPorts = Pick<EnginePorts, 'journal' | 'activeOrders' | 'messenger'>;

/** Places one order. @throws what kept the order from being stored; the request may be repeated. */
export async function place(event: OrderPlaced, ports: PlacingPorts): Promise<Placed> {
  const [placing] = (await placeAll([event], ports)) as [Placed | NotPlaced];
  if (placing.outcome === 'failed') throw placing.error;
  return placing;
}

/**
 * Stores orders and starts those that are stored, whatever becomes of the others. The `active` item comes first, so that
 * whatever dies in between leaves nothing that the sweeper would not find; then entry 0, which makes the order exist; then
 * the message that starts it. If that message cannot be sent the order is accepted all the same: the sweeper starts it, or a
 * repeated request, which sends it again.
 * @returns what became of each event, in the order of the events.
 */
export async function placeAll(
  events: readonly OrderPlaced[],
  ports: PlacingPorts,
): Promise<readonly (Placed | NotPlaced)[]> {
  const placings = await Promise.all(
    events.map((event) =>
      store(event, ports).catch((error: unknown): NotPlaced => ({ outcome: 'failed', error })),
    ),
  );
  await ports.messenger.send(
    placings.flatMap((placing) => {
      const { outcome } = placing;
      if (outcome === 'failed' || outcome === 'conflicting') return [];
      const { status, orderId } = placing.state;
      return status === 'accepted' ? [startOf(orderId)] : [];
    }),
  );
  return placings;
}

function startOf(orderId: string): OutgoingMessage {
  const body = { type: 'OrderAccepted', orderId } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body };
}

async function store(
  event: OrderPlaced,
  { journal, activeOrders }: Pick<EnginePorts, 'journal' | 'activeOrders'>,
): Promise<Placed> {
  const state = placeOrder(event);
  const { orderId, workflow, client, acceptedAt, wakeUp } = state;
  const active = defined({ orderId, workflow, client, acceptedAt, wakeUpAt: wakeUp.at });
  const adding = await activeOrders.add(active);
  const entry = { orderId, number: 0, at: event.at, events: [event], state };
  if ((await journal.append(entry)) === 'stored') {
    // An item that was there is left of a request that died. The sweeper may have removed it just before entry 0 was stored.
    if (adding === 'existed') await activeOrders.add(active);
    return { state, outcome: 'new' };
  }
  const entries = await journal.entries(orderId);
  const same = placedEvent(entries).fingerprint === event.fingerprint;
  const latest = entries.at(-1)?.state ?? state;
  // If the item existed already, leave it: the engine may still have to announce the order's end.
  if (hasEnded(latest) && adding === 'added') await activeOrders.remove(orderId);
  return { state: latest, outcome: same ? 'repeated' : 'conflicting' };
}
