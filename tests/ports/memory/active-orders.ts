import type { WakeUp } from '../../../src/core/order.ts';
import type { ActiveOrder, ActiveOrders, StuckOrder } from '../../../src/ports/active-orders.ts';

const PAGE = 100;

export function createMemoryActiveOrders(): ActiveOrders {
  const orders = new Map<string, ActiveOrder>();
  const marked = new Set<string>();
  const keyOf = (orderId: string, { at, entry, group = '' }: WakeUp) =>
    `${at}#${orderId}#${entry}#${group}`;

  return {
    async put(order) {
      const key = keyOf(order.orderId, order.wakeUp);
      if (orders.has(key)) return 'existed';
      orders.set(key, order);
      return 'added';
    },

    has: async (orderId, wakeUp) => orders.has(keyOf(orderId, wakeUp)),

    remove: async (orderId, wakeUp) => orders.delete(keyOf(orderId, wakeUp)),

    async setAside(orderId, wakeUp, setAsideUntil) {
      const key = keyOf(orderId, wakeUp);
      const order = orders.get(key);
      if (order !== undefined) orders.set(key, { ...order, setAsideUntil });
    },

    async *due(by) {
      const due = [...orders.values()].filter(({ wakeUp }) => wakeUp.at <= by);
      for (let from = 0; from < due.length; from += PAGE) yield due.slice(from, from + PAGE);
    },

    markStuck: async (orderId) => void marked.add(orderId),

    unmarkStuck: async (orderId) => void marked.delete(orderId),

    async *stuck(dueBefore, after) {
      const rest = allStuck(dueBefore).filter(({ place }) => place > (after ?? ''));
      for (let from = 0; from < rest.length; from += PAGE) yield rest.slice(from, from + PAGE);
    },

    countStuck: async (dueBefore) => allStuck(dueBefore).length,

    async survey() {
      const sample = [...orders.values()].map(({ orderId, workflow }) => ({ orderId, workflow }));
      return { count: sample.length, sample };
    },
  };
  function allStuck(dueBefore: number): readonly StuckOrder[] {
    return [
      ...[...marked].map((orderId) => ({ orderId, marked: true, place: `0#${orderId}` })),
      ...[...orders]
        .filter(([, { wakeUp }]) => wakeUp.at < dueBefore)
        .map(([key, { orderId, wakeUp, workflow, setAsideUntil }]) => ({
          ...{ orderId, marked: false, dueAt: wakeUp.at, workflow, place: key },
          ...(setAsideUntil !== undefined && { setAside: true as const }),
        })),
    ].sort((a, b) => (a.place < b.place ? -1 : 1));
  }
}
