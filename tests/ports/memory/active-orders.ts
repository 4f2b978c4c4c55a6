import type { ActiveOrder, ActiveOrders } from '../../../src/ports/active-orders.ts';

const PAGE = 100;

export function createMemoryActiveOrders(): ActiveOrders {
  const orders = new Map<string, ActiveOrder>();
  const armedIn = new Map<string, number>();

  return {
    async add(order) {
      if (orders.has(order.orderId)) return 'there';
      orders.set(order.orderId, order);
      return 'added';
    },

    async arm(orderId, { at: wakeUpAt, entry }) {
      const order = orders.get(orderId);
      if (order === undefined || entry < (armedIn.get(orderId) ?? 0)) return;
      armedIn.set(orderId, entry);
      orders.set(orderId, { ...order, wakeUpAt });
    },

    async remove(orderId) {
      orders.delete(orderId);
      armedIn.delete(orderId);
    },

    async *pages() {
      const all = [...orders.values()];
      for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
    },
  };
}
