import type { JournalEntry } from '../core/journal-entry.ts';
import type { Item } from './table.ts';

/** Packed bytes of the journals that an instance remembers; unpacked, they are some five times as many. */
const MAX_BYTES = 4 * 1024 * 1024;

/** An entry, and the item that it was read from. */
export interface RememberedEntry {
  readonly item: Item;
  readonly entry: JournalEntry;
}

/**
 * The whole journals that an instance has read: a plugin that looks back asks for all entries with each task, and they never
 * change. Those that were asked for longest ago are forgotten first.
 */
export function createRememberedEntries() {
  const journals = new Map<string, readonly RememberedEntry[]>();
  const sizes = new Map<string, number>();
  let bytes = 0;

  function forget(orderId: string): void {
    journals.delete(orderId);
    bytes -= sizes.get(orderId) ?? 0;
    sizes.delete(orderId);
  }

  return {
    of: (orderId: string) => journals.get(orderId) ?? [],

    keep(orderId: string, entries: readonly RememberedEntry[]): void {
      forget(orderId);
      if (entries.length === 0) return;
      const size = entries.reduce((sum, { item }) => sum + (item.body as Uint8Array).byteLength, 0);
      journals.set(orderId, entries);
      sizes.set(orderId, size);
      bytes += size;
      for (const oldest of journals.keys()) {
        if (bytes <= MAX_BYTES) break;
        forget(oldest);
      }
    },

    forget,
  };
}
