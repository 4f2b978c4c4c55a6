import { describe, expect, it } from '@jest/globals';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  disarm,
  dispatch,
  failed,
  failedForGood,
  plugin,
  plugins,
  publish,
  retriedAtOnce,
  seconds,
  workflow,
} from './vocabulary.ts';

const optional = (name: string) => ({ plugin: name, mandatory: false });
const broken = { code: 'BROKEN', message: 'it broke' };

describe('a mandatory task that fails for good', () => {
  it('fails its order at once in a pre stage, with the job, the plugin and the attempt', async () => {
    await given({ workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') }, accepted())
      .when(failedForGood('t1', seconds(4)))
      .then({
        status: 'failed',
        state: { error: { ...broken, task: 'A', plugin: 'A', attempt: 1 }, endedAt: seconds(4) },
        commands: [disarm, publish('order.failed', { task: 'A', error: broken })],
      });
  });

  it('fails its order at once in a post stage', async () => {
    const definition = workflow({ pre: ['A'], post: ['B', 'A'] });
    const start = [accepted(), completed('t1', 1), completed('t2', 2)];
    await given({ workflow: definition, plugins: plugins('A', 'B') }, ...start)
      .when(failedForGood('t3'))
      .then({ status: 'failed', state: { error: { task: 'A#2', plugin: 'A' } } });
  });

  it('waits for the others of a parallel stage before it fails its order', async () => {
    const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    await given(setting, accepted())
      .when(failedForGood('t1'))
      .then({
        status: 'running',
        commands: [publish('task.failed', { task: 'A', error: broken })],
      });
    const order = given(setting, accepted(), failedForGood('t1')).when(completed('t2', 9));
    await order.then({ status: 'failed', state: { error: { task: 'A' } } });
    const { journal } = await order.told();
    expect(historyOf(journal).jobs).toEqual({ B: { input: 5, result: 9 } });
    expect(tasksOf(journal)).toMatchObject([
      { job: 'A', status: 'failed', error: broken },
      { job: 'B', status: 'completed', result: 9 },
    ]);
  });

  it('together with another is told of like the other', async () => {
    // Was: of two tasks that failed in the decision that failed their order, the second was told to have been abandoned.
    // Now: whatever is open when its order fails has failed, with the error that its event brought.
    const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    const order = given(setting, accepted(), [failedForGood('t1'), failedForGood('t2')]);
    expect(tasksOf((await order.told()).journal)).toMatchObject([
      { job: 'A', status: 'failed', error: broken },
      { job: 'B', status: 'failed', error: broken },
    ]);
  });

  it('names the first in the stage when several failed', async () => {
    const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    await given(setting, accepted(), failedForGood('t2'))
      .when(failedForGood('t1'))
      .then({ status: 'failed', state: { error: { task: 'A' } } });
  });

  it('is retried until its attempts are used up', async () => {
    const setting = {
      workflow: workflow({ pre: ['A'] }),
      plugins: [plugin('A', retriedAtOnce(2))],
    };
    await given(setting, accepted())
      .when(failed('t1'))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
    await given(setting, accepted(), failed('t1'))
      .when(failed('t1', { attempt: 2 }))
      .then({ status: 'failed', state: { error: { attempt: 2 } } });
  });
});

describe('an optional task that fails for good', () => {
  it('hands on what it got, and the stage goes on', async () => {
    const setting = {
      workflow: workflow({ pre: [optional('A'), 'B'] }),
      plugins: plugins('A', 'B'),
    };
    await given(setting, accepted())
      .when(failedForGood('t1'))
      .then({
        status: 'running',
        commands: [publish('task.failed', { task: 'A' }), dispatch('B', { input: 5, done: [] })],
      });
  });

  it('is left out of the result of a parallel stage', async () => {
    const definition = workflow({ parallel: [optional('A'), 'B'], post: ['C'] });
    const order = given(
      { workflow: definition, plugins: plugins('A', 'B', 'C') },
      accepted(),
      failedForGood('t1'),
    ).when(completed('t2', 2));
    await order.then({ status: 'running', commands: [dispatch('C', { done: ['B'] })] });
    const { state } = await order.told();
    expect('payload' in state && state.payload).toEqual({ B: 2 });
  });

  it('leaves an empty result when all of a parallel stage are such', async () => {
    const definition = workflow({ parallel: [optional('A')] });
    const order = given({ workflow: definition, plugins: plugins('A') }, accepted());
    const { state } = await order.when(failedForGood('t1')).told();
    expect(state).toMatchObject({ status: 'completed', failedJobs: [{ job: 'A', error: broken }] });
    expect('result' in state && state.result).toEqual({});
  });

  it('as the last task of the last stage lets the order complete with what was there before', async () => {
    const definition = workflow({ pre: ['B'], post: [optional('A')] });
    const order = given(
      { workflow: definition, plugins: plugins('A', 'B') },
      accepted(),
      completed('t1', 8),
    ).when(failedForGood('t2'));
    await order.then({
      status: 'completed',
      state: { result: 8, failedJobs: [{ job: 'A', error: broken }] },
      commands: [disarm, publish('task.failed', { task: 'A' }), publish('order.completed')],
    });
    const { journal } = await order.told();
    expect(tasksOf(journal).at(-1)).toMatchObject({ job: 'A', status: 'failed', error: broken });
  });

  it('is told of when it was the last of its stage and the order goes on', async () => {
    // Was: task.failed was left out when the failure ended the stage, since only the present stage's tasks were looked at.
    // Now: a running order also tells of the failed jobs of earlier stages which the entry recorded.
    const definition = workflow({ pre: [optional('A')], post: ['B'] });
    const order = given({ workflow: definition, plugins: plugins('A', 'B') }, accepted());
    await order.when(failedForGood('t1')).then({
      status: 'running',
      commands: [publish('task.failed', { task: 'A' }), dispatch('B')],
    });
  });

  // Was: nobody was told of it where the order failed in the same entry. Now: an order that has failed tells of its failed jobs as well.
  it('is told of when the next task fails the order at once', async () => {
    const post = [{ plugin: 'B', input: '$error("no")' }];
    const definition = workflow({ pre: [optional('A')], post });
    const order = given({ workflow: definition, plugins: plugins('A', 'B') }, accepted());
    await order.when(failedForGood('t1')).then({
      status: 'failed',
      commands: [disarm, publish('task.failed', { task: 'A' }), publish('order.failed')],
    });
  });

  it('that times out in the same moment as a mandatory one fails lets the order fail', async () => {
    const definition = workflow({ parallel: [optional('A'), 'B'] });
    const once = { ...retriedAtOnce(1), timeoutSeconds: 100 };
    const order = given(
      { workflow: definition, plugins: [plugin('A', once), plugin('B', once)] },
      accepted(),
    ).when(deadlinePassed(seconds(100)));
    await order.then({
      status: 'failed',
      state: { error: { task: 'B', code: 'TASK_TIMED_OUT' } },
    });
    const { last } = await order.told();
    expect(typesOf(last.commands)).toEqual([
      'DisarmDeadline',
      'PublishLifecycle task.failed',
      'PublishLifecycle order.failed',
    ]);
  });
});
