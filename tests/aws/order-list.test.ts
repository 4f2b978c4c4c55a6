import { describe, expect, it } from '@jest/globals';
import { listingOf } from '../../src/aws/listing.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import type { Item, Table } from '../../src/aws/table.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { placed, T0 } from '../ports/entries.ts';
import { times } from '../ports/store.ts';

/** Thirty orders, the newest is o29; the journals of some cannot be read. */
function listOf(unreadable: ReadonlySet<string>) {
  const entries = times(30, (n) => placed({ orderId: `o${n}`, acceptedAt: T0 + n * 1000 }));
  const items: Item[] = entries.map(listingOf);
  const table = {
    async *pages({ partition: [, key], before: [, end] = ['', '~'] }: PagesAsked) {
      yield items
        .filter(({ listKey, listSort }) => listKey === key && String(listSort) < end)
        .toSorted((a, b) => (String(a.listSort) > String(b.listSort) ? -1 : 1));
    },
  } as unknown as Table;
  const journal: Pick<Journal, 'latest'> = {
    async latest(orderId): Promise<JournalEntry | undefined> {
      if (unreadable.has(orderId)) throw new Error(`throttled: ${orderId}`);
      return entries.find((entry) => entry.orderId === orderId);
    },
  };
  return createOrderList(table, journal);
}

interface PagesAsked {
  readonly partition: readonly [string, string];
  readonly before?: readonly [string, string];
}

const idsOf = (orders: readonly { readonly orderId: string }[]) =>
  orders.map(({ orderId }) => orderId);

// Was: one journal that could not be read failed the whole page: an operation over many orders found none of them in bad weather, and its
// message became a dead letter (simulated world 806066845).
// Now: the page ends before that order, and the next begins with it.
describe('a page of which one order cannot be read', () => {
  it('ends before it, and the next page begins with it', async () => {
    const unreadable = new Set(['o20']);
    const list = listOf(unreadable);
    const { orders, next, searched } = await list.page({ limit: 25 });
    expect(idsOf(orders)).toEqual(times(9, (n) => `o${29 - n}`));
    expect(searched).toEqual({ orders: 9, backTo: T0 + 21_000 });
    unreadable.clear();
    const rest = await list.page({ limit: 25, next });
    expect(idsOf(rest.orders)).toEqual(times(21, (n) => `o${20 - n}`));
    expect(rest.next).toBe(undefined);
  });

  it('ends before it though none was found so far', async () => {
    const { orders, next } = await listOf(new Set(['o7'])).page({
      limit: 25,
      status: ['paused'],
    });
    expect([orders, next === undefined]).toEqual([[], false]);
  });

  it('fails if it is the first: there is nothing to tell', async () => {
    await expect(listOf(new Set(['o29'])).page({ limit: 25 })).rejects.toThrow('throttled: o29');
  });
});
