import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Endpoints } from './endpoints.ts';

export interface AwsClients {
  sqs: SQSClient;
  sns: SNSClient;
  s3: S3Client;
  dynamodb: DynamoDBClient;
}

/** The clients of the local stack itself. Every poller holds a connection open, hence the many sockets. */
export function awsClients(endpoints: Endpoints, region: string): AwsClients {
  const requestHandler = { httpAgent: { maxSockets: 1000 }, httpsAgent: { maxSockets: 1000 } };
  const config = { region, requestHandler };
  return {
    sqs: new SQSClient({ ...config, endpoint: endpoints.SQS }),
    sns: new SNSClient({ ...config, endpoint: endpoints.SNS }),
    s3: new S3Client({ ...config, endpoint: endpoints.S3, forcePathStyle: true }),
    dynamodb: new DynamoDBClient({ ...config, endpoint: endpoints.DYNAMODB }),
  };
}

export function destroyClients(clients: AwsClients): void {
  for (const client of Object.values(clients)) client.destroy();
}
