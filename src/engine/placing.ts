import { placeOrder } from '../core/decide.ts';
import type { OrderPlaced } from '../core/event.ts';
import { placedEvent } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { EnginePorts } from './engine-ports.ts';

/** What became of a placed order: it is new, or it was there, placed by the same request or by another. */
export interface Placed {
  readonly state: OrderState;
  readonly outcome: 'new' | 'repeated' | 'conflicting';
}

/**
 * Stores orders and sets each going. The `active` item comes first, so that whatever dies in between leaves nothing that
 * the sweeper would not find; then entry 0, which makes the order exist; then the message that starts it. When that one
 * cannot be sent the order is accepted all the same: the sweeper starts it, or a repeated request, which sends it again.
 * @throws when an order could not be stored; the request may be repeated.
 */
export async function placeAll(
  events: readonly OrderPlaced[],
  ports: Pick<EnginePorts, 'journal' | 'activeOrders' | 'messenger'>,
): Promise<readonly Placed[]> {
  const placed = await Promise.all(events.map((event) => store(event, ports)));
  const unstarted = placed.filter(
    ({ outcome, state }) => outcome !== 'conflicting' && state.status === 'accepted',
  );
  await ports.messenger.send(
    unstarted.map(({ state: { orderId } }) => ({
      to: 'orchestrator',
      orderId,
      delaySeconds: 0,
      body: { type: 'OrderAccepted', orderId },
    })),
  );
  return placed;
}

async function store(
  event: OrderPlaced,
  { journal, activeOrders }: Pick<EnginePorts, 'journal' | 'activeOrders'>,
): Promise<Placed> {
  const state = placeOrder(event);
  const { orderId, workflow, client, acceptedAt, wakeUp } = state;
  const sender = client === undefined ? {} : { client };
  const active = { orderId, workflow, ...sender, acceptedAt, wakeUpAt: wakeUp.at };
  const adding = await activeOrders.add(active);
  const entry = { orderId, number: 0, at: event.at, events: [event], state };
  if ((await journal.append(entry)) === 'stored') {
    // What was there is left of a request that died; the sweeper may have tidied it away just before there was an order.
    if (adding === 'existed') await activeOrders.add(active);
    return { state, outcome: 'new' };
  }
  const entries = await journal.entries(orderId);
  const same = placedEvent(entries).fingerprint === event.fingerprint;
  const latest = entries.at(-1)?.state ?? state;
  // What was there before is the engine's: an order that has ended may still have to tell of it.
  if (hasEnded(latest) && adding === 'added') await activeOrders.remove(orderId);
  return { state: latest, outcome: same ? 'repeated' : 'conflicting' };
}
