import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';

/**
 * One client of each service an instance, made when it is first needed; its connections are kept open between
 * invocations. The plain DynamoDB client is used rather than `lib-dynamodb`: what is stored is a handful of scalars and
 * one packed value, which needs no marshalling, and the bundle is 12 KB smaller. A function's bundle holds only the
 * clients that it reaches.
 */

/**
 * A call takes a few milliseconds; one that takes seconds is better made again on another connection. All attempts
 * together stay below the 29 seconds after which the shortest of the functions that wait for them is ended.
 */
const CONFIG = {
  maxAttempts: 4,
  logger: warningsOnly(),
  requestHandler: {
    connectionTimeout: 1000,
    requestTimeout: 4000,
    throwOnRequestTimeout: true,
    /** As many calls at once as a full batch makes; further ones would queue behind the SDK's default of 50. */
    httpsAgent: { keepAlive: true, maxSockets: 200 },
    httpAgent: { keepAlive: true, maxSockets: 200 },
  },
};

let dynamodbClient: DynamoDBClient | undefined;
let sqsClient: SQSClient | undefined;
let snsClient: SNSClient | undefined;
let s3Client: S3Client | undefined;
let lambdaClient: LambdaClient | undefined;
let cloudwatchClient: CloudWatchClient | undefined;

export function dynamodb(): DynamoDBClient {
  dynamodbClient ??= new DynamoDBClient(CONFIG);
  return dynamodbClient;
}

/**
 * Calls the region's endpoint, not the host in a queue's URL: they are the same on AWS, but the local stack gets another
 * port with each start, and the plugins' URLs in the registry are those of the start before until they register again.
 */
export function sqs(): SQSClient {
  sqsClient ??= new SQSClient({ ...CONFIG, useQueueUrlAsEndpoint: false });
  return sqsClient;
}

export function sns(): SNSClient {
  snsClient ??= new SNSClient(CONFIG);
  return snsClient;
}

/** Addresses the bucket in the path: names of buckets stand in no certificate, and in no local host's DNS. */
export function s3(): S3Client {
  s3Client ??= new S3Client({ ...CONFIG, forcePathStyle: true });
  return s3Client;
}

export function lambda(): LambdaClient {
  lambdaClient ??= new LambdaClient(CONFIG);
  return lambdaClient;
}

/** Gives up sooner than the others: nothing depends on what it says, and its callers do without. */
export function cloudwatch(): CloudWatchClient {
  cloudwatchClient ??= new CloudWatchClient({ ...CONFIG, maxAttempts: 2 });
  return cloudwatchClient;
}

/**
 * A client's default log drops what it is told; but for that the client first copies what went into each call and what came out,
 * without secrets: up to a tenth of the call's processor time. A log without `info` and `error` is told nothing.
 */
function warningsOnly() {
  const silent = () => undefined;
  return { trace: silent, debug: silent, warn: console.warn } as unknown as Console;
}
