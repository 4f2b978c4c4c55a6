import { describe, expect, it } from '@jest/globals';
import { requestOf } from '../../ports/registry.contract.ts';
import { alarmMessage, BEHIND, createWorld, T0 } from './plugins-world.ts';

describe('an alarm on a plugin that is behind', () => {
  it('names the plugin with cause and time to drain, and gives it more instances', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    await world.alarm('depth', 'ALARM');
    const bottleneck = {
      ...{ plugin: 'A', alarms: ['baton-test-plugin-A-depth'], since: T0 },
      ...{ cause: 'atCap', timeToDrainSeconds: 150, maximumConcurrency: 4 },
    };
    expect(world.facts).toEqual([{ type: 'plugin.bottleneck', ...bottleneck }]);
    expect(await world.ports.bottlenecks.list()).toMatchObject([bottleneck]);
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
  });

  it('that comes twice counts once', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    await world.alarm('depth', 'ALARM');
    await world.alarm('depth', 'ALARM');
    expect(world.facts).toHaveLength(1);
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
  });

  it('takes no further step while another one rings; the last to end clears the bottleneck', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    await world.alarm('depth', 'ALARM');
    await world.alarm('age', 'ALARM');
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
    await world.alarm('depth', 'OK');
    expect(world.facts).toHaveLength(1);
    world.now.at += 5000;
    await world.alarm('age', 'OK');
    const [, cleared] = world.facts;
    const times = { since: T0, clearedAt: T0 + 5000 };
    expect(cleared).toEqual({ type: 'plugin.bottleneck.cleared', plugin: 'A', ...times });
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 3 });
  });

  it('raises the concurrency each minute up to the ceiling, and lowers it to the base afterwards', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', { ...BEHIND, inFlight: 100 });
    const seen = [];
    await world.alarm('depth', 'ALARM');
    for (let minute = 0; minute < 3; minute += 1) {
      seen.push(world.mapping('A')?.maximumConcurrency);
      await world.minute();
    }
    await world.alarm('depth', 'OK');
    for (let minute = 0; minute < 6; minute += 1) {
      seen.push(world.mapping('A')?.maximumConcurrency);
      await world.minute();
    }
    expect(seen).toEqual([4, 8, 8, 6, 4, 3, 2, 2, 2]);
    expect(world.facts.map(({ type }) => type)).toEqual([
      'plugin.bottleneck',
      'plugin.bottleneck.cleared',
    ]);
    expect(await world.ports.bottlenecks.list()).toEqual([]);
  });

  it('gives no more instances to a plugin that fails, and publishes a change of the cause', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', { ...BEHIND, throughput: { ...BEHIND.throughput, failedPerSecond: 2 } });
    await world.alarm('depth', 'ALARM');
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 2 });
    world.around('A', BEHIND);
    await world.minute();
    expect(world.facts).toMatchObject([
      { cause: 'failing', timeToDrainSeconds: null, since: T0 },
      { cause: 'atCap', timeToDrainSeconds: 150, since: T0 },
    ]);
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
  });

  it('that still rings over an empty queue neither changes the cause nor adds instances', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    await world.alarm('depth', 'ALARM');
    world.around('A', { queued: 0, inFlight: 0, gauges: { oldestSeconds: 0, instances: 0 } });
    await world.minute();
    expect(world.facts).toHaveLength(1);
    expect(await world.ports.bottlenecks.list()).toMatchObject([
      { cause: 'atCap', timeToDrainSeconds: 0, maximumConcurrency: 4 },
    ]);
  });

  it('waits for the next minute when the mapping is in the middle of another change', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', { ...BEHIND, changing: 1 });
    await world.alarm('depth', 'ALARM');
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 2 });
    await world.minute();
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
  });

  it('names the plugin without metrics, too', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    const away = async () => Promise.reject(new Error('no answer'));
    Object.assign(world.ports.pluginMetrics, { gauges: away, throughput: away });
    await world.alarm('depth', 'ALARM');
    expect(world.facts).toMatchObject([{ cause: 'atCap', timeToDrainSeconds: null }]);
  });

  it('names as its cause a mapping that somebody disabled or removed', async () => {
    const world = createWorld({ name: 'A' }, { name: 'B' });
    world.around('A', { ...BEHIND, mapping: { ...world.mapping('A')!, enabled: false } });
    world.around('B', { ...BEHIND, mapping: undefined });
    await world.alarm('depth', 'ALARM');
    await world.alarm('depth', 'ALARM', 'B');
    expect(world.facts).toMatchObject([{ cause: 'switchedOff' }, { cause: 'switchedOff' }]);
    expect(world.mapping('A')).toMatchObject({ enabled: false, maximumConcurrency: 2 });
  });

  it('that loses the race for the record reads it again', async () => {
    const world = createWorld({ name: 'A' });
    world.around('A', BEHIND);
    await Promise.all([world.alarm('depth', 'ALARM'), world.alarm('age', 'ALARM')]);
    const [bottleneck] = await world.ports.bottlenecks.list();
    expect([...(bottleneck?.alarms ?? [])].sort()).toEqual([
      'baton-test-plugin-A-age',
      'baton-test-plugin-A-depth',
    ]);
    expect(world.mapping('A')).toMatchObject({ maximumConcurrency: 4 });
  });
});

it.each([
  ['the orchestrator', 'baton-test-orchestrator-dead'],
  ["a plugin's dead letters", 'baton-test-plugin-A-dead'],
  ['a plugin that is not registered', 'baton-test-plugin-B'],
  ['another system', 'other-test-plugin-A'],
])('an alarm on the queue of %s is left to people', async (_, queue) => {
  const world = createWorld({ name: 'A' });
  await world.hear(alarmMessage(queue, 'depth', 'ALARM'));
  expect([...world.facts, ...world.calls]).toEqual([]);
});

it('the record of a removed plugin is removed, too', async () => {
  const world = createWorld({ name: 'A', owner: 'stack' });
  world.around('A', BEHIND);
  await world.alarm('depth', 'ALARM');
  await world.ports.registry.remove('A', requestOf('A', { stackId: 'stack/1' }));
  await world.minute();
  expect(await world.ports.bottlenecks.list()).toEqual([]);
});
