import type { Payloads } from '../../src/contract/payloads.ts';
import { createPayloads } from '../../src/contract/payloads.ts';
import type { Process } from './processes.ts';

/** The contents of the bucket. It has no faults of its own: those befall the calls of its processes. */
export class MemoryBucket {
  readonly #objects = new Map<string, Uint8Array>();

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.putNow(key, bytes);
  }

  async get(key: string, maxBytes?: number): Promise<Uint8Array | undefined> {
    return this.getNow(key, maxBytes);
  }

  putNow(key: string, bytes: Uint8Array): void {
    this.#objects.set(key, bytes);
  }

  getNow(key: string, maxBytes?: number): Uint8Array | undefined {
    return this.#objects.get(key)?.subarray(0, maxBytes);
  }
}

/** The payloads as one process reaches them: each request is a call over the network. */
export function payloadsOf(process: Process, bucket: MemoryBucket): Payloads {
  return createPayloads({
    put: (key, bytes) =>
      process.call({ service: 's3', what: `PutObject ${key}` }, () => bucket.putNow(key, bytes)),
    get: (key, maxBytes) =>
      process.call({ service: 's3', what: `GetObject ${key}` }, () => bucket.getNow(key, maxBytes)),
  });
}
