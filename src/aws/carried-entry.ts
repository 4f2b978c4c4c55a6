import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { entryOf, unpackStored } from './stored-entry.ts';

/** An entry that tells all by itself, packed, with what its item's key and expiry say. */
export interface CarriedEntry {
  readonly entry: JournalEntry;
  readonly expiresAt: Instant;
  readonly body: Uint8Array;
}

const HEAD_BYTES = 12;
const EXPIRY_OFFSET = 4;

export function carriedBytes({ entry, expiresAt, body }: CarriedEntry): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(entry.number);
  head.writeDoubleBE(expiresAt, EXPIRY_OFFSET);
  return Buffer.concat([head, body]);
}

/** The number of the entry that the bytes hold, without unpacking it; 0 where they are too few to hold one. */
export function numberOfCarried(bytes: Uint8Array): number {
  return bytes.byteLength < HEAD_BYTES
    ? 0
    : Buffer.from(bytes.subarray(0, HEAD_BYTES)).readUInt32BE();
}

/** `undefined` for bytes of another version of Baton, which packs in another way. */
export function readCarried(orderId: string, bytes: Uint8Array): CarriedEntry | undefined {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
  const body = bytes.subarray(HEAD_BYTES);
  try {
    const entry = entryOf({ orderId, number: head.readUInt32BE() }, unpackStored(body), undefined);
    return { entry, expiresAt: head.readDoubleBE(EXPIRY_OFFSET), body };
  } catch {
    return undefined;
  }
}
