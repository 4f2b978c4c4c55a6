import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  arm,
  beatByCallback,
  cancelRequested,
  completed,
  deadLettered,
  deadlinePassed,
  deferred,
  dispatch,
  expired,
  failed,
  failedForGood,
  heartbeat,
  pauseRequested,
  plugin,
  putOff,
  resumeRequested,
  retriedAtOnce,
  seconds,
  skipRequested,
  timer,
  workflow,
} from './vocabulary.ts';

const A_WEEK = 7 * 86_400;

const one = (differing: Parameters<typeof plugin>[1] = {}) => ({
  workflow: workflow({ pre: ['A', 'B'] }),
  plugins: [
    plugin('A', { timeoutSeconds: A_WEEK, totalSeconds: 2 * A_WEEK, ...differing }),
    plugin('B'),
  ],
});

describe('a task that is deferred', () => {
  const waits = given(one(), accepted(), deferred('t1', seconds(2)));

  it('stays in flight, under the deadline that it had', async () => {
    const { state, journal } = await waits.told();
    expect(state).toMatchObject({
      status: 'running',
      stage: { tasks: [{ status: 'inFlight', deferredAt: seconds(2), begunIn: 2 }, {}] },
    });
    expect(tasksOf(journal)).toMatchObject([
      { status: 'deferred', attempts: [{ attempt: 1, deferredAt: seconds(2) }] },
    ]);
    await waits
      .when(deadlinePassed(seconds(A_WEEK - 1)))
      .then({ status: 'running', commands: [arm(seconds(A_WEEK))] });
    await waits
      .when(deadlinePassed(seconds(A_WEEK)))
      .then({ status: 'running', state: { stage: { tasks: [{ status: 'backingOff' }, {}] } } });
  });

  it('is completed by whoever holds its token, once', async () => {
    await waits.when(completed('t1', 'yes', seconds(900))).then({
      status: 'running',
      commands: [{}, dispatch('B', { input: 'yes' })],
    });
    await given(one(), accepted(), deferred('t1'), completed('t1', 'yes'))
      .when(completed('t1', 'no'))
      .thenNothingHappens('the task is not open');
  });

  it('is completed by a token that comes before its plugin has been heard', async () => {
    await given(one(), accepted(), completed('t1', 'early'))
      .when(deferred('t1'))
      .thenNothingHappens('the task is not in flight');
    const { state } = await given(one(), accepted())
      .when(deferred('t1'), completed('t1', 'early'))
      .told();
    expect(state).toMatchObject({ stage: { tasks: [{ status: 'completed' }, {}] } });
  });

  it('fails by whoever holds its token, and is retried by the policy', async () => {
    await given(one(retriedAtOnce(2)), accepted(), deferred('t1'))
      .when(failed('t1', { at: seconds(9) }))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
  });

  it('is completed by the token of an earlier attempt as well', async () => {
    await given(
      one(retriedAtOnce(2)),
      accepted(),
      deferred('t1'),
      failed('t1'),
      deferred('t1', 0, 2),
    )
      .when(completed('t1', 'late', seconds(9), 1))
      .then({ status: 'running', commands: [dispatch('B', { input: 'late' })] });
  });

  it('can be skipped', async () => {
    await waits
      .when(skipRequested('A', seconds(3), { result: 'by hand' }))
      .then({ status: 'running', commands: [{}, dispatch('B', { input: 'by hand' })] });
  });

  it.each([
    ['expires', expired('t1', seconds(5))],
    ['is put off', putOff('t1', seconds(5))],
    ['ends as a dead letter', deadLettered('t1', seconds(5))],
    ['begins once more', heartbeat('t1', seconds(5))],
  ])('goes on when its message comes again and %s', async (_, event) => {
    await waits.when(event).thenNothingHappens('the attempt is deferred');
  });

  it('is deferred once, and the attempt that is over cannot be', async () => {
    await waits
      .when(deferred('t1', seconds(9)))
      .thenNothingHappens('the attempt has been deferred already');
    await given(one(retriedAtOnce(2)), accepted(), failed('t1'))
      .when(deferred('t1'))
      .thenNothingHappens('the attempt is not the current one');
  });
});

describe('the silence of a task that is deferred', () => {
  const setting = one({ heartbeatSeconds: 60, ...retriedAtOnce(2) });
  const waits = given(setting, accepted(), heartbeat('t1', seconds(1)), deferred('t1', seconds(2)));

  it('does not count', async () => {
    await waits
      .when(deadlinePassed(seconds(61)))
      .then({ status: 'running', commands: [arm(seconds(A_WEEK))] });
  });

  it('counts from the first beat of whoever holds the token', async () => {
    await waits.when(beatByCallback('t1', seconds(30))).then({
      status: 'running',
      state: { stage: { tasks: [{ silentAt: seconds(90) }, {}] } },
    });
    const beats = [accepted(), deferred('t1', seconds(2)), beatByCallback('t1', seconds(30))];
    await given(setting, ...beats)
      .when(beatByCallback('t1', seconds(60)))
      .then({ status: 'running', state: { stage: { tasks: [{ silentAt: seconds(120) }, {}] } } });
    await given(setting, ...beats)
      .when(deadlinePassed(seconds(90)))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2 })] });
  });

  it('is not broken by a beat that is read when it has lasted for too long, but for the first one', async () => {
    const past = [accepted(), deferred('t1', seconds(2))];
    const readLate = (sent: number, at: number) =>
      ({ ...beatByCallback('t1', seconds(at)), sentAt: seconds(sent) }) as OrderEvent;
    await given(setting, ...past)
      .when(readLate(30, 200))
      .then({ status: 'running', state: { stage: { tasks: [{ silentAt: seconds(260) }, {}] } } });
    await given(setting, ...past, beatByCallback('t1', seconds(30)))
      .when(readLate(40, 200))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2 })] });
  });

  it('is that of whoever holds the token, and says nothing of the plugin', async () => {
    const once = {
      ...setting,
      plugins: [plugin('A', { heartbeatSeconds: 60, ...retriedAtOnce(1) })],
    };
    const beats = [accepted(), deferred('t1', seconds(2)), beatByCallback('t1', seconds(30))];
    const { state, last } = await given(once, ...beats)
      .when(deadlinePassed(seconds(90)))
      .told();
    const message = "whoever holds the attempt's token has stopped sending heartbeats";
    expect(state).toMatchObject({ error: { code: 'HEARTBEAT_MISSED', message } });
    expect(last.verdicts).toEqual([]);
  });

  it('has a timer of its own', async () => {
    await given(
      setting,
      ...[accepted(), deferred('t1', seconds(2)), beatByCallback('t1', seconds(30))],
    )
      .when(deadlinePassed(seconds(60)))
      .then({ status: 'running', commands: [arm(seconds(90)), timer(seconds(90))] });
  });

  it('never counts where the plugin declares no heartbeats', async () => {
    await given(one(), accepted(), deferred('t1'))
      .when(beatByCallback('t1', seconds(30)))
      .thenNothingHappens('its silence does not count');
  });
});

describe('what a deferred attempt says of its plugin', () => {
  const waits = given(one(retriedAtOnce(2)), accepted(), deferred('t1'));
  const verdictsOf = async (...events: readonly OrderEvent[]) =>
    (await waits.when(...events).told()).last.verdicts.map(({ outcome }) => outcome);

  it('is that it works, once', async () => {
    expect((await waits.told()).last.verdicts).toMatchObject([{ plugin: 'A', outcome: 'worked' }]);
    expect(await verdictsOf(completed('t1', 1))).toEqual([]);
  });

  it('is nothing when nobody answers, and a failure when somebody says so', async () => {
    expect(await verdictsOf(deadlinePassed(seconds(A_WEEK)))).toEqual([]);
    expect(await verdictsOf(failed('t1'))).toEqual(['failed']);
    expect(await verdictsOf(failedForGood('t1'))).toEqual([]);
  });
});

describe('a paused order takes the completion of a deferred task', () => {
  const paused = [accepted(), deferred('t1'), pauseRequested(seconds(5))];

  it('and goes on with it once it is resumed', async () => {
    await given(one(), ...paused, completed('t1', 'yes', seconds(50)))
      .when(resumeRequested(seconds(60)))
      .then({ status: 'running', commands: [{}, {}, dispatch('B', { input: 'yes' })] });
  });

  it('and the time that it was paused is not taken from the deadline', async () => {
    const { state } = await given(one(), ...paused, resumeRequested(seconds(65))).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ deadlineAt: seconds(A_WEEK + 60), deferredAt: 0 }, {}] },
    });
  });
});

describe('6. What is deferred when its order is cancelled', () => {
  const setting = {
    workflow: workflow({ pre: ['B', 'A'] }),
    plugins: [plugin('A', { compensates: true }), plugin('B', { compensates: true })],
  };
  const cancelled = [accepted(), completed('t1', 'b'), deferred('t2'), cancelRequested(seconds(3))];

  it('does not keep what has completed from being undone', async () => {
    await given(setting, ...cancelled.slice(0, 3))
      .when(cancelRequested(seconds(3)))
      .then({
        status: 'compensating',
        commands: [{}, dispatch('undo B')],
        state: { undoing: { unknown: [{ job: 'A' }] } },
      });
  });

  it('does not, either, when it is deferred only then', async () => {
    await given(setting, accepted(), completed('t1', 'b'), cancelRequested(seconds(3)))
      .when(deferred('t2', seconds(4)))
      .then({
        status: 'compensating',
        commands: [dispatch('undo B')],
        state: { undoing: { unknown: [{ job: 'A' }] } },
      });
  });

  it('is undone when it completes late, before the order ends or after it', async () => {
    await given(setting, ...cancelled, completed('t3', null))
      .when(completed('t2', 'a', seconds(9)))
      .then({ status: 'compensating', commands: [{}, dispatch('undo A')] });
    const { state } = await given(
      setting,
      ...[...cancelled, completed('t2', 'a'), completed('t3', null), completed('t4', null)],
    ).told();
    expect(state).toMatchObject({ status: 'cancelled', undoing: { unknown: [] } });
  });

  it('changes nothing where nothing of the order can be undone', async () => {
    await given(one(), accepted(), deferred('t1'), cancelRequested(seconds(3)))
      .when(completed('t1', 'late', seconds(9)))
      .thenNothingHappens('the order has ended: cancelled');
  });
});

it('an undoing may be deferred, too', async () => {
  const setting = {
    workflow: workflow({ pre: ['A', 'B'] }),
    plugins: [plugin('A', { compensates: true }), plugin('B')],
  };
  const undoing = [accepted(), completed('t1', 'a'), failedForGood('t2'), deferred('t3')];
  const { state } = await given(setting, ...undoing).told();
  expect(state.status).toBe('compensating');
  await given(setting, ...undoing)
    .when(completed('t3', null))
    .then({ status: 'failed' });
});
