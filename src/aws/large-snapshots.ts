import type { Snapshot } from './stored-entry.ts';

/** Packed bytes of the snapshots that an instance keeps; unpacked, they are some five times as many, of the 512 MB that it has. */
const MAX_BYTES = 6 * 1024 * 1024;

interface Read {
  readonly snapshot: Snapshot;
  /** As it is stored. */
  readonly bytes: number;
}

/**
 * Snapshots from the bucket that an instance has read last, by what names their content: the many entries of one order that are told by
 * the same one would fetch and unpack it each time.
 */
export function createLargeSnapshots() {
  const kept = new Map<string, Read>();

  return {
    /** @param read Gets it, where it is not kept. */
    async of(name: string, read: () => Promise<Read>): Promise<Snapshot> {
      const found = kept.get(name) ?? (await read());
      kept.delete(name);
      kept.set(name, found);
      let bytes = [...kept.values()].reduce((sum, one) => sum + one.bytes, 0);
      for (const [oldest, one] of kept) {
        if (bytes <= MAX_BYTES) break;
        kept.delete(oldest);
        bytes -= one.bytes;
      }
      return found.snapshot;
    },
  };
}
