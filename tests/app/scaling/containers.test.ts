import { describe, expect, it } from '@jest/globals';
import { makeStatus } from '../../../src/app/scaling/status-api.ts';
import { CONTEXT, httpEvent } from '../system.ts';
import { BEHIND, createWorld, T0 } from './plugins-world.ts';

const worker = (name: string, concurrency: number, at = T0) => ({
  ...{ plugin: 'A', worker: name, concurrency, busy: 0, at },
});

describe('a plugin that runs in containers', () => {
  it('is behind for want of workers, if none has been heard of', async () => {
    const world = createWorld({ name: 'A', runs: 'container' });
    world.around('A', { ...BEHIND, inFlight: 0 });
    await world.ports.workers.record(worker('dead', 4, T0 - 151_000));
    await world.ports.workers.record({ ...worker('foreign', 4), plugin: 'B' });
    await world.alarm('depth', 'ALARM');
    expect(world.facts).toMatchObject([{ cause: 'noWorker', maximumConcurrency: 0 }]);
  });

  it.each([
    [8, 'atCap'],
    [3, 'slow'],
  ])('with %i tasks in flight is behind with the cause %s', async (inFlight, cause) => {
    const world = createWorld({ name: 'A', runs: 'container' });
    world.around('A', { ...BEHIND, inFlight });
    await world.ports.workers.record(worker('w1', 6));
    await world.ports.workers.record(worker('w2', 2, T0 - 149_000));
    await world.alarm('depth', 'ALARM');
    expect(world.facts).toMatchObject([{ cause, maximumConcurrency: 8 }]);
  });

  it('has no mapping: none is looked for, and none is changed', async () => {
    const world = createWorld({ name: 'A', runs: 'container' });
    world.around('A', { ...BEHIND, inFlight: 8 });
    await world.ports.workers.record(worker('w1', 8));
    await world.alarm('depth', 'ALARM');
    await world.minute();
    await world.alarm('depth', 'OK');
    await world.minute();
    expect(world.calls).toEqual([]);
    expect(world.mapping('A')).toMatchObject({ enabled: true, maximumConcurrency: 2 });
    expect(world.facts.map(({ type }) => type)).toEqual([
      'plugin.bottleneck',
      'plugin.bottleneck.cleared',
    ]);
    expect(await world.ports.bottlenecks.list()).toEqual([]);
  });

  it('shows its workers as instances, also at rest', async () => {
    const world = createWorld({ name: 'A', runs: 'container' });
    await world.ports.workers.record(worker('w1', 6));
    await world.ports.workers.record(worker('w2', 2));
    await world.ports.workers.record(worker('gone', 2, T0 - 600_000));
    const status = makeStatus(world.ports);
    const { body } = (await status(httpEvent('GET', '/status', {}), CONTEXT)) as { body: string };
    expect(JSON.parse(body)).toMatchObject({
      plugins: [{ instances: 2, concurrency: { base: 8, ceiling: 8, now: 8 }, health: 'ok' }],
    });
  });
});
