import { describe, expect, it } from '@jest/globals';
import { makeObserve } from '../../../src/app/scaling/observe-system.ts';
import { createMetrics } from '../../../src/aws/metrics.ts';
import { placed, T0 } from '../../ports/entries.ts';
import { CONTEXT } from '../system.ts';
import { BEHIND, createWorld } from './plugins-world.ts';

async function addOrder(world: ReturnType<typeof createWorld>, orderId: string, workflow: string) {
  const version = 3;
  const wakeUp = { at: T0, entry: 0 };
  await world.ports.activeOrders.put({ orderId, wakeUp, workflow: { name: workflow, version } });
  await world.ports.journal.append(placed({ orderId, workflow }));
}

describe('the gauges', () => {
  it('count orders by workflow, all tasks, and the tasks of each plugin that has any', async () => {
    const world = createWorld({ name: 'A' }, { name: 'B' });
    world.around('A', BEHIND);
    await addOrder(world, 'o1', 'photo-order');
    await addOrder(world, 'o2', 'todo-1');
    await addOrder(world, 'o3', 'todo-2');
    await world.minute();
    expect(world.published).toEqual([
      {
        ...{ ActiveOrders: 3, OrdersStuck: 0, TasksRemaining: 0 },
        ...{ TasksQueued: 300, TasksInFlight: 8 },
      },
      { Workflow: 'photo-order', ActiveOrders: 1 },
      { Workflow: 'todo-*', ActiveOrders: 2 },
      {
        ...{ Plugin: 'A', TasksQueued: 300, TasksInFlight: 8, OldestTaskSeconds: 200 },
        ...{ Instances: 2, InAlarm: 0, MaximumConcurrency: 2 },
      },
    ]);
  });

  it('end at zero; after that an idle system publishes nothing', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', { queued: 1 });
    await world.minute();
    world.around('A', { queued: 0 });
    world.published.splice(0);
    await world.minute();
    expect(world.published).toMatchObject([
      { ActiveOrders: 0, TasksQueued: 0 },
      { Plugin: 'A', TasksQueued: 0, Instances: 0 },
    ]);
    world.published.splice(0);
    await world.minute();
    expect(world.published).toEqual([]);
  });

  it('are those of the system alone, where plugins are to have none', async () => {
    const world = createWorld({ name: 'A' });
    const observe = makeObserve({ ...world.ports, gaugesOfPlugins: false });
    for (const queued of [1, 0]) {
      world.around('A', { queued });
      await observe({}, CONTEXT);
    }
    expect(world.published).toMatchObject([{ TasksQueued: 1 }, { TasksQueued: 0 }]);
    expect(world.published.some((one) => 'Plugin' in one)).toBe(false);
  });

  it('leave out those that CloudWatch does not know', async () => {
    const world = createWorld({ name: 'A' });
    const gauges = { oldestSeconds: undefined, instances: undefined };
    world.around('A', { queued: 1, gauges });
    await world.minute();
    expect(world.published.at(-1)).toEqual({
      ...{ Plugin: 'A', TasksQueued: 1, TasksInFlight: 0, InAlarm: 0, MaximumConcurrency: 2 },
    });
  });

  it('estimate the remaining tasks of many orders from a sample', async () => {
    const world = createWorld({ name: 'A' }, { name: 'B' });
    const activity = { name: 'a', parallel: [], post: [] };
    const pre = [{ plugin: 'A' }, { plugin: 'B' }];
    for (let version = 1; version <= 3; version += 1) {
      const activities = [{ ...activity, name: `a${version}`, pre }];
      await world.ports.workflows.put({ name: 'two', on: [], activities });
    }
    for (let index = 0; index < 100; index += 1) await addOrder(world, `o${index}`, 'two');
    await world.minute();
    expect(world.published[0]).toMatchObject({ ActiveOrders: 100, TasksRemaining: 200 });
  });
});

it('a metric is a log line in the format that CloudWatch reads', () => {
  const lines: string[] = [];
  const metrics = createMetrics(
    'baton-test',
    () => T0,
    (line) => lines.push(line),
  );
  metrics.publish({ Plugin: 'A' }, { TasksQueued: 3, OldestTaskSeconds: 7 });
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      _aws: {
        Timestamp: T0,
        CloudWatchMetrics: [
          {
            Namespace: 'Baton',
            Dimensions: [['System', 'Plugin']],
            Metrics: [
              { Name: 'TasksQueued', Unit: 'Count' },
              { Name: 'OldestTaskSeconds', Unit: 'Seconds' },
            ],
          },
        ],
      },
      ...{ System: 'baton-test', Plugin: 'A', TasksQueued: 3, OldestTaskSeconds: 7 },
    },
  ]);
});
