import type {
  AwaitedEvents,
  EventPlace,
  KeptEvent,
  KeyedPlace,
} from '../../../src/ports/awaited-events.ts';
import { EVENTS_KEPT_MS } from '../../../src/ports/awaited-events.ts';
import type { Clock } from '../../../src/ports/clock.ts';

export function createMemoryAwaitedEvents(clock: Clock): AwaitedEvents {
  const events: KeptEvent[] = [];
  const places = new Map<string, KeyedPlace>();
  const nameOf = (place: KeyedPlace) => JSON.stringify(Object.entries(place).sort());
  const lieAt = (place: EventPlace) =>
    events.filter((event) => {
      if (event.receivedAt + EVENTS_KEPT_MS <= clock()) return false;
      if ('orderId' in place) return event.orderId === place.orderId;
      const { orderId, eventType, key } = event;
      return orderId === undefined && eventType === place.eventType && key === place.key;
    });
  const placeOf = ({ orderId, eventType, key = '' }: KeptEvent): EventPlace =>
    orderId === undefined ? { eventType, key } : { orderId };

  return {
    async keep(event) {
      const known = lieAt(placeOf(event)).find(({ eventId }) => eventId === event.eventId);
      if (known === undefined) events.push(event);
      return known ?? event;
    },

    kept: async (place) =>
      lieAt(place)
        .map(({ data: _, orderId: __, ...listed }) => listed)
        .sort((a, b) => a.receivedAt - b.receivedAt || (a.eventId < b.eventId ? -1 : 1)),

    get: async (place, eventId) => lieAt(place).find((event) => event.eventId === eventId),

    await: async (place) => void places.set(nameOf(place), place),

    forget: async (place) => void places.delete(nameOf(place)),

    async *awaiting({ eventType, key }) {
      yield [...places.values()].filter((one) => one.eventType === eventType && one.key === key);
    },
  };
}
