import { defined } from '../core/defined.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant, Json, JsonObject } from '../core/json.ts';
import type { OrderState } from '../core/order.ts';
import type { Difference } from './difference.ts';
import { applyDifference, differenceBetween, isSameJson } from './difference.ts';
import { unpack } from './packing.ts';

/**
 * What an entry's item says. Its key holds the order's id and its number, so the entry does not. A value that the state
 * hands on is written once: an event that brought the same is stored without it.
 */
export type Stored = {
  readonly at: Instant;
  readonly events: readonly StoredEvent[];
  readonly leftOut?: JournalEntry['leftOut'];
  readonly calledOff?: JournalEntry['calledOff'];
  readonly calledOffTasks?: JournalEntry['calledOffTasks'];
} & (Whole | Different);

/** A snapshot: the entry tells all by itself. */
interface Whole extends Parts {
  readonly of?: never;
}

/** An entry that is told by what differs from a snapshot. */
interface Different {
  /** The number of the snapshot. */
  readonly of: number;
  readonly changed?: Difference;
  /** The value, where it is another one: `[value]`, or `0` for none. */
  readonly value?: readonly [Json] | 0;
  readonly as?: 'result';
}

/** A state, apart from the value that it hands on: its payload, or when the order has completed, its result. */
interface Parts {
  readonly state: JsonObject;
  readonly value?: Json;
  readonly as?: 'result';
}

/** An event without a value that the state hands on: the whole of it, or one of its members. */
type StoredEvent = JournalEntry['events'][number] & { readonly valueIn?: string };

/** An entry that others may be told by. */
export interface Snapshot {
  readonly number: number;
  readonly parts: Parts;
  /** No item can hold it: it lies in the bucket. */
  readonly inBucket?: true;
}

/** Order, stage, tasks, task: what lies deeper are clients' values, and small. */
const DEPTH = 4;

/** @param isInBucket Whether no item can hold it. Default: no */
export function snapshotOf({ number, state }: JournalEntry, isInBucket = false): Snapshot {
  const inBucket = isInBucket ? ({ inBucket: true } as const) : {};
  const { orderId: _, entry: __, ...rest } = state;
  if ('payload' in rest) {
    const { payload: value, ...own } = rest;
    return { number, parts: { state: own as unknown as JsonObject, value }, ...inBucket };
  }
  if ('result' in rest) {
    const { result: value, ...own } = rest;
    const parts = { state: own as unknown as JsonObject, value, as: 'result' } as const;
    return { number, parts, ...inBucket };
  }
  return { number, parts: { state: rest as unknown as JsonObject }, ...inBucket };
}

/** The JSON of an entry that tells all by itself. */
export function wholeOf(entry: JournalEntry): string {
  const { parts } = snapshotOf(entry);
  return JSON.stringify({ ...decisionOf(entry, parts.value), ...parts } satisfies Stored);
}

/** The JSON of an entry that is told by what differs from the snapshot. */
export function differenceOf(entry: JournalEntry, snapshot: Snapshot): string {
  const { parts } = snapshotOf(entry);
  const before = snapshot.parts;
  const changed = differenceBetween(before.state, parts.state, DEPTH);
  const stored: Stored = {
    ...{ ...decisionOf(entry, parts.value), of: snapshot.number },
    ...defined({ changed, as: parts.as }),
    ...(isSameJson(before.value, parts.value) ? {} : { value: orNone(parts.value) }),
  };
  return JSON.stringify(stored);
}

/** Whether the entry holds the very values that made its snapshot large: as a whole it would be as large. */
export function isAsLarge(entry: JournalEntry, { inBucket, parts }: Snapshot): boolean {
  if (inBucket !== true) return false;
  const { state, value } = snapshotOf(entry).parts;
  return value === parts.value && listsIn(state) === listsIn(parts.state);
}

function listsIn(state: JsonObject): unknown {
  return (state as { readonly stage?: { readonly lists?: unknown } }).stage?.lists;
}

/** What an item's bytes say. With `of`, it takes the snapshot of that number to make an entry of them. */
export function unpackStored(bytes: Uint8Array): Stored {
  return unpack(bytes) as Stored;
}

/** The entry under the given id and number. */
export function entryOf(
  { orderId, number }: Pick<JournalEntry, 'orderId' | 'number'>,
  stored: Stored,
  snapshot: Snapshot | undefined,
): JournalEntry {
  const { state: own, value, as } = partsOf(stored, snapshot);
  const carried = value === undefined ? {} : { [as ?? 'payload']: value };
  const state = { ...own, orderId, entry: number, ...carried } as unknown as OrderState;
  const events = stored.events.map((event) => wholeEvent(event, value));
  const { at, leftOut, calledOff, calledOffTasks } = stored;
  const noted = defined({ leftOut, calledOff, calledOffTasks });
  return { orderId, number, at, events, state, ...noted };
}

function partsOf(stored: Stored, snapshot: Snapshot | undefined): Parts {
  if (stored.of === undefined) return stored;
  if (snapshot?.number !== stored.of) throw new Error(`it is told by entry ${stored.of}`);
  const { state, value: before } = snapshot.parts;
  const { changed, value: other, as } = stored;
  const value = other === undefined ? before : other === 0 ? undefined : other[0];
  return {
    state: changed === undefined ? state : (applyDifference(state, changed) as JsonObject),
    ...defined({ value, as }),
  };
}

/** What an entry says beside the state. */
function decisionOf(entry: JournalEntry, value: Json | undefined) {
  const { at, leftOut, calledOff, calledOffTasks } = entry;
  const noted = defined({ leftOut, calledOff, calledOffTasks });
  return { at, events: slimEvents(entry, value), ...noted };
}

function orNone(value: Json | undefined): readonly [Json] | 0 {
  return value === undefined ? 0 : [value];
}

function slimEvents({ events }: JournalEntry, value: Json | undefined): readonly StoredEvent[] {
  if (value === undefined) return events;
  const members = membersByText(events, value);
  return events.map((event) => {
    const brought = broughtBy(event);
    if (brought === undefined) return event;
    if (isSameJson(brought, value)) return withoutValue(event);
    const valueIn = members.get(JSON.stringify(brought));
    return valueIn === undefined ? event : { ...withoutValue(event), valueIn };
  });
}

/** A parallel stage's result holds those of its tasks. Only the last of them arrives together with it. */
function membersByText(events: JournalEntry['events'], value: Json): ReadonlyMap<string, string> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || !events.some(({ type }) => type === 'TaskCompleted')) return new Map();
  return new Map(Object.entries(value).map(([key, member]) => [JSON.stringify(member), key]));
}

function broughtBy(event: JournalEntry['events'][number]): Json | undefined {
  if (event.type === 'TaskCompleted') return event.result;
  return event.type === 'OrderPlaced' ? event.input : undefined;
}

function withoutValue(event: JournalEntry['events'][number]): StoredEvent {
  const { result: _, input: __, ...slim } = event as StoredEvent & { result?: Json; input?: Json };
  return slim as StoredEvent;
}

function wholeEvent(stored: StoredEvent, value: Json | undefined): JournalEntry['events'][number] {
  const { valueIn, ...event } = stored;
  if (event.type !== 'TaskCompleted' && event.type !== 'OrderPlaced') return event;
  if (broughtBy(event) !== undefined) return event;
  const brought = (valueIn === undefined ? value : (value as JsonObject)[valueIn]) as Json;
  return event.type === 'TaskCompleted'
    ? { ...event, result: brought }
    : { ...event, input: brought };
}
