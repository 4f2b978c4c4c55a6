import { setImmediate as nextTurn } from 'node:timers/promises';
import { SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { sqsQueue } from '../../infra/local/cloudformation/sqs-queue.ts';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import {
  EventSourceMapping,
  type MappingSource,
} from '../../infra/local/mapping/event-source-mapping.ts';
import type { QueueCalls } from '../../src/aws-calls/queue-service.ts';
import { localCalls } from '../aws/local-calls.ts';
import { localClients } from './local-clients.ts';
import { until } from './until.ts';

let aws: EmbeddedAws;
let clients: ReturnType<typeof localClients>;
const running: EventSourceMapping[] = [];

beforeAll(async () => {
  aws = await startEmbeddedAws();
  clients = localClients(aws);
});
afterEach(async () => {
  for (const mapping of running.splice(0)) await mapping.stop();
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await aws.stop();
});

type Invoke = (event: SQSEvent) => Promise<unknown>;

const place = () => ({
  clients,
  region: 'us-east-1',
  accountId: '000000000000',
  stackName: expect.getState().currentTestName?.replace(/\W+/g, '-').slice(0, 60) ?? 'test',
});

async function queue(logicalId: string, properties = {}) {
  return sqsQueue.provision(logicalId, { VisibilityTimeout: 1, ...properties }, place());
}

async function send(QueueUrl: string, ...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody }));
  await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
}

function poll(
  { ref, attributes }: { ref: string; attributes: Record<string, string> },
  invoke: Invoke,
  source: Partial<MappingSource> = {},
  sqs: QueueCalls = localCalls(aws).sqs,
): EventSourceMapping {
  const mapping = new EventSourceMapping(
    {
      id: 'mapping',
      queueUrl: ref,
      queueArn: String(attributes.Arn),
      functionArn: 'function',
      enabled: true,
      batchSize: 10,
      batchingWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportBatchItemFailures: true,
      ...source,
    },
    {
      sqs,
      invoke: (_name, event) => invoke(event as SQSEvent),
      report: () => {},
    },
  ).start();
  running.push(mapping);
  return mapping;
}

/** The calls of SQS; `told` hears of each poll how long it waits at most, in seconds. */
function tellingPolls(told: (seconds: number | undefined) => void): QueueCalls {
  const { sqs } = localCalls(aws);
  return (operation, input, signal) => {
    if ('WaitTimeSeconds' in input) told(input.WaitTimeSeconds);
    return sqs(operation, input, signal);
  };
}

it('a function gets the attributes of a message, texts and bytes', async () => {
  const work = await queue('work');
  const event = Promise.withResolvers<SQSEvent>();
  poll(work, async (got) => event.resolve(got));
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'ä' },
    bytes: { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 255, 7) },
  };
  const message = { QueueUrl: work.ref, MessageBody: 'one', MessageAttributes };
  await clients.sqs.send(new SendMessageCommand(message));
  const lists = { stringListValues: [], binaryListValues: [] };
  expect((await event.promise).Records[0]?.messageAttributes).toEqual({
    text: { dataType: 'String', stringValue: 'ä', ...lists },
    bytes: { dataType: 'Binary', binaryValue: 'AP8H', ...lists },
  });
});

it('a function gets the messages as Lambda shapes them, and they are deleted', async () => {
  const work = await queue('work');
  await send(work.ref, 'one');
  const events: SQSEvent[] = [];
  const mapping = poll(work, async (event) => void events.push(event));
  await until('the queue is empty', async () => events.length && (await mapping.backlog()) === 0);
  expect(events).toMatchObject([
    {
      Records: [
        {
          body: 'one',
          eventSource: 'aws:sqs',
          eventSourceARN: work.attributes.Arn,
          awsRegion: 'us-east-1',
          attributes: { ApproximateReceiveCount: '1' },
        },
      ],
    },
  ]);
});

it('only the messages reported as failed come again, until they are dead letters', async () => {
  const dead = await queue('dead');
  const work = await queue('work', {
    RedrivePolicy: { deadLetterTargetArn: dead.attributes.Arn, maxReceiveCount: 2 },
  });
  const seen: string[] = [];
  const mapping = poll(work, async ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    const failed = Records.filter(({ body }) => body === 'bad');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
  const burials: string[] = [];
  poll(dead, async ({ Records }) => void burials.push(...Records.map(({ body }) => body)));
  await send(work.ref, 'good', 'bad');
  await until('the bad one is dead', () => burials.length > 0);
  expect(burials).toEqual(['bad']);
  expect(seen.sort()).toEqual(['bad', 'bad', 'good']);
  expect(await mapping.backlog()).toBe(0);
});

it('a batch whose function throws comes again as a whole', async () => {
  const work = await queue('work');
  const seen: string[] = [];
  poll(work, async ({ Records }) => {
    seen.push(...Records.map(({ body }) => body));
    if (seen.length <= 2) throw new Error('first time');
  });
  await send(work.ref, 'a', 'b');
  await until('both come again', () => seen.length === 4);
  expect(seen.slice(2).sort()).toEqual(['a', 'b']);
});

it('a malformed answer fails the whole batch, and without ReportBatchItemFailures it means nothing', async () => {
  const malformed = { batchItemFailures: [{ id: 'wrong' }] };
  const strict = await queue('strict');
  const lax = await queue('lax');
  let strictCalls = 0;
  poll(strict, async () => (strictCalls++ === 0 ? malformed : undefined));
  const laxMapping = poll(lax, async () => malformed, { reportBatchItemFailures: false });
  await send(strict.ref, 'x');
  await send(lax.ref, 'x');
  await until('the strict one comes again', () => strictCalls === 2);
  expect(await laxMapping.backlog()).toBe(0);
});

it('invocations run beside each other, never more than the maximum concurrency', async () => {
  const work = await queue('work', { VisibilityTimeout: 30 });
  let inFlight = 0;
  let most = 0;
  let done = 0;
  poll(
    work,
    async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      for (let turn = 0; turn < 200; turn += 1) await nextTurn();
      inFlight -= 1;
      done += 1;
    },
    { batchSize: 1, maximumConcurrency: 3 },
  );
  for (let batch = 0; batch < 4; batch += 1) await send(work.ref, ...'abcdefghij');
  await until('all are done', () => done === 40);
  expect(most).toBe(3);
});

it('a mapping that is disabled takes nothing until it is enabled; a new concurrency holds at once', async () => {
  const work = await queue('work');
  const seen: string[] = [];
  const mapping = poll(
    work,
    async ({ Records }) => void seen.push(...Records.map(({ body }) => body)),
    { enabled: false },
  );
  await send(work.ref, 'waiting');
  expect(await mapping.backlog()).toBe(1);
  mapping.update({ enabled: true, maximumConcurrency: 7 });
  await until('it is taken', () => seen.length === 1);
  expect(mapping.settings).toMatchObject({ enabled: true, maximumConcurrency: 7 });
});

it('a batching window fills the batch', async () => {
  const work = await queue('work', { VisibilityTimeout: 30 });
  const batches: number[] = [];
  poll(work, async ({ Records }) => void batches.push(Records.length), {
    batchSize: 12,
    batchingWindowSeconds: 20,
  });
  await send(work.ref, ...'abcdefgh');
  await send(work.ref, ...'ijkl');
  await until('a batch comes', () => batches.length > 0);
  expect(batches).toEqual([12]);
});

it('no poll outlasts the batching window, which ends though the batch is not full', async () => {
  const work = await queue('work', { VisibilityTimeout: 30 });
  const batches: number[] = [];
  const waits: (number | undefined)[] = [];
  const calls = tellingPolls((seconds) => {
    if (batches.length > 0) return;
    waits.push(seconds);
    // It comes while the window is open, so that the next poll begins in the middle of its only second.
    if (waits.length === 2) void send(work.ref, 'third');
  });
  await send(work.ref, 'first', 'second');
  const mapping = poll(
    work,
    async ({ Records }) => void batches.push(Records.length),
    { batchingWindowSeconds: 1 },
    calls,
  );
  await until('all are done', () => mapping.deleted === 3);
  expect(batches).toEqual([3]);
  const [first, second, ...others] = waits;
  expect([first, second]).toEqual([20, expect.any(Number)]);
  expect(second).toBeLessThanOrEqual(1);
  expect(new Set(others)).toEqual(new Set([0]));
});

it('a mapping that is disabled within a batching window hands over what it has, and takes no more', async () => {
  const work = await queue('work', { VisibilityTimeout: 30 });
  const seen: string[] = [];
  let polls = 0;
  const calls = tellingPolls(() => {
    polls += 1;
  });
  const mapping = poll(
    work,
    async ({ Records }) => void seen.push(...Records.map(({ body }) => body)),
    { batchingWindowSeconds: 20 },
    calls,
  );
  await send(work.ref, 'taken');
  await until('it is taken, and another one is looked for', () => polls === 2);
  mapping.update({ enabled: false });
  await until('it is done', () => mapping.deleted === 1);
  expect(seen).toEqual(['taken']);
  expect(polls).toBe(2);
});

it('stopping waits for what is in flight and takes nothing more', async () => {
  const work = await queue('work');
  const gate = Promise.withResolvers<void>();
  let started = 0;
  const mapping = poll(
    work,
    async () => {
      started += 1;
      await gate.promise;
    },
    { batchSize: 1, maximumConcurrency: 1 },
  );
  await send(work.ref, 'first', 'second');
  await until('the first is in flight', () => started === 1);
  const stopped = mapping.stop();
  gate.resolve();
  await stopped;
  expect(started).toBe(1);
  expect(await mapping.backlog()).toBe(1);
});

it('after its last attempt a message is given up, where there is a last', async () => {
  const work = await queue('work');
  let calls = 0;
  const mapping = poll(
    work,
    async () => {
      calls += 1;
      throw new Error('always');
    },
    { attempts: 2 },
  );
  await send(work.ref, 'x');
  await until('it is given up', async () => calls === 2 && (await mapping.backlog()) === 0);
});
