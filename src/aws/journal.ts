import type { PayloadRef, Payloads } from '../contract/payloads.ts';
import { MissingPayloadError } from '../contract/payloads.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { hasEnded } from '../core/order.ts';
import type { Journal } from '../ports/journal.ts';
import { BrokenJournalError, withoutGaps } from '../ports/journal.ts';
import { keptUntil } from '../ports/retention.ts';
import { carriedBytes, numberOfCarried, readCarried } from './carried-entry.ts';
import type { EntryItem } from './cheapest-item.ts';
import { cheapestItem } from './cheapest-item.ts';
import { createEntryExpiry } from './entry-expiry.ts';
import { allOf, identityOf, keyOf } from './entry-keys.ts';
import { createLargeSnapshots } from './large-snapshots.ts';
import { createRememberedEntries } from './remembered-entries.ts';
import { createSealing } from './sealing.ts';
import type { Snapshot, Stored } from './stored-entry.ts';
import { entryOf, snapshotOf, unpackStored } from './stored-entry.ts';
import type { Item, Key, Table } from './table.ts';
import { IS_NEW, itemBytes, MAX_ITEM_BYTES } from './table.ts';

/** Entries in the first page when they are read backwards: whoever looks for one finds it among the latest few, as a rule. */
const LOOKED_AT_ONCE = 10;

/**
 * What is larger is not sealed. Packed bytes. Sealed, these are 2.8 KB of text: ten tasks with payloads of 1 KB still make one request of
 * 64 KB, as SQS bills it. Tasks of 8 KB would cost more in requests, sent and received twice, than what is saved in reads.
 */
const MAX_SEALED_BYTES = 2048;

/** What this instance knows of an entry that it has read or written. */
interface Known {
  /** The entry that holds this one's state as a whole: itself, or the one that it is told by. */
  readonly snapshot: Snapshot;
  readonly expiresAt: Instant;
}

/**
 * `pk = order#<order>`, `sk = e#<entry number>`, `body`: the packed entry, `expiresAt`: seconds since 1970. A packed entry that no item
 * can hold is a payload in the bucket, and `payload` says which.
 *
 * An entry is stored as a whole (a snapshot), or as what differs from the latest snapshot, where that is cheaper: a payload
 * that goes on unchanged, or a stage of which one task has ended, is not written again.
 */
export function createJournal(
  table: Table,
  payloads: Payloads,
  { retentionDays }: { retentionDays: number },
): Journal {
  const known = new WeakMap<JournalEntry, Known>();
  const remembered = createRememberedEntries();
  /** Of the orders that go on, what this instance has stored last. */
  const stored = createRememberedEntries();
  const large = createLargeSnapshots();
  const sealing = createSealing(table);
  const expiry = createEntryExpiry(table, payloads, retentionDays);

  return {
    async latest(orderId) {
      for await (const entry of backwards(orderId, 1)) return entry;
      return undefined;
    },

    lastStored: (orderId) => stored.of(orderId)[0]?.entry,

    async seal(entry) {
      const [last] = stored.of(entry.orderId);
      const own = known.get(entry);
      if (last?.entry !== entry || own?.snapshot.number !== entry.number) return undefined;
      if (last.body.byteLength > MAX_SEALED_BYTES) return undefined;
      const { expiresAt } = own;
      return sealing.seal(entry.orderId, carriedBytes({ entry, expiresAt, body: last.body }));
    },

    async unseal(orderId, sealed) {
      const bytes = await sealing.open(orderId, sealed);
      if (bytes === undefined) return;
      const [last] = stored.of(orderId);
      if (last !== undefined && last.entry.number >= numberOfCarried(bytes)) return;
      const carried = readCarried(orderId, bytes);
      if (carried === undefined) return;
      const { entry, expiresAt, body } = carried;
      known.set(entry, { snapshot: snapshotOf(entry), expiresAt });
      stored.keep(orderId, [{ body, entry }]);
    },

    entries,

    newestFirst: (orderId) => backwards(orderId, LOOKED_AT_ONCE),

    async append(entry, previous) {
      const before = await knownBefore(entry, previous);
      const wanted = keptUntil(entry, before?.expiresAt, retentionDays);
      const isRenewed = before !== undefined && wanted > before.expiresAt;
      const expiresAt = isRenewed ? await expiry.renew(entry) : wanted;
      const { item, snapshot } = cheapestItem(entry, expiresAt, before?.snapshot);
      // The payload comes first: an item never points to what is not there. A writer that loses the race leaves an object that expires.
      const { done } = await table.put(await storable(item), IS_NEW);
      if (done) {
        known.set(entry, { snapshot, expiresAt });
        stored.keep(entry.orderId, hasEnded(entry.state) ? [] : [{ body: item.body, entry }]);
        return 'stored';
      }
      stored.forget(entry.orderId);
      if (isRenewed) await expiry.expire(entry, expiresAt);
      return 'taken';
    },
  };

  async function entries(orderId: string): Promise<readonly JournalEntry[]> {
    const before = remembered.of(orderId);
    const last = before.at(-1);
    // The last one that is remembered is read again: another order may have taken the id since.
    const items = await itemsFrom(orderId, last?.entry.number ?? 0);
    if (last !== undefined && !(await isSameBody(items[0], last.body))) {
      remembered.forget(orderId);
      return entries(orderId);
    }
    const all = [...before];
    for (const item of last === undefined ? items : items.slice(1)) {
      const body = await bodyOf(item);
      const stored = storedIn(item, body);
      const base = stored.of === undefined ? undefined : all[stored.of]?.entry;
      all.push({ body, entry: remember(item, stored, base && known.get(base)?.snapshot) });
    }
    const found = withoutGaps(
      orderId,
      all.map(({ entry }) => entry),
    );
    remembered.keep(orderId, all);
    return found;
  }

  async function* backwards(orderId: string, limit: number): AsyncGenerator<JournalEntry> {
    const snapshots = new Map<number, Snapshot>();
    let before: number | undefined;
    const query = { ...allOf(orderId), backwards: true, limit, growing: true };
    for await (const page of table.pages(query)) {
      for (const item of page) {
        const { number } = identityOf(item);
        if (before !== undefined && number !== before - 1) {
          throw new BrokenJournalError(orderId, before - 1);
        }
        before = number;
        const stored = storedIn(item, await bodyOf(item));
        const { of } = stored;
        if (of !== undefined && !snapshots.has(of)) {
          snapshots.set(of, await snapshotAt({ orderId, number: of }));
        }
        yield remember(item, stored, of === undefined ? undefined : snapshots.get(of));
      }
    }
    if (before !== undefined && before > 0) throw new BrokenJournalError(orderId, before - 1);
  }

  async function itemsFrom(orderId: string, number: number): Promise<readonly Item[]> {
    const items: Item[] = [];
    const from = ['sk', keyOf({ orderId, number }).sk] as const;
    for await (const page of table.pages({ ...allOf(orderId), from })) items.push(...page);
    return items;
  }

  async function snapshotAt(key: Pick<JournalEntry, 'orderId' | 'number'>): Promise<Snapshot> {
    const item = await table.get(keyOf(key));
    if (item === undefined) throw new BrokenJournalError(key.orderId, key.number);
    const { payload } = item;
    if (payload === undefined) return (await readSnapshot(key, item)).snapshot;
    return large.of(`${key.orderId} ${payload}`, () => readSnapshot(key, item));
  }

  async function readSnapshot(key: Pick<JournalEntry, 'orderId' | 'number'>, item: Item) {
    const body = await bodyOf(item);
    const entry = entryOf(key, storedIn(item, body), undefined);
    return { snapshot: snapshotOf(entry, item.payload !== undefined), bytes: body.byteLength };
  }

  /** The item, with its entry in the bucket if it is too large to hold it. */
  async function storable(item: EntryItem): Promise<Key & Item> {
    if (itemBytes(item) <= MAX_ITEM_BYTES) return item;
    const { body, ...rest } = item;
    const { orderId } = identityOf(item);
    return { ...rest, payload: JSON.stringify(await payloads.put(orderId, body)) };
  }

  /** The packed entry of an item. @throws {BrokenJournalError} */
  async function bodyOf(item: Item): Promise<Uint8Array> {
    if (item.payload === undefined) return item.body as Uint8Array;
    const { orderId, number } = identityOf(item);
    try {
      return await payloads.get(orderId, JSON.parse(String(item.payload)) as PayloadRef);
    } catch (error) {
      if (!(error instanceof MissingPayloadError)) throw error;
      throw new BrokenJournalError(orderId, number, error);
    }
  }

  async function isSameBody(item: Item | undefined, body: Uint8Array): Promise<boolean> {
    return item !== undefined && Buffer.compare(await bodyOf(item), body) === 0;
  }

  function remember(item: Item, stored: Stored, snapshot: Snapshot | undefined): JournalEntry {
    const key = identityOf(item);
    if (stored.of !== snapshot?.number) throw new BrokenJournalError(key.orderId, stored.of ?? 0);
    const entry = entryOf(key, stored, snapshot);
    const expiresAt = Number(item.expiresAt) * 1000;
    const own = () => snapshotOf(entry, item.payload !== undefined);
    known.set(entry, { snapshot: snapshot ?? own(), expiresAt });
    return entry;
  }

  async function knownBefore(
    { orderId, number }: JournalEntry,
    previous: JournalEntry | undefined,
  ): Promise<Known | undefined> {
    if (number === 0) return undefined;
    const remembered = previous?.number === number - 1 ? known.get(previous) : undefined;
    if (remembered !== undefined) return remembered;
    const item = await table.get(keyOf({ orderId, number: number - 1 }));
    if (item === undefined) return undefined;
    const stored = storedIn(item, await bodyOf(item));
    const { of } = stored;
    const snapshot = of === undefined ? undefined : await snapshotAt({ orderId, number: of });
    return known.get(remember(item, stored, snapshot));
  }
}

/** @throws {BrokenJournalError} for bytes that hold no entry */
function storedIn(item: Item, body: Uint8Array): Stored {
  try {
    return unpackStored(body);
  } catch (error) {
    const { orderId, number } = identityOf(item);
    throw new BrokenJournalError(orderId, number, error);
  }
}
