import type { JournalEntry } from '../core/journal-entry.ts';

/** The orders' entries. Appending is the lock: of two writers of one number, one learns that it is taken. All reads are consistent. */
export interface Journal {
  /** The newest entry; `undefined` for an unknown order. */
  latest(orderId: string): Promise<JournalEntry | undefined>;
  /** All entries from 0 on; none for an unknown order. */
  entries(orderId: string): Promise<readonly JournalEntry[]>;
  /** The entries from the newest one back, read as they are asked for. */
  newestFirst(orderId: string): AsyncIterable<JournalEntry>;
  /**
   * @param previous the entry that the new one was decided on, as this journal gave it or took it: what both say need not be stored twice
   * @throws {TooLargeError} when the entry is larger than what can be stored.
   */
  append(entry: JournalEntry, previous?: JournalEntry): Promise<'stored' | 'taken'>;
}
