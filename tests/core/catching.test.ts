import { describe, expect, it } from '@jest/globals';
import type { OnFailure } from '../../src/core/workflow.ts';
import { given } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  completed,
  dispatch,
  failedForGood,
  plugin,
  plugins,
  publish,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

function catching(onFailure: OnFailure, ...stages: readonly Stages[]) {
  const plain = workflow(...stages);
  const [first, ...others] = plain.activities;
  const activities = [{ ...first!, onFailure }, ...others];
  return {
    workflow: { ...plain, activities },
    plugins: [plugin('A', { compensates: true }), ...plugins('B', 'C', 'H')],
  };
}

const goingOn = catching(
  { plugins: [{ plugin: 'H' }], then: 'continue' },
  { pre: ['A', 'B'] },
  { pre: ['C'] },
);
const failing = catching(
  { plugins: [{ plugin: 'H' }], then: 'fail' },
  { pre: ['A', 'B'] },
  { pre: ['C'] },
);

describe("an activity's onFailure runs when the activity has failed for good", () => {
  it('with what the failed task was to get, and the failure', async () => {
    await given(goingOn, accepted(), completed('t1', 'a'))
      .when(failedForGood('t2', seconds(1)))
      .then({
        status: 'running',
        commands: [
          publish('task.failed', { task: 'B' }),
          dispatch('H', { input: 'a', caught: { code: 'BROKEN', task: 'B', plugin: 'B' } }),
        ],
      });
  });

  it('with an input of its own, where it has one', async () => {
    const own = catching(
      { plugins: [{ plugin: 'H', input: '"sorry"' }], then: 'continue' },
      { pre: ['B'] },
    );
    await given(own, accepted())
      .when(failedForGood('t1'))
      .then({ status: 'running', commands: [{}, dispatch('H', { input: 'sorry' })] });
  });

  it('then the order goes on with the next activity', async () => {
    await given(goingOn, accepted(), completed('t1', 'a'), failedForGood('t2'))
      .when(completed('t3', 'handled'))
      .then({ status: 'running', commands: [dispatch('C', { input: 'handled' })] });
    await given(
      goingOn,
      accepted(),
      completed('t1', 'a'),
      failedForGood('t2'),
      completed('t3', 'handled'),
    )
      .when(completed('t4', 'c'))
      .then({ status: 'completed', state: { result: 'c', failedJobs: [{ job: 'B' }] } });
  });

  it('or fails as it would have: what was done is undone after it', async () => {
    await given(failing, accepted(), completed('t1', 'a'), failedForGood('t2'))
      .when(completed('t3', 'handled'))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating', { task: 'B' }), dispatch('undo A')],
      });
  });

  it('or fails as it would have, though nothing comes after it', async () => {
    const last = catching({ plugins: [{ plugin: 'H' }], then: 'fail' }, { pre: ['B'] });
    await given(last, accepted(), failedForGood('t1'))
      .when(completed('t2', 'handled'))
      .then({ status: 'failed', state: { error: { task: 'B' }, stage: { stage: 'onFailure' } } });
  });

  it('if it fails itself, the order fails for the first failure', async () => {
    const nothing = { ...failing, plugins: plugins('A', 'B', 'C', 'H') };
    await given(nothing, accepted(), completed('t1', 'a'), failedForGood('t2'))
      .when(failedForGood('t3'))
      .then({ status: 'failed', state: { error: { task: 'B' } } });
  });

  it('a failed task of it can be retried, and skipped', async () => {
    const nothing = { ...goingOn, plugins: plugins('A', 'B', 'C', 'H') };
    const past = [accepted(), completed('t1', 'a'), failedForGood('t2'), failedForGood('t3')];
    await given(nothing, ...past)
      .when(retryRequested(1))
      .then({
        status: 'running',
        state: { stage: { stage: 'onFailure', tasks: [{ job: 'H', attempt: 2 }] } },
      });
    await given(nothing, ...past)
      .when(skipRequested('H', 1))
      .then({ status: 'running', state: { stage: { activity: 1, tasks: [{ job: 'C' }] } } });
  });

  it('and if it fails the order then, that is for the first failure still', async () => {
    const nothing = { ...failing, plugins: plugins('A', 'B', 'C', 'H') };
    const past = [accepted(), completed('t1', 'a'), failedForGood('t2'), failedForGood('t3')];
    await given(nothing, ...past, retryRequested(1))
      .when(completed('t3', 'handled', 0, 2))
      .then({ status: 'failed', state: { error: { task: 'B' } } });
  });

  // Was: the retry was taken, and the order failed at once as before; with an input the decision itself failed. Now: it is refused.
  it('when it has been done and its order has failed, a retry is refused, unless another version goes on from there', async () => {
    const nothing = { ...failing, plugins: plugins('A', 'B', 'C', 'H') };
    const versions = [{ ...goingOn.workflow, version: 2 }];
    const past = [accepted(), completed('t1', 'a'), failedForGood('t2'), completed('t3', 'h')];
    const failed = given({ ...nothing, versions }, ...past);
    for (const input of [{}, { input: 1 }]) {
      await failed
        .when(retryRequested(9, input))
        .thenNothingHappens('its `onFailure` has been done, and fails it: place a new order');
    }
    const { last } = await failed.when(retryRequested(9)).told();
    expect(last.ignored).toMatchObject([{ code: 'RETRY_NOT_POSSIBLE' }]);
    await failed
      .when(retryRequested(9, { version: 2, input: 1 }))
      .thenNothingHappens('no task is begun again that might get the input');
    await failed.when(retryRequested(9, { version: 2 })).then({
      status: 'running',
      commands: [{ type: 'ArmDeadline' }, publish('order.retried'), dispatch('C', { input: 'h' })],
    });
  });

  it('after a pause, if the workflow pauses on failure: what is resumed is the task, not its handler', async () => {
    const careful = {
      ...goingOn,
      workflow: { ...goingOn.workflow, pauseOnFailure: true } as const,
    };
    await given(careful, accepted(), completed('t1', 'a'))
      .when(failedForGood('t2'))
      .then({ status: 'paused', state: { stage: { stage: 'pre' } } });
  });

  it('in a parallel stage, once all of its tasks have ended', async () => {
    const both = catching(
      { plugins: [{ plugin: 'H' }], then: 'continue' },
      { parallel: ['B', 'C'] },
    );
    await given(both, accepted(), failedForGood('t1'))
      .when(completed('t2', 'c'))
      .then({ status: 'running', commands: [dispatch('H', { input: 5, caught: { task: 'B' } })] });
  });
});
