import { createHash } from 'node:crypto';

/**
 * A payload that is too large to travel, or to be stored, where it belongs: it lies in the bucket, and this stands in its place (a claim
 * check). Its address is made of the order's id and of the payload's own hash, so that whoever repeats a step stores the same object
 * again, and nobody can point to what belongs to another order.
 */
export interface PayloadRef {
  /** The hash of the payload's bytes, in hexadecimal digits. */
  readonly sha256: string;
  /** How many bytes it has. */
  readonly bytes: number;
}

/** Where payloads lie. */
export interface Payloads {
  /** Stores the payload. To store it twice is to store it once. */
  put(orderId: string, bytes: Uint8Array): Promise<PayloadRef>;
  /** The payload as it was stored. @throws {MissingPayloadError} */
  get(orderId: string, ref: PayloadRef): Promise<Uint8Array>;
}

/** What payloads are stored in: a bucket. */
interface Objects {
  put(key: string, bytes: Uint8Array, contentType: string): Promise<unknown>;
  /** The object, or its first `maxBytes`; `undefined` if there is none. */
  get(key: string, maxBytes: number): Promise<Uint8Array | undefined>;
}

/** The payload has expired, was deleted, or is not what was stored. To look again does not help. */
export class MissingPayloadError extends Error {
  override readonly name = 'MissingPayloadError';

  constructor(key: string, reason: string) {
    super(`the payload ${key} ${reason}`);
  }
}

/** The key of a payload's object. */
export function payloadKey(orderId: string, { sha256 }: Pick<PayloadRef, 'sha256'>): string {
  return `orders/${orderId}/payloads/${sha256}`;
}

export function createPayloads(objects: Objects): Payloads {
  return {
    async put(orderId, bytes) {
      const ref = { sha256: hashOf(bytes), bytes: bytes.byteLength };
      await objects.put(payloadKey(orderId, ref), bytes, 'application/octet-stream');
      return ref;
    },

    async get(orderId, ref) {
      const key = payloadKey(orderId, ref);
      const found = await objects.get(key, ref.bytes);
      if (found === undefined) throw new MissingPayloadError(key, 'is not in the bucket');
      if (hashOf(found) !== ref.sha256) throw new MissingPayloadError(key, 'has changed');
      return found;
    },
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
