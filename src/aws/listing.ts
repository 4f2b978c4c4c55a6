import { defined } from '../core/defined.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import { hasEnded } from '../core/order.ts';
import type { OrderSummary } from '../ports/order-list.ts';
import { shardOf, shards } from './shard.ts';
import type { Item } from './table.ts';

/**
 * Orders are listed by the sparse index `list`: only an order's first entry and its last are in it, so that a task costs
 * no index write. `listKey = orders#<shard>`, `listSort = <accepted at>#<order>#<entry number>`: backwards, the newest
 * order comes first, and of its two entries the last one. `summary` is what a list shows of it.
 */
export const LIST_INDEX = 'list';

const SHARDS = 4;

/** All partitions of the index. */
export const LIST_KEYS: readonly string[] = shards(SHARDS).map((shard) => `orders#${shard}`);

/** The attributes that put an entry into the index; none for the entries between the first and the last. */
export function listingOf({ orderId, number, state }: JournalEntry): Item {
  if (number !== 0 && !hasEnded(state)) return {};
  const { status, workflow, client, acceptedAt } = state;
  const summary: OrderSummary = {
    ...{ orderId, status, workflow, acceptedAt },
    ...defined({ client, endedAt: hasEnded(state) ? state.endedAt : undefined }),
  };
  return {
    listKey: `orders#${shardOf(orderId, SHARDS)}`,
    listSort: `${placeOf(summary)}${String(number).padStart(6, '0')}`,
    summary: JSON.stringify(summary),
  };
}

/** What an order's sort keys begin with. All its keys come after this, and all keys of older orders come before it. */
export function placeOf({ orderId, acceptedAt }: OrderSummary): string {
  return `${new Date(acceptedAt).toISOString()}#${orderId}#`;
}

export function summaryOf(item: Item): OrderSummary {
  return JSON.parse(String(item.summary)) as OrderSummary;
}
