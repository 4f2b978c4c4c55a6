import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { packEntry, unpackEntry } from '../../src/aws/stored-entry.ts';
import type { Item, Table } from '../../src/aws/table.ts';
import { itemBytes } from '../../src/aws/table.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { localClients } from '../local/local-clients.ts';
import { advanced, completed, failed, placed, T0 } from '../ports/entries.ts';
import { times } from '../ports/store.ts';
import { openTable } from './embedded-table.ts';

const DAY_MS = 86_400_000;
const order = { orderId: '01KAJ0Q8Z5V9XKJ3M2N4P5R6S7', client: 'studio' };

let aws: EmbeddedAws;
let table: Table;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
beforeEach(async () => {
  ({ table } = await openTable(localClients(aws).dynamodb));
});
afterAll(() => aws.stop());

describe('a stored entry', () => {
  /** About 1 KB as JSON each, hard to pack the last. */
  const payloads = {
    records: times(9, (index) => ({ id: randomUUID(), name: `item ${index}`, price: index * 1.5 })),
    identifiers: randomBytes(500).toString('hex'),
    'random letters': randomBytes(740).toString('base64'),
  };

  test.each(Object.entries(payloads))(
    'with 1 KB of %s costs one write unit',
    async (_, payload) => {
      const journal = createJournal(table, { retentionDays: 30 });
      await journal.append(advanced(order, 1, payload));
      expect(Buffer.byteLength(JSON.stringify(payload))).toBeGreaterThan(600);
      const [item] = await itemsOf(order.orderId);
      expect(itemBytes(item ?? {})).toBeLessThanOrEqual(1024);
    },
  );

  test('holds a value once that its event brought and its state hands on', () => {
    const value = randomBytes(50_000).toString('base64');
    const same = [
      placed(order, value),
      advanced(order, 1, value),
      completed(order, 2, JSON.parse(JSON.stringify(value))),
    ];
    for (const entry of same) expect(packEntry(entry).byteLength).toBeLessThan(55_000);
  });

  test('does not name its order and its number again, and knows them when it is read', () => {
    const entry = completed(order, 7);
    const read = unpackEntry('another', 8, packEntry(entry));
    expect(read).toMatchObject({ orderId: 'another', number: 8 });
    expect(read.state).toMatchObject({ orderId: 'another', entry: 8 });
  });

  test('that was packed by the first way stays readable', () => {
    // Taken from what is stored: if this fails, entries in people's tables have become unreadable.
    const stored = Buffer.from(STORED_BY_THE_FIRST_WAY, 'base64');
    expect(unpackEntry('o1', 1, stored)).toEqual(advanced({ orderId: 'o1' }, 1, { kept: true }));
  });

  test('in an unknown way of packing is refused', () => {
    expect(() => unpackEntry('o1', 1, Buffer.of(99, 0))).toThrow('way 99');
  });

  test('that is too large for an item is refused with its size', async () => {
    const journal = createJournal(table, { retentionDays: 30 });
    const append = journal.append(placed(order, randomBytes(500_000).toString('hex')));
    await expect(append).rejects.toThrow(TooLargeError);
    await expect(append).rejects.toThrow(
      /^the item order#01KAJ0Q8Z5V9XKJ3M2N4P5R6S7 e#000000 is \d+ bytes; at most 409600 are possible$/,
    );
    expect(await journal.latest(order.orderId)).toBeUndefined();
  });

  test('that its reader could not unpack is refused, however small it packs', () => {
    expect(() => packEntry(placed(order, 'x'.repeat(33 * 1024 * 1024)))).toThrow(TooLargeError);
  });
});

describe('the index of orders', () => {
  test('holds the first and the last entry of an order, and no other', async () => {
    const journal = createJournal(table, { retentionDays: 30 });
    for (const entry of [placed(order), advanced(order, 1), advanced(order, 2), failed(order, 3)]) {
      await journal.append(entry);
    }
    const listed = (await itemsOf(order.orderId)).map((item) => 'listKey' in item);
    expect(listed).toEqual([true, false, false, true]);
  });
});

describe('an entry expires', () => {
  test('when the retention period is over, counted from when the order is looked at next', async () => {
    const journal = createJournal(table, { retentionDays: 30 });
    const wakeUp = { at: T0 + 5 * DAY_MS, entry: 1 };
    await journal.append(placed(order));
    await journal.append(advanced(order, 1, 1, { wakeUp }));
    await journal.append(completed(order, 2));
    expect(await expiries()).toEqual([
      T0 + 60_000 + 30 * DAY_MS,
      T0 + 35 * DAY_MS,
      Math.ceil((T0 + 2) / 1000) * 1000 + 30 * DAY_MS,
    ]);
  });

  test('never before its order has ended', async () => {
    const journal = createJournal(table, { retentionDays: 30 });
    await journal.append(placed(order));
    await journal.append(advanced(order, 1));
    const wakeUp = { at: T0 + 200 * DAY_MS, entry: 2 };
    await journal.append(advanced(order, 2, 'a wait of 200 days begins', { wakeUp }));
    for (const expiresAt of await expiries()) {
      expect(expiresAt).toBeGreaterThanOrEqual(T0 + 230 * DAY_MS);
    }
  });

  test('is given more time once, not with every entry that follows', async () => {
    let writes = 0;
    const counted: Table = {
      ...table,
      set: (...args) => {
        writes += 1;
        return table.set(...args);
      },
    };
    const journal = createJournal(counted, { retentionDays: 30 });
    await journal.append(placed(order));
    const wakeUp = { at: T0 + 200 * DAY_MS, entry: 1 };
    for (const number of [1, 2, 3]) {
      await journal.append(advanced(order, number, number, { wakeUp }));
    }
    expect(writes).toBe(1);
  });

  test('and the rest of its journal is no journal any more', async () => {
    const journal = createJournal(table, { retentionDays: 30 });
    await journal.append(placed(order));
    await journal.append(completed(order, 1));
    await table.delete({ pk: `order#${order.orderId}`, sk: 'e#000000' });
    expect(await journal.entries(order.orderId)).toEqual([]);
  });

  async function expiries(): Promise<readonly number[]> {
    return (await itemsOf(order.orderId)).map(({ expiresAt }) => Number(expiresAt) * 1000);
  }
});

async function itemsOf(orderId: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of table.pages({ partition: ['pk', `order#${orderId}`] })) {
    items.push(...page);
  }
  return items;
}

const STORED_BY_THE_FIRST_WAY =
  'AYMFkKWpkYmFAQgYEh/5KJpwpQMy4r4gI78kXxdc5iInA2P0ZKBUUJSZXwSODaWMzPQMJR2l7My8FCWraIgRoHozsVwpFiO5IBxugJJyslNBToZmWvQ0BNFkBtGEPTkZoSQnI8oTEvYCiKKEhFQOKBthLwkMUZOVpamxsYkJNLTQUxVKGkBNYGApY7AcOK0BAA==';
