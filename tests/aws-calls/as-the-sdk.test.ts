import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PublishBatchCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServiceName } from '../../src/aws-calls/aws-service.ts';
import { connectFunctionService } from '../../src/aws-calls/function-service.ts';
import { connectMappingService } from '../../src/aws-calls/mapping-service.ts';
import { connectMetricService } from '../../src/aws-calls/metric-service.ts';
import { connectObjectService } from '../../src/aws-calls/object-service.ts';
import { connectQueueService } from '../../src/aws-calls/queue-service.ts';
import { regionalOrigin } from '../../src/aws-calls/regional-origin.ts';
import { connectTableService } from '../../src/aws-calls/table-service.ts';
import { connectTopicService } from '../../src/aws-calls/topic-service.ts';
import { type Received, startScriptedService } from './scripted-service.ts';

/** The calls are put together from the SDK's parts; here the SDK's clients say what they should be. */

let service: Awaited<ReturnType<typeof startScriptedService>>;
beforeAll(async () => {
  service = await startScriptedService();
});
afterAll(() => service.stop());

const client = () => ({
  endpoint: service.origin,
  region: 'eu-west-1',
  credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
  maxAttempts: 1,
});
const options = () => service.options;

const BODY = new Uint8Array([0, 255, 7]);
const KEY = "orders/o1/it's (a) file*!.png";
const ARN = 'arn:aws:sqs:us-east-1:000000000000:baton-test-plugin-A';
const attribute = (text: string) => ({ type: { DataType: 'String', StringValue: text } });
const MESSAGES = [
  { Id: '0', Message: 'with "quotes" & ä + %', MessageAttributes: attribute('order.failed') },
  { Id: '1', Message: '{}', MessageAttributes: attribute('a.b'), MessageGroupId: 'acme' },
];
const ENTRIES = [
  { Id: '0', MessageBody: 'hello', DelaySeconds: 3 },
  { Id: '1', MessageBody: 'ä', MessageGroupId: 'acme' },
];
const QUEUE = { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q', Entries: ENTRIES };
const TOPIC = { TopicArn: 'arn:aws:sns:eu-west-1:1:t' };
const PUT = {
  TableName: 't',
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
};
const QUERY = {
  TableName: 't',
  KeyConditionExpression: '#p = :p',
  ExpressionAttributeNames: { '#p': 'pk' },
  ExpressionAttributeValues: { ':p': { S: 'ä' } },
  ConsistentRead: true as const,
};
const METRICS = {
  ScanBy: 'TimestampDescending' as const,
  MetricDataQueries: [
    {
      Id: 'm0',
      MetricStat: {
        Metric: {
          Namespace: 'AWS/SQS',
          MetricName: 'Age',
          Dimensions: [{ Name: 'Q', Value: 'v' }],
        },
        Period: 60,
        Stat: 'Sum',
      },
      ReturnData: true,
    },
  ],
};

interface Twin {
  readonly ours: () => Promise<unknown>;
  readonly theirs: () => Promise<unknown>;
}

const TWINS: Readonly<Record<string, Twin>> = {
  'PutItem of DynamoDB, with bytes': {
    ours: () =>
      connectTableService(options())('PutItem', {
        ...{ ...PUT, Item: { pk: { S: 'ä' }, n: { N: '1.5' }, body: { B: 'AP8H' } } },
      }),
    theirs: () =>
      new DynamoDBClient(client()).send(
        new PutItemCommand({
          ...PUT,
          Item: { pk: { S: 'ä' }, n: { N: '1.5' }, body: { B: BODY } },
        }),
      ),
  },
  'Query of DynamoDB': {
    ours: () => connectTableService(options())('Query', QUERY),
    theirs: () => new DynamoDBClient(client()).send(new QueryCommand(QUERY)),
  },
  'SendMessageBatch of SQS': {
    ours: () => connectQueueService(options())('SendMessageBatch', QUEUE),
    theirs: () =>
      new SQSClient({ ...client(), useQueueUrlAsEndpoint: false }).send(
        new SendMessageBatchCommand(QUEUE),
      ),
  },
  'Publish of SNS': {
    ours: () =>
      connectTopicService(options())('Publish', {
        ...{ ...TOPIC, Message: 'hello', MessageAttributes: attribute('x') },
      }),
    theirs: () =>
      new SNSClient(client()).send(
        new PublishCommand({ ...TOPIC, Message: 'hello', MessageAttributes: attribute('x') }),
      ),
  },
  'PublishBatch of SNS': {
    ours: () =>
      connectTopicService(options())('PublishBatch', {
        ...{ ...TOPIC, PublishBatchRequestEntries: MESSAGES },
      }),
    theirs: () =>
      new SNSClient(client()).send(
        new PublishBatchCommand({ ...TOPIC, PublishBatchRequestEntries: MESSAGES }),
      ),
  },
  'GetMetricData of CloudWatch': {
    ours: () =>
      connectMetricService(options())('GetMetricData', {
        ...{ ...METRICS, StartTime: 1_790_000_000.5, EndTime: 1_790_000_060 },
      }),
    theirs: () =>
      new CloudWatchClient(client()).send(
        new GetMetricDataCommand({
          ...METRICS,
          StartTime: new Date(1_790_000_000_500),
          EndTime: new Date(1_790_000_060_000),
        }),
      ),
  },
  'PutObject of S3': {
    ours: () => connectObjectService(options()).put('bucket', KEY, BODY, 'image/png'),
    theirs: () =>
      new S3Client({
        ...client(),
        forcePathStyle: true,
        requestChecksumCalculation: 'WHEN_REQUIRED',
      }).send(
        new PutObjectCommand({ Bucket: 'bucket', Key: KEY, Body: BODY, ContentType: 'image/png' }),
      ),
  },
  'ListEventSourceMappings of Lambda': {
    ours: () => connectMappingService(options()).list(ARN),
    theirs: () =>
      new LambdaClient(client()).send(new ListEventSourceMappingsCommand({ EventSourceArn: ARN })),
  },
  'Invoke of Lambda': {
    ours: () => connectFunctionService(options()).invoke('baton-dev-answer', { orderId: 'ä' }),
    theirs: () =>
      new LambdaClient(client()).send(
        new InvokeCommand({ FunctionName: 'baton-dev-answer', Payload: '{"orderId":"ä"}' }),
      ),
  },
  'UpdateEventSourceMapping of Lambda': {
    ours: () =>
      connectMappingService(options()).update('u-1', { ScalingConfig: { MaximumConcurrency: 8 } }),
    theirs: () =>
      new LambdaClient(client()).send(
        new UpdateEventSourceMappingCommand({
          UUID: 'u-1',
          ScalingConfig: { MaximumConcurrency: 8 },
        }),
      ),
  },
};

describe('a call is the one that the SDK makes', () => {
  it.each(Object.entries(TWINS))('%s', async (name, { ours, theirs }) => {
    service.replyWith({ body: name.includes('S3') || name.includes('SNS') ? '' : '{}' });
    service.received.splice(0);
    await ours();
    // An empty answer is none of XML, which the SDK's client wants to read.
    await theirs().catch(() => undefined);
    const [our, their] = service.received;
    expect(wireOf(our)).toEqual(wireOf(their));
  });
});

/** What the service reads of a call; of the signature its scope, since the SDK signs headers of its own. */
function wireOf(received: Received | undefined) {
  if (received === undefined) throw new Error('the call was not made');
  const { method, url, headers, body } = received;
  const isJson = headers['content-type']?.includes('json') === true && body !== '';
  const isForm = headers['content-type']?.includes('form') === true;
  return {
    ...{ method, url: url?.replace('?x-id=PutObject', '').replace(/\/$/, '') },
    body: isJson ? JSON.parse(body) : isForm ? [...new URLSearchParams(body)].sort() : body,
    target: headers['x-amz-target'],
    type: headers['content-type'],
    // Of JSON and forms, the order of the fields may differ, and the digest with it.
    ...(!isJson && !isForm && { digest: headers['x-amz-content-sha256'] }),
    scope: headers.authorization?.split(',')[0],
  };
}

it.each<[ServiceName, { config: object }]>([
  ['s3', new S3Client({ region: 'eu-west-1' })],
  ['lambda', new LambdaClient({ region: 'eu-west-1' })],
])('the path of %s is encoded for the signature as often as the SDK does', (name, { config }) => {
  const { signingEscapePath = true } = config as { readonly signingEscapePath?: boolean };
  expect(signingEscapePath).toBe(name !== 's3');
});

const REGIONS = [
  ...['us-east-1', 'eu-central-1', 'us-gov-west-1', 'cn-north-1', 'eusc-de-east-1'],
  ...['us-iso-east-1', 'us-isob-east-1', 'us-isof-south-1', 'eu-isoe-west-1'],
];

it.each(REGIONS)('a service in %s is where the SDK looks for it', async (region) => {
  const origins = await Promise.all(
    [
      ['dynamodb', new DynamoDBClient({ region })] as const,
      ['sqs', new SQSClient({ region })] as const,
      ['sns', new SNSClient({ region })] as const,
      ['lambda', new LambdaClient({ region })] as const,
      ['monitoring', new CloudWatchClient({ region })] as const,
    ].map(async ([name, { config }]) => {
      const { url } = config.endpointProvider({ Region: region } as never);
      return [regionalOrigin(name, region), url.origin];
    }),
  );
  for (const [ours, theirs] of origins) expect(ours).toBe(theirs);
});
