import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { BrokenJournalError } from '../../src/ports/journal.ts';
import { advanced, completed, failed, placed, T0, wide } from './entries.ts';
import type { Store } from './store.ts';
import { times } from './store.ts';

const DAY_MS = 86_400_000;

/** Opens journals that keep orders for 30 days after their end, and tell by the clock what has expired. */
export function journalContract(open: (clock?: Clock) => Promise<Store<Journal>>): void {
  describe('a journal', () => {
    it('knows nothing of an order that there is not', async () => {
      const journal = (await open()).connect();
      expect(await journal.latest('o1')).toBeUndefined();
      expect(await journal.entries('o1')).toEqual([]);
    });

    it('gives entries back as they were appended', async () => {
      const store = await open();
      const order = { orderId: 'o:1_a-b', client: 'studio' };
      const entries = [
        placed(order, { text: 'gruß 🙂 \u0000', list: [1, null, { deep: [[]] }] }),
        advanced(order, 1, { n: 1 }, { payload: { before: 'the parallel stage' } }),
        advanced(order, 2),
        failed(order, 3),
      ];
      for (const entry of entries) {
        expect(await store.connect().append(entry)).toBe('stored');
        expect(await store.connect().latest(order.orderId)).toEqual(entry);
      }
      expect(await store.connect().entries(order.orderId)).toEqual(entries);
    });

    it('gives back what was told by its difference, whichever entry the writer came from', async () => {
      const store = await open();
      const order = { orderId: 'o1' };
      const payload = randomBytes(5000).toString('base64');
      const attributes = { priority: 'low' };
      const entries = [
        placed(order, payload),
        ...times(5, (index) => wide(order, index + 1, payload, 5, index)),
        wide(order, 6, payload, 5, 4, { taskCount: 7, attributes }),
        advanced(order, 7, payload),
        advanced(order, 8, { short: 1 }),
        completed(order, 9, payload),
      ];
      const journal = store.connect();
      for (const [index, entry] of entries.entries()) {
        const previous = [entries[index - 1], await journal.latest('o1'), undefined][index % 3];
        expect(await journal.append(entry, previous)).toBe('stored');
        expect(await journal.latest('o1')).toEqual(entry);
        expect(await journal.entries('o1')).toEqual(entries.slice(0, index + 1));
      }
      expect(await store.connect().latest('o1')).toEqual(entries.at(-1));
      expect(await store.connect().entries('o1')).toEqual(entries);
    });

    it('tells the newest entry first, for as long as it is asked', async () => {
      const journal = (await open()).connect();
      const order = { orderId: 'o1' };
      const payload = randomBytes(3000).toString('base64');
      const entries = [
        placed(order, payload),
        ...times(24, (index) => wide(order, index + 1, payload, 30, index)),
      ];
      for (const [index, entry] of entries.entries())
        await journal.append(entry, entries[index - 1]);
      const found = [];
      for await (const entry of journal.newestFirst('o1')) found.push(entry);
      expect(found).toEqual(entries.toReversed());
      for await (const entry of journal.newestFirst('o1')) {
        expect(entry).toEqual(entries.at(-1));
        break;
      }
      for await (const _ of journal.newestFirst('o2')) throw new Error('it knows no such order');
    });

    it.each([
      ['its first entry', [1, 2], 0],
      ['one between others', [0, 1, 3], 2],
    ])('that lacks %s throws instead of telling half a story', async (_, numbers, missing) => {
      const store = await open();
      for (const number of numbers) {
        const order = { orderId: 'o1' };
        await store.connect().append(number === 0 ? placed(order) : advanced(order, number));
      }
      const error = new BrokenJournalError('o1', missing);
      expect(error.message).toBe(`the journal of order o1 lacks its entry ${missing}`);
      await expect(store.connect().entries('o1')).rejects.toThrow(error);
      await expect(async () => {
        for await (const _ of store.connect().newestFirst('o1'));
      }).rejects.toThrow(error);
    });

    it.each<Json>([null, 0, '', false, [], {}, 'x', { result: null }])(
      'keeps the value %j, as input, payload and result',
      async (value) => {
        const journal = (await open()).connect();
        const order = { orderId: 'o1' };
        const entries = [
          placed(order, value),
          advanced(order, 1, value),
          completed(order, 2, value),
        ];
        for (const entry of entries) await journal.append(entry);
        expect(await journal.entries('o1')).toEqual(entries);
      },
    );

    it('has the highest number as its latest entry, beyond ten', async () => {
      const journal = (await open()).connect();
      const order = { orderId: 'o1' };
      await journal.append(placed(order));
      for (const number of times(11, (index) => index + 1)) {
        await journal.append(advanced(order, number));
      }
      expect((await journal.latest('o1'))?.number).toBe(11);
      const numbers = (await journal.entries('o1')).map(({ number }) => number);
      expect(numbers).toEqual(times(12, (index) => index));
    });

    it('stores one of fifty entries that are appended under one number at once', async () => {
      const store = await open();
      const order = { orderId: 'o1' };
      await store.connect().append(placed(order));
      const outcomes = await Promise.all(
        times(50, async (writer) => {
          const outcome = await store.connect().append(advanced(order, 1, { writer }));
          return { writer, outcome };
        }),
      );
      const winners = outcomes.filter(({ outcome }) => outcome === 'stored');
      expect(winners).toHaveLength(1);
      expect(await store.connect().latest('o1')).toEqual(
        advanced(order, 1, { writer: winners[0]?.writer ?? -1 }),
      );
    });

    it('knows what it has stored last of an order that goes on, and lets go of it when another was faster', async () => {
      const store = await open();
      const journal = store.connect();
      const order = { orderId: 'o1' };
      expect(journal.lastStored('o1')).toBeUndefined();
      await journal.append(placed(order));
      await journal.append(advanced(order, 1));
      expect(journal.lastStored('o1')).toEqual(advanced(order, 1));
      await store.connect().append(advanced(order, 2));
      expect(await journal.append(advanced(order, 2))).toBe('taken');
      expect(journal.lastStored('o1')).toBeUndefined();
      await journal.append(failed(order, 3));
      expect(journal.lastStored('o1')).toBeUndefined();
    });

    it('seals an entry that it has just appended, so that another instance knows it without a read, and goes on from it', async () => {
      const store = await open();
      const [journal, another] = [store.connect(), store.connect()];
      const order = { orderId: 'o1' };
      const texts: string[] = [];
      for (const entry of [placed(order), advanced(order, 1)]) {
        await journal.append(entry, journal.lastStored('o1'));
        const sealed = await journal.seal(journal.lastStored('o1') as JournalEntry);
        texts.push(sealed ?? '');
        await another.unseal('o1', sealed ?? '');
        expect(another.lastStored('o1')).toEqual(entry);
      }
      const [first = ''] = texts;
      // An earlier one than it knows, one of another order, and what was never sealed are passed over.
      await another.unseal('o1', first);
      for (const text of [...texts, '', 'AAAA', '{"number":7}']) await another.unseal('o2', text);
      expect(another.lastStored('o1')).toEqual(advanced(order, 1));
      expect(another.lastStored('o2')).toBeUndefined();
      expect(await another.append(advanced(order, 2), another.lastStored('o1'))).toBe('stored');
      expect(await journal.entries('o1')).toEqual([
        ...[placed(order), advanced(order, 1), advanced(order, 2)],
      ]);
    });

    it('does not mix orders', async () => {
      const journal = (await open()).connect();
      for (const orderId of ['o1', 'o1x', 'O1']) await journal.append(placed({ orderId }));
      await journal.append(advanced({ orderId: 'o1x' }, 1));
      expect((await journal.latest('o1'))?.number).toBe(0);
      expect(await journal.entries('O1')).toEqual([placed({ orderId: 'O1' })]);
    });

    it('gives back more entries than one answer of a table holds', async () => {
      const journal = (await open()).connect();
      const order = { orderId: 'o1' };
      const entries = [
        placed(order),
        ...times(12, (index) => advanced(order, index + 1, randomBytes(90_000).toString('base64'))),
      ];
      await Promise.all(entries.map((entry) => journal.append(entry)));
      expect(await journal.entries('o1')).toEqual(entries);
    });
  });

  describe('the journal of an order', () => {
    const order = { orderId: 'o1' };

    async function opened() {
      const now = { at: T0 };
      const store = await open(() => now.at);
      const pass = (days: number) => {
        now.at = T0 + days * DAY_MS;
      };
      return { journal: store.connect(), another: () => store.connect(), pass };
    }

    it('that has ended is kept for the retention period, then all of it is gone at once, and its id is free', async () => {
      const { journal, another, pass } = await opened();
      const entries = [placed(order), advanced(order, 1), completed(order, 2)];
      for (const entry of entries) await journal.append(entry);
      pass(30);
      expect(await another().entries('o1')).toEqual(entries);
      expect(await journal.entries('o1')).toEqual(entries);
      expect(await another().append(placed(order))).toBe('taken');
      pass(37);
      expect(await another().latest('o1')).toBeUndefined();
      expect(await another().entries('o1')).toEqual([]);
      const again = { orderId: 'o1', acceptedAt: T0 + 37 * DAY_MS };
      const second = [placed(again, 'another life'), completed(again, 1)];
      for (const entry of second) expect(await another().append(entry)).toBe('stored');
      for (const one of [journal, another()]) {
        expect(await one.latest('o1')).toEqual(second.at(-1));
        expect(await one.entries('o1')).toEqual(second);
      }
    });

    // Was: entries expired one by one, the first of them first; an order of the same id was accepted and never ran, since the
    // latest entry was the old order's. Now: they have one expiry, whatever each of them was waiting for.
    it.each([
      ['waited an hour', 1 / 24, 0.01],
      ['waited for 200 days', 200, 200],
      ['was to wait for 200 days, and was cancelled on the next', 200, 1],
      ['was looked after days too late', 40, 45],
    ])('that %s has all of its entries or none, on every day', async (_, waits, endsAfter) => {
      const { journal, pass } = await opened();
      const at = (days: number) => Math.round(T0 + days * DAY_MS);
      const wakeUp = { at: at(waits), entry: 1 };
      const first = [placed(order), advanced(order, 1), advanced(order, 2, 'waits', { wakeUp })];
      for (const [index, entry] of first.entries()) await journal.append(entry, first[index - 1]);
      pass(endsAfter);
      const end = { ...completed(order, 3), at: at(endsAfter) };
      await journal.append({
        ...end,
        state: { ...end.state, endedAt: end.at } as typeof end.state,
      });
      for (let day = Math.ceil(endsAfter), left = 4; left > 0; day += 5) {
        pass(day);
        const numbers = (await journal.entries('o1')).map(({ number }) => number);
        left = numbers.length;
        if (day <= endsAfter + 30) expect([day, numbers]).toEqual([day, [0, 1, 2, 3]]);
        else expect([[], [0, 1, 2, 3]]).toContainEqual(numbers);
        expect((await journal.latest('o1'))?.number).toBe(numbers.at(-1));
      }
    });

    it('that waits outlives a week in which nobody looks after it', async () => {
      const { journal, pass } = await opened();
      await journal.append(placed(order));
      const wakeUp = { at: T0 + 36 * DAY_MS, entry: 1 };
      const waiting = advanced(order, 1, 'waits', { wakeUp });
      await journal.append(waiting);
      pass(43);
      expect(await journal.latest('o1')).toEqual(waiting);
      expect(await journal.entries('o1')).toHaveLength(2);
    });
  });
}
