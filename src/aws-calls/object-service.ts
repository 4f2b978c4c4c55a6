import { connectService, type ServiceOptions } from './aws-service.ts';
import { xmlRefusal } from './xml-text.ts';

/** The operations of S3 that Baton and its plugins call. */
export interface ObjectCalls {
  /** Stores the object, in place of one with the same key. */
  put(bucket: string, key: string, body: Uint8Array, contentType: string): Promise<void>;
  /**
   * The object, or its first `maxBytes` bytes; `undefined` if there is none. One that may not be read counts as none: S3 says of both that
   * access is denied, unless the caller may list the bucket.
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  get(bucket: string, key: string, maxBytes?: number): Promise<Buffer | undefined>;
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
    async get(bucket, key, maxBytes) {
      const path = `/${bucket}/${encodedKey(key)}`;
      const headers: Record<string, string> =
        maxBytes === undefined ? {} : { range: `bytes=0-${maxBytes - 1}` };
      try {
        return await service.fetch({ method: 'GET', path, headers });
      } catch (error) {
        const { name } = error as Error;
        if (name === 'NoSuchKey' || name === 'AccessDenied') return undefined;
        throw error;
      }
    },
  };
}

/** As signatures want it: of what `encodeURIComponent` leaves, five more characters are encoded. */
function encodedKey(key: string): string {
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
