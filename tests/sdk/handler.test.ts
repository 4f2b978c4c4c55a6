import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { readToken } from '../../src/contract/task-token.ts';
import { definePlugin } from '../../src/sdk/index.ts';
import type { QueueRecord } from '../../src/sdk/queue-record.ts';
import { embeddedEnvironment } from '../aws/embedded-environment.ts';
import { taskRecord } from './fake-runtime.ts';

const context = { getRemainingTimeInMillis: () => 30_000 };
const event = (record: QueueRecord) => ({ Records: [record as SQSRecord] });
const environment = process.env;

let aws: EmbeddedAws;
let sqs: SQSClient;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
beforeEach(() => {
  process.env = {
    ...environment,
    ...embeddedEnvironment(aws),
  };
  sqs = new SQSClient({});
});
afterEach(() => {
  process.env = environment;
});
afterAll(async () => {
  sqs.destroy();
  await aws.stop();
});

it('a handler answers to the orchestrator queue of its environment, signed with its key', async () => {
  await sqs.send(new CreateQueueCommand({ QueueName: 'orchestrator' }));
  const QueueUrl = `${aws.awsEndpoint}/000000000000/orchestrator`;
  Object.assign(process.env, {
    BATON_PLUGIN: 'resize',
    BATON_PLUGIN_KEY: 'key of resize',
    BATON_ORCHESTRATOR_QUEUE_URL: QueueUrl,
    BATON_QUEUE_URL: `${aws.awsEndpoint}/000000000000/resize`,
    BATON_API_URL: aws.awsEndpoint,
    BATON_BUCKET_NAME: 'objects',
  });
  const handler = definePlugin((n: number) => n + 1);
  expect(await handler(event(taskRecord(1, 41)), context)).toEqual({ batchItemFailures: [] });

  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  const { answers } = JSON.parse(Messages[0]?.Body ?? '{}');
  expect(answers).toMatchObject([{ type: 'TaskCompleted', result: 42 }]);
  expect(readToken(answers[0].token, () => ['key of resize'])).toMatchObject({
    orderId: 'order-1',
  });
  expect(readToken(answers[0].token, () => ['key of another'])).toBeUndefined();
});

it.each([
  [
    'true',
    {},
    'plugin resize: its block says `compensates: true`, but definePlugin was given no `compensate`',
  ],
  [
    undefined,
    { compensate: () => undefined },
    'plugin resize: definePlugin was given `compensate`, but its block does not say `compensates: true`',
  ],
])(
  'a handler whose block says compensates: %s and whose options are %j says so',
  async (declared, options, message) => {
    Object.assign(process.env, {
      BATON_PLUGIN: 'resize',
      BATON_PLUGIN_KEY: 'key of resize',
      BATON_ORCHESTRATOR_QUEUE_URL: `${aws.awsEndpoint}/000000000000/orchestrator`,
      BATON_QUEUE_URL: `${aws.awsEndpoint}/000000000000/resize`,
      BATON_API_URL: aws.awsEndpoint,
      BATON_BUCKET_NAME: 'objects',
      ...(declared === undefined ? {} : { BATON_COMPENSATES: declared }),
    });
    const handler = definePlugin((n: number) => n, options);
    await expect(handler(event(taskRecord(1, 1)), context)).rejects.toThrow(message);
  },
);

it('a handler names every variable that its environment lacks, when it is first invoked', async () => {
  process.env.BATON_PLUGIN = 'resize';
  const handler = definePlugin((n: number) => n);
  await expect(handler(event(taskRecord(1, 1)), context)).rejects.toThrow(
    'not set: BATON_PLUGIN_KEY, BATON_ORCHESTRATOR_QUEUE_URL, BATON_QUEUE_URL, BATON_API_URL, BATON_BUCKET_NAME.',
  );
});
