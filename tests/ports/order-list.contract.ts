import { describe, expect, it } from '@jest/globals';
import type { Journal } from '../../src/ports/journal.ts';
import type { OrderList, OrderQuery } from '../../src/ports/order-list.ts';
import type { OrderOf } from './entries.ts';
import { advanced, completed, failed, placed, T0 } from './entries.ts';
import type { OpenStore } from './store.ts';
import { times } from './store.ts';

export function orderListContract(
  open: OpenStore<{ readonly journal: Journal; readonly orderList: OrderList }>,
): void {
  describe('a list of orders', () => {
    /** Forty orders, one a second: completed, failed, running and accepted in turn; every other one of client X. */
    const orders = times(
      40,
      (index): OrderOf => ({
        orderId: `o${String((index * 7) % 40).padStart(2, '0')}`,
        acceptedAt: T0 + index * 1000,
        workflow: index < 20 ? 'early' : 'late',
        ...(index % 2 === 0 ? { client: 'X' } : {}),
      }),
    );
    const newestFirst = orders.toReversed();

    const idsOf = (matching: (order: OrderOf, index: number) => boolean) =>
      orders
        .filter(matching)
        .toReversed()
        .map(({ orderId }) => orderId);
    const listed = async (orderList: OrderList, query: Omit<OrderQuery, 'limit'>) =>
      (await pagesOf(orderList, { ...query, limit: 4 })).flat();

    async function openFilled() {
      const { journal, orderList } = (await open()).connect();
      await Promise.all(
        orders.map(async (order, index) => {
          await journal.append(placed(order));
          if (index % 4 !== 3) await journal.append(advanced(order, 1));
          if (index % 4 === 0) await journal.append(completed(order, 2));
          if (index % 4 === 1) await journal.append(failed(order, 2));
        }),
      );
      return orderList;
    }

    it('is empty where there are none', async () => {
      const { orderList } = (await open()).connect();
      expect(await orderList.page({ limit: 10 })).toEqual({ orders: [] });
    });

    it('shows each order once, newest first, as it stands', async () => {
      const { orders: listed, next } = await (await openFilled()).page({ limit: 100 });
      expect(next).toBeUndefined();
      expect(listed.map(({ orderId }) => orderId)).toEqual(
        newestFirst.map(({ orderId }) => orderId),
      );
      const statuses = ['completed', 'failed', 'running', 'accepted'];
      expect(listed.map(({ status }) => status)).toEqual(
        times(40, (index) => statuses[(39 - index) % 4]),
      );
      expect(listed[3]).toMatchObject({
        orderId: newestFirst[3]?.orderId,
        status: 'completed',
        workflow: { name: 'late', version: 3 },
        client: 'X',
        acceptedAt: T0 + 36_000,
        endedAt: T0 + 36_002,
        attributes: { priority: 'high', kind: ['photo', 'raw'] },
        state: { status: 'completed', entry: 2 },
      });
      expect(listed[0]).not.toHaveProperty('endedAt');
      expect(listed[2]?.error).toEqual({ code: 'HANDLER_FAILED', plugin: 'B' });
    });

    it.each([1, 3, 7, 20, 40])('comes in pages of %i, without gap or repetition', async (limit) => {
      const orderList = await openFilled();
      const pages = await pagesOf(orderList, { limit });
      expect(pages.flat()).toEqual(newestFirst.map(({ orderId }) => orderId));
      expect(pages.map(({ length }) => length)).toEqual(
        times(Math.ceil(40 / limit), (page) => Math.min(limit, 40 - page * limit)),
      );
    });

    it('shows only what is asked for', async () => {
      const orderList = await openFilled();
      expect(await listed(orderList, { status: 'running' })).toEqual(
        idsOf((_, index) => index % 4 === 2),
      );
      expect(await listed(orderList, { status: 'failed' })).toEqual(
        idsOf((_, index) => index % 4 === 1),
      );
      expect(await listed(orderList, { workflow: 'early' })).toEqual(
        idsOf((_, index) => index < 20),
      );
      expect(await listed(orderList, { client: 'X', workflow: 'late' })).toEqual(
        idsOf((_, index) => index % 2 === 0 && index >= 20),
      );
      expect(await listed(orderList, { status: 'waiting' })).toEqual([]);
    });

    it('shows those of several statuses, whose ids begin so, and with attributes', async () => {
      const orderList = await openFilled();
      expect(await listed(orderList, { status: ['failed', 'running'] })).toEqual(
        idsOf((_, index) => index % 4 === 1 || index % 4 === 2),
      );
      expect(await listed(orderList, { status: ['failed', 'cancelled'] })).toEqual(
        idsOf((_, index) => index % 4 === 1),
      );
      expect(await listed(orderList, { idPrefix: 'o1' })).toEqual(
        idsOf(({ orderId }) => orderId.startsWith('o1')),
      );
      const all = idsOf(() => true);
      expect(await listed(orderList, { attributes: { priority: 'high', kind: 'raw' } })).toEqual(
        all,
      );
      expect(await listed(orderList, { attributes: { priority: 'low' } })).toEqual([]);
      expect(await listed(orderList, { attributes: { kind: 'photo,raw' } })).toEqual([]);
      expect(await listed(orderList, { attributes: { toString: 'high' } })).toEqual([]);
    });

    it('shows those that wait for a plugin, failed for a reason, or were accepted in a time', async () => {
      const orderList = await openFilled();
      expect(await listed(orderList, { plugin: 'A' })).toEqual(
        idsOf((_, index) => index % 4 === 2),
      );
      expect(await listed(orderList, { plugin: 'B' })).toEqual(
        idsOf((_, index) => index % 4 === 1),
      );
      expect(await listed(orderList, { errorCode: 'HANDLER_FAILED', workflow: 'early' })).toEqual(
        idsOf((_, index) => index % 4 === 1 && index < 20),
      );
      expect(await listed(orderList, { errorCode: 'TIMEOUT' })).toEqual([]);
      expect(await listed(orderList, { version: 3 })).toEqual(idsOf(() => true));
      expect(await listed(orderList, { version: 2 })).toEqual([]);
      const [from, to] = [T0 + 5000, T0 + 9000];
      expect(await listed(orderList, { from, to })).toEqual(
        idsOf((_, index) => index >= 5 && index < 9),
      );
      expect(await listed(orderList, { to, status: 'failed' })).toEqual(
        idsOf((_, n) => n % 4 === 1 && n < 9),
      );
    });

    it('goes on where it ended although newer orders have come', async () => {
      const { journal, orderList } = (await open()).connect();
      for (const order of orders.slice(0, 4)) await journal.append(placed(order));
      const { next } = await orderList.page({ limit: 2 });
      for (const order of orders.slice(4)) await journal.append(placed(order));
      const rest = await orderList.page({ limit: 10, next });
      expect(rest.orders.map(({ orderId }) => orderId)).toEqual([
        orders[1]?.orderId,
        orders[0]?.orderId,
      ]);
    });

    it.each(['nonsense', '', '%00', 'bm8gcGxhY2U'])('refuses %j as a place', async (next) => {
      const orderList = await openFilled();
      await expect(orderList.page({ limit: 10, next })).rejects.toMatchObject({
        code: 'INVALID_REQUEST',
        errors: [{ path: 'next' }],
      });
    });
  });
}

async function pagesOf(list: OrderList, query: OrderQuery): Promise<readonly string[][]> {
  const pages: string[][] = [];
  let next: string | undefined;
  do {
    const page = await list.page({ ...query, next });
    pages.push(page.orders.map(({ orderId }) => orderId));
    next = page.next;
  } while (next !== undefined);
  return pages;
}
