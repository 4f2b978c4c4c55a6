import type { ObjectCalls } from '../aws-calls/object-service.ts';
import type { ObjectStore } from '../ports/object-store.ts';

export function createObjectStore(s3: ObjectCalls, bucket: string): ObjectStore {
  return {
    bucket,

    async put(key, body, contentType) {
      await s3.put(bucket, key, body, contentType);
      return { bucket, key };
    },

    get: (key, maxBytes) => s3.get(bucket, key, maxBytes),
  };
}
