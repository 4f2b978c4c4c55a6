import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Activity, Step } from '../../src/core/workflow.ts';
import { plugin } from '../ports/registry.contract.ts';
import { completed, failed, picture, tracedWorld } from './traced-world.ts';

const activity = (name: string, stages: Partial<Activity>): Activity => ({
  ...{ name, pre: [], parallel: [], post: [] },
  ...stages,
});
const steps = (...names: string[]): Step[] => names.map((name) => ({ plugin: name }));

/** An order that was accepted a second after it was placed, and how often a journal was read for its spans. */
async function traced(...given: Parameters<typeof tracedWorld>) {
  const world = await tracedWorld(...given);
  const { newestFirst } = world.ports.journal;
  let reads = 0;
  world.ports.journal.newestFirst = (orderId) => {
    reads += 1;
    return newestFirst(orderId);
  };
  await world.place('o', 1, undefined, 'shop');
  world.pass(1);
  await world.advance('o', world.accepted());
  const at = () => world.now();
  return {
    ...world,
    reads: () => reads,
    /** So many seconds later, the events come in one go. */
    async later(seconds: number, ...events: (OrderEvent | (() => OrderEvent))[]) {
      world.pass(seconds);
      const now = events.map((event) => (typeof event === 'function' ? event() : event));
      return world.advance('o', ...now);
    },
    done:
      (taskId: string, attempt = 1) =>
      () => ({ ...completed(world, taskId), attempt }),
    act: (type: 'SkipRequested' | 'TaskCancelRequested', job: string) => (): OrderEvent => {
      const act = { at: at(), actId: `${type} ${job}`, askedAt: at() };
      return type === 'SkipRequested' ? { type, ...act, job, result: 1 } : { type, ...act, job };
    },
    cancel: (): OrderEvent => ({ type: 'CancelRequested', at: at(), actId: 'c', askedAt: at() }),
    due: (): OrderEvent => ({ type: 'DeadlinePassed', at: at() }),
    /** What each attempt came to, by the name of its plugin. */
    outcomes: () =>
      Object.fromEntries(
        world.spans
          .filter(({ attributes }) => 'baton.outcome' in attributes)
          .map(({ name, attributes, error }) => [
            name,
            [attributes['baton.outcome'], error].filter((one) => one !== undefined).join(' '),
          ]),
      ),
    stages: () =>
      picture(world.spans).flatMap((line) => (/^ {2}\S/.test(line) ? [line.trim()] : [])),
  };
}

it('each span says what it is of, and of which kind', async () => {
  const { later, done, now, spans } = await traced(['A']);
  const ran = { startedAt: now(), endedAt: now() + 1000 };
  await later(2, () => ({ ...(done('t1')() as OrderEvent), ran }) as OrderEvent);
  const shared = { 'baton.order': 'o', 'baton.workflow': 'some', 'baton.version': 1 };
  const attempt = {
    ...{ ...shared, 'baton.plugin': 'A', 'baton.job': 'A', 'baton.attempt': 1 },
    'baton.outcome': 'completed',
  };
  expect(spans.map(({ name, kind, attributes }) => [name, kind, attributes])).toEqual([
    ['A', 'internal', attempt],
    ['A in queue', 'producer', expect.objectContaining({ 'baton.plugin': 'A' })],
    ['A at work', 'consumer', attempt],
    ['1.pre', 'internal', shared],
    ['order some', 'server', { ...shared, 'baton.status': 'completed', 'baton.client': 'shop' }],
  ]);
  for (const { traceId, spanId } of spans) {
    expect([traceId, spanId].join(' ')).toMatch(/^[0-9a-f]{32} [0-9a-f]{16}$/);
  }
});

it('an order that is cancelled before it has begun is a span', async () => {
  const world = await tracedWorld(['A']);
  await world.place('o');
  const act = { at: world.now(), actId: 'c', askedAt: world.now() };
  await world.advance('o', { type: 'CancelRequested', ...act });
  expect(picture(world.spans)).toEqual(['order some 0-0']);
});

describe('a stage', () => {
  it('of one task begins with it, and no journal is read for that', async () => {
    const skipped = { plugin: 'B', when: 'false' };
    const { later, done, stages, reads } = await traced([
      activity('a', { pre: [skipped, { plugin: 'A' }] }),
      activity('b', { pre: steps('B') }),
    ]);
    await later(5, done('t1'));
    await later(5, done('t2'));
    expect(stages()).toEqual(['a.pre 1-6', 'b.pre 6-11']);
    expect(reads()).toBe(0);
  });

  it('of several begins with the first, and ends with the last', async () => {
    const { later, done, stages } = await traced([
      activity('a', { pre: steps('A', 'B'), parallel: steps('A', 'B'), post: steps('A', 'B') }),
    ]);
    for (const taskId of ['t1', 't2', 't3', 't4', 't5', 't6']) await later(5, done(taskId));
    expect(stages()).toEqual(['a.pre 1-11', 'a.parallel 11-21', 'a.post 21-31']);
  });

  it('that begins with a wait begins with that', async () => {
    const { later, done, due, stages } = await traced([
      activity('a', { pre: [{ waitSeconds: 5 }, { plugin: 'A' }] }),
    ]);
    await later(5, due);
    await later(5, done('t1'));
    expect(stages()).toEqual(['a.pre 1-11']);
  });

  // Was: it began when a task of it was sent at last that had been held back before. Now: it begins where it began.
  it('begins where it began, though a task of it was held back', async () => {
    const world = await traced([
      activity('a', {
        parallel: [{ plugin: 'A', forEach: '[1, 2]', concurrency: 1 }, { plugin: 'B' }],
      }),
    ]);
    const { later, done, stages } = world;
    for (const taskId of ['t2', 't1', 't3']) await later(5, done(taskId));
    expect(stages()).toEqual(['a.parallel 1-16']);
  });

  it('begins where it began, though its first task was held back until the others had completed', async () => {
    const world = await tracedWorld([activity('a', { parallel: steps('A', 'B') })]);
    const held = {
      phase: 'closed',
      since: world.now(),
      reason: 'it fails',
      failedCanaries: 0,
      canaryAt: world.now() + 10_000,
    } as const;
    await world.ports.quarantines.put({ ...held, plugin: 'A' }, undefined);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(5);
    await world.advance('o', completed(world, 't2'));
    await world.advance('o', { type: 'TaskReleased', at: world.now(), plugin: 'A', parkedIn: 1 });
    world.pass(5);
    await world.advance('o', completed(world, 't1'));
    expect(picture(world.spans)).toEqual([
      'order some 0-10',
      '  a.parallel 0-10',
      '    B 0-5',
      '    A 5-10',
    ]);
  });

  it('that is nothing but a wait is one, too', async () => {
    const { later, cancel, stages } = await traced([
      activity('a', { parallel: [{ waitSeconds: 60 }] }),
    ]);
    await later(5, cancel);
    expect(stages()).toEqual(['a.parallel 1-6']);
  });

  it('of another activity is another, though it is of the same name', async () => {
    const { later, done, stages } = await traced([
      activity('a', { pre: steps('A') }),
      activity('b', { pre: steps('B', 'A') }),
    ]);
    for (const taskId of ['t1', 't2', 't3']) await later(5, done(taskId));
    expect(stages()).toEqual(['a.pre 1-6', 'b.pre 6-16']);
  });

  // Was: all rounds of a stage were one span, or several of one id. Now: each is a span of its own.
  it('that is done again is another in each round', async () => {
    const repeat = { until: '$exists(nothing)', max: 2 };
    const { later, done, spans, stages } = await traced([
      activity('a', { pre: steps('A'), repeat }),
      activity('b', { pre: steps('B') }),
    ]);
    for (const taskId of ['t1', 't2', 't3']) await later(5, done(taskId));
    expect(stages().slice(0, 2)).toEqual([
      'a.pre 1-6',
      expect.stringMatching(/^a.pre round 2 6-11/),
    ]);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  });

  it('in which an order failed has its code, and is told once more, longer, after a retry', async () => {
    const { later, done, now, stages, spans } = await traced([
      activity('a', { pre: [{ plugin: 'A', retry: { maxAttempts: 1 } }] }),
    ]);
    await later(5, () => failed(now(), 't1'));
    await later(5, () => ({ type: 'RetryRequested', at: now(), actId: 'r', askedAt: now() }));
    expect(stages()).toEqual(['a.pre 1-6 BROKEN']);
    await later(5, done('t1', 2));
    const ids = spans.filter(({ name }) => name === 'a.pre').map(({ spanId }) => spanId);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
  });

  it('that undoes jobs says which, and each is another', async () => {
    const plugins = ['A', 'B', 'C'].map((name) =>
      plugin(name, { registeredAt: 0, compensates: true }),
    );
    const once = { plugin: 'C', retry: { maxAttempts: 1 } };
    const { later, done, now, stages } = await traced(
      [activity('a', { pre: [...steps('A', 'B'), once] })],
      1,
      plugins,
    );
    await later(5, done('t1'));
    await later(5, done('t2'));
    await later(5, () => failed(now(), 't3'));
    await later(5, done('t4'));
    await later(5, done('t5'));
    expect(stages()).toEqual(['a.pre 1-16', 'a.undo B 16-21', 'a.undo A 21-26 BROKEN']);
  });
});

describe('an attempt', () => {
  const both = [activity('a', { parallel: steps('A', 'B') })];

  it('that is followed by the next in the same moment is a span', async () => {
    const retry = { maxAttempts: 2, backoffSeconds: 0, maxBackoffSeconds: 0 };
    const { later, now, due, spans, outcomes } = await traced([
      activity('a', { pre: [{ plugin: 'A', retry }] }),
    ]);
    const state = await later(5, () => failed(now(), 't1'), due);
    expect(state).toMatchObject({ stage: { tasks: [{ status: 'inFlight', attempt: 2 }] } });
    expect(outcomes()).toEqual({ A: 'failed BROKEN' });
    expect(spans).toHaveLength(1);
  });

  it('has its own times at work, though others are told in the same moment', async () => {
    const { later, done, now, spans } = await traced(both);
    const t0 = now();
    const ran = (taskId: string, from: number) => () =>
      ({
        ...done(taskId)(),
        ran: { startedAt: t0 + from, endedAt: t0 + from + 1000 },
      }) as OrderEvent;
    const beat = (): OrderEvent => ({
      ...{ type: 'TaskHeartbeat', at: now(), sentAt: now(), taskId: 't2', attempt: 1 },
    });
    await later(9, ran('t1', 1000), beat, ran('t2', 5000));
    const atWork = spans.filter(({ kind }) => kind === 'consumer');
    expect(atWork.map(({ name, startedAt }) => [name, startedAt - t0])).toEqual([
      ['A at work', 1000],
      ['B at work', 5000],
    ]);
  });

  it('has completed, though something else has happened in the same moment', async () => {
    const { later, done, cancel, now, outcomes } = await traced(both);
    const beat = (): OrderEvent => ({
      ...{ type: 'TaskHeartbeat', at: now(), sentAt: now(), taskId: 't1', attempt: 1 },
    });
    await later(5, done('t1'), beat, cancel);
    expect(outcomes()).toEqual({ A: 'completed', B: 'abandoned' });
  });

  it('was skipped, or its order went on without it', async () => {
    const { later, done, act, outcomes } = await traced(both);
    await later(5, act('SkipRequested', 'A'), done('t2'));
    expect(outcomes()).toEqual({ A: 'skipped', B: 'completed' });
    const other = await traced(both);
    await other.later(5, other.act('SkipRequested', 'A'), other.cancel);
    expect(other.outcomes()).toEqual({ A: 'skipped', B: 'abandoned' });
  });

  it('was called off, since enough others have completed', async () => {
    const { later, done, outcomes } = await traced([
      activity('a', { parallel: steps('A', 'B', 'C'), enough: 1 }),
    ]);
    await later(5, done('t1'));
    expect(outcomes()).toEqual({ A: 'completed', B: 'calledOff', C: 'calledOff' });
  });

  it('was called off, or cancelled before', async () => {
    const { later, done, act, outcomes } = await traced([
      activity('a', {
        parallel: [{ plugin: 'A', mandatory: false }, ...steps('B', 'C')],
        enough: 1,
      }),
    ]);
    await later(5, act('TaskCancelRequested', 'A'), done('t2'));
    expect(outcomes()).toEqual({
      ...{ A: 'failed TASK_CANCELLED', B: 'completed', C: 'calledOff' },
    });
  });

  it('was cancelled by a person, and not because another was', async () => {
    const { later, act, cancel, outcomes } = await traced(both);
    await later(5, act('TaskCancelRequested', 'A'), cancel);
    expect(outcomes()).toEqual({ A: 'failed TASK_CANCELLED', B: 'abandoned' });
  });

  it.each([
    ['TaskDeadLettered', 'failed DEAD_LETTERED'],
    ['TaskExpired', 'failed TASK_TIMED_OUT'],
  ] as const)('of which its queue says %s has %s', async (type, outcome) => {
    const { later, now, outcomes } = await traced([activity('a', { pre: steps('A') })]);
    await later(5, () => ({ type, at: now(), taskId: 't1', attempt: 1 }) as OrderEvent);
    expect(outcomes()).toEqual({ A: outcome });
  });

  it('that waits for an event in vain has timed out', async () => {
    const { later, due, outcomes } = await traced([
      activity('a', { pre: [{ waitFor: { event: 'paid' }, timeoutSeconds: 60 }] }),
    ]);
    await later(60, due);
    expect(outcomes()).toEqual({ paid: 'failed EVENT_TIMEOUT' });
  });

  it('is abandoned where its order is cancelled in the moment in which its time is up', async () => {
    const { later, cancel, outcomes } = await traced([
      activity('a', { pre: [{ plugin: 'A', timeoutSeconds: 60 }] }),
    ]);
    await later(60, cancel);
    expect(outcomes()).toEqual({ A: 'abandoned' });
  });

  it('whose plugin has fallen silent has missed a beat', async () => {
    const silent = plugin('A', { registeredAt: 0, heartbeatSeconds: 10 });
    const { later, now, due, outcomes } = await traced([activity('a', { pre: steps('A') })], 1, [
      silent,
    ]);
    await later(5, () => ({
      ...{ type: 'TaskHeartbeat', at: now(), sentAt: now(), taskId: 't1', attempt: 1 },
    }));
    await later(60, due);
    expect(outcomes()).toEqual({ A: 'failed HEARTBEAT_MISSED' });
  });
});
