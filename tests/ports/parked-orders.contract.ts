import { describe, expect, it } from '@jest/globals';
import type { ParkedOrder } from '../../src/core/parking.ts';
import type { ParkedOrders } from '../../src/ports/parked-orders.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const place = (orderId: string, more: Partial<ParkedOrder> = {}): ParkedOrder => ({
  ...{ plugin: 'A', orderId, parkedAt: T0, entry: 1 },
  ...more,
});

export function parkedOrdersContract(open: OpenStore<ParkedOrders>): void {
  describe('parked orders', () => {
    it('are found by their plugin, those that have waited longest first', async () => {
      const store = await open();
      const parked = store.connect();
      const all = times(25, (n) => place(`o${n}`, { parkedAt: T0 + 1000 * (25 - n) }));
      for (const one of all) await parked.put(one);
      await parked.put(place('other', { plugin: 'B', parkedAt: T0 }));
      const oldest = [...all].reverse();
      expect(await store.connect().first('A', 7)).toEqual(oldest.slice(0, 7));
      expect(await parked.first('A', 100)).toEqual(oldest);
      expect(await parked.first('C', 100)).toEqual([]);
      expect([await parked.count('A'), await parked.count('B'), await parked.count('C')]).toEqual([
        25, 1, 0,
      ]);
    });

    it('stand in the list once, however often they are put, until they are removed', async () => {
      const parked = (await open()).connect();
      await parked.put(place('o1'));
      await parked.put(place('o1'));
      await parked.put(place('o#2', { entry: 12 }));
      expect(await parked.count('A')).toBe(2);
      await parked.remove(place('o1'));
      await parked.remove(place('o1'));
      expect(await parked.first('A', 10)).toEqual([place('o#2', { entry: 12 })]);
    });

    it('that were parked again in a later entry stand there for that, too', async () => {
      const parked = (await open()).connect();
      await parked.put(place('o1'));
      await parked.put(place('o1', { entry: 3 }));
      await parked.remove(place('o1'));
      expect(await parked.first('A', 10)).toEqual([place('o1', { entry: 3 })]);
    });
  });
}
