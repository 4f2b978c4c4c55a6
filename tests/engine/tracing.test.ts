import { describe, expect, it } from '@jest/globals';
import type { TaskMessage } from '../../src/contract/messages.ts';
import { partsOf } from '../../src/contract/trace-context.ts';
import type { Trace } from '../../src/core/order.ts';
import { applyWish } from '../../src/engine/wish.ts';
import { orderWorld } from './order-under-way.ts';
import type { TracedWorld as World } from './traced-world.ts';
import { completed, failed, picture, tracedWorld } from './traced-world.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const incoming: Trace = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'rojo=1' };
const unsampled: Trace = { traceparent: `00-${TRACE}-${SPAN}-00` };

/** The order after its one attempt was 3 s in the queue and 2 s at work, and its answer 1 s on its way. */
async function perform(world: World, orderId: string, taskId: string): Promise<void> {
  const at = world.now();
  world.pass(6);
  const ran = { startedAt: at + 3000, endedAt: at + 5000 };
  await world.advance(orderId, { ...completed(world, taskId), ran });
}

const sentTo = (world: World): TaskMessage['invited'] =>
  Object.assign(
    {},
    ...world.ports.messenger.sent.flatMap(({ to, body }) =>
      to === 'plugin' || to === 'broadcast' ? [body.invited] : [],
    ),
  );

describe('spans of an order', () => {
  it('hang together in one trace; the time in the queue is told apart from the time at work', async () => {
    const world = await tracedWorld(['A', ['B', 'C']]);
    await world.place('o');
    world.pass(1);
    await world.advance('o', world.accepted());
    await perform(world, 'o', 't1');
    await perform(world, 'o', 't2');
    world.pass(4);
    await world.advance('o', completed(world, 't3'));
    expect(picture(world.spans)).toEqual([
      'order some 0-17',
      '  1.pre 1-7',
      '    A 1-7',
      '      A in queue 1-4',
      '      A at work 4-6',
      '  2.parallel 7-17',
      '    B 7-13',
      '      B in queue 7-10',
      '      B at work 10-12',
      // Its plugin does not say when it was at work.
      '    C 7-17',
    ]);
    expect(new Set(world.spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(world.spans.map(({ spanId }) => spanId)).size).toBe(world.spans.length);
  });

  it('are told once, though the events come again', async () => {
    const world = await tracedWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    await world.advance('o', completed(world, 't1'));
    const told = world.spans.length;
    await world.advance('o', completed(world, 't1'));
    expect(told).toBe(3);
    expect(world.spans).toHaveLength(told);
  });

  it('hang below the span of the sender', async () => {
    const world = await tracedWorld(['A']);
    await world.place('o', 1, incoming);
    await world.advance('o', world.accepted());
    await world.advance('o', completed(world, 't1'));
    const order = world.spans.find(({ kind }) => kind === 'server');
    expect(order).toMatchObject({ traceId: TRACE, parentSpanId: SPAN, tracestate: 'rojo=1' });
    expect(world.spans.every(({ traceId }) => traceId === TRACE)).toBe(true);
  });

  it('of orders that share a trace are told apart', async () => {
    const world = await tracedWorld(['A']);
    for (const orderId of ['o', 'p']) {
      await world.place(orderId, 1, incoming);
      await world.advance(orderId, world.accepted());
      await world.advance(orderId, completed(world, 't1'));
    }
    expect(new Set(world.spans.map(({ spanId }) => spanId)).size).toBe(6);
  });

  it('of an earlier order that had the same id are of another trace', async () => {
    const [one, other] = [await tracedWorld(['A']), await tracedWorld(['A'])];
    other.pass(1);
    for (const world of [one, other]) {
      await world.place('o');
      await world.advance('o', world.accepted());
      await world.advance('o', completed(world, 't1'));
    }
    expect(one.spans[0]?.traceId).not.toBe(other.spans[0]?.traceId);
  });

  it('are not sent where the sender has decided so, and neither are those beyond the ratio', async () => {
    const off = await tracedWorld(['A'], 0);
    const on = await tracedWorld(['A'], 1);
    for (const [world, trace] of [
      [off, undefined],
      [on, unsampled],
      [on, undefined],
    ] as const) {
      const orderId = `o-${trace === undefined}`;
      await world.place(orderId, 1, trace);
      await world.advance(orderId, world.accepted());
      await world.advance(orderId, completed(world, 't1'));
    }
    expect(off.spans).toEqual([]);
    expect(new Set(on.spans.map(({ attributes }) => attributes['baton.order']))).toEqual(
      new Set(['o-true']),
    );
  });

  it('are of a share of the orders that bring no trace', async () => {
    const world = await tracedWorld(['A'], 0.25);
    for (let n = 0; n < 200; n += 1) {
      await world.place(`o-${n}`);
      await world.advance(`o-${n}`, world.accepted());
      await world.advance(`o-${n}`, completed(world, 't1'));
    }
    const traced = new Set(world.spans.map(({ traceId }) => traceId)).size;
    // The ids are derived from the orders, so that this number never changes.
    expect(traced).toBeGreaterThan(30);
    expect(traced).toBeLessThan(70);
  });
});

describe('an attempt', () => {
  it('that failed is a span with the code, without the message; the next one is another', async () => {
    const world = await tracedWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(1);
    await world.advance('o', failed(world.now(), 't1'));
    world.pass(60);
    await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    world.pass(1);
    await world.advance('o', { ...completed(world, 't1'), attempt: 2 });
    const attempts = world.spans.filter(({ name }) => name === 'A');
    expect(attempts.map(({ attributes, error }) => [attributes['baton.outcome'], error])).toEqual([
      ['failed', 'BROKEN'],
      ['completed', undefined],
    ]);
    expect(attempts.map(({ startedAt, endedAt }) => endedAt - startedAt)).toEqual([1000, 1000]);
    expect(JSON.stringify(world.spans)).not.toContain('Main Street');
    // The stage began with the first attempt, which the order's state no longer tells.
    expect(picture(world.spans)[1]).toBe('  1.pre 0-62');
  });

  it('that nobody answered for is a span that ended at its deadline', async () => {
    const world = await tracedWorld([
      {
        name: 'a',
        pre: [{ plugin: 'A', timeoutSeconds: 60, retry: { maxAttempts: 1 } }],
        parallel: [],
        post: [],
      },
    ]);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(60);
    await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    expect(picture(world.spans)).toEqual([
      'order some 0-60 TASK_TIMED_OUT',
      '  a.pre 0-60 TASK_TIMED_OUT',
      '    A 0-60 TASK_TIMED_OUT',
    ]);
  });

  it('that its order no longer waits for is a span', async () => {
    const world = await tracedWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(5);
    const at = world.now();
    await applyWish('o', { type: 'CancelRequested', at, askedAt: at, actId: 'x' }, world.ports);
    expect(picture(world.spans)).toEqual(['order some 0-5', '  1.pre 0-5', '    A 0-5']);
    const attempt = world.spans.find(({ name }) => name === 'A');
    expect(attempt?.attributes).toMatchObject({ 'baton.outcome': 'abandoned' });
  });

  it("lies within its own time, whatever its plugin's clock says", async () => {
    const world = await tracedWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(10);
    const ran = { startedAt: 0, endedAt: world.now() + 3_600_000 };
    await world.advance('o', { ...completed(world, 't1'), ran });
    expect(picture(world.spans).slice(2)).toEqual([
      '    A 0-10',
      '      A in queue 0-0',
      '      A at work 0-10',
    ]);
  });

  it('that ended with the result of an earlier one is not at work when that was', async () => {
    const world = await tracedWorld([
      { name: 'a', pre: [{ plugin: 'A', timeoutSeconds: 60 }], parallel: [], post: [] },
    ]);
    await world.place('o');
    await world.advance('o', world.accepted());
    for (const seconds of [60, 30]) {
      world.pass(seconds);
      await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    }
    const ran = { startedAt: world.now() - 80_000, endedAt: world.now() };
    await world.advance('o', { ...completed(world, 't1'), ran });
    const names = world.spans.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('A'))).toEqual(['A', 'A']);
  });
});

it("facts about an order carry the order's span", async () => {
  const world = await tracedWorld(['A']);
  await world.place('o', 1, incoming);
  await world.advance('o', world.accepted());
  await world.advance('o', completed(world, 't1'));
  const facts = world.ports.messenger.sent.flatMap((one) =>
    one.to === 'lifecycle' && 'traceparent' in one.body ? [one.body] : [],
  );
  expect(facts.map(({ type }) => type)).toEqual(['order.started', 'order.completed']);
  const order = world.spans.find(({ kind }) => kind === 'server');
  for (const { traceparent = '', tracestate } of facts) {
    expect(partsOf(traceparent)).toMatchObject({ traceId: TRACE, spanId: order?.spanId });
    expect(tracestate).toBe('rojo=1');
  }
});

describe('what a plugin gets of a trace', () => {
  it('is the span of its own attempt', async () => {
    const world = await tracedWorld([['A', 'B']]);
    await world.place('o', 1, incoming);
    await world.advance('o', world.accepted());
    const invited = sentTo(world);
    for (const taskId of ['t1', 't2']) await world.advance('o', completed(world, taskId));
    for (const name of ['A', 'B']) {
      const { traceparent = '', tracestate } = invited[name] ?? {};
      const span = world.spans.find((one) => one.name === name);
      expect(partsOf(traceparent)).toEqual({ traceId: TRACE, spanId: span?.spanId, sampled: true });
      expect(tracestate).toBe('rojo=1');
    }
  });

  it('says that nothing is recorded, where the order is beyond the ratio', async () => {
    const world = await tracedWorld(['A'], 0);
    await world.place('o');
    await world.advance('o', world.accepted());
    const { traceparent = '' } = sentTo(world).A ?? {};
    expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
  });

  it('is what the sender sent, where Baton sends no spans', async () => {
    const off = await orderWorld(['A']);
    const on = await tracedWorld(['A']);
    await off.place('o', 1, incoming);
    await on.place('o', 1, unsampled);
    for (const world of [off, on]) await world.advance('o', world.accepted());
    expect(sentTo(off as World).A).toMatchObject(incoming);
    expect(sentTo(on).A).toMatchObject(unsampled);
  });

  it('is nothing while nobody traces', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    expect(Object.keys(sentTo(world as World).A ?? {})).toEqual([
      ...['taskId', 'job', 'attempt', 'deadlineAt', 'sealed'],
    ]);
  });
});

it('an order goes on although its journal cannot be read for its spans', async () => {
  const world = await tracedWorld(['A']);
  await world.place('o');
  await world.advance('o', world.accepted());
  await world.advance('o', failed(world.now(), 't1'));
  world.pass(60);
  await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
  world.ports.journal.newestFirst = () => {
    throw new Error('throttled');
  };
  const state = await world.advance('o', { ...completed(world, 't1'), attempt: 2 });
  expect(state?.status).toBe('completed');
  expect(world.spans.map(({ name }) => name)).toStrictEqual(['A']);
});
