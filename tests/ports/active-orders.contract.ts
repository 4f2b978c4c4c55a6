import { describe, expect, it } from '@jest/globals';
import type { ActiveOrder, ActiveOrders, StuckOrder } from '../../src/ports/active-orders.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const first = { at: T0 + 60_000, entry: 0 };
const workflow = { name: 'photo-order', version: 3 };

const order = (orderId: string, wakeUp = first): ActiveOrder => ({ orderId, wakeUp, workflow });

export function activeOrdersContract(open: OpenStore<ActiveOrders>): void {
  describe('active orders', () => {
    it('are there when they were put, for everyone', async () => {
      const store = await open();
      expect(await store.connect().put(order('o1'))).toBe('added');
      expect(await store.connect().put(order('o:2_-'))).toBe('added');
      expect(await all(store.connect())).toEqual([order('o1'), order('o:2_-')]);
      expect(await store.connect().has('o1', first)).toBe(true);
      expect(await store.connect().has('o3', first)).toBe(false);
    });

    it('stay as they are when they are put again', async () => {
      const active = (await open()).connect();
      await active.put(order('o1'));
      await active.setAside('o1', first, T0);
      expect(await active.put(order('o1'))).toBe('existed');
      expect(await all(active)).toEqual([{ ...order('o1'), setAsideUntil: T0 }]);
    });

    it.each([
      ['instant', { at: first.at + 1, entry: 0 }],
      ['entry', { at: first.at, entry: 1 }],
      ['entry, which may be none', { at: first.at, entry: -1 }],
    ])('stand under each wake-up by itself, told apart by its %s', async (_, other) => {
      const active = (await open()).connect();
      await active.put(order('o1'));
      expect(await active.has('o1', other)).toBe(false);
      expect(await active.remove('o1', other)).toBe(false);
      expect(await active.put(order('o1', other))).toBe('added');
      expect(await all(active)).toHaveLength(2);
      expect(await active.remove('o1', first)).toBe(true);
      expect(await all(active)).toEqual([order('o1', other)]);
    });

    it('are gone when they were removed, and whoever removes them learns it', async () => {
      const active = (await open()).connect();
      await active.put(order('o1'));
      await active.put(order('o2'));
      expect(await active.remove('o1', first)).toBe(true);
      expect(await active.remove('o1', first)).toBe(false);
      expect(await all(active)).toEqual([order('o2')]);
    });

    it('are set aside under the wake-up that is named, and an unknown one is not made', async () => {
      const active = (await open()).connect();
      await active.put(order('o1'));
      await active.setAside('o1', first, T0);
      await active.setAside('o2', first, T0);
      expect(await all(active)).toEqual([{ ...order('o1'), setAsideUntil: T0 }]);
    });

    it('are due from the instant of their wake-up on', async () => {
      const active = (await open()).connect();
      const instants = [0, 1, T0 - 1, T0, T0 + 1, T0 + 365 * 86_400_000];
      for (const at of instants) await active.put(order(`o${at}`, { at, entry: 7 }));
      const dueBy = async (by: number) =>
        (await all(active, by)).map(({ wakeUp }) => wakeUp.at).sort((a, b) => a - b);
      expect(await dueBy(-1)).toEqual([]);
      expect(await dueBy(0)).toEqual([0]);
      expect(await dueBy(T0)).toEqual(instants.slice(0, 4));
      expect(await dueBy(Infinity)).toEqual(instants);
    });

    it('are stuck when they are marked, or stand under a wake-up from before', async () => {
      const active = (await open()).connect();
      for (const [index, at] of [T0 - 2, T0 - 1, T0].entries()) {
        await active.put(order(`o${index}`, { at, entry: 0 }));
      }
      await active.setAside('o0', { at: T0 - 2, entry: 0 }, T0 + 1);
      await active.markStuck('o9');
      await active.markStuck('o9');
      const overdue = { marked: false, workflow };
      expect(await stuckBefore(active, T0)).toEqual([
        { orderId: 'o0', ...overdue, dueAt: T0 - 2, setAside: true },
        { orderId: 'o1', ...overdue, dueAt: T0 - 1 },
        { orderId: 'o9', marked: true },
      ]);
      expect(await active.countStuck(T0)).toBe(3);
      await active.unmarkStuck('o9');
      await active.unmarkStuck('o8');
      expect(await active.countStuck(T0 - 1)).toBe(1);
      expect(await all(active)).toHaveLength(3);
    });

    it('that are stuck are read on from any place, each once', async () => {
      const active = (await open()).connect();
      const ids = times(60, (n) => `o${String(n).padStart(2, '0')}`);
      await Promise.all(
        ids.map((id, n) => (n % 5 === 0 ? active.markStuck(id) : active.put(order(id)))),
      );
      const read: string[] = [];
      for (let after: string | undefined; ; ) {
        const pages = active.stuck(Infinity, after)[Symbol.asyncIterator]();
        const first = (await pages.next()).value?.[0];
        if (first === undefined) break;
        read.push(first.orderId);
        after = first.place;
      }
      expect(read.sort()).toEqual(ids);
    });

    it('come page by page, each once', async () => {
      const active = (await open()).connect();
      const orders = times(230, (index) => order(`o${String(index).padStart(3, '0')}`));
      await Promise.all(orders.map((one) => active.put(one)));
      expect(await all(active)).toEqual(orders);
    });
  });
}

/** A survey may show what was there a second ago. */
export function activeOrdersSurveyContract(open: OpenStore<ActiveOrders>): void {
  describe('a survey of the active orders', () => {
    it('counts them, and lists them by id and workflow', async () => {
      const active = (await open()).connect();
      expect(await active.survey()).toEqual({ count: 0, sample: [] });
      const other = { name: 'other', version: 1 };
      const ids = times(20, (n) => `o${n}`).sort();
      for (const orderId of ids) {
        await active.put({ ...order(orderId), ...(orderId === 'o7' && { workflow: other }) });
      }
      const { count, sample } = await active.survey();
      expect(count).toBe(20);
      const listed = sample.toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
      expect(listed).toEqual(
        ids.map((orderId) => ({ orderId, workflow: orderId === 'o7' ? other : workflow })),
      );
    });
  });
}

async function all(active: ActiveOrders, by = Infinity): Promise<readonly ActiveOrder[]> {
  const orders: ActiveOrder[] = [];
  for await (const page of active.due(by)) orders.push(...page);
  return orders.sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
}

async function stuckBefore(active: ActiveOrders, instant: number): Promise<readonly object[]> {
  const orders: StuckOrder[] = [];
  for await (const page of active.stuck(instant)) orders.push(...page);
  return orders
    .sort((a, b) => (a.orderId < b.orderId ? -1 : 1))
    .map(({ place: _, ...order }) => order);
}
