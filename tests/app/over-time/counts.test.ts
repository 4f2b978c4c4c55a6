import { describe, expect, it } from '@jest/globals';
import type { Ended } from '../../../src/ports/counts.ts';
import { times } from '../../ports/store.ts';
import { createSystem, T0 } from '../system.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const iso = (at: number) => new Date(at).toISOString();

interface Counts {
  readonly from: string;
  readonly to: string;
  readonly of: string;
  readonly series: readonly {
    readonly name: string;
    readonly completed: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly points: readonly { readonly at: string; readonly completed: number }[];
  }[];
}

function counting() {
  const system = createSystem({
    A: (input) => input,
    Fails: () => {
      throw new Error('broken');
    },
  });
  const get = async (query: Readonly<Record<string, string>> = {}) =>
    (await system.call<Counts>('GET', '/counts', { query })).body;
  const ended = async (...ends: readonly Ended[]) => system.ports.counts.add(ends);
  return { ...system, get, ended };
}

const completed = (name: string): Ended => ({ by: 'workflow', name, how: 'completed' });

describe('counts', () => {
  it('tell of orders by workflow, of attempts by plugin, and of failed orders by code', async () => {
    const system = counting();
    await system.call('PUT', '/workflows/w', {
      body: { activities: [{ name: 'go', pre: ['A'] }] },
    });
    for (const order of [{ workflow: 'w' }, { todo: ['A', 'A'] }, { todo: ['A', 'Fails'] }]) {
      await system.call('POST', '/orders', { body: { input: 1, ...order } });
    }
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'], orderId: 'unwanted' } });
    await system.call('POST', '/orders/unwanted/cancel');
    await system.run();

    const none = { completed: 0, failed: 0, cancelled: 0 };
    const { series, of } = await system.get({ by: 'workflow' });
    const at = iso(T0);
    expect(of).toBe('orders');
    expect(series).toEqual([
      {
        name: 'todo-*',
        ...none,
        completed: 1,
        failed: 1,
        cancelled: 1,
        points: [{ at, completed: 1, failed: 1, cancelled: 1 }],
      },
      { name: 'w', ...none, completed: 1, points: [{ at, ...none, completed: 1 }] },
    ]);
    const byPlugin = await system.get({ by: 'plugin' });
    expect(byPlugin).toMatchObject({
      of: 'attempts',
      series: [
        { name: 'A', completed: 4, failed: 0 },
        { name: 'Fails', completed: 0, failed: 1 },
      ],
    });
    const byCode = await system.get({ by: 'errorCode' });
    expect(byCode).toMatchObject({
      of: 'orders',
      series: [{ name: 'HANDLER_FAILED', completed: 0, failed: 1 }],
    });
  });

  it('of an order count once, however often its messages come', async () => {
    const system = counting();
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'] } });
    const [accepted] = system.ports.messenger.sent.map(({ body }) => body);
    await system.run();
    system.ports.messenger.sent.push({
      ...{ to: 'orchestrator', orderId: (accepted as { orderId: string }).orderId },
      ...{ delaySeconds: 0, body: accepted as never },
    });
    await system.run();
    expect((await system.get()).series).toMatchObject([{ name: 'todo-*', completed: 1 }]);
  });

  it('of an order that failed and completes after a retry count for both', async () => {
    let isBroken = true;
    const system = createSystem({
      A: () => {
        if (isBroken) throw new Error('broken');
        return 1;
      },
    });
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'], orderId: 'o' } });
    await system.run();
    isBroken = false;
    await system.call('POST', '/orders/o/retry');
    await system.run();
    const { body } = await system.call<Counts>('GET', '/counts');
    expect(body.series).toMatchObject([{ completed: 1, failed: 1 }]);
  });

  // Was: an order that failed and completed in one step, when its last task was skipped, did not count as completed. Now: it does.
  it('of an order that failed and completes when its task is skipped count for both', async () => {
    const system = counting();
    await system.call('POST', '/orders', { body: { input: 1, todo: ['Fails'], orderId: 'o' } });
    await system.run();
    system.now.at += MINUTE_MS;
    await system.call('POST', '/orders/o/skip', { body: { task: 'Fails', result: 1 } });
    await system.run();
    const { body } = await system.call<{ status: string }>('GET', '/orders/o');
    expect(body.status).toBe('completed');
    expect((await system.get()).series).toMatchObject([{ completed: 1, failed: 1 }]);
  });

  it('come by minute, hour or day, each from the beginning of its first interval', async () => {
    const { now, get, ended } = counting();
    await ended(completed('w'));
    now.at += 90 * MINUTE_MS;
    await ended(completed('w'), completed('w'));
    const pointsOf = ({ series }: Counts) =>
      series[0]?.points.map(({ at, completed }) => [at, completed]);
    expect(await get({ per: 'minute' })).toMatchObject({
      from: iso(now.at - 59 * MINUTE_MS),
      to: iso(now.at + MINUTE_MS),
      series: [{ completed: 2 }],
    });
    expect(pointsOf(await get())).toEqual([
      [iso(T0), 1],
      [iso(T0 + HOUR_MS), 2],
    ]);
    expect(pointsOf(await get({ per: 'day' }))).toEqual([['2026-11-21T00:00:00.000Z', 3]]);
    const period = { from: iso(T0 + 1), to: iso(T0 + HOUR_MS) };
    expect(await get({ per: 'hour', ...period })).toMatchObject({
      from: iso(T0),
      to: iso(T0 + HOUR_MS),
      series: [{ completed: 1 }],
    });
  });

  it('have a series for each of the twenty with the most, and one for the others', async () => {
    const { get, ended } = counting();
    await ended(...times(25, (index) => times(index + 1, () => completed(`w${index}`))).flat());
    const { series } = await get();
    expect(series).toHaveLength(21);
    expect(series[0]).toMatchObject({ name: 'w24', completed: 25 });
    expect(series.at(-1)).toMatchObject({ name: '(others)', completed: 1 + 2 + 3 + 4 + 5 });
    await ended(...times(99, () => completed('(others)')));
    expect((await get()).series.at(-1)).toMatchObject({ name: '(others)', completed: 15 + 99 });
    expect((await get({ name: 'w1' })).series).toMatchObject([{ name: 'w1', completed: 2 }]);
  });

  it.each([
    [{ by: 'client' }, 'by'],
    [{ per: 'week' }, 'per'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: iso(T0 + DAY_MS) }, 'from'],
    [{ from: iso(T0), to: iso(T0 - DAY_MS) }, 'from'],
    [{ per: 'minute', from: iso(T0 - 25 * HOUR_MS) }, 'from'],
    [{ page: '2' }, 'page'],
  ])('refuse %j, and name %s', async (query, path) => {
    const { call } = counting();
    const { status, body } = await call('GET', '/counts', { query });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST', path });
  });

  it('are for operators only', async () => {
    const { call } = counting();
    const as = { kind: 'client', client: 'X' };
    expect(await call('GET', '/counts', { as })).toMatchObject({ status: 403 });
  });
});
