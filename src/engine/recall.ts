import type { OrderEvent } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import { holds, isOlderThan, isTakenOnce } from '../core/repeats.ts';
import type { Journal } from '../ports/journal.ts';

/** What one decision reads of its order's journal beside the latest entry; each part is read once at most. */
export interface Recall {
  /** All entries up to the latest one. */
  entries(): Promise<readonly JournalEntry[]>;
  /** The entries that took these events, oldest first. The search goes backwards, and ends where no earlier entry can hold them. */
  entriesOf(events: readonly OrderEvent[]): Promise<readonly JournalEntry[]>;
}

export function createRecall(latest: JournalEntry, journal: Journal): Recall {
  const { orderId } = latest;
  let whole: Promise<readonly JournalEntry[]> | undefined;

  return {
    async entries() {
      whole ??= journal.entries(orderId);
      return (await whole).filter(({ number }) => number <= latest.number);
    },

    async entriesOf(events) {
      const found = new Map<number, JournalEntry>();
      let sought = events.filter((event) => !isOlderThan(latest, event));
      if (sought.length === 0) return [];
      for await (const entry of journal.newestFirst(orderId)) {
        sought = sought.filter((event) => {
          const isHeld = holds(entry, event);
          if (isHeld) found.set(entry.number, entry);
          return !(isHeld && isTakenOnce(event)) && !isOlderThan(entry, event);
        });
        if (sought.length === 0) break;
      }
      return [...found.values()].toSorted((a, b) => a.number - b.number);
    },
  };
}
