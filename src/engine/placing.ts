import { placeOrder } from '../core/decide.ts';
import { defined } from '../core/defined.ts';
import type { OrderPlaced } from '../core/event.ts';
import { placedEvent } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import { hasEnded, isSameWakeUp } from '../core/order.ts';
import { CLOCK_SKEW_MS } from '../core/repeats.ts';
import type { OutgoingMessage } from '../ports/messenger.ts';
import type { EnginePorts } from './engine-ports.ts';

/** An order that was placed: it is new, or it was there, placed by the same request or by another. */
export interface Placed {
  readonly state: OrderState;
  readonly outcome: 'new' | 'repeated' | 'conflicting';
  /** The first entry of a new one, for the message that starts it. */
  readonly sealed?: string;
}

/** An order that may not have been stored. To place it again is safe. */
export interface NotPlaced {
  readonly outcome: 'failed';
  readonly error: unknown;
}

/** Twice as much as clocks differ: to put an order once too often costs a write, to lose it more. Milliseconds. */
export const SKEW_MS = 2 * CLOCK_SKEW_MS;

/**
 * With so many ids of 26 characters, where they stand is written for one unit, which pays for 1 KB.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const MOST_IN_GROUP = 25;

type PlacingPorts = Pick<EnginePorts, 'journal' | 'activeOrders' | 'messenger' | 'clock'>;

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
    inGroups(events).map((event) =>
      store(event, ports).catch((error: unknown): NotPlaced => ({ outcome: 'failed', error })),
    ),
  );
  await ports.messenger.send(
    placings.flatMap((placing) => {
      const { outcome } = placing;
      if (outcome === 'failed' || outcome === 'conflicting') return [];
      return placing.state.status === 'accepted' ? [startOf(placing)] : [];
    }),
  );
  return placings;
}

/** The events, those that run the same workflow in groups. */
function inGroups(events: readonly OrderPlaced[]): readonly OrderPlaced[] {
  const groups = new Map<OrderPlaced, OrderPlaced['group']>();
  const workflowOf = ({ workflow: { name, version } }: OrderPlaced) => `${name} ${version}`;
  for (const alike of Map.groupBy(events, workflowOf).values()) {
    for (let from = 0; from < alike.length; from += MOST_IN_GROUP) {
      const group = alike.slice(from, from + MOST_IN_GROUP);
      const [{ orderId: first, at }] = group as [OrderPlaced];
      if (group.length > 1) for (const event of group) groups.set(event, { first, at });
    }
  }
  return events.map((event) => ({ ...event, ...defined({ group: groups.get(event) }) }));
}

function startOf({ state: { orderId, client }, sealed }: Placed): OutgoingMessage {
  const body = { type: 'OrderAccepted', orderId, ...defined({ sealed }) } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body, ...defined({ client }) };
}

async function store(
  event: OrderPlaced,
  { journal, activeOrders, clock }: Omit<PlacingPorts, 'messenger'>,
): Promise<Placed> {
  const state = placeOrder(event);
  const { orderId, workflow, wakeUp } = state;
  const active = { orderId, workflow, wakeUp };
  const putting = await activeOrders.put(active);
  const entry = { orderId, number: 0, at: event.at, events: [event], state };
  if ((await journal.append(entry)) === 'stored') {
    // A sweep may have come by then, and have taken the order for the leftovers of a request that died.
    if (clock() > wakeUp.at - SKEW_MS) await activeOrders.put(active);
    return { state, outcome: 'new', ...defined({ sealed: await journal.seal(entry) }) };
  }
  const entries = await journal.entries(orderId);
  const latest = entries.at(-1)?.state ?? state;
  const same = placedEvent(entries).fingerprint === event.fingerprint;
  // Unless another request of the same instant has placed the order: then the wake-up may be its own.
  const isOwn = !hasEnded(latest) && isSameWakeUp(latest.wakeUp, wakeUp);
  if (putting === 'added' && !isOwn) await activeOrders.remove(orderId, wakeUp);
  return { state: latest, outcome: same ? 'repeated' : 'conflicting' };
}
