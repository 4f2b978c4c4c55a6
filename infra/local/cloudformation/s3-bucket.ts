import { CreateBucketCommand, HeadBucketCommand } from '@aws-sdk/client-s3';
import type { ResourceType } from './resource.ts';

/** AWS::S3::Bucket. Encryption, ownership and life cycle mean nothing locally. */
export const s3Bucket: ResourceType = {
  provision: async (logicalId, properties, { clients, stackName, accountId, region }) => {
    const { BucketName, BucketNamePrefix: prefix } = properties;
    const made = prefix ? `${prefix}-${accountId}-${region}-an` : `${stackName}-${logicalId}`;
    const name = String(BucketName ?? made).toLowerCase();
    const missing = await clients.s3.send(new HeadBucketCommand({ Bucket: name })).then(
      () => false,
      () => true,
    );
    if (missing) await clients.s3.send(new CreateBucketCommand({ Bucket: name }));
    return {
      ref: name,
      attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com` },
    };
  },
  // As on AWS, a bucket that holds something is not deleted with its stack.
  remove: async () => {},
};
