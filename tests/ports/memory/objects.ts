import type { Payloads } from '../../../src/contract/payloads.ts';
import { createPayloads } from '../../../src/contract/payloads.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';

/** A bucket in memory. `objects` holds what is stored, by key. */
export function createMemoryObjects(
  objects: Map<string, Uint8Array> = new Map(),
): ObjectStore & { readonly objects: Map<string, Uint8Array> } {
  return {
    bucket: 'objects',
    objects,
    async put(key, body) {
      objects.set(key, body);
      return { bucket: 'objects', key };
    },
    get: async (key, maxBytes) => objects.get(key)?.subarray(0, maxBytes),
  };
}

/** Payloads in a bucket in memory. */
export function createMemoryPayloads(objects?: Map<string, Uint8Array>): Payloads {
  return createPayloads(createMemoryObjects(objects));
}
