import type { JournalEntry } from '../../../src/core/journal-entry.ts';
import type { Journal } from '../../../src/ports/journal.ts';

export interface MemoryJournal extends Journal {
  /** Every order's entries, in the order in which the orders came. */
  all(): ReadonlyMap<string, readonly JournalEntry[]>;
}

/** Entries are copied in and out, as they are by a table. */
export function createMemoryJournal(): MemoryJournal {
  const journals = new Map<string, JournalEntry[]>();

  return {
    async latest(orderId) {
      return structuredClone(journals.get(orderId)?.at(-1));
    },

    async entries(orderId) {
      return structuredClone(journals.get(orderId) ?? []);
    },

    async *newestFirst(orderId) {
      yield* structuredClone(journals.get(orderId) ?? []).toReversed();
    },

    async append(entry) {
      const entries = journals.get(entry.orderId) ?? [];
      if (entries.some(({ number }) => number === entry.number)) return 'taken';
      const sorted = [...entries, structuredClone(entry)].sort((a, b) => a.number - b.number);
      journals.set(entry.orderId, sorted);
      return 'stored';
    },

    all: () => journals,
  };
}
