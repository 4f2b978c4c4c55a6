import { describe, expect, it } from '@jest/globals';
import type { ActiveOrder, ActiveOrders } from '../../src/ports/active-orders.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

export function activeOrdersContract(open: OpenStore<ActiveOrders>): void {
  describe('active orders', () => {
    const order = (orderId: string): ActiveOrder => ({
      orderId,
      wakeUpAt: T0 + 60_000,
      workflow: { name: 'photo-order', version: 3 },
      acceptedAt: T0,
      armedIn: 0,
    });

    it('are there when they were added, with all that was said of them', async () => {
      const store = await open();
      const [one, two] = [order('o1'), { ...order('o2'), client: 'studio' }];
      await store.connect().add(one);
      await store.connect().add(two);
      expect(await all(store.connect())).toEqual([one, two]);
    });

    it('are listed by id and workflow', async () => {
      const active = (await open()).connect();
      expect(await active.list()).toEqual([]);
      const photo = { name: 'photo-order', version: 3 };
      const other = { name: 'other', version: 1 };
      for (const orderId of times(20, (n) => `o${n}`))
        await active.add({ ...order(orderId), workflow: orderId === 'o7' ? other : photo });
      const listed = [...(await active.list())].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
      const ids = times(20, (n) => `o${n}`).sort();
      expect(listed).toEqual(
        ids.map((orderId) => ({ orderId, workflow: orderId === 'o7' ? other : photo })),
      );
    });

    it('stay armed as they are when they are added again', async () => {
      const active = (await open()).connect();
      expect(await active.add(order('o1'))).toBe('added');
      expect(await active.arm('o1', { at: T0 + 5000, entry: 1, after: 0 })).toBe('done');
      expect(await active.add(order('o1'))).toBe('existed');
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 5000, armedIn: 1 }]);
    });

    // Was: a slow writer's arming brought back an order that a faster one had ended, as one of workflow `unknown`.
    // Now: an order that was removed is not armed.
    it('stay away when they are armed after they were removed', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.remove('o1');
      expect(await active.arm('o1', { at: T0 + 5000, entry: 1, after: 0 })).toBe('newer');
      expect(await all(active)).toEqual([]);
    });

    it('stay armed as a later entry has armed them', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.arm('o1', { at: T0 + 5000, entry: 7, after: 0 });
      expect(await active.arm('o1', { at: T0 + 9000, entry: 6, after: 0 })).toBe('newer');
      expect(await all(active)).toMatchObject([{ wakeUpAt: T0 + 5000, armedIn: 7 }]);
      expect(await active.arm('o1', { at: T0 + 8000, entry: 7, after: 0 })).toBe('done');
      expect(await all(active)).toMatchObject([{ wakeUpAt: T0 + 8000, armedIn: 7 }]);
    });

    it('are neither armed nor removed before the entry that armed before has armed', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      expect(await active.arm('o1', { at: T0 + 5000, entry: 7, after: 4 })).toBe('behind');
      expect(await active.remove('o1', 4)).toBe('behind');
      expect(await all(active)).toEqual([order('o1')]);
      await active.arm('o1', { at: T0 + 4000, entry: 4, after: 0 });
      expect(await active.arm('o1', { at: T0 + 5000, entry: 7, after: 4 })).toBe('done');
      expect(await active.remove('o1', 7)).toBe('done');
      expect(await active.remove('o1', 7)).toBe('done');
      expect(await all(active)).toEqual([]);
    });

    it('are brought forward, and never put off, when somebody hastens them', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.hasten('o1', T0 + 90_000);
      await active.hasten('o2', T0);
      expect(await all(active)).toEqual([order('o1')]);
      await active.hasten('o1', T0 + 1000);
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 1000 }]);
    });

    it('are set aside until an entry arms them again', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.setAside('o1', T0 + 3_600_000);
      await active.setAside('o2', T0 + 3_600_000);
      expect(await all(active)).toEqual([{ ...order('o1'), setAsideUntil: T0 + 3_600_000 }]);
      await active.arm('o1', { at: T0 + 5000, entry: 1, after: 0 });
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 5000, armedIn: 1 }]);
    });

    it('are gone when they were removed, twice too', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.add(order('o2'));
      await active.remove('o1');
      await active.remove('o1');
      expect(await all(active)).toEqual([order('o2')]);
    });

    it('come page by page, each once', async () => {
      const active = (await open()).connect();
      const orders = times(230, (index) => order(`o${String(index).padStart(3, '0')}`));
      await Promise.all(orders.map((one) => active.add(one)));
      expect(await all(active)).toEqual(orders);
    });
  });
}

async function all(active: ActiveOrders): Promise<readonly ActiveOrder[]> {
  const orders: ActiveOrder[] = [];
  for await (const page of active.pages()) orders.push(...page);
  return orders.sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
}
