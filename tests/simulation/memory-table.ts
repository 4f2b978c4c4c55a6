import { LIST_INDEX } from '../../src/aws/listing.ts';
import type {
  Attribute,
  Change,
  Changed,
  Condition,
  Item,
  Key,
  Query,
  Written,
} from '../../src/aws/table.ts';
import { itemBytes, MAX_ITEM_BYTES } from '../../src/aws/table.ts';
import type { Instant } from '../../src/core/json.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { fulfils } from './conditions.ts';
import type { Chance } from './seed.ts';
import type { VirtualClock } from './virtual-clock.ts';

const HOUR_MS = 3_600_000;

/** An item that has expired is there for up to two days more. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
const LATEST_EXPIRY_MS = 48 * HOUR_MS;

/** How old the view of an eventually consistent read may be. DynamoDB says "usually within one second". */
const STALEST_MS = 1000;

/** What one query brings, at most. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const MAX_PAGE_BYTES = 1024 * 1024;

interface Row {
  readonly sk: string;
  item: Item | undefined;
  /** What was there until `changedAt`. */
  before: Item | undefined;
  changedAt: Instant;
  cancelExpiry?: () => void;
}

interface Partition {
  readonly rows: Map<string, Row>;
  /** All sort keys, ascending. */
  sorted: string[];
}

/** One page of a query, and where the next one goes on. */
export interface Page {
  readonly items: readonly Item[];
  readonly last?: string;
}

/** The contents of the one DynamoDB table. It has no faults of its own: those befall the calls of its processes. */
export class MemoryTable {
  readonly #partitions = new Map<string, Partition>();
  /** By key of the index `list`: the rows that are, or were, in it. */
  readonly #listed = new Map<string, Set<Row>>();
  readonly #clock: VirtualClock;
  readonly #chance: Chance;
  readonly #stale: number;
  readonly #onPut: (item: Item) => void;

  /** @param stale the probability that a read that may be stale is so */
  constructor(clock: VirtualClock, chance: Chance, stale: number, onPut: (item: Item) => void) {
    this.#clock = clock;
    this.#chance = chance;
    this.#stale = stale;
    this.#onPut = onPut;
  }

  /** What each method is told as `now` is the instant by the caller's own clock: by it the caller counts what has expired as gone. */
  get({ pk, sk }: Key, now: Instant): Item | undefined {
    const item = this.#partitions.get(pk)?.rows.get(sk)?.item;
    return item !== undefined && isThere(item, now) ? item : undefined;
  }

  put(item: Key & Item, condition: Condition | undefined, now: Instant): Written {
    const bytes = itemBytes(item);
    if (bytes > MAX_ITEM_BYTES) {
      throw new TooLargeError(`the item ${item.pk} ${item.sk}`, bytes, MAX_ITEM_BYTES);
    }
    const whole = withoutUndefined(item);
    const written = this.#write(item, condition, valuesOf(condition, now), () => whole);
    if (written.done) this.#onPut(whole);
    return written;
  }

  set(key: Key, attributes: Item, condition: Condition | undefined, now: Instant): Written {
    const values = { ...attributes, ...valuesOf(condition, now) };
    return this.#write(key, condition, values, (found) => {
      const item = withoutUndefined({ ...found, ...attributes, ...key });
      const bytes = itemBytes(item);
      if (bytes > MAX_ITEM_BYTES)
        throw new TooLargeError(`${key.pk} ${key.sk}`, bytes, MAX_ITEM_BYTES);
      return item;
    });
  }

  add(key: Key, amounts: Readonly<Record<string, number>>, attributes: Item): void {
    this.#write(key, undefined, {}, (found) => {
      const sums = Object.entries(amounts).map(([name, amount]) => [
        name,
        Number(found?.[name] ?? 0) + amount,
      ]);
      return withoutUndefined({ ...found, ...Object.fromEntries(sums), ...attributes, ...key });
    });
  }

  change(
    key: Key,
    { add = {}, take = {}, set = {}, remove = [] }: Change,
    condition: Condition | undefined,
    now: Instant,
  ): Changed {
    let changed: Item = {};
    const written = this.#write(key, condition, valuesOf(condition, now), (found) => {
      const item: Record<string, Attribute | undefined> = { ...found, ...set, ...key };
      for (const [name, members] of Object.entries(add)) {
        item[name] = [...new Set([...membersOf(item[name]), ...members])];
      }
      for (const [name, members] of Object.entries(take)) {
        const left = membersOf(item[name]).filter((member) => !members.includes(member));
        item[name] = left.length === 0 ? undefined : left;
      }
      for (const name of remove) item[name] = undefined;
      changed = withoutUndefined(item);
      return changed;
    });
    return written.done ? { done: true, item: changed } : written;
  }

  delete(key: Key, condition: Condition | undefined, now: Instant): Written {
    return this.#write(key, condition, valuesOf(condition, now), () => undefined);
  }

  page(query: Query, after: string | undefined, now: Instant): Page {
    const { partition, index, backwards, limit, only, consistent } = query;
    if (index !== undefined) return this.#listPage(query, after, now);
    const found = this.#partitions.get(partition[1]);
    if (found === undefined) return { items: [] };
    const asOf = this.#seenBy(consistent === true);
    const { sorted, rows } = found;
    const items: Item[] = [];
    let bytes = 0;
    const step = backwards ? -1 : 1;
    let place = startOf(sorted, after, backwards === true);
    for (; place >= 0 && place < sorted.length; place += step) {
      const row = rows.get(sorted[place] as string) as Row;
      const item = row.changedAt > asOf ? row.before : row.item;
      if (item === undefined || isBeyond(query, row.sk) || !isThere(item, now)) continue;
      items.push(only === undefined ? item : projected(item, only));
      bytes += itemBytes(item);
      if (items.length === limit || bytes >= MAX_PAGE_BYTES) return { items, last: row.sk };
    }
    return { items };
  }

  /** The instant whose contents a read shows. */
  #seenBy(isConsistent: boolean): Instant {
    const isStale = !isConsistent && this.#chance.happens(this.#stale);
    return this.#clock.now() - (isStale ? this.#chance.below(STALEST_MS) : 0);
  }

  /** The index is never asked to be consistent: it cannot be. */
  #listPage(
    { index, partition, backwards, before, limit = Infinity }: Query,
    after: string | undefined,
    now: Instant,
  ): Page {
    if (index !== LIST_INDEX || backwards !== true || before?.[0] === 'sk')
      throw new Error(`so the index ${index} is not read`);
    const asOf = this.#seenBy(false);
    const rows = [...(this.#listed.get(partition[1]) ?? [])];
    const found = rows
      .map((row) => (row.changedAt > asOf ? row.before : row.item))
      .filter((item) => item !== undefined)
      .filter((item) => item.listKey === partition[1] && isThere(item, now))
      .map((item) => ({ item, place: `${item.listSort} ${item.pk} ${item.sk}` }))
      .filter(({ place }) => before === undefined || place < before[1])
      .filter(({ place }) => after === undefined || place < after)
      .sort((a, b) => (a.place < b.place ? 1 : -1));
    const items = found.slice(0, limit).map(({ item }) => item);
    const last = found.length > limit ? found[limit - 1]?.place : undefined;
    return last === undefined ? { items } : { items, last };
  }

  /** All items of a partition, as they are. */
  *itemsOf(pk: string): Iterable<Item> {
    const partition = this.#partitions.get(pk);
    for (const sk of partition?.sorted ?? []) {
      const item = partition?.rows.get(sk)?.item;
      if (item !== undefined) yield item;
    }
  }

  /** The partitions whose key begins so. */
  partitions(prefix: string): string[] {
    return [...this.#partitions.keys()].filter((pk) => pk.startsWith(prefix));
  }

  #write(
    { pk, sk }: Key,
    condition: Condition | undefined,
    values: Item,
    change: (found: Item | undefined) => Item | undefined,
  ): Written {
    const row = this.#partitions.get(pk)?.rows.get(sk);
    const found = row?.item;
    if (condition !== undefined && !fulfils(found, condition, values)) {
      return { done: false, found: found ?? {} };
    }
    const item = change(found);
    if (item !== undefined || row !== undefined) this.#store(pk, sk, item);
    return { done: true };
  }

  #store(pk: string, sk: string, item: Item | undefined): void {
    const partition = this.#partitions.get(pk) ?? { rows: new Map<string, Row>(), sorted: [] };
    this.#partitions.set(pk, partition);
    const known = partition.rows.get(sk);
    known?.cancelExpiry?.();
    const now = this.#clock.now();
    if (known === undefined) {
      const row = { sk, item, before: undefined, changedAt: now };
      partition.rows.set(sk, row);
      insert(partition.sorted, sk);
      this.#list(row, item);
    } else {
      known.before = known.item;
      known.item = item;
      known.changedAt = now;
      this.#list(known, item);
      if (item === undefined) this.#forgetLater(pk, known);
    }
    this.#planExpiry(pk, sk, item);
  }

  #list(row: Row, item: Item | undefined): void {
    if (typeof item?.listKey !== 'string') return;
    const rows = this.#listed.get(item.listKey) ?? new Set();
    this.#listed.set(item.listKey, rows.add(row));
  }

  /** A deleted row is kept for those who read what was there a moment ago. */
  #forgetLater(pk: string, row: Row): void {
    this.#clock.quietlyAt(row.changedAt + 2 * STALEST_MS, () => {
      const partition = this.#partitions.get(pk);
      if (row.item !== undefined || partition?.rows.get(row.sk) !== row) return;
      partition.rows.delete(row.sk);
      partition.sorted.splice(partition.sorted.indexOf(row.sk), 1);
      if (partition.rows.size === 0) this.#partitions.delete(pk);
    });
  }

  /** Each item goes by itself, some punctually, some late. */
  #planExpiry(pk: string, sk: string, item: Item | undefined): void {
    const expiresAt = item?.expiresAt;
    if (typeof expiresAt !== 'number') return;
    const late = this.#chance.happens(0.3) ? 0 : this.#chance.below(LATEST_EXPIRY_MS);
    const row = this.#partitions.get(pk)?.rows.get(sk);
    if (row === undefined) return;
    row.cancelExpiry = this.#clock.quietlyAt(expiresAt * 1000 + late, () => {
      this.#store(pk, sk, undefined);
    });
  }
}

function insert(sorted: string[], sk: string): void {
  const last = sorted.at(-1);
  if (last === undefined || last < sk) {
    sorted.push(sk);
    return;
  }
  sorted.splice(placeOf(sorted, sk), 0, sk);
}

/** The place of the first key that is not smaller. */
function placeOf(sorted: readonly string[], sk: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < sk) low = middle + 1;
    else high = middle;
  }
  return low;
}

function startOf(sorted: readonly string[], after: string | undefined, backwards: boolean): number {
  if (after === undefined) return backwards ? sorted.length - 1 : 0;
  const place = placeOf(sorted, after);
  if (backwards) return place - 1;
  return sorted[place] === after ? place + 1 : place;
}

function isBeyond({ before, from }: Query, sk: string): boolean {
  if (from !== undefined && from[0] === 'sk' && sk < from[1]) return true;
  return before !== undefined && before[0] === 'sk' && sk >= before[1];
}

function isThere({ expiresAt }: Item, now: Instant): boolean {
  return expiresAt === undefined || Number(expiresAt) > Math.floor(now / 1000);
}

function valuesOf(condition: Condition | undefined, now: Instant): Item {
  return { now: Math.floor(now / 1000), ...condition?.values };
}

/** What is no set has no members. */
function membersOf(set: Attribute | undefined): readonly string[] {
  return Array.isArray(set) ? (set as readonly string[]) : [];
}

function projected(item: Item, only: readonly string[]): Item {
  return Object.fromEntries(only.flatMap((name) => (name in item ? [[name, item[name]]] : [])));
}

function withoutUndefined(item: Item): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}
