import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
} from '@aws-sdk/client-cloudwatch';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedAws, startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { ControlServer } from '../../infra/local/host/control-server.ts';
import { Functions } from '../../infra/local/lambda/functions.ts';
import { EventSourceMapping } from '../../infra/local/mapping/event-source-mapping.ts';
import { sayUpdate } from '../../infra/local/monitoring/monitoring-host.ts';
import { embeddedQueues, foreignQueues } from '../../infra/local/monitoring/queue-samples.ts';
import { localClients } from './local-clients.ts';
import { monitoringWorld } from './monitoring-world.ts';
import { until } from './until.ts';

const PREFIX = 'baton-local-plugin-';
const ARN = 'arn:aws:sqs:us-east-1:000000000000:';
const SLOW = `${PREFIX}slow`;

const config = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});

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

async function queue(name: string, messages = 0): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  cleanups.push(() => purge(String(QueueUrl)));
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

function mappingOf(name: string, queueUrl: string, invoke: () => Promise<unknown>) {
  const mapping = new EventSourceMapping(
    {
      id: `uuid-of-${name}`,
      queueUrl,
      queueArn: `${ARN}${name}`,
      functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:slow',
      enabled: true,
      batchSize: 1,
      batchingWindowSeconds: 0,
      maximumConcurrency: 2,
      reportBatchItemFailures: false,
    },
    { sqs, invoke, report: () => {} },
  ).start();
  cleanups.push(() => mapping.stop());
  return mapping;
}

async function control(options: Parameters<typeof monitoringWorld>[0] = {}) {
  const world = monitoringWorld(options);
  const mappings: EventSourceMapping[] = [];
  const updates: (string | undefined)[] = [];
  const events = { output: () => {}, counted: () => {}, crashed: () => {}, failed: () => {} };
  const server = await new ControlServer({
    functions: new Functions(1, events),
    mappings: () => mappings,
    updated: ({ settings }, before) => updates.push(sayUpdate(settings, before)),
    monitoring: world.monitoring,
    about: {},
  }).start();
  const lambda = new LambdaClient(config(server.url));
  const cloudWatch = new CloudWatchClient(config(server.url));
  cleanups.push(() => {
    lambda.destroy();
    cloudWatch.destroy();
    server.stop();
  });
  return { ...world, mappings, updates, lambda, cloudWatch };
}

type World = Awaited<ReturnType<typeof control>>;

const query = (
  Id: string,
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
  Stat: string,
): MetricDataQuery => ({
  Id,
  MetricStat: {
    Metric: {
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: 60,
    Stat,
  },
  ReturnData: true,
});
const ofQueue = (Id: string, MetricName: string, Stat: string) =>
  query(Id, 'AWS/SQS', MetricName, { QueueName: SLOW }, Stat);

/** The values by id, the newest first. */
async function values(world: World, ...MetricDataQueries: MetricDataQuery[]) {
  const { MetricDataResults = [] } = await world.cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(world.now() - 300_000),
      EndTime: new Date(world.now()),
      ScanBy: 'TimestampDescending',
      MetricDataQueries,
    }),
  );
  return Object.fromEntries(MetricDataResults.map(({ Id, Values }) => [Id, Values]));
}

describe('GetMetricData, as the SDK asks it', () => {
  test('tells the age of a queue, its rate, and the instances of a function', async () => {
    const world = await control();
    world.instances['baton-local-slow'] = 4;
    world.queue(SLOW, { visible: 20, oldestSeconds: 12.4 });
    await world.pass(60);
    world.queue(SLOW, { deleted: 30, oldestSeconds: 70 });
    await world.pass(60);
    expect(
      await values(
        world,
        ofQueue('age0', 'ApproximateAgeOfOldestMessage', 'Maximum'),
        ofQueue('completed0', 'NumberOfMessagesDeleted', 'Sum'),
        query(
          'instances0',
          'AWS/Lambda',
          'ConcurrentExecutions',
          { FunctionName: 'baton-local-slow' },
          'Maximum',
        ),
        query('failed0', 'Baton', 'TasksFailed', { System: 'baton-local', Plugin: 'slow' }, 'Sum'),
      ),
    ).toEqual({ age0: [70, 12], completed0: [30, 0], instances0: [4, 4], failed0: [] });
  });

  test('shows instances and age as they are now, not the most of the last minute', async () => {
    const world = await control();
    world.instances['baton-local-slow'] = 4;
    world.queue(SLOW, { oldestSeconds: 50 });
    await world.pass(10);
    world.instances['baton-local-slow'] = 0;
    world.queue(SLOW, { oldestSeconds: 0 });
    await world.pass(5);
    expect(
      await values(
        world,
        ofQueue('age0', 'ApproximateAgeOfOldestMessage', 'Maximum'),
        query(
          'instances0',
          'AWS/Lambda',
          'ConcurrentExecutions',
          { FunctionName: 'baton-local-slow' },
          'Maximum',
        ),
      ),
    ).toEqual({ age0: [0], instances0: [0] });
  });

  test('keeps rates those of real seconds when minutes are hurried', async () => {
    const world = await control({ minuteSeconds: 2 });
    for (let deleted = 10; deleted <= 100; deleted += 10) {
      world.queue(SLOW, { deleted });
      await world.pass(1, 1);
    }
    const { completed0 = [] }: Record<string, number[] | undefined> = await values(
      world,
      ofQueue('completed0', 'NumberOfMessagesDeleted', 'Sum'),
    );
    expect(completed0).toEqual([600, 600, 600, 600, 600]);
    expect(completed0.reduce((sum, value) => sum + value, 0) / (60 * completed0.length)).toBe(10);
  });

  test('finds in the window of a day that a queue was worked on hours ago', async () => {
    const world = await control();
    world.queue(SLOW, { deleted: 0 });
    await world.pass(60);
    world.queue(SLOW, { deleted: 7 });
    await world.pass(20 * 3600, 60);
    const { MetricDataResults = [] } = await world.cloudWatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(world.now() - 86_400_000),
        EndTime: new Date(world.now()),
        MetricDataQueries: [ofQueue('worked0', 'NumberOfMessagesDeleted', 'Sum')],
      }),
    );
    expect(MetricDataResults[0]?.Values?.filter((value) => value > 0)).toEqual([7]);
  });

  test('knows what functions write in the embedded metric format', async () => {
    const world = await control();
    const line = (System: string, failed: number) =>
      JSON.stringify({
        _aws: {
          Timestamp: world.now(),
          CloudWatchMetrics: [
            {
              Namespace: 'Baton',
              Dimensions: [['System', 'Plugin'], ['System']],
              Metrics: [{ Name: 'TasksFailed', Unit: 'Count' }],
            },
          ],
        },
        System,
        Plugin: 'slow',
        TasksFailed: failed,
      });
    world.monitoring.wrote(
      `${line('baton-local', 3)}\n{"level":"INFO"}\n${line('baton-local', 2)}\n`,
    );
    world.monitoring.wrote(`{"_aws":{}}\n{"_aws": cut off\n`);
    expect(
      await values(
        world,
        query('of', 'Baton', 'TasksFailed', { Plugin: 'slow', System: 'baton-local' }, 'Sum'),
        query('all', 'Baton', 'TasksFailed', { System: 'baton-local' }, 'Sum'),
        query('other', 'Baton', 'TasksFailed', { System: 'beta-local' }, 'Sum'),
      ),
    ).toEqual({ of: [5], all: [5], other: [] });
  });

  test('says what it does not provide', async () => {
    const world = await control();
    await expect(values(world, ofQueue('p99', 'NumberOfMessagesDeleted', 'p99'))).rejects.toThrow(
      'the query p99 is not one of a metric with one of',
    );
  });
});

describe('event source mappings, as the SDK has them', () => {
  test('are listed by queue', async () => {
    const world = await control();
    world.mappings.push(mappingOf(SLOW, await queue(SLOW), async () => ({})));
    world.mappings.push(mappingOf(`${PREFIX}a`, await queue(`${PREFIX}a`), async () => ({})));
    const { EventSourceMappings } = await world.lambda.send(
      new ListEventSourceMappingsCommand({ EventSourceArn: `${ARN}${SLOW}` }),
    );
    expect(EventSourceMappings).toEqual([
      expect.objectContaining({
        UUID: `uuid-of-${SLOW}`,
        State: 'Enabled',
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    ]);
  });

  test('with more concurrency more runs at once, at once', async () => {
    const world = await control();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    let running = 0;
    const url = await queue(SLOW, 6);
    world.mappings.push(
      mappingOf(SLOW, url, async () => {
        running += 1;
        await released;
      }),
    );
    await until('two run', () => running === 2);
    await world.lambda.send(
      new UpdateEventSourceMappingCommand({
        UUID: `uuid-of-${SLOW}`,
        ScalingConfig: { MaximumConcurrency: 5 },
      }),
    );
    await until('five run', () => running === 5);
    expect(world.updates).toEqual(['at most 5 at once, 2 before']);
    release();
    await until('all have run', () => running === 6);
  });

  test('one that is switched off takes nothing, and goes on when it is switched on', async () => {
    const world = await control();
    let ran = 0;
    const url = await queue(SLOW);
    world.mappings.push(
      mappingOf(SLOW, url, async () => {
        ran += 1;
      }),
    );
    const update = (Enabled: boolean) =>
      world.lambda.send(new UpdateEventSourceMappingCommand({ UUID: `uuid-of-${SLOW}`, Enabled }));
    expect((await update(false)).State).toBe('Disabled');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'waits' }));
    const read = embeddedQueues(aws.awsEndpoint);
    expect((await read())[SLOW]).toMatchObject({ visible: 1, inFlight: 0 });
    await update(true);
    await until('it has run', () => ran === 1);
    expect(world.updates).toEqual(['switched off', 'switched on']);
  });

  test('an unknown one, and a concurrency that Lambda refuses, have the names of their errors', async () => {
    const world = await control();
    world.mappings.push(mappingOf(SLOW, await queue(SLOW), async () => ({})));
    await expect(
      world.lambda.send(new GetEventSourceMappingCommand({ UUID: 'unknown' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(
      world.lambda.send(
        new UpdateEventSourceMappingCommand({
          UUID: `uuid-of-${SLOW}`,
          ScalingConfig: { MaximumConcurrency: 1 },
        }),
      ),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'MaximumConcurrency is 1; it must be from 2 to 1000',
    });
  });
});

describe('samples of queues', () => {
  let url: string;
  beforeEach(async () => {
    url = await queue(`${PREFIX}sampled`, 3);
  });

  test('the embedded SQS tells the age of the oldest message and what was deleted', async () => {
    const read = embeddedQueues(aws.awsEndpoint);
    const { [`${PREFIX}sampled`]: before } = await read();
    expect(before).toMatchObject({ visible: 3, inFlight: 0, delayed: 0 });
    await until('the oldest has grown old', async () => {
      const { [`${PREFIX}sampled`]: now } = await read();
      return (now?.oldestSeconds ?? 0) > (before?.oldestSeconds ?? 0);
    });
    await take(url);
    const { [`${PREFIX}sampled`]: after } = await read();
    expect(after?.visible).toBe(2);
    expect((after?.deleted ?? 0) - (before?.deleted ?? 0)).toBe(1);
    await purge(url);
    expect((await read())[`${PREFIX}sampled`]).toMatchObject({ visible: 0, oldestSeconds: 0 });
  });

  test('of another SQS the oldest is taken to have come when the queue was last seen empty', async () => {
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
});

// Bug: fauxqs looked at messages by halves of surrogate pairs, and refused all beyond #xFFFF. Mend: its pattern reads code points.
test('an emoji is as good a character as any; half a pair and control characters are refused', async () => {
  const QueueUrl = await queue(`${PREFIX}emoji`);
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
