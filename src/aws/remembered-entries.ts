import type { JournalEntry } from '../core/journal-entry.ts';

/** Packed bytes of the journals that an instance remembers; unpacked, they are some five times as many. */
const MAX_BYTES = 4 * 1024 * 1024;

/** What an entry counts as at least: packed, a small one is 140 bytes, but its objects take more than 2 KB. */
const LEAST_BYTES = 1024;

/** An entry, and the bytes that it was read from. */
export interface RememberedEntry {
  readonly body: Uint8Array;
  readonly entry: JournalEntry;
}

/**
 * Entries of orders that an instance has read or stored; entries never change. Those of the orders that were kept longest ago are
 * forgotten first.
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
      const size = entries.reduce(
        (sum, { body }) => sum + Math.max(body.byteLength, LEAST_BYTES),
        0,
      );
      journals.set(orderId, entries.map(withOwnBytes));
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

/** Small buffers are parts of one of 64 KB, which lives as long as any of them. */
function withOwnBytes(remembered: RememberedEntry): RememberedEntry {
  const { body, entry } = remembered;
  if (body.byteLength === body.buffer.byteLength) return remembered;
  return { body: new Uint8Array(body), entry };
}
