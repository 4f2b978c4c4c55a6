import { createHash } from 'node:crypto';
import type { PayloadRef, Payloads } from '../contract/payloads.ts';
import { defined } from '../core/defined.ts';
import type { Instant, Json } from '../core/json.ts';
import type {
  AwaitedEvents,
  EventPlace,
  KeptEvent,
  KeyedPlace,
  ListedEvent,
  Topic,
} from '../ports/awaited-events.ts';
import { EVENTS_KEPT_MS } from '../ports/awaited-events.ts';
import { pack, unpack } from './packing.ts';
import type { Item, Key, Table } from './table.ts';
import { IS_NEW, itemBytes, MAX_ITEM_BYTES } from './table.ts';

/** Of a list of events: all but the data. */
const LISTED = ['sk', 'type', 'key', 'receivedAt'];

/**
 * `pk = events#<hash of type and key>` or `events#of#<order>`, `sk = <event>`: the events that are kept. `data`: packed; what no item can hold
 * is a payload in the bucket, and `payload` says which.
 * `pk = awaiting#<hash of type and key>`, `sk = <order>#<task>#<attempt>`: the tasks that wait under the key.
 */
export function createAwaitedEvents(table: Table, payloads: Payloads): AwaitedEvents {
  return {
    async keep(event) {
      const written = await table.put(await storable(event), IS_NEW);
      return written.done ? event : eventIn(written.found, placeOf(event));
    },

    async kept(place) {
      const events: ListedEvent[] = [];
      const partition = ['pk', partitionOf(place)] as const;
      for await (const page of table.pages({ partition, only: LISTED, consistent: true })) {
        events.push(...page.map(listed));
      }
      return events.toSorted(
        (a, b) => a.receivedAt - b.receivedAt || (a.eventId < b.eventId ? -1 : 1),
      );
    },

    async get(place, eventId) {
      const item = await table.get({ pk: partitionOf(place), sk: eventId });
      return item && eventIn(item, place);
    },

    async await(place, until) {
      await table.put({ ...keyOf(place), expiresAt: seconds(until) });
    },

    async forget(place) {
      await table.delete(keyOf(place));
    },

    async *awaiting(topic) {
      const partition = ['pk', waitingRoomOf(topic)] as const;
      for await (const page of table.pages({ partition, consistent: true })) {
        yield page.map((item) => placeIn(item, topic));
      }
    },
  };

  /** The payload comes first: an item never points to what is not there. */
  async function storable(event: KeptEvent): Promise<Key & Item> {
    const { eventId, eventType: type, key, receivedAt } = event;
    const place = placeOf(event);
    const item = {
      ...{ pk: partitionOf(place), sk: eventId, type, ...defined({ key }), receivedAt },
      expiresAt: seconds(receivedAt + EVENTS_KEPT_MS),
    };
    const data = pack(JSON.stringify(event.data), `the event ${eventId}`);
    if (itemBytes({ ...item, data }) <= MAX_ITEM_BYTES) return { ...item, data };
    return { ...item, payload: JSON.stringify(await payloads.put(ownerOf(place), data)) };
  }

  async function eventIn(item: Item, place: EventPlace): Promise<KeptEvent> {
    const { data, payload } = item;
    const bytes =
      payload === undefined
        ? (data as Uint8Array)
        : await payloads.get(ownerOf(place), JSON.parse(String(payload)) as PayloadRef);
    const alone = 'orderId' in place ? { orderId: place.orderId } : {};
    return { ...listed(item), ...alone, data: unpack(bytes) as Json };
  }
}

function placeOf({ eventType, key = '', orderId }: KeptEvent): EventPlace {
  return orderId === undefined ? { eventType, key } : { orderId };
}

function partitionOf(place: EventPlace): string {
  return 'orderId' in place ? `events#of#${place.orderId}` : `events#${hashOf(place)}`;
}

function waitingRoomOf(topic: Topic): string {
  return `awaiting#${hashOf(topic)}`;
}

/** Whose payload the data of an event is, in the bucket. */
function ownerOf(place: EventPlace): string {
  return 'orderId' in place ? place.orderId : `events/${hashOf(place)}`;
}

/** Types and keys may be longer than the key of an item. */
function hashOf({ eventType, key }: Topic): string {
  return createHash('sha256')
    .update(JSON.stringify([eventType, key]))
    .digest('hex');
}

function keyOf({ eventType, key, orderId, taskId, attempt }: KeyedPlace): Key {
  return { pk: waitingRoomOf({ eventType, key }), sk: `${orderId}#${taskId}#${attempt}` };
}

function placeIn({ sk }: Item, { eventType, key }: Topic): KeyedPlace {
  const [orderId = '', taskId = '', attempt] = String(sk).split('#');
  return { orderId, taskId, attempt: Number(attempt), eventType, key };
}

function listed({ sk, type, key, receivedAt }: Item): ListedEvent {
  return {
    ...{ eventId: String(sk), eventType: String(type) },
    ...defined({ key: key === undefined ? undefined : String(key) }),
    receivedAt: Number(receivedAt),
  };
}

function seconds(instant: Instant): number {
  return Math.ceil(instant / 1000);
}
