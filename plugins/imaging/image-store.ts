import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Task } from 'batonflow/sdk';
import { PermanentError } from 'batonflow/sdk';
import type { StoredImage } from './image-reference.ts';

/** Larger files are not read: an invocation may hold ten at once. */
const MAX_IMAGE_BYTES = 25 * 1024 * 1024;

interface Store {
  readonly s3: S3Client;
  readonly bucket: string;
}

let opened: Store | undefined;

/** The one place of this service that reads the environment. */
function store(): Store {
  if (opened !== undefined) return opened;
  const { BATON_BUCKET_NAME: bucket, AWS_ENDPOINT_URL } = process.env;
  if (!bucket) throw new Error('not set: BATON_BUCKET_NAME');
  // Other servers than AWS have no host name per bucket.
  opened = { bucket, s3: new S3Client({ forcePathStyle: AWS_ENDPOINT_URL !== undefined }) };
  return opened;
}

/** @throws {PermanentError} IMAGE_NOT_FOUND, IMAGE_TOO_LARGE */
export async function readImage({ bucket, key }: StoredImage, task: Task): Promise<Buffer> {
  const get = new GetObjectCommand({ Bucket: bucket, Key: key });
  const object = await store()
    .s3.send(get, { abortSignal: task.signal })
    .catch((error: unknown) => {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new PermanentError('IMAGE_NOT_FOUND', `there is no ${key} in ${bucket}`);
    });
  if (object.Body === undefined || (object.ContentLength ?? 0) > MAX_IMAGE_BYTES) {
    const message = `${key} has ${object.ContentLength} bytes; at most ${MAX_IMAGE_BYTES} are read`;
    throw new PermanentError('IMAGE_TOO_LARGE', message);
  }
  return Buffer.from(await object.Body.transformToByteArray());
}

/** The name follows from order and job: a task that is performed twice writes the same object twice. */
export async function writeImage(
  image: { readonly data: Buffer; readonly extension: string; readonly contentType: string },
  task: Task,
  variant?: string,
): Promise<StoredImage> {
  const { s3, bucket } = store();
  const name = variant === undefined ? task.job : `${task.job}/${variant}`;
  const key = `orders/${task.orderId}/${name}.${image.extension}`;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: image.data,
      ContentType: image.contentType,
    }),
    { abortSignal: task.signal },
  );
  return { bucket, key };
}
