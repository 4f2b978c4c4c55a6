import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';

/**
 * The orders' entries. Appending is the lock: of two writers of one number, one learns that it is taken.
 *
 * All entries of an order expire at one instant (retention.ts). From then on none of them is there, whether or not the
 * table has deleted it yet, and the order's id is free again.
 */
export interface Journal {
  /** The newest entry, read consistently; `undefined` for an unknown order. @throws {BrokenJournalError} */
  latest(orderId: string): Promise<JournalEntry | undefined>;
  /**
   * The entry of the order that this instance has stored last, or that was unsealed for it, if it still knows: no read, and perhaps no
   * longer the newest one. What is decided on it is refused by `append` if it is not.
   */
  lastStored(orderId: string): JournalEntry | undefined;
  /**
   * The entry that was just appended, as a message may carry it to whoever decides next, so that no read is needed then. Who holds it
   * can neither read nor change it. `undefined` for one that is too large for that, or not told by itself.
   */
  seal(entry: JournalEntry): Promise<string | undefined>;
  /** From now on `lastStored` knows the entry, unless it knows a later one. What was not sealed for this order is passed over. */
  unseal(orderId: string, sealed: string): Promise<void>;
  /**
   * All entries from 0 on, read consistently; none for an unknown order. What this instance has read before it does not
   * read again: entries never change.
   * @throws {BrokenJournalError}
   */
  entries(orderId: string): Promise<readonly JournalEntry[]>;
  /** The entries from the newest one back, read as they are asked for. @throws {BrokenJournalError} */
  newestFirst(orderId: string): AsyncIterable<JournalEntry>;
  /**
   * @param previous The entry before this one, as `latest` or `entries` gave it or as it was appended. With it the entry
   *   costs no read, and only what differs from the one before is stored. Without it, the journal reads it.
   * @throws {TooLargeError} when the entry is larger than what can be stored.
   */
  append(entry: JournalEntry, previous?: JournalEntry): Promise<'stored' | 'taken'>;
}

/** An entry is missing between others, or cannot be read: what is left would tell half a story. */
export class BrokenJournalError extends Error {
  override readonly name = 'BrokenJournalError';

  /** @param cause why the entry cannot be read; without it, the entry is missing */
  constructor(orderId: string, entry: number, cause?: unknown) {
    const what =
      cause === undefined ? `lacks its entry ${entry}` : `cannot read its entry ${entry}`;
    super(`the journal of order ${orderId} ${what}`, { cause });
  }
}

/** The entries, if none is missing. @throws {BrokenJournalError} */
export function withoutGaps(orderId: string, entries: readonly JournalEntry[]) {
  const missing = entries.findIndex(({ number }, index) => number !== index);
  if (missing >= 0) throw new BrokenJournalError(orderId, missing);
  return entries;
}

/** Where the order stands, for those who look at many, or at another's: one order's fault is that order's only. */
export async function stateOrBroken(
  orderId: string,
  journal: Pick<Journal, 'latest'>,
): Promise<OrderState | 'broken' | undefined> {
  try {
    return (await journal.latest(orderId))?.state;
  } catch (error) {
    if (error instanceof BrokenJournalError) return 'broken';
    throw error;
  }
}
