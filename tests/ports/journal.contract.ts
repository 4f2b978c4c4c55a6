import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { advanced, completed, failed, placed } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

export function journalContract(open: OpenStore<Journal>): void {
  describe('a journal', () => {
    test('knows nothing of an order that there is not', async () => {
      const journal = (await open()).connect();
      expect(await journal.latest('o1')).toBeUndefined();
      expect(await journal.entries('o1')).toEqual([]);
    });

    test('gives entries back as they were appended', async () => {
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

    test.each<Json>([null, 0, '', false, [], {}, 'x', { result: null }])(
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

    test('has the highest number as its latest entry, beyond ten', async () => {
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

    test('stores one of fifty entries that are appended under one number at once', async () => {
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

    test('does not mix orders', async () => {
      const journal = (await open()).connect();
      for (const orderId of ['o1', 'o1x', 'O1']) await journal.append(placed({ orderId }));
      await journal.append(advanced({ orderId: 'o1x' }, 1));
      expect((await journal.latest('o1'))?.number).toBe(0);
      expect(await journal.entries('O1')).toEqual([placed({ orderId: 'O1' })]);
    });

    test('gives back more entries than one answer of a table holds', async () => {
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
}
