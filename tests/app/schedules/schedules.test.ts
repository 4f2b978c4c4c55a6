import { describe, expect, it } from '@jest/globals';
import { fireSchedules } from '../../../src/app/schedules/fire-schedules.ts';
import type { System } from '../system.ts';
import { createSystem, T0 } from '../system.ts';

interface Run {
  readonly at: string;
  readonly outcome: string;
  readonly orderId?: string;
  readonly until?: string;
  readonly reason?: string;
}

interface View {
  readonly name: string;
  readonly status: string;
  readonly nextRuns: readonly string[];
  readonly nextRunAt?: string;
  readonly queuedAt?: string;
  readonly runs: readonly Run[];
  readonly every?: number;
  readonly timeZone?: string;
}

/** T0 is 08:00. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const HOURLY = { cron: '0 * * * *', todo: ['A'], input: 5 };

const put = (system: System, definition: object, name = 'hourly') =>
  system.call<View>('PUT', `/schedules/${name}`, { body: definition });
const look = async (system: System, name = 'hourly') =>
  (await system.call<View>('GET', `/schedules/${name}`)).body;
const runsOf = async (system: System) =>
  (await look(system)).runs.map(({ at, outcome }) => [at.slice(11, 16), outcome]);
const sweepAt = async (system: System, at: number) => {
  system.now.at = at;
  await fireSchedules(system.ports);
};
const ordersOf = ({ ports }: System) => [...ports.journal.all().keys()];

describe('a schedule', () => {
  it('places an order at its minute, under an id that tells its name and the minute', async () => {
    const system = createSystem();
    const { status, body } = await put(system, { ...HOURLY, attributes: { shop: 'north' } });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      name: 'hourly',
      status: 'active',
      overlap: 'skip',
      catchUp: 'last',
    });
    expect(body.nextRuns).toEqual(
      [9, 10, 11, 12, 13].map((hour) => `2026-11-21T${String(hour).padStart(2, '0')}:00:00.000Z`),
    );

    await sweepAt(system, T0 + HOUR_MS - 1);
    expect(ordersOf(system)).toEqual([]);
    await sweepAt(system, T0 + HOUR_MS);
    expect(ordersOf(system)).toEqual(['hourly:20261121T0900Z']);
    await system.run();
    const order = await system.call<object>('GET', '/orders/hourly:20261121T0900Z');
    expect(order.body).toMatchObject({ status: 'completed', result: 7 });
    expect(await look(system)).toMatchObject({
      nextRunAt: '2026-11-21T10:00:00.000Z',
      runs: [
        { at: '2026-11-21T09:00:00.000Z', outcome: 'placed', orderId: 'hourly:20261121T0900Z' },
      ],
    });
    await sweepAt(system, T0 + HOUR_MS + MINUTE_MS);
    expect(ordersOf(system)).toHaveLength(1);
  });

  it('counts every so many minutes from the one in which it was put', async () => {
    const system = createSystem();
    system.now.at = T0 + 90_500;
    const { body } = await put(system, { every: '15m', todo: ['A'], input: 5 });
    expect(body.every).toBe(900);
    expect(body.nextRuns.slice(0, 2)).toEqual([
      '2026-11-21T08:16:00.000Z',
      '2026-11-21T08:31:00.000Z',
    ]);
  });

  it('goes by the clocks of its time zone, over their change', async () => {
    const system = createSystem();
    system.now.at = Date.parse('2026-03-28T12:00:00Z');
    const { body } = await put(system, {
      ...HOURLY,
      cron: '30 6 * * *',
      timeZone: 'Europe/Berlin',
    });
    expect(body.nextRuns.slice(0, 2)).toEqual([
      '2026-03-29T04:30:00.000Z',
      '2026-03-30T04:30:00.000Z',
    ]);
    const before = createSystem();
    before.now.at = Date.parse('2026-03-27T12:00:00Z');
    const winter = await put(before, { ...HOURLY, cron: '30 6 * * *', timeZone: 'Europe/Berlin' });
    expect(winter.body.nextRuns[0]).toBe('2026-03-28T05:30:00.000Z');
  });

  it('that is put again keeps its runs and its next one, unless it is another time now', async () => {
    const system = createSystem();
    await put(system, { every: '10m', todo: ['A'], input: 5 });
    await sweepAt(system, T0 + 10 * MINUTE_MS);
    system.now.at += 5 * MINUTE_MS;
    const same = await put(system, { every: '10m', todo: ['B'], input: 5 });
    expect(same.status).toBe(200);
    expect(same.body.nextRunAt).toBe('2026-11-21T08:20:00.000Z');
    expect(same.body.runs).toHaveLength(1);
    const other = await put(system, { every: '20m', todo: ['B'], input: 5 });
    expect(other.body.nextRunAt).toBe('2026-11-21T08:35:00.000Z');
  });

  it('that was deleted places nothing any more', async () => {
    const system = createSystem();
    await put(system, HOURLY);
    expect((await system.call('DELETE', '/schedules/hourly')).status).toBe(200);
    await sweepAt(system, T0 + HOUR_MS);
    expect(ordersOf(system)).toEqual([]);
    expect((await system.call('GET', '/schedules/hourly')).status).toBe(404);
  });

  it('is listed by name, without what its orders bring', async () => {
    const system = createSystem();
    await put(system, HOURLY, 'b');
    await put(system, HOURLY, 'a');
    const first = await system.call<{ schedules: object[]; next?: string }>('GET', '/schedules', {
      query: { limit: '1' },
    });
    expect(first.body).toMatchObject({ schedules: [{ name: 'a', status: 'active' }], next: 'a' });
    expect(first.body.schedules[0]).not.toHaveProperty('input');
  });
});

describe('while a schedule is paused', () => {
  it('its runs do not take place, and those that came meanwhile never do', async () => {
    const system = createSystem();
    await put(system, HOURLY);
    const paused = await system.call<View>('POST', '/schedules/hourly/pause', {
      body: { reason: 'stocktaking' },
      as: { kind: 'operator', name: 'ada' },
    });
    expect(paused.body).toMatchObject({
      status: 'paused',
      paused: { actor: 'operator ada', reason: 'stocktaking' },
      nextRuns: [],
    });
    await sweepAt(system, T0 + 3 * HOUR_MS);
    expect(ordersOf(system)).toEqual([]);
    // It stays paused when it is put again.
    expect((await put(system, { ...HOURLY, todo: ['B'] })).body.status).toBe('paused');
    const resumed = await system.call<View>('POST', '/schedules/hourly/resume');
    expect(resumed.body).toMatchObject({ status: 'active', nextRunAt: '2026-11-21T12:00:00.000Z' });
    await sweepAt(system, T0 + 4 * HOUR_MS);
    expect(ordersOf(system)).toEqual(['hourly:20261121T1200Z']);
  });
});

describe('a run whose previous order has not ended', () => {
  it('is left out', async () => {
    const system = createSystem();
    await put(system, HOURLY);
    await sweepAt(system, T0 + HOUR_MS);
    await sweepAt(system, T0 + 2 * HOUR_MS);
    expect(await runsOf(system)).toEqual([
      ['10:00', 'skipped'],
      ['09:00', 'placed'],
    ]);
    expect((await look(system)).runs[0]?.reason).toBe('order hourly:20261121T0900Z had not ended');
    await system.run();
    await sweepAt(system, T0 + 3 * HOUR_MS);
    expect((await runsOf(system))[0]).toEqual(['11:00', 'placed']);
  });

  it('waits until then, if the schedule says queue; one at most', async () => {
    const system = createSystem();
    await put(system, { ...HOURLY, overlap: 'queue' });
    for (const hour of [1, 2, 3]) await sweepAt(system, T0 + hour * HOUR_MS);
    expect(await look(system)).toMatchObject({ queuedAt: '2026-11-21T10:00:00.000Z' });
    expect(await runsOf(system)).toEqual([
      ['11:00', 'skipped'],
      ['09:00', 'placed'],
    ]);
    await system.run();
    await sweepAt(system, T0 + 3 * HOUR_MS + MINUTE_MS);
    expect((await runsOf(system))[0]).toEqual(['10:00', 'placed']);
    expect(await look(system)).not.toHaveProperty('queuedAt');
    expect(ordersOf(system)).toEqual(['hourly:20261121T0900Z', 'hourly:20261121T1000Z']);
  });

  it('takes place, if the schedule says allow', async () => {
    const system = createSystem();
    await put(system, { ...HOURLY, overlap: 'allow' });
    for (const hour of [1, 2]) await sweepAt(system, T0 + hour * HOUR_MS);
    expect(ordersOf(system)).toHaveLength(2);
  });
});

describe('runs that the system has missed', () => {
  const missing = async (catchUp: string) => {
    const system = createSystem();
    await put(system, { ...HOURLY, overlap: 'allow', catchUp });
    // From 09:00 on nobody was there.
    await sweepAt(system, T0 + 4 * HOUR_MS + 30 * MINUTE_MS);
    return system;
  };

  it('are made good by the last of them', async () => {
    const system = await missing('last');
    expect(ordersOf(system)).toEqual(['hourly:20261121T1200Z']);
    expect((await look(system)).runs).toEqual([
      { at: '2026-11-21T12:00:00.000Z', outcome: 'placed', orderId: 'hourly:20261121T1200Z' },
      { at: '2026-11-21T09:00:00.000Z', outcome: 'missed', until: '2026-11-21T11:00:00.000Z' },
    ]);
  });

  it('are let go with none', async () => {
    const system = await missing('none');
    expect(ordersOf(system)).toEqual([]);
    expect((await look(system)).runs).toEqual([
      { at: '2026-11-21T09:00:00.000Z', outcome: 'missed', until: '2026-11-21T12:00:00.000Z' },
    ]);
    await sweepAt(system, T0 + 5 * HOUR_MS);
    expect(ordersOf(system)).toEqual(['hourly:20261121T1300Z']);
  });

  it('all take place with all, ten a sweep', async () => {
    const system = createSystem();
    await put(system, { every: '1m', todo: ['A'], input: 5, overlap: 'allow', catchUp: 'all' });
    await sweepAt(system, T0 + 13 * MINUTE_MS);
    expect(ordersOf(system)).toHaveLength(10);
    await fireSchedules(system.ports);
    expect(ordersOf(system)).toHaveLength(13);
  });

  it('by less than five minutes take place: a sweep or two may fail', async () => {
    const system = createSystem();
    await put(system, { ...HOURLY, catchUp: 'none' });
    await sweepAt(system, T0 + HOUR_MS + 5 * MINUTE_MS);
    expect(await runsOf(system)).toEqual([['09:00', 'placed']]);
  });
});

describe('a run that cannot take place', () => {
  it('is refused with the reason, and the next one is tried again', async () => {
    const system = createSystem();
    const workflow = { activities: [{ name: 'a', pre: ['A'] }] };
    await system.call('PUT', '/workflows/tidy', { body: workflow });
    await put(system, { cron: '0 * * * *', workflow: 'tidy', input: 5 });
    const registered = system.ports.registry.plugins;
    system.ports.registry.plugins = async () => new Map();
    await sweepAt(system, T0 + HOUR_MS);
    expect((await look(system)).runs).toEqual([
      {
        at: '2026-11-21T09:00:00.000Z',
        outcome: 'refused',
        reason: 'UNKNOWN_PLUGIN: workflow: workflow tidy names plugin A, which is not registered',
      },
    ]);
    system.ports.registry.plugins = registered;
    await sweepAt(system, T0 + 2 * HOUR_MS);
    expect((await runsOf(system))[0]).toEqual(['10:00', 'placed']);
  });

  it("is that schedule's only", async () => {
    const system = createSystem();
    await put(system, HOURLY, 'a');
    await put(system, HOURLY, 'b');
    const { append } = system.ports.journal;
    system.ports.journal.append = async (entry, previous) => {
      if (entry.orderId.startsWith('a:')) throw new Error('throttled');
      return append(entry, previous);
    };
    await sweepAt(system, T0 + HOUR_MS);
    expect(ordersOf(system)).toEqual(['b:20261121T0900Z']);
    system.ports.journal.append = append;
    await sweepAt(system, T0 + HOUR_MS + MINUTE_MS);
    expect(ordersOf(system).sort()).toEqual(['a:20261121T0900Z', 'b:20261121T0900Z']);
  });
});

describe('a sweep that dies while it fires', () => {
  /** Calls of these ports, before or after which it may die. */
  const CALLS = [
    ['journal', 'append'],
    ['activeOrders', 'put'],
    ['messenger', 'send'],
    ['schedules', 'put'],
  ] as const;
  const deaths = CALLS.flatMap(([port, call]) =>
    (['before', 'after'] as const).map((when) => [when, port, call] as const),
  );

  it.each(deaths)('%s %s.%s has placed one order in the end', async (when, port, call) => {
    const system = createSystem();
    await put(system, HOURLY);
    const calls = system.ports[port] as unknown as Record<
      string,
      (...args: unknown[]) => Promise<unknown>
    >;
    const whole = calls[call] as (...args: unknown[]) => Promise<unknown>;
    calls[call] = async (...args) => {
      calls[call] = whole;
      if (when === 'after') await whole(...args);
      throw new Error('dead');
    };
    await sweepAt(system, T0 + HOUR_MS);
    await sweepAt(system, T0 + HOUR_MS + MINUTE_MS);
    expect(calls[call]).toBe(whole);
    expect(ordersOf(system)).toEqual(['hourly:20261121T0900Z']);
    await system.run();
    expect(await look(system)).toMatchObject({ nextRunAt: '2026-11-21T10:00:00.000Z' });
    expect(await runsOf(system)).toEqual([['09:00', 'placed']]);
  });
});

describe('what cannot be a schedule is refused by name', () => {
  it.each<[string, object, string]>([
    ['no time', { todo: ['A'], input: 5 }, 'cron: a schedule has either cron or every'],
    ['two times', { ...HOURLY, every: '5m' }, 'cron: a schedule has either cron or every'],
    ['seconds', { ...HOURLY, cron: '*/5 * * * * *' }, 'cron: must have five fields as in crontab'],
    ['no cron', { ...HOURLY, cron: 'daily' }, 'cron: must have five fields as in crontab'],
    [
      'a minute that no hour has',
      { ...HOURLY, cron: '61 * * * *' },
      'cron: Invalid value for minute: 61',
    ],
    ['a day that no year has', { ...HOURLY, cron: '0 0 30 2 *' }, 'cron: it never comes'],
    [
      'a place that no map has',
      { ...HOURLY, timeZone: 'Mars/Base' },
      'timeZone: must be an IANA time zone',
    ],
    [
      'a time zone without a clock',
      { every: '5m', timeZone: 'UTC', todo: ['A'], input: 1 },
      'timeZone: only cron',
    ],
    ['half minutes', { every: '90s', todo: ['A'], input: 1 }, 'every: schedules run to the minute'],
    ['nothing to run', { cron: '0 * * * *', input: 5 }, 'workflow: an order names a workflow'],
    [
      'another overlap',
      { ...HOURLY, overlap: 'kill' },
      'overlap: must be one of "skip", "queue", "allow"',
    ],
    ['no input', { cron: '0 * * * *', todo: ['A'] }, 'input: a JSON value is required'],
    ['an unknown key', { ...HOURLY, crons: 1 }, 'crons: this key is not known here'],
    ['an unknown plugin', { ...HOURLY, todo: ['Z'] }, 'todo[0]: no plugin Z is registered'],
    [
      'an unknown workflow',
      { cron: '0 * * * *', workflow: 'none', input: 5 },
      'workflow: there is no workflow none',
    ],
  ])('%s', async (_name, definition, detail) => {
    const system = createSystem();
    const { status, body } = await put(system, definition);
    expect(status).toBe(422);
    expect((body as unknown as { detail: string }).detail).toContain(detail);
    expect(await system.ports.schedules.list()).toEqual([]);
  });

  it('a name that makes ids too long, and an id that only a schedule may give', async () => {
    const system = createSystem();
    expect((await put(system, HOURLY, 'x'.repeat(49))).status).toBe(422);
    const order = { orderId: 'hourly:20261121T0900Z', input: 5, todo: ['A'] };
    expect(await system.call('POST', '/orders', { body: order })).toMatchObject({
      status: 422,
      body: {
        path: 'orderId',
        detail: 'orderId: ids like this one are made from the names of schedules',
      },
    });
  });

  it('an input that is too large', async () => {
    const { status, body } = await put(createSystem(), { ...HOURLY, input: 'x'.repeat(2100) });
    expect([status, body]).toMatchObject([413, { path: 'input' }]);
  });
});
