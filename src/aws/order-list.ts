import { pageToken, placeOfToken } from '../contract/page-token.ts';
import type { Journal } from '../ports/journal.ts';
import { stateOrBroken } from '../ports/journal.ts';
import {
  matches,
  matchesUnread,
  mayMatch,
  statusesOf,
  summaryOfState,
} from '../ports/order-filter.ts';
import type { OrderList, OrderQuery, OrderSummary } from '../ports/order-list.ts';
import { isListedEnd, LIST_INDEX, listKeys, placeOf, summaryOf } from './listing.ts';
import type { Table } from './table.ts';

/** What {@link placeOf} makes. */
const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]+Z#.+#$/;

/** Orders that one page looks at, at most: with a filter that few orders match, a page ends there and says where to go on. */
const MAX_LOOKED_AT = 1000;

/** Orders whose journals are read at once, at least, where some of them may not be what is asked for. */
const LEAST_AT_ONCE = 10;

/** Lists orders from the index `list`: see `listing.ts`. */
export function createOrderList(table: Table, journal: Pick<Journal, 'latest'>): OrderList {
  return {
    async page(query) {
      const candidates = newestFirst(table, query);
      const { limit: _, next: __, workflow, client, idPrefix, from, to, ...ofState } = query;
      const isFilter = Object.values(ofState).some((asked) => asked !== undefined);
      const orders: OrderSummary[] = [];
      let lookedAt = 0;
      let last: OrderSummary | undefined;
      for (;;) {
        const missing = query.limit - orders.length;
        const batch = await take(candidates, isFilter ? Math.max(missing, LEAST_AT_ONCE) : missing);
        if (batch.length === 0) return { orders };
        const current = await Promise.allSettled(batch.map((one) => asOfNow(one, query, journal)));
        for (const [index, summary] of batch.entries()) {
          const order = current[index];
          if (order?.status === 'rejected') {
            if (last === undefined) throw order.reason;
            // What was found before it is not lost: the next page begins with the order that could not be read.
            const searched = { orders: lookedAt, backTo: last.acceptedAt };
            return { orders, next: pageToken(placeOf(last)), searched };
          }
          if (order?.value !== undefined) orders.push(order.value);
          lookedAt += 1;
          last = summary;
          if (orders.length < query.limit && lookedAt < MAX_LOOKED_AT) continue;
          const isLast = index === batch.length - 1 && (await candidates.next()).done;
          if (isLast) return { orders };
          const searched = { orders: lookedAt, backTo: summary.acceptedAt };
          return { orders, next: pageToken(placeOf(summary)), searched };
        }
      }
    },
  };
}

/**
 * The order as it stands, if it is asked for. Only its journal knows: one that failed may have been retried since. An order that cannot be
 * meant is not looked up.
 */
async function asOfNow(
  summary: OrderSummary,
  query: OrderQuery,
  journal: Pick<Journal, 'latest'>,
): Promise<OrderSummary | undefined> {
  if (!mayMatch(summary, query)) return undefined;
  const state = await stateOrBroken(summary.orderId, journal);
  if (state === 'broken') {
    const broken = { ...summary, problem: 'BROKEN_JOURNAL' } as const;
    return matchesUnread(summary, query, true) ? broken : undefined;
  }
  if (state === undefined) return matchesUnread(summary, query, false) ? summary : undefined;
  return matches(state, query) ? summaryOfState(state) : undefined;
}

/** All orders that the query may be about, merged from the index's partitions: the one that is newest of those that come next. */
async function* newestFirst(table: Table, query: OrderQuery): AsyncGenerator<OrderSummary> {
  const { next, limit, from, to } = query;
  // A place begins with the instant: what was accepted before `to` comes before it.
  const ends = [
    ...(next === undefined ? [] : [placeOfToken(next, PLACE)]),
    ...(to === undefined ? [] : [new Date(to).toISOString()]),
  ];
  const [end] = ends.sort();
  const before = end === undefined ? {} : { before: ['listSort', end] as const };
  const statuses = statusesOf(query);
  const keys = statuses?.every(isListedEnd)
    ? statuses.flatMap((one) => listKeys(one))
    : listKeys(undefined);
  const sources = keys.map((key) =>
    summaries(
      table.pages({
        ...{ index: LIST_INDEX, partition: ['listKey', key], ...before, backwards: true },
        // A partition has a share of the orders, some of them more than others.
        limit: Math.ceil(limit / keys.length) + 5,
      }),
    ),
  );
  const heads = await Promise.all(sources.map((source) => source.next()));
  let last: string | undefined;
  for (;;) {
    const open = heads.flatMap((head, index) =>
      head.done ? [] : [{ index, place: placeOf(head.value), summary: head.value }],
    );
    if (open.length === 0) return;
    const newest = open.reduce((a, b) => (a.place > b.place ? a : b));
    if (from !== undefined && newest.summary.acceptedAt < from) return;
    // An order that failed more than once stands there once for each time.
    if (newest.place !== last) yield newest.summary;
    last = newest.place;
    const source = sources[newest.index];
    if (source !== undefined) heads[newest.index] = await source.next();
  }
}

async function* summaries(
  pages: AsyncIterable<readonly Parameters<typeof summaryOf>[0][]>,
): AsyncGenerator<OrderSummary> {
  for await (const page of pages) yield* page.map(summaryOf);
}

async function take<T>(from: AsyncIterator<T>, count: number): Promise<readonly T[]> {
  const taken: T[] = [];
  while (taken.length < count) {
    const next = await from.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}
