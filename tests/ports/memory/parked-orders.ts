import type { ParkedOrder } from '../../../src/core/parking.ts';
import type { ParkedOrders } from '../../../src/ports/parked-orders.ts';

export function createMemoryParkedOrders(): ParkedOrders {
  const places = new Map<string, ParkedOrder>();
  const keyOf = ({ plugin, orderId, parkedAt, entry }: ParkedOrder) =>
    [plugin, orderId, parkedAt, entry].join('#');
  const of = (plugin: string) => [...places.values()].filter((place) => place.plugin === plugin);

  return {
    put: async ({ plugin, orderId, parkedAt, entry }) => {
      const place = { plugin, orderId, parkedAt, entry };
      places.set(keyOf(place), place);
    },

    remove: async (place) => void places.delete(keyOf(place)),

    first: async (plugin, count) =>
      of(plugin)
        .sort((a, b) => a.parkedAt - b.parkedAt)
        .slice(0, count),

    count: async (plugin) => of(plugin).length,
  };
}
