import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { expirySeconds, keyOf } from './entry-keys.ts';
import { listingOf } from './listing.ts';
import { pack } from './packing.ts';
import type { Snapshot } from './stored-entry.ts';
import { differenceOf, isAsLarge, snapshotOf, wholeOf } from './stored-entry.ts';
import type { Item, Key } from './table.ts';
import { MAX_ITEM_BYTES, writeUnits } from './table.ts';

/** What is longer than this as JSON does not pack into one write unit: the work of trying is spared. Characters. */
const NEVER_ONE_UNIT = 16 * 1024;

/** An entry's item, whatever its size. */
export type EntryItem = Key & Item & { readonly body: Uint8Array };

/**
 * The entry as a whole or by its difference. A difference grows with each entry until the next snapshot, and beyond its first write
 * unit it costs more than it needs to. A snapshot is due when it costs no more, spread over the entries since the last one:
 * `differenceUnits - 1 >= (wholeUnits - 1) / entries since`. What no item can hold costs a call of the bucket with each read and write
 * instead: a difference that an item can hold goes before, and one that it cannot becomes a snapshot, so that the next ones are small.
 */
export function cheapestItem(
  entry: JournalEntry,
  expiresAt: Instant,
  snapshot: Snapshot | undefined,
) {
  const itemOf = (json: string): EntryItem => ({
    ...{ ...keyOf(entry), body: pack(json, `entry ${entry.number} of order ${entry.orderId}`) },
    ...{ expiresAt: expirySeconds(expiresAt), ...listingOf(entry) },
  });
  const most = MAX_ITEM_BYTES / 1024;
  const asWhole = (json: string) => {
    const item = itemOf(json);
    return { item, snapshot: snapshotOf(entry, writeUnits(item) > most) };
  };
  if (snapshot === undefined) return asWhole(wholeOf(entry));
  const asDifferent = () => ({ item: itemOf(differenceOf(entry, snapshot)), snapshot });
  if (isAsLarge(entry, snapshot)) {
    const different = asDifferent();
    return writeUnits(different.item) > most ? asWhole(wholeOf(entry)) : different;
  }
  // Nothing is cheaper than one write unit, and most tasks in a row take no more.
  const json = wholeOf(entry);
  const small = json.length <= NEVER_ONE_UNIT ? asWhole(json) : undefined;
  if (small !== undefined && writeUnits(small.item) === 1) return small;
  const different = asDifferent();
  const units = writeUnits(different.item);
  if (units === 1) return different;
  const whole = small ?? asWhole(json);
  const wholeUnits = writeUnits(whole.item);
  if (wholeUnits > most) return units > most ? whole : different;
  const since = entry.number - snapshot.number;
  return (units - 1) * since >= wholeUnits - 1 ? whole : different;
}
