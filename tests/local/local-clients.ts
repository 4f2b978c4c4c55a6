import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';

/** SDK clients that talk to the embedded services. */
export function localClients({
  awsEndpoint,
  dynamodbEndpoint,
}: Pick<EmbeddedAws, 'awsEndpoint' | 'dynamodbEndpoint'>) {
  const config = {
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    sqs: new SQSClient({ ...config, endpoint: awsEndpoint }),
    sns: new SNSClient({ ...config, endpoint: awsEndpoint }),
    s3: new S3Client({ ...config, endpoint: awsEndpoint, forcePathStyle: true }),
    dynamodb: new DynamoDBClient({ ...config, endpoint: dynamodbEndpoint }),
  };
}
