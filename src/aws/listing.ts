import { defined } from '../core/defined.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderStatus } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { OrderSummary } from '../ports/order-list.ts';
import { shardOf, shards } from './shard.ts';
import type { Item } from './table.ts';

/**
 * Orders are listed by the sparse index `list`: an order's first entry is in it, and the entry with which it fails or is
 * cancelled, under a key of its own, since people look for those. So a task costs no index write, and an order that
 * completes costs one.
 *
 * `listKey = orders#<shard>`, `failed#<shard>` or `cancelled#<shard>`, `listSort = <accepted at>#<order>#`: backwards, the newest
 * order comes first. `summary` is what a list shows of it besides.
 */
export const LIST_INDEX = 'list';

/** A partition of an index takes 1,000 writes a second, and each new order is one. */
const SHARDS = 8;

/** The ends that the index knows. */
const LISTED_ENDS = ['failed', 'cancelled'] as const;

export type ListedEnd = (typeof LISTED_ENDS)[number];

export function isListedEnd(status: OrderStatus | undefined): status is ListedEnd {
  return LISTED_ENDS.some((one) => one === status);
}

/** The partitions of the index that hold all orders, or those that ended so. */
export function listKeys(end: ListedEnd | undefined): readonly string[] {
  return shards(SHARDS).map((shard) => `${end ?? 'orders'}#${shard}`);
}

/** The attributes that put an entry into the index; none for most entries. */
export function listingOf({ orderId, number, state }: JournalEntry): Item {
  const { status, workflow, client, acceptedAt } = state;
  const end = isListedEnd(status) ? status : undefined;
  if (number !== 0 && end === undefined) return {};
  const endedAt = hasEnded(state) ? state.endedAt : undefined;
  return {
    listKey: `${end ?? 'orders'}#${shardOf(orderId, SHARDS)}`,
    listSort: placeOf({ orderId, acceptedAt }),
    summary: JSON.stringify({ status, workflow, ...defined({ client, endedAt }) }),
  };
}

/** An order's sort key. Those of older orders come before it. */
export function placeOf({
  orderId,
  acceptedAt,
}: Pick<OrderSummary, 'orderId' | 'acceptedAt'>): string {
  return `${new Date(acceptedAt).toISOString()}#${orderId}#`;
}

export function summaryOf({ listSort, summary }: Item): OrderSummary {
  const [acceptedAt = '', orderId = ''] = String(listSort).split('#');
  return { orderId, acceptedAt: Date.parse(acceptedAt), ...JSON.parse(String(summary)) };
}
