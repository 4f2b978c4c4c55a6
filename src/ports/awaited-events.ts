import type { Awaited, AwaitedPlace } from '../core/awaiting.ts';
import type { Instant, Json } from '../core/json.ts';

/** An event that has come, for whoever waits under its key, or for one order alone. */
export interface KeptEvent extends Awaited {
  readonly eventId: string;
  /** The order that it is for alone. Absent of one for whoever waits under its topic. */
  readonly orderId?: string;
  readonly receivedAt: Instant;
  readonly data: Json;
}

/** What events come under, and orders wait under. */
export interface Topic {
  readonly eventType: string;
  readonly key: string;
}

/** Where an event lies: under its topic, or at the order that it is for alone. */
export type EventPlace = Topic | { readonly orderId: string };

/** What a list of events tells of each; its data is read only for whom it wakes. */
export type ListedEvent = Pick<KeptEvent, 'eventId' | 'eventType' | 'key' | 'receivedAt'>;

/** How long an event is kept for orders that wait for it later. Milliseconds. */
export const EVENTS_KEPT_MS = 86_400_000;

/**
 * Events that came from outside, and the tasks that wait for them. Whoever waits is listed before it looks for events, and an event is kept
 * before anybody looks for who waits: so at least one of two finds the other.
 */
export interface AwaitedEvents {
  /** Keeps the event for a day, unless one of its id is kept already. @returns that one, or the event. @throws {TooLargeError} */
  keep(event: KeptEvent): Promise<KeptEvent>;
  /** The events that are kept there, the first to come first. As of now. */
  kept(place: EventPlace): Promise<readonly ListedEvent[]>;
  /** One of them with its data, as long as it is kept. */
  get(place: EventPlace, eventId: string): Promise<KeptEvent | undefined>;
  /** Lists a task as waiting under its key. To list it again changes nothing. @param until nobody looks for it after this instant */
  await(place: KeyedPlace, until: Instant): Promise<void>;
  /** Removes it from there, if it is there. */
  forget(place: KeyedPlace): Promise<void>;
  /** Those that wait under the key, a page at a time. As of now. */
  awaiting(topic: Topic): AsyncIterable<readonly KeyedPlace[]>;
}

/** A task that waits under a key. */
export type KeyedPlace = AwaitedPlace & { readonly key: string };

export function isKeyed(place: AwaitedPlace): place is KeyedPlace {
  return place.key !== undefined;
}
