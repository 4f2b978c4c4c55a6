import type { ActiveOrder, ActiveOrders } from '../../../src/ports/active-orders.ts';

const PAGE = 100;

export function createMemoryActiveOrders(): ActiveOrders {
  const orders = new Map<string, ActiveOrder>();

  return {
    async add(order) {
      if (orders.has(order.orderId)) return 'existed';
      orders.set(order.orderId, { ...order, armedIn: 0 });
      return 'added';
    },

    async arm(orderId, { at: wakeUpAt, entry, after }) {
      const order = orders.get(orderId);
      if (order === undefined || order.armedIn > entry) return 'newer';
      if (order.armedIn < after) return 'behind';
      const { setAsideUntil: _, ...rest } = order;
      orders.set(orderId, { ...rest, wakeUpAt, armedIn: entry });
      return 'done';
    },

    async hasten(orderId, at) {
      const order = orders.get(orderId);
      if (order !== undefined && order.wakeUpAt > at)
        orders.set(orderId, { ...order, wakeUpAt: at });
    },

    async setAside(orderId, setAsideUntil) {
      const order = orders.get(orderId);
      if (order !== undefined) orders.set(orderId, { ...order, setAsideUntil });
    },

    async remove(orderId, after = 0) {
      const order = orders.get(orderId);
      if (order !== undefined && order.armedIn < after) return 'behind';
      orders.delete(orderId);
      return 'done';
    },

    async list() {
      return [...orders.values()].map(({ orderId, workflow }) => ({ orderId, workflow }));
    },

    async *pages() {
      const all = [...orders.values()];
      for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
    },
  };
}
