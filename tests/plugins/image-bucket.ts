import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { embeddedEnvironment } from '../aws/embedded-environment.ts';

export const bucket = 'objects';

/** A bucket on embedded AWS, which the image plugins find in their environment until it is closed. */
export async function openImageBucket() {
  const aws = await startEmbeddedAws();
  const environment = process.env;
  process.env = { ...environment, ...embeddedEnvironment(aws), BATON_BUCKET_NAME: bucket };
  const s3 = new S3Client({ forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const close = async () => {
    process.env = environment;
    s3.destroy();
    await aws.stop();
  };
  return { s3, close };
}
