import { describe, expect, it } from '@jest/globals';
import { tasksOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  disarm,
  dispatch,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  pauseRequested,
  plugins,
  publish,
  resumeRequested,
  seconds,
  workflow,
} from './vocabulary.ts';

const setting = {
  workflow: workflow({ pre: ['A'], parallel: ['A', 'B'] }),
  plugins: plugins('A', 'B'),
};

describe('an event that comes too late, twice, or out of nowhere changes nothing', () => {
  const parallel = [accepted(), completed('t1', 1)];

  it('a second result of a task', async () => {
    const order = given(setting, ...parallel, completed('t2', 2));
    await order.when(completed('t2', 3)).thenNothingHappens('the task is not open');
  });

  it('a result from a stage that is over', async () => {
    await given(setting, ...parallel)
      .when(completed('t1', 9))
      .thenNothingHappens('the task is not open');
  });

  it('a failure of a task that is done, and a result of a task that has failed', async () => {
    await given(setting, ...parallel, completed('t2', 2))
      .when(failed('t2'))
      .thenNothingHappens('the task is not in flight');
    await given(setting, ...parallel, failedForGood('t2'))
      .when(completed('t2', 2))
      .thenNothingHappens('the task is not open');
  });

  it('a result or a failure of a task or an attempt that there is not', async () => {
    const order = given(setting, accepted());
    await order.when(completed('t2', 2)).thenNothingHappens('the task is not open');
    await order.when(completed('t1', 2, 0, 2)).thenNothingHappens('there was no such attempt yet');
    await order.when(failed('t9')).thenNothingHappens('the task is not in flight');
    await order
      .when(failed('t1', { attempt: 2 }))
      .thenNothingHappens('the attempt is not the current one');
  });

  it('a failure of an attempt after the next one was dispatched', async () => {
    await given(setting, accepted(), failedUntil('t1', 5), deadlinePassed(seconds(5)))
      .when(failed('t1'))
      .thenNothingHappens('the attempt is not the current one');
  });

  it('a heartbeat of an attempt that is known to have begun, of a later one, or of no task', async () => {
    const order = given(setting, accepted(), heartbeat('t1', 1));
    await order.when(heartbeat('t1', 2)).thenNothingHappens('the attempt is known to have begun');
    await order.when(heartbeat('t1', 1, 2)).thenNothingHappens('there was no such attempt yet');
    await order.when(heartbeat('t5', 1)).thenNothingHappens('the task is not in flight');
  });

  it('a second start', async () => {
    const order = given(setting, accepted());
    await order.when(accepted()).thenNothingHappens('the order has started already');
  });

  it('anything about a task before the order has started', async () => {
    await given(setting).when(completed('t1', 1)).thenNothingHappens('the order has not started');
  });

  it('anything after the end', async () => {
    const ended = given(
      { ...setting, workflow: workflow({ pre: ['A'] }) },
      accepted(),
      completed('t1', 1),
    );
    const events = [
      accepted(),
      completed('t1', 2),
      failed('t1'),
      heartbeat('t1', 1),
      cancelRequested(),
    ];
    for (const event of [...events, deadlinePassed(seconds(9999))]) {
      await ended.when(event).thenNothingHappens('the order has ended: completed');
    }
    await ended.when(...events).thenNothingHappens('the order has ended: completed');
  });
});

describe('a batch', () => {
  it('of the same result twice applies the first', async () => {
    await given({ ...setting, workflow: workflow({ pre: ['A'] }) }, accepted())
      .when(completed('t1', 1), completed('t1', 2))
      .then({ status: 'completed', state: { result: 1 } });
  });

  it('of a result and a deadline that passed counts the result', async () => {
    await given({ ...setting, workflow: workflow({ pre: ['A'] }) }, accepted())
      .when(deadlinePassed(seconds(3600)), completed('t1', 1, seconds(3599)))
      .then({ status: 'completed', state: { result: 1 } });
  });

  it('of a failure and a late result of the same task counts the result', async () => {
    await given({ ...setting, workflow: workflow({ pre: ['A'] }) }, accepted())
      .when(failed('t1'), completed('t1', 1))
      .then({ status: 'completed', state: { result: 1 } });
  });

  it('that brings the result of a task which it only starts starts that task', async () => {
    await given(setting, accepted())
      .when(completed('t1', 1), completed('t2', 2))
      .then({ status: 'running', commands: [dispatch('A#2'), dispatch('B')] });
  });

  // Was: no test would have noticed a wish to cancel that comes before the results beside it. Now: what was done is kept.
  it('of a wish to cancel and a result keeps the result, and cancels', async () => {
    const { journal, state, last } = await given(setting, accepted())
      .when(cancelRequested(), completed('t1', 1))
      .told();
    expect(state.status).toBe('cancelled');
    expect(last.ignored).toEqual([]);
    expect(tasksOf(journal)).toMatchObject([{ job: 'A', status: 'completed', result: 1 }]);
  });

  it.each([
    ['a deadline', deadlinePassed(seconds(60))],
    ['a heartbeat', heartbeat('t1', seconds(60))],
  ])(
    'of a wish to cancel and %s takes both, so that each is known when it comes again',
    async (_, event) => {
      const { state, last } = await given(setting, accepted())
        .when(cancelRequested(seconds(60)), event)
        .told();
      expect(state.status).toBe('cancelled');
      expect(last.ignored).toEqual([]);
    },
  );

  it('of two wishes follows them in the order in which they were asked', async () => {
    const { state, last } = await given(setting, accepted())
      .when(resumeRequested(2), pauseRequested(1))
      .told();
    expect(state.status).toBe('running');
    expect(last.applied.map(({ type }) => type)).toEqual(['PauseRequested', 'ResumeRequested']);
  });

  it('of the start and a wish to cancel never starts a task', async () => {
    await given(setting)
      .when(accepted(), cancelRequested())
      .then({ status: 'cancelled', commands: [disarm, publish('order.cancelled')] });
  });
});
