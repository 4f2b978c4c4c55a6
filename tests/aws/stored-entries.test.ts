import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import type { Item, Table } from '../../src/aws/table.ts';
import { itemBytes, writeUnits } from '../../src/aws/table.ts';
import type { Payloads } from '../../src/contract/payloads.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import type { RunningOrder } from '../../src/core/order.ts';
import type { StageTask } from '../../src/core/task.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { advanced, completed, failed, placed, T0, wide } from '../ports/entries.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { times } from '../ports/store.ts';
import { openTable } from './embedded-table.ts';

const order = { orderId: '01KAJ0Q8Z5V9XKJ3M2N4P5R6S7', client: 'studio' };

let aws: EmbeddedAws;
let table: Table;
let journal: Journal;
let objects: Map<string, Uint8Array>;
let payloads: Payloads;
/** What was put, and what was read: keys of single items, and `query`. */
let puts: Item[];
let reads: string[];
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
beforeEach(async () => {
  ({ table } = await openTable(aws));
  puts = [];
  reads = [];
  objects = new Map();
  payloads = createMemoryPayloads(objects);
  journal = createJournal(counting(table), payloads, { retentionDays: 30 });
});
afterAll(() => aws.stop());

/** Appends the entries, each by what the engine has at hand: the entry before it. @returns the write units of each. */
async function append(entries: Iterable<JournalEntry>): Promise<readonly number[]> {
  const before = puts.length;
  let previous: JournalEntry | undefined;
  for (const entry of entries) {
    expect(await journal.append(entry, previous)).toBe('stored');
    previous = entry;
  }
  return puts.slice(before).map(writeUnits);
}

const sum = (units: readonly number[]) => units.reduce((total, one) => total + one, 0);
const random = (bytes: number) => randomBytes(Math.ceil((bytes * 3) / 4)).toString('base64');

describe('a stored entry', () => {
  /** About 1 KB as JSON each, hard to pack the last. */
  const kinds = {
    records: times(9, (index) => ({ id: randomUUID(), name: `item ${index}`, price: index * 1.5 })),
    identifiers: randomBytes(500).toString('hex'),
    'random letters': randomBytes(740).toString('base64'),
  };

  it.each(Object.entries(kinds))('with 1 KB of %s costs one write unit', async (_, payload) => {
    expect(Buffer.byteLength(JSON.stringify(payload))).toBeGreaterThan(600);
    expect(await append([advanced(order, 1, payload)])).toEqual([1]);
  });

  it('holds a value once that its event brought and its state hands on', async () => {
    const value = random(60_000);
    const copy = JSON.parse(JSON.stringify(value));
    for (const entry of [
      placed(order, value),
      advanced(order, 1, value),
      completed(order, 2, copy),
    ]) {
      await createJournal(counting(table), payloads, { retentionDays: 30 }).append({
        ...entry,
        orderId: randomUUID(),
      });
    }
    for (const item of puts) expect(itemBytes(item)).toBeLessThan(50_000);
  });

  // Was: with the last of three results of 100 KB came the stage's result, in which it stands again: over 400 KB. Now: once.
  it("holds results once that come together with their stage's", async () => {
    const results = { B: random(100_000), C: random(100_000), D: random(100_000) };
    const events = Object.entries(results).map(([by, result], index) => ({
      ...{ type: 'TaskCompleted' as const, at: T0, taskId: `t${index}`, attempt: 1, by, result },
    }));
    const entry = { ...advanced(order, 1, JSON.parse(JSON.stringify(results))), events };
    expect(sum(await append([placed(order), entry]))).toBeLessThan(1 + 240);
    expect(
      await createJournal(table, payloads, { retentionDays: 30 }).latest(order.orderId),
    ).toEqual(entry);
  });

  it('holds a payload once that goes on unchanged, to the very end', async () => {
    const value = random(100_000);
    const entries = [
      placed(order, value),
      ...times(20, (index) => advanced(order, index + 1, value)),
      completed(order, 21, JSON.parse(JSON.stringify(value))),
    ];
    const [first = 0, ...others] = await append(entries);
    expect(first).toBeGreaterThan(70);
    expect(others).toEqual(others.map(() => 1));
    expect(await journal.entries(order.orderId)).toEqual(entries);
  });

  it('in an unknown way of packing is refused', async () => {
    await append([placed(order)]);
    await table.put({ ...keyOf(0), body: Buffer.of(99, 0), expiresAt: T0 });
    await expect(journal.latest(order.orderId)).rejects.toMatchObject({
      name: 'BrokenJournalError',
      message: `the journal of order ${order.orderId} cannot read its entry 0`,
      cause: { message: expect.stringContaining('way 99') },
    });
  });

  it('that was packed by the first way stays readable', async () => {
    // Taken from what is stored: if this fails, entries in people's tables have become unreadable.
    for (const [number, body] of STORED_BY_THE_FIRST_WAY.entries()) {
      await table.put({ ...keyOf(number), body: Buffer.from(body, 'base64'), expiresAt: T0 });
    }
    expect(await journal.entries(order.orderId)).toEqual(recorded());
  });

  it('that is too large for an item lies in the bucket, and the next ones are told by it', async () => {
    const payload = random(1_000_000);
    const entries = [
      placed(order, payload),
      advanced(order, 1, payload),
      advanced(order, 2, random(2_000_000)),
      advanced(order, 3, { short: true }),
    ];
    expect(await append(entries)).toEqual([1, 1, 1, 1]);
    expect(objects.size).toBe(2);
    for (const key of objects.keys()) {
      expect(key).toMatch(/^orders\/01KAJ0Q8Z5V9XKJ3M2N4P5R6S7\/payloads\/[0-9a-f]{64}$/);
    }
    const another = createJournal(table, payloads, { retentionDays: 30 });
    expect(await another.latest(order.orderId)).toEqual(entries[3]);
    expect(await another.entries(order.orderId)).toEqual(entries);
    expect(await another.entries(order.orderId)).toEqual(entries);
    const backwards = [];
    for await (const entry of another.newestFirst(order.orderId)) backwards.push(entry);
    expect(backwards).toEqual(entries.toReversed());
    expect(await another.append(advanced(order, 3))).toBe('taken');
  });

  it('that lies in the bucket is fetched once by an instance, however many entries are told by it', async () => {
    const payload = random(1_000_000);
    await append(
      times(20, (index) =>
        index === 0 ? placed(order, payload) : advanced(order, index, payload),
      ),
    );
    let fetched = 0;
    const get: typeof payloads.get = (...args) => {
      fetched += 1;
      return payloads.get(...args);
    };
    const another = createJournal(table, { ...payloads, get }, { retentionDays: 30 });
    for (let number = 20; number < 25; number += 1) {
      const latest = await another.latest(order.orderId);
      if (latest?.state.status !== 'running') throw new Error('it is not running');
      expect(latest.number).toBe(number - 1);
      const state = { ...latest.state, entry: number };
      await another.append({ ...advanced(order, number), state }, latest);
    }
    expect(fetched).toBe(1);
    expect(objects.size).toBe(1);
    expect((await journal.latest(order.orderId))?.number).toBe(24);
  });

  it('that fits into an item never touches the bucket', async () => {
    const value = random(390_000);
    await append([placed(order, value), advanced(order, 1, value), completed(order, 2, value)]);
    expect(objects.size).toBe(0);
  });

  it('in the bucket that is written again writes the same object', async () => {
    const entry = placed(order, random(1_000_000));
    const { put } = table;
    let left = 1;
    const dying: Table = {
      ...table,
      put: async (...args) => {
        left -= 1;
        if (left === 0) throw new Error('the instance died');
        return put(...args);
      },
    };
    const writer = createJournal(dying, payloads, { retentionDays: 30 });
    await expect(writer.append(entry)).rejects.toThrow('died');
    expect(objects.size).toBe(1);
    expect(await writer.append(entry)).toBe('stored');
    expect(objects.size).toBe(1);
  });

  it('whose payload is no longer in the bucket breaks its journal, and names itself', async () => {
    await append([placed(order, random(1_000_000)), advanced(order, 1)]);
    objects.clear();
    const another = createJournal(table, payloads, { retentionDays: 30 });
    await expect(another.entries(order.orderId)).rejects.toMatchObject({
      name: 'BrokenJournalError',
      message: `the journal of order ${order.orderId} cannot read its entry 0`,
      cause: { message: expect.stringContaining('is not in the bucket') },
    });
  });

  it('in the bucket that could not be stored leaves no item that points to it', async () => {
    const broken = { ...payloads, put: () => Promise.reject(new Error('S3 is out of order')) };
    const writer = createJournal(table, broken, { retentionDays: 30 });
    const large = placed(order, random(1_000_000));
    await expect(writer.append(large)).rejects.toThrow('out of order');
    expect(await journal.latest(order.orderId)).toBeUndefined();
  });

  it('in the bucket is put again when its order is kept for longer', async () => {
    const put: string[] = [];
    const watched: Payloads = {
      ...payloads,
      put: async (orderId, bytes) => {
        const ref = await payloads.put(orderId, bytes);
        put.push(ref.sha256);
        return ref;
      },
    };
    const writer = createJournal(table, watched, { retentionDays: 30 });
    const entries = [placed(order, random(1_000_000)), advanced(order, 1)];
    for (const entry of entries) await writer.append(entry);
    const wakeUp = { at: T0 + 200 * 86_400_000, entry: 2 };
    await writer.append(advanced(order, 2, 'waits', { wakeUp }), entries[1]);
    expect(put).toHaveLength(2);
    expect(new Set(put).size).toBe(1);
  });

  it('that its reader could not unpack is refused, however small it packs', async () => {
    const refused = journal.append(placed(order, 'x'.repeat(33 * 1024 * 1024)));
    await expect(refused).rejects.toThrow(TooLargeError);
  });

  it('fits where its difference does, though all of it would not', async () => {
    const value = random(300_000);
    const event = advanced(order, 2, random(200_000)).events[0] as JournalEntry['events'][0];
    const entries = [placed(order, value), { ...wide(order, 1, value, 3, 1), events: [event] }];
    await append(entries);
    expect(await journal.entries(order.orderId)).toEqual(entries);
  });
});

describe('what an order costs', () => {
  // Was: 4,712 write units for 60 beats, since each wrote the payload again.
  // Now: one unit a beat.
  it('a heartbeat is one write unit, at a payload of 100 KB', async () => {
    const payload = random(100_000);
    const started = wide(order, 1, payload, 1, -1);
    const beats = times(60, (index): JournalEntry => {
      const at = T0 + index * 1000;
      const { stage, ...state } = started.state as RunningOrder;
      const tasks = stage.tasks.map((task) => ({ ...task, silentAt: at + 30_000 }));
      return {
        ...{ orderId: order.orderId, number: index + 2, at },
        events: [{ type: 'TaskHeartbeat', at, sentAt: at, taskId: 't1', attempt: 1 }],
        state: { ...state, entry: index + 2, stage: { ...stage, tasks } } as RunningOrder,
      };
    });
    const [, , ...units] = await append([placed(order, payload), started, ...beats]);
    expect(units).toEqual(times(60, () => 1));
    expect(reads).toEqual([]);
  });

  // Was: 10 write units a task, since each answer wrote the whole stage again. Now: hardly more than one.
  it('a stage of 500 tasks that answer one by one takes 1.5 write units a task at most', async () => {
    const [last] = [wide(order, 501, 1, 500, 499)];
    const units = await append(answersOf(500));
    expect(sum(units) / 500).toBeLessThanOrEqual(1.1);
    expect(
      await createJournal(table, payloads, { retentionDays: 30 }).latest(order.orderId),
    ).toEqual(last);
  });

  it('a list of 50 elements whose tasks answer one by one takes 1.5 write units a task at most', async () => {
    const list = times(50, (index) => ({ page: index, file: `page-${index}.png` }));
    const entries = listed(list);
    const units = await append(entries);
    expect(sum(units) / 50).toBeLessThanOrEqual(1.2);
    expect(objects.size).toBe(0);
    expect(await journal.latest(order.orderId)).toEqual(entries.at(-1));
  });

  it('a list of 50 elements of 4 KB fits into an item', async () => {
    await append(listed(times(50, () => random(4000))));
    expect(Math.max(...puts.map(itemBytes))).toBeLessThan(400 * 1024);
    expect(objects.size).toBe(0);
  });

  it('a hundred tasks one after another, with 1 KB each, are as cheap as snapshots', async () => {
    const entries = [
      placed(order),
      ...times(100, (index) => {
        const records = times(14, () => ({ id: randomUUID(), name: 'image', price: 12.5 }));
        return advanced(order, index + 1, records);
      }),
    ];
    expect(sum(await append(entries)) / 100).toBeLessThanOrEqual(1.06);
  });

  it('the latest entry is read with at most two items', async () => {
    const payload = random(20_000);
    await append(
      times(30, (index) =>
        index === 0 ? placed(order, payload) : wide(order, index, payload, 9, 3),
      ),
    );
    reads = [];
    await journal.latest(order.orderId);
    expect(reads).toEqual(['query: 1', 'get']);
  });

  it('an entry whose predecessor is at hand costs no read; one without it, two at most', async () => {
    const payload = random(20_000);
    const entries = [
      placed(order, payload),
      ...times(4, (index) => wide(order, index + 1, payload, 9, 3)),
    ];
    await append(entries);
    expect(reads).toEqual([]);
    await journal.append(wide(order, 5, payload, 9, 3));
    expect(reads).toEqual(['get', 'get']);
  });

  // Was: a plugin that looks back, 300 times in an order, read 45,448 entries. Now: each entry once, and the last one again.
  it('looking back 300 times reads two items a time', async () => {
    const entries: JournalEntry[] = [];
    for (const number of times(300, (index) => index)) {
      const entry = number === 0 ? placed(order) : advanced(order, number);
      await journal.append(entry, entries.at(-1));
      entries.push(entry);
      expect(await journal.entries(order.orderId)).toHaveLength(number + 1);
    }
    const items = sum(reads.map((read) => Number(read.replace('query: ', ''))));
    expect(items).toBeLessThanOrEqual(2 * 300);
    expect(await journal.entries(order.orderId)).toEqual(entries);
  });
});

function* answersOf(tasks: number): Iterable<JournalEntry> {
  yield placed(order, 1);
  yield wide(order, 1, 1, tasks, -1);
  for (const index of times(tasks, (one) => one)) yield wide(order, index + 2, 1, tasks, index);
}

/** An order that enters a stage for each element of the list, and gets its answers one by one. */
function listed(list: readonly Json[]): readonly JournalEntry[] {
  const payload = { list };
  const entering = (number: number, index: number) => {
    const entry = wide(order, number, payload, list.length, index);
    const { stage, ...state } = entry.state as RunningOrder;
    const tasks = stage.tasks.map(({ step: element, ...task }) => {
      const job = element === 0 ? 'P0' : `P0#${element + 1}`;
      return { ...task, step: 0, plugin: 'P0', job, element } as StageTask;
    });
    return { ...entry, state: { ...state, stage: { ...stage, tasks, lists: { 0: list } } } };
  };
  return [
    placed(order, payload),
    ...times(list.length + 1, (index) => entering(index + 1, index - 1)),
  ];
}

describe('the index of orders', () => {
  it('holds the first and the last entry of an order, and no other', async () => {
    await append([placed(order), advanced(order, 1), advanced(order, 2), failed(order, 3)]);
    expect(puts.map((item) => 'listKey' in item)).toEqual([true, false, false, true]);
  });

  // Was: one order that had lost an entry failed the whole list.
  // Now: the list names it, and shows the others.
  it('shows an order whose journal is broken by name, among the others', async () => {
    const ids = ['o-1', 'o-2', 'o-3'];
    for (const orderId of ids) {
      await append([placed({ orderId }), ...times(2, (n) => advanced({ orderId }, n + 1))]);
    }
    await table.delete({ pk: 'order#o-1', sk: 'e#000000' });
    await table.set({ pk: 'order#o-2', sk: 'e#000002' }, { body: Buffer.from('nonsense') });
    await table.delete({ pk: 'order#o-2', sk: 'e#000001' });
    const list = createOrderList(table, journal);
    const listed = async (status?: 'accepted' | 'running' | 'completed') => {
      const { orders } = await list.page({ limit: 10, status });
      return Object.fromEntries(orders.map((one) => [one.orderId, one.problem ?? one.status]));
    };
    const broken = { 'o-2': 'BROKEN_JOURNAL' };
    expect(await listed()).toEqual({ ...broken, 'o-3': 'running' });
    expect(await listed('running')).toEqual({ ...broken, 'o-3': 'running' });
    expect(await listed('accepted')).toEqual(broken);
    expect(await listed('completed')).toEqual({});
  });

  it('shows no order whose journal has expired', async () => {
    const now = { at: T0 };
    const { table: aging } = await openTable(aws, () => now.at);
    const aged = createJournal(aging, payloads, { retentionDays: 30 });
    await aged.append(placed(order));
    const list = createOrderList(aging, aged);
    expect((await list.page({ limit: 10 })).orders).toHaveLength(1);
    now.at += 38 * 86_400_000;
    expect((await list.page({ limit: 10 })).orders).toEqual([]);
  });
});

describe('an expiry', () => {
  const DAY_MS = 86_400_000;

  it('is given to entries once, not with every entry that follows', async () => {
    let sets = 0;
    const set: Table['set'] = (...args) => {
      sets += 1;
      return table.set(...args);
    };
    journal = createJournal({ ...counting(table), set }, payloads, { retentionDays: 30 });
    const wakeUp = { at: T0 + 200 * DAY_MS, entry: 1 };
    const waiting = [1, 2, 3].map((number) => advanced(order, number, number, { wakeUp }));
    await append([placed(order), ...waiting]);
    expect(sets).toBe(1);
    expect(new Set((await itemsOf(order.orderId)).map(({ expiresAt }) => expiresAt)).size).toBe(1);
  });

  it('is the same for all entries when two writers race for one, and only the slower one moves it', async () => {
    const first = placed(order);
    await journal.append(first);
    const wakeUp = { at: T0 + 200 * DAY_MS, entry: 1 };
    const slower = createJournal(
      {
        ...table,
        put: async (item, condition) => {
          await journal.append(advanced(order, 1), first);
          return table.put(item, condition);
        },
      },
      payloads,
      { retentionDays: 30 },
    );
    expect(await slower.append(advanced(order, 1, 'waits', { wakeUp }), first)).toBe('taken');
    expect(new Set((await itemsOf(order.orderId)).map(({ expiresAt }) => expiresAt)).size).toBe(1);
  });

  it('is moved by the next writer when one has died while moving it', async () => {
    const entries = [placed(order), advanced(order, 1), advanced(order, 2)];
    await append(entries);
    let left = 1;
    const set: Table['set'] = (...args) => {
      left -= 1;
      return left < 0 ? Promise.reject(new Error('the instance died')) : table.set(...args);
    };
    const dying = createJournal({ ...table, set }, payloads, { retentionDays: 30 });
    const waiting = advanced(order, 3, 3, { wakeUp: { at: T0 + 200 * DAY_MS, entry: 3 } });
    await expect(dying.append(waiting)).rejects.toThrow('died');
    expect(await journal.append(waiting, entries[2])).toBe('stored');
    expect(new Set((await itemsOf(order.orderId)).map(({ expiresAt }) => expiresAt)).size).toBe(1);
  });
});

describe('an expiry of many entries', () => {
  const many = 30;
  const entries = [placed(order), ...times(many - 1, (n) => advanced(order, n + 1))];
  const days = (count: number) => T0 + count * 86_400_000;
  /** Looked at for the last time on that day, and not for so many from then on. */
  const waiting = (at: number, until = at + 200 * 86_400_000): JournalEntry => ({
    ...advanced(order, many, many, { wakeUp: { at: until, entry: many } }),
    at,
  });

  const ending = (at: number): JournalEntry => {
    const end = completed(order, many);
    return { ...end, at, state: { ...end.state, endedAt: at } as typeof end.state };
  };

  /** A journal of which a write of an expiry is refused, as told by its number. */
  function refusing(isRefused: (n: number) => boolean) {
    const written: string[] = [];
    let n = 0;
    const set: Table['set'] = async (key, ...args) => {
      n += 1;
      if (isRefused(n)) throw new Error('throttled');
      written.push(key.sk);
      return table.set(key, ...args);
    };
    return { written, slow: createJournal({ ...table, set }, payloads, { retentionDays: 30 }) };
  }

  const expiries = async () => {
    const items = await itemsOf(order.orderId);
    return [...new Set(items.map(({ expiresAt }) => expiresAt))];
  };

  it.each([
    ['waits for long', waiting],
    ['ends', ending],
  ])(
    'is moved bit by bit where writes are refused now and then and the order %s: what was done is not done again',
    async (_, lastAt) => {
      await append(entries);
      const { written, slow } = refusing((n) => n % 7 === 0);
      let tries = 0;
      for (let outcome: unknown; outcome !== 'stored'; tries += 1) {
        const last = lastAt(days(40) + tries * 5000);
        outcome = await slow.append(last, entries.at(-1)).catch((error: Error) => error.message);
        if (outcome !== 'stored') expect(outcome).toBe('throttled');
      }
      expect(tries).toBe(2);
      expect(written).toHaveLength(many);
      expect(await expiries()).toHaveLength(1);
    },
  );

  it('is moved further where what somebody has begun is not enough any more', async () => {
    await append(entries);
    const { slow } = refusing((n) => n === many);
    await expect(slow.append(waiting(days(0)), entries.at(-1))).rejects.toThrow('throttled');
    expect(await slow.append(waiting(days(1), days(300)), entries.at(-1))).toBe('stored');
    expect(await expiries()).toEqual([days(300 + 7 + 30) / 1000]);
  });

  it('is left alone as soon as nothing can be written', async () => {
    await append(entries);
    let tried = 0;
    const { slow } = refusing(() => {
      tried += 1;
      return true;
    });
    await expect(slow.append(waiting(days(0)), entries.at(-1))).rejects.toThrow('throttled');
    expect(tried).toBe(many - 1);
  });
});

function keyOf(number: number) {
  return { pk: `order#${order.orderId}`, sk: `e#00000${number}` };
}

async function itemsOf(orderId: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of table.pages({ partition: ['pk', `order#${orderId}`] })) {
    items.push(...page);
  }
  return items;
}

/** The table, and a record of what is put into it and read from it. */
function counting(inner: Table): Table {
  return {
    ...inner,
    async put(item, condition) {
      puts.push(item);
      return inner.put(item, condition);
    },
    get(key) {
      reads.push('get');
      return inner.get(key);
    },
    async *pages(query) {
      for await (const page of inner.pages(query)) {
        reads.push(`query: ${page.length}`);
        yield page;
      }
    },
  };
}

/** The entries that {@link STORED_BY_THE_FIRST_WAY} holds: two snapshots, and what differs from the second. */
function recorded(): readonly JournalEntry[] {
  const payload = { kept: 'x'.repeat(10) };
  return [placed(order, payload), wide(order, 1, payload, 2, 0), wide(order, 2, payload, 2, 1)];
}

const STORED_BY_THE_FIRST_WAY = [
  'AYNJW5oamVgYgAGxlRCKFpT6yNHLINAiyjTMMsLby9jXyM8kwDTILNgce8QXZOSX5OtCmstIacAYucooLilNyczHqDgKijLzi8BRpZSRmZ6hpKOUnZmXAiorwIaCkmRiuRIoTFDrtDRDsmo1urgUNZ2jhDF6kodImkHjDFv9mJ0KSlBKFXCgVFsLAA==',
  'AZ2XSw7CIBCG7zJrTXg2cgsu0IVJTSFNpKk1uuHuBtACBROU7c8jMB//zHxkwQk7ITdwOxXZou+ARC5CPeUcDNk/GJmVWc0xVNYJLjTNLrf1PmhT5Jh50WbxUQWlRwUHmPR1cLbiN3X0nh/QF6DFK6KSuSB2QazjRyJ+EvnXkLgZwHoD8rNjSNTKoZ9ZATEv7QvmUyeUuNWfZFF+bv3InvMsCjnyghOOu7eU/hbBKWXMC7bPmJ8u7kB4bgOsfQE=',
  'AYNJW5oamVgYgIAR8akCRRNqEkT2DSJdQNpToBLMsBaURjDLNeQyyRh3mUSgVACVKfgLApRSoxYEAA==',
];
