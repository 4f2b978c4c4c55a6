import type { S3Client } from '@aws-sdk/client-s3';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectStore } from '../ports/object-store.ts';

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
