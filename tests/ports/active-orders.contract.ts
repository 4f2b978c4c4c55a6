import { describe, expect, test } from '@jest/globals';
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
    });

    test('are there when they were added, with all that was said of them', async () => {
      const store = await open();
      const [one, two] = [order('o1'), { ...order('o2'), client: 'studio' }];
      await store.connect().add(one);
      await store.connect().add(two);
      expect(await all(store.connect())).toEqual([one, two]);
    });

    test('stay armed as they are when they are added again', async () => {
      const active = (await open()).connect();
      expect(await active.add(order('o1'))).toBe('added');
      await active.arm('o1', { at: T0 + 5000, entry: 1 });
      expect(await active.add(order('o1'))).toBe('there');
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 5000 }]);
    });

    // A slow writer's arming used to bring back an order that a faster one had ended: it stood there as one of workflow
    // `unknown` until its wake-up. What is not there is not armed.
    test('stay away when they are armed after they were removed', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.remove('o1');
      await active.arm('o1', { at: T0 + 5000, entry: 1 });
      expect(await all(active)).toEqual([]);
    });

    test('stay armed as a later entry has armed them', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.arm('o1', { at: T0 + 5000, entry: 7 });
      await active.arm('o1', { at: T0 + 9000, entry: 6 });
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 5000 }]);
      await active.arm('o1', { at: T0 + 8000, entry: 7 });
      expect(await all(active)).toEqual([{ ...order('o1'), wakeUpAt: T0 + 8000 }]);
    });

    test('are gone when they were removed, twice too', async () => {
      const active = (await open()).connect();
      await active.add(order('o1'));
      await active.add(order('o2'));
      await active.remove('o1');
      await active.remove('o1');
      expect(await all(active)).toEqual([order('o2')]);
    });

    test('come page by page, each once', async () => {
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
