import type { JournalEntry } from '../../../src/core/journal-entry.ts';
import type { Instant } from '../../../src/core/json.ts';
import { hasEnded } from '../../../src/core/order.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Journal } from '../../../src/ports/journal.ts';
import { withoutGaps } from '../../../src/ports/journal.ts';
import { keptUntil } from '../../../src/ports/retention.ts';

export interface MemoryJournal extends Journal {
  /** Every order's entries, in the order in which the orders came. */
  all(): ReadonlyMap<string, readonly JournalEntry[]>;
  /** As a new instance, it knows of no order without a read. */
  forget(): void;
}

/** Entries are copied in and out, as they are by a table. @param clock Decides what has expired. Default: nothing ever has. */
export function createMemoryJournal(
  clock: Clock = () => 0,
  { retentionDays }: { retentionDays: number } = { retentionDays: 30 },
): MemoryJournal {
  const journals = new Map<string, JournalEntry[]>();
  const expiries = new Map<string, Instant>();
  const stored = new Map<string, JournalEntry>();
  const sealedEntries = new Map<string, JournalEntry>();

  function kept(orderId: string): readonly JournalEntry[] {
    const expiresAt = expiries.get(orderId);
    if (expiresAt !== undefined && expiresAt <= clock()) {
      journals.delete(orderId);
      expiries.delete(orderId);
    }
    return journals.get(orderId) ?? [];
  }

  return {
    async latest(orderId) {
      return structuredClone(kept(orderId).at(-1));
    },

    lastStored: (orderId) => structuredClone(stored.get(orderId)),

    async seal(entry) {
      const sealed = `entry ${entry.number} of ${entry.orderId}`;
      sealedEntries.set(sealed, structuredClone(entry));
      return sealed;
    },

    async unseal(orderId, sealed) {
      const entry = sealedEntries.get(sealed);
      const known = stored.get(orderId)?.number ?? -1;
      if (entry?.orderId === orderId && entry.number > known) stored.set(orderId, entry);
    },

    async entries(orderId) {
      return structuredClone(withoutGaps(orderId, kept(orderId)));
    },

    async *newestFirst(orderId) {
      yield* structuredClone(withoutGaps(orderId, kept(orderId))).toReversed();
    },

    async append(entry) {
      const { orderId, number } = entry;
      const entries = kept(orderId);
      if (entries.some((one) => one.number === number)) {
        stored.delete(orderId);
        return 'taken';
      }
      if (hasEnded(entry.state)) stored.delete(orderId);
      else stored.set(orderId, structuredClone(entry));
      const sorted = [...entries, structuredClone(entry)].sort((a, b) => a.number - b.number);
      journals.set(orderId, sorted);
      expiries.set(orderId, keptUntil(entry, expiries.get(orderId), retentionDays));
      return 'stored';
    },

    forget: () => stored.clear(),

    all() {
      for (const orderId of [...journals.keys()]) kept(orderId);
      return journals;
    },
  };
}
