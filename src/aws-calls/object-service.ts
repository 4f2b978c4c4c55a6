import { connectService, type ServiceOptions } from './service.ts';
import { xmlRefusal } from './xml-text.ts';

/** The operation of S3 that Baton calls. */
export interface ObjectCalls {
  put(bucket: string, key: string, body: Uint8Array, contentType: string): Promise<void>;
}

/** S3, with the bucket in the path: names of buckets stand in no certificate, and in no local host's DNS. */
export function connectObjectService(
  options: Omit<ServiceOptions, 'name' | 'refusalIn'>,
): ObjectCalls {
  const service = connectService({ ...options, name: 's3', refusalIn: xmlRefusal });
  return {
    // The signature holds the body's digest, which S3 checks.
    async put(bucket, key, body, contentType) {
      const headers = { 'content-type': contentType };
      await service.send({ method: 'PUT', path: `/${bucket}/${encodedKey(key)}`, headers, body });
    },
  };
}

/** As signatures want it: of what `encodeURIComponent` leaves, five more characters are encoded. */
function encodedKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
