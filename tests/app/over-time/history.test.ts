import { describe, expect, it } from '@jest/globals';
import type { Sample } from '../../../src/ports/history.ts';
import { BEHIND, createWorld } from '../scaling/plugins-world.ts';
import { createSystem, T0 } from '../system.ts';

const MINUTE_MS = 60_000;
const iso = (at: number) => new Date(at).toISOString();

const system = { active: 3, stuck: 0, queued: 5, inFlight: 2, parked: 0, remaining: 9 };
const plugin = { queued: 5, inFlight: 2, parked: 0, concurrency: 4, instances: 2 };

interface History {
  readonly per: string;
  readonly from: string;
  readonly to: string;
  readonly points: readonly object[];
}

describe('the history', () => {
  it('is kept once a minute, in the words of the status, of the plugins that have something to do', async () => {
    const world = createWorld({ name: 'A' }, { name: 'B' });
    world.around('A', BEHIND);
    await world.minute();
    const at = world.now.at;
    const { queued, inFlight, gauges } = BEHIND;
    expect(await world.ports.history.read('minute', at, at + MINUTE_MS)).toEqual([
      {
        at,
        system: { active: 0, stuck: 0, queued, inFlight, parked: 0, remaining: 0 },
        plugins: { A: { queued, inFlight, parked: 0, concurrency: 2, ...gauges } },
      },
    ]);
  });

  it('is not kept while all is at rest', async () => {
    const world = createWorld({ name: 'A' });
    await world.minute();
    expect(await world.ports.history.read('minute', 0, Infinity)).toEqual([]);
  });

  it('is summed up by the hour, and so are the counts', async () => {
    const world = createWorld({ name: 'A' });
    const summed: string[] = [];
    world.ports.history.sumUp = async () => void summed.push('history');
    world.ports.counts.sumUp = async () => void summed.push('counts');
    await world.minute();
    expect(summed.sort()).toEqual(['counts', 'history']);
  });

  it('of the system and of a plugin are points in time', async () => {
    const { call, ports, now } = createSystem();
    const sample: Sample = { at: T0, system, plugins: { A: plugin } };
    await ports.history.keep(sample);
    await ports.history.keep({ ...sample, at: T0 + MINUTE_MS, plugins: {} });
    now.at = T0 + MINUTE_MS;
    const whole = await call<History>('GET', '/history');
    expect(whole.body).toEqual({
      ...{ per: 'minute', from: iso(T0 - 58 * MINUTE_MS), to: iso(T0 + 2 * MINUTE_MS) },
      points: [
        { at: iso(T0), ...system },
        { at: iso(T0 + MINUTE_MS), ...system },
      ],
    });
    const query = { per: 'hour', from: iso(T0) };
    const own = await call<History>('GET', '/plugins/A/history', { query });
    expect(own.body).toMatchObject({
      name: 'A',
      per: 'hour',
      points: [{ at: iso(T0), ...plugin }],
    });
  });

  it('of a plugin without any is empty; of one that nobody knows there is none', async () => {
    const { call, ports } = createSystem({ A: () => 1, constructor: () => 1 });
    await ports.history.keep({ at: T0, system, plugins: { A: plugin } });
    const own = await call<History>('GET', '/plugins/constructor/history');
    expect(own).toMatchObject({ status: 200, body: { points: [] } });
    expect(await call('GET', '/plugins/C/history')).toMatchObject({ status: 404 });
  });

  it('is refused for a period that is too long or none, and to clients', async () => {
    const { call } = createSystem();
    const query = { from: iso(T0 - 25 * 60 * MINUTE_MS) };
    expect(await call('GET', '/history', { query })).toMatchObject({
      status: 422,
      body: { code: 'INVALID_REQUEST', path: 'from' },
    });
    expect(await call('GET', '/history', { query: { per: 'day' } })).toMatchObject({ status: 422 });
    const as = { kind: 'client', client: 'X' };
    expect(await call('GET', '/plugins/A/history', { as })).toMatchObject({ status: 403 });
  });
});
