import type { ActiveOrder, ActiveOrders } from '../../../src/engine/ports.ts';

const PAGE = 100;

export function createMemoryActiveOrders(): ActiveOrders {
  const orders = new Map<string, ActiveOrder>();

  return {
    async add(order) {
      if (!orders.has(order.orderId)) orders.set(order.orderId, order);
    },

    async arm(orderId, wakeUpAt) {
      const unknown = {
        orderId,
        workflow: { name: 'unknown', version: 0 },
        acceptedAt: wakeUpAt,
      };
      orders.set(orderId, { ...(orders.get(orderId) ?? unknown), wakeUpAt });
    },

    async remove(orderId) {
      orders.delete(orderId);
    },

    async *pages() {
      const all = [...orders.values()];
      for (let from = 0; from < all.length; from += PAGE) yield all.slice(from, from + PAGE);
    },
  };
}
