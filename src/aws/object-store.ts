import type { S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';

/** Where a stored object lies. */
export interface ObjectRef {
  readonly bucket: string;
  readonly key: string;
}

/** Keeps what is too large, or no JSON, for a message. */
export interface ObjectStore {
  readonly bucket: string;
  put(key: string, body: Uint8Array, contentType: string): Promise<ObjectRef>;
}

export function createObjectStore(s3: S3Client, bucket: string): ObjectStore {
  return {
    bucket,

    async put(key, body, contentType) {
      const input = { Bucket: bucket, Key: key, Body: body, ContentType: contentType };
      await s3.send(new PutObjectCommand(input));
      return { bucket, key };
    },
  };
}
