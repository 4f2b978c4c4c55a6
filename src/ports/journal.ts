import type { JournalEntry } from '../core/journal-entry.ts';

/** The orders' entries. Appending is the lock: of two writers of one number, one learns that it is taken. */
export interface Journal {
  /** The newest entry, read consistently; `undefined` for an order that there is not. */
  latest(orderId: string): Promise<JournalEntry | undefined>;
  /** All entries from 0 on, read consistently. */
  entries(orderId: string): Promise<readonly JournalEntry[]>;
  /** @throws {TooLargeError} when the entry is larger than what can be stored. */
  append(entry: JournalEntry): Promise<'stored' | 'taken'>;
}
