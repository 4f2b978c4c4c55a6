import { describe, expect, it } from '@jest/globals';
import type { WakeUp } from '../../src/core/order.ts';
import type { ActiveOrder, ActiveOrders, StuckOrder } from '../../src/ports/active-orders.ts';
import { T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

const first = { at: T0 + 60_000, entry: 0 };
const workflow = { name: 'photo-order', version: 3 };

const order = (orderId: string, wakeUp: WakeUp = first): ActiveOrder => ({
  orderId,
  wakeUp,
  workflow,
});

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
      await active.unmarkStuck('o9');
      await active.unmarkStuck('o8');
      expect(await stuckBefore(active, T0 - 1)).toHaveLength(1);
      expect(await all(active)).toHaveLength(3);
    });

    it('that are stuck are read on from any place, each once', async () => {
      const active = (await open()).connect();
      const ids = times(60, (n) => `o${String(n).padStart(2, '0')}`);
      await Promise.all(
        ids.map((id, n) => {
          if (n % 5 === 0) return active.markStuck(id);
          const group = n % 5 === 1 ? {} : { group: `o${n % 5}` };
          return active.put(order(id, { ...first, ...group }));
        }),
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

    describe('of one group', () => {
      const together = { ...first, group: 'o1' };
      const ids = ['o1', 'o2', 'o3'];
      const inGroup = (orderId: string) => order(orderId, together);
      const placed = async (active: ActiveOrders) => {
        const putting = await Promise.all(ids.map((id) => active.put(inGroup(id))));
        expect(putting).toEqual(ids.map(() => 'added'));
      };

      it('stand there each for itself, and are no orders of another place', async () => {
        const active = (await open()).connect();
        await placed(active);
        expect(await all(active)).toEqual(ids.map(inGroup));
        for (const id of ids) expect(await active.has(id, together)).toBe(true);
        expect(await active.has('o4', together)).toBe(false);
        for (const id of ids) expect(await active.has(id, first)).toBe(false);
        expect(await active.has('o1', { ...together, group: 'o2' })).toBe(false);
        expect(await active.put(order('o1'))).toBe('added');
        expect(await active.remove('o1', first)).toBe(true);
        expect(await all(active)).toEqual(ids.map(inGroup));
      });

      it('may be asked for twice at once', async () => {
        const active = (await open()).connect();
        const twice = [...ids, 'o2'];
        await Promise.all(twice.map((id) => active.put(inGroup(id))));
        expect(await all(active)).toEqual(ids.map(inGroup));
        await Promise.all(twice.map((id) => active.remove(id, together)));
        expect(await all(active)).toEqual([]);
      });

      it('come one after the other, too, and are told that they were there', async () => {
        const active = (await open()).connect();
        await active.put(inGroup('o2'));
        expect(await Promise.all(ids.map((id) => active.put(inGroup(id))))).toEqual([
          'added',
          'existed',
          'added',
        ]);
        expect(await all(active)).toEqual(ids.map(inGroup));
      });

      it.each([
        [
          'one by one',
          async (gone: (id: string) => Promise<boolean>) => [
            await gone('o2'),
            await gone('o2'),
            await gone('o4'),
          ],
        ],
        [
          'at once',
          (gone: (id: string) => Promise<boolean>) => Promise.all([gone('o2'), gone('o4')]),
        ],
      ])('go %s, and whoever removes them learns whether they were there', async (_, go) => {
        const active = (await open()).connect();
        await placed(active);
        const [was, ...others] = await go((id) => active.remove(id, together));
        expect(was).toBe(true);
        expect(others).not.toContain(true);
        expect(await all(active)).toEqual([inGroup('o1'), inGroup('o3')]);
      });

      it.each([
        ['the first one first', ['o1', 'o3', 'o2']],
        ['the first one last', ['o3', 'o2', 'o1']],
      ])('leave nothing when all are gone, %s', async (_, order) => {
        const active = (await open()).connect();
        await placed(active);
        for (const id of order) expect(await active.remove(id, together)).toBe(true);
        for (const id of order) expect(await active.has(id, together)).toBe(false);
        expect(await all(active)).toEqual([]);
        expect(await active.put(inGroup('o2'))).toBe('added');
        expect(await all(active)).toEqual([inGroup('o2')]);
      });

      it('are set aside each for itself, until they are gone', async () => {
        const active = (await open()).connect();
        await placed(active);
        await active.setAside('o2', together, T0);
        await active.setAside('o3', together, T0 + 1);
        await active.setAside('o4', together, T0);
        await active.setAside('o1', first, T0);
        expect(await all(active)).toEqual([
          inGroup('o1'),
          { ...inGroup('o2'), setAsideUntil: T0 },
          { ...inGroup('o3'), setAsideUntil: T0 + 1 },
        ]);
        expect(await active.put(inGroup('o2'))).toBe('existed');
        expect(await all(active)).toContainEqual({ ...inGroup('o2'), setAsideUntil: T0 });
        expect(await active.remove('o2', together)).toBe(true);
        await active.put(inGroup('o2'));
        expect(await all(active)).toContainEqual(inGroup('o2'));
      });

      it('are due and stuck together', async () => {
        const active = (await open()).connect();
        await placed(active);
        await active.put(order('o9', { at: first.at - 1, entry: 4 }));
        await active.setAside('o3', together, T0);
        expect(await all(active, first.at - 1)).toHaveLength(1);
        expect(await all(active, first.at)).toHaveLength(4);
        const overdue = { marked: false, workflow, dueAt: first.at };
        expect(await stuckBefore(active, first.at)).toHaveLength(1);
        expect((await stuckBefore(active, first.at + 1)).slice(0, 3)).toEqual([
          { orderId: 'o1', ...overdue },
          { orderId: 'o2', ...overdue },
          { orderId: 'o3', ...overdue, setAside: true },
        ]);
      });

      it('stand in one place with orders of other groups and of none', async () => {
        const active = (await open()).connect();
        await placed(active);
        const other = order('o2', { ...first, group: 'o2' });
        await active.put(other);
        await active.put(order('o2'));
        await active.put(order('o2', { ...first, entry: 7 }));
        expect(await all(active)).toHaveLength(6);
        expect(await active.remove('o2', together)).toBe(true);
        expect(await active.remove('o2', together)).toBe(false);
        expect(await active.has('o2', other.wakeUp)).toBe(true);
        expect(await all(active)).toHaveLength(5);
      });
    });

    it('come page by page, each once', async () => {
      const active = (await open()).connect();
      const orders = times(230, (index) => order(`o${String(index).padStart(3, '0')}`));
      await Promise.all(orders.map((one) => active.put(one)));
      expect(await all(active)).toEqual(orders);
    });
  });
}

/** What is counted may be what was there a second ago. */
export function activeOrdersSurveyContract(open: OpenStore<ActiveOrders>): void {
  describe('a survey of the active orders', () => {
    it('counts those that are stuck, each of a group by itself', async () => {
      const active = (await open()).connect();
      expect(await active.countStuck(Infinity)).toBe(0);
      const together = { ...first, group: 'o1' };
      for (const id of ['o1', 'o2', 'o3']) await active.put(order(id, together));
      await active.put(order('o4', { at: first.at - 1, entry: 0 }));
      await active.markStuck('o5');
      expect(await active.countStuck(first.at - 1)).toBe(1);
      expect(await active.countStuck(first.at)).toBe(2);
      expect(await active.countStuck(first.at + 1)).toBe(5);
      for (const id of ['o1', 'o2', 'o3']) await active.remove(id, together);
      expect(await active.countStuck(Infinity)).toBe(2);
    });

    it('counts them, and lists them by id and workflow', async () => {
      const active = (await open()).connect();
      expect(await active.survey()).toEqual({ count: 0, sample: [] });
      const other = { name: 'other', version: 1 };
      const ids = times(20, (n) => `o${n}`).sort();
      for (const orderId of ids) {
        await active.put({ ...order(orderId), ...(orderId === 'o7' && { workflow: other }) });
      }
      const together = { ...first, group: 'p0' };
      const inGroup = times(5, (n) => `p${n}`);
      await Promise.all(inGroup.map((id) => active.put(order(id, together))));
      ids.push(...inGroup);
      const { count, sample } = await active.survey();
      expect(count).toBe(25);
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
