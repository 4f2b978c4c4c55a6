import { GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterEach, expect, it } from '@jest/globals';
import { type ControlWithClients, controlWithClients } from './control-clients.ts';

const SLOW = 'baton-local-plugin-slow';

const started: ControlWithClients[] = [];
afterEach(() => {
  for (const world of started.splice(0)) world.stop();
});

async function control(options: Parameters<typeof controlWithClients>[0] = {}) {
  const world = await controlWithClients(options);
  started.push(world);
  return world;
}

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
async function values(world: ControlWithClients, ...MetricDataQueries: MetricDataQuery[]) {
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

it('tells the age of a queue, its rate, and the instances of a function', async () => {
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

it('shows instances and age as they are now, not the most of the last minute', async () => {
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

it('keeps rates those of real seconds when minutes are hurried', async () => {
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

it('finds in the window of a day that a queue was worked on hours ago', async () => {
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

it('knows what functions write in the embedded metric format', async () => {
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

it('says what it does not provide', async () => {
  const world = await control();
  await expect(values(world, ofQueue('p99', 'NumberOfMessagesDeleted', 'p99'))).rejects.toThrow(
    'the query p99 is not one of a metric with one of',
  );
});
