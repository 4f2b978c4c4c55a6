import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createPayloads, MissingPayloadError, payloadKey } from '../../src/contract/payloads.ts';
import type { ObjectStore } from '../../src/ports/object-store.ts';
import type { OpenStore } from './store.ts';

export function objectStoreContract(open: OpenStore<ObjectStore>): void {
  describe('an object store', () => {
    it('gives an object back as it was put, and the last one of a key', async () => {
      const store = await open();
      const key = "orders/o:1_a-b/files/A#2/a name, (it's) 100% odd!*.jpg";
      const body = randomBytes(5000);
      const { bucket } = store.connect();
      expect(await store.connect().put(key, Buffer.from('before'), 'text/plain')).toEqual({
        bucket,
        key,
      });
      await store.connect().put(key, body, 'image/jpeg');
      expect(Buffer.from((await store.connect().get(key)) ?? [])).toEqual(body);
      expect(Buffer.from((await store.connect().get(key, 100)) ?? [])).toEqual(
        body.subarray(0, 100),
      );
    });

    it('knows nothing of an object that nobody has put', async () => {
      expect(await (await open()).connect().get('orders/o1/none')).toBeUndefined();
    });

    it('gives a payload of 5 MiB back to another instance', async () => {
      const store = await open();
      const payload = randomBytes(5 * 1024 * 1024);
      const ref = await createPayloads(store.connect()).put('o1', payload);
      expect(ref.bytes).toBe(payload.byteLength);
      expect(await createPayloads(store.connect()).put('o1', payload)).toEqual(ref);
      const found = await createPayloads(store.connect()).get('o1', ref);
      expect(Buffer.compare(found, payload)).toBe(0);
    });

    it('says that a payload is missing, belongs to another order, or has changed', async () => {
      const store = (await open()).connect();
      const payloads = createPayloads(store);
      const ref = await payloads.put('o1', Buffer.from('what was stored'));
      await expect(payloads.get('o2', ref)).rejects.toThrow(MissingPayloadError);
      await store.put(payloadKey('o1', ref), Buffer.from('something else, longer'), 'text/plain');
      await expect(payloads.get('o1', ref)).rejects.toThrow('has changed');
    });
  });
}
