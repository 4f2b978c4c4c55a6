import { pageToken, placeOfToken } from '../../contract/page-token.ts';
import { OVERDUE_MS, overlookedSince } from '../../engine/stuck.ts';
import type { ActiveOrders, StuckOrder } from '../../ports/active-orders.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Journal } from '../../ports/journal.ts';
import { stateOrBroken } from '../../ports/journal.ts';
import { matches, matchesUnread, summaryOfState } from '../../ports/order-filter.ts';
import type { OrderFilter, OrderPage, OrderQuery, OrderSummary } from '../../ports/order-list.ts';

export interface StuckPorts {
  readonly activeOrders: Pick<ActiveOrders, 'stuck' | 'countStuck' | 'unmarkStuck'>;
  readonly journal: Pick<Journal, 'latest'>;
  readonly clock: Clock;
}

/** A place as `ActiveOrders.stuck` names it. */
const PLACE = /^\d+[/#].+$/;

/** Orders that one page looks at, at most. */
const MAX_LOOKED_AT = 1000;

/** Orders whose journals are read at once. */
const READ_AT_ONCE = 20;

/** How many orders have had no progress for longer than their bound. Exact up to 10,000. */
export function countStuck({
  activeOrders,
  clock,
}: Pick<StuckPorts, 'clock'> & {
  readonly activeOrders: Pick<ActiveOrders, 'countStuck'>;
}): Promise<number> {
  return activeOrders.countStuck(clock() - OVERDUE_MS);
}

/**
 * Orders that have had no progress for longer than their bound, in no order that means anything. They are found without a look at all
 * others. A mark that has outlived its reason is taken away.
 * @throws {Problem} INVALID_REQUEST if `next` comes from no page
 */
export async function stuckOrders(query: OrderQuery, ports: StuckPorts): Promise<OrderPage> {
  const { limit, next, ...filter } = query;
  const after = next === undefined ? undefined : placeOfToken(next, PLACE);
  const orders = new Map<string, OrderSummary>();
  let lookedAt = 0;
  for await (const page of ports.activeOrders.stuck(ports.clock() - OVERDUE_MS, after)) {
    for (let from = 0; from < page.length; from += READ_AT_ONCE) {
      const batch = page.slice(from, from + READ_AT_ONCE);
      const found = await Promise.all(batch.map((one) => ifMeant(one, filter, ports)));
      for (const [index, { place }] of batch.entries()) {
        const order = found[index];
        if (order !== undefined) orders.set(order.orderId, order);
        lookedAt += 1;
        if (orders.size < limit && lookedAt < MAX_LOOKED_AT) continue;
        const searched = { orders: lookedAt };
        return { orders: [...orders.values()], next: pageToken(place), searched };
      }
    }
  }
  return { orders: [...orders.values()] };
}

/** The order as it stands, if it is stuck and asked for. */
async function ifMeant(
  { orderId, marked, dueAt = 0, workflow, setAside }: StuckOrder,
  filter: OrderFilter,
  { activeOrders, journal, clock }: StuckPorts,
): Promise<OrderSummary | undefined> {
  const state = await stateOrBroken(orderId, journal);
  if (state === 'broken') {
    if (workflow === undefined) return undefined;
    // Where it stands cannot be read: it was accepted by then at the latest.
    const known = { orderId, status: 'accepted', workflow, acceptedAt: dueAt } as const;
    const stuck = { why: setAside ? 'setAside' : 'overdue', since: dueAt } as const;
    const order: OrderSummary = { ...known, stuck, problem: 'BROKEN_JOURNAL' };
    return matchesUnread(order, filter, true) ? order : undefined;
  }
  const overlooked = state && overlookedSince(state, clock());
  if (marked && overlooked === undefined) await activeOrders.unmarkStuck(orderId);
  if (state === undefined || (marked && overlooked === undefined)) return undefined;
  const why =
    overlooked !== undefined
      ? state.status === 'paused'
        ? 'paused'
        : 'parked'
      : setAside
        ? 'setAside'
        : 'overdue';
  const stuck = { why, since: overlooked ?? dueAt } as const;
  return matches(state, filter) ? { ...summaryOfState(state), stuck } : undefined;
}
