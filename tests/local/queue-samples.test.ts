import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { embeddedQueues, foreignQueues } from '../../infra/local/monitoring/queue-samples.ts';
import { localClients } from './local-clients.ts';
import { until } from './until.ts';

const SAMPLED = 'baton-local-plugin-sampled';

let aws: EmbeddedAws;
let sqs: ReturnType<typeof localClients>['sqs'];
const cleanups: (() => unknown)[] = [];

beforeAll(async () => {
  aws = await startEmbeddedAws();
  sqs = localClients(aws).sqs;
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  sqs.destroy();
  await aws.stop();
});

async function queue(messages = 0): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: SAMPLED }));
  cleanups.push(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  for (let sent = 0; sent < messages; sent += 1)
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: `${sent}` }));
  return String(QueueUrl);
}

async function take(QueueUrl: string): Promise<void> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  for (const { ReceiptHandle } of Messages)
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
}

async function purge(QueueUrl: string): Promise<void> {
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    if (!Messages.length) return;
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}

it('the embedded SQS tells the age of the oldest message and what was deleted', async () => {
  const url = await queue(3);
  const read = embeddedQueues(aws.awsEndpoint);
  const { [SAMPLED]: before } = await read();
  expect(before).toMatchObject({ visible: 3, inFlight: 0, delayed: 0 });
  await until('the oldest has grown old', async () => {
    const { [SAMPLED]: now } = await read();
    return (now?.oldestSeconds ?? 0) > (before?.oldestSeconds ?? 0);
  });
  await take(url);
  const { [SAMPLED]: after } = await read();
  expect(after?.visible).toBe(2);
  expect((after?.deleted ?? 0) - (before?.deleted ?? 0)).toBe(1);
  await purge(url);
  expect((await read())[SAMPLED]).toMatchObject({ visible: 0, oldestSeconds: 0 });
});

it('of another SQS the oldest is taken to have come when the queue was last seen empty', async () => {
  const url = await queue(3);
  const read = foreignQueues(
    sqs,
    () => ({ sampled: url }),
    () => 9,
  );
  const first = (await read()).sampled;
  expect(first).toEqual({ visible: 3, inFlight: 0, delayed: 0, oldestSeconds: 0, deleted: 9 });
  await until('it has grown old', async () => ((await read()).sampled?.oldestSeconds ?? 0) > 0);
  await purge(url);
  expect((await read()).sampled?.oldestSeconds).toBe(0);
});

// Was: fauxqs looked at messages by halves of surrogate pairs, and refused all beyond #xFFFF.
// Now: its pattern reads code points.
it('an emoji is as good a character as any; half a pair and control characters are refused', async () => {
  const QueueUrl = await queue();
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '🎉 \u{10FFFF} ü\t' }));
  const { Successful, Failed } = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'good', MessageBody: '𝒳' },
        { Id: 'bad', MessageBody: '\u0001' },
      ],
    }),
  );
  expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
  expect(Failed?.map(({ Id }) => Id)).toEqual(['bad']);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
  );
  expect(Messages?.map(({ Body }) => Body)).toEqual(['🎉 \u{10FFFF} ü\t', '𝒳']);
});
