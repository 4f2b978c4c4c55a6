import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { connectQueueService, type QueueCalls } from '../../src/aws-calls/queue-service.ts';
import type { Endpoints } from './endpoints.ts';

export interface AwsClients {
  sqs: SQSClient;
  sns: SNSClient;
  s3: S3Client;
  dynamodb: DynamoDBClient;
}

/** Every poller holds a connection open. */
const MAX_SOCKETS = 1000;

/** A poll lasts up to 20 seconds. Milliseconds. */
const PATIENCE = { connectionTimeout: 5000, requestTimeout: 40_000 };

/** What the event source mappings poll with. */
export function pollingCalls(): QueueCalls {
  return connectQueueService({ maxAttempts: 3, maxSockets: MAX_SOCKETS, patience: PATIENCE });
}

/** The clients of the local stack itself. */
export function awsClients(endpoints: Endpoints, region: string): AwsClients {
  const config = { region };
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
