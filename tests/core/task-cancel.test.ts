import { describe, expect, it } from '@jest/globals';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Step } from '../../src/core/workflow.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failedForGood,
  failedUntil,
  pauseRequested,
  plugin,
  plugins,
  publish,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  taskCancelRequested,
  workflow,
} from './vocabulary.ts';

const cancelled = (more: object = {}) => ({ code: 'TASK_CANCELLED', ...more });
const inARow = (...pre: readonly (string | Step)[]): Setting => ({
  workflow: workflow({ pre, post: ['Z'] }),
  plugins: plugins('A', 'B', 'Z'),
});
const mandatory = inARow('A');
const optional = inARow({ plugin: 'A', mandatory: false });

describe('a task that somebody cancels', () => {
  it('has failed for good, and fails its order if it is mandatory', async () => {
    const who = { actor: 'operator ada', reason: 'wrong parts' };
    await given(mandatory, accepted())
      .when(taskCancelRequested('A', 1, who))
      .then({
        status: 'failed',
        commands: [
          { type: 'DisarmDeadline' },
          publish('task.cancelled', { task: 'A', ...who }),
          publish('order.failed', { task: 'A' }),
        ],
        state: {
          error: cancelled({
            task: 'A',
            attempt: 1,
            message: 'operator ada cancelled it: wrong parts',
          }),
        },
      });
  });

  it('lets its order go on if it is optional', async () => {
    const order = given(optional, accepted()).when(taskCancelRequested('A', 1));
    await order.then({
      status: 'running',
      commands: [
        publish('task.cancelled'),
        publish('task.failed', { task: 'A' }),
        dispatch('Z', { input: 5 }),
      ],
    });
    const { journal } = await order.told();
    expect(tasksOf(journal)[0]).toMatchObject({ status: 'failed', error: cancelled() });
  });

  it('is paused, caught, or undone for, as any that has failed', async () => {
    const careful = {
      ...mandatory,
      workflow: { ...mandatory.workflow, pauseOnFailure: true as const },
    };
    await given(careful, accepted())
      .when(taskCancelRequested('A', 1))
      .then({ status: 'paused', state: { onFailure: true } });
    const [activity] = mandatory.workflow.activities;
    const onFailure = { plugins: [{ plugin: 'B' }], then: 'continue' } as const;
    const caught = {
      ...mandatory,
      workflow: { ...mandatory.workflow, activities: [{ ...activity!, onFailure }] },
    };
    await given(caught, accepted())
      .when(taskCancelRequested('A', 1))
      .then({ status: 'running', commands: [{}, publish('task.failed'), dispatch('B')] });
    const able = {
      ...inARow('A', 'B'),
      plugins: [plugin('A', { compensates: true }), plugin('B')],
    };
    await given(able, accepted(), completed('t1', 'a'))
      .when(taskCancelRequested('B', 1))
      .then({ status: 'compensating', commands: [{}, {}, {}, dispatch('undo A')] });
  });

  it('is not attempted again, whatever attempts it had left', async () => {
    for (const past of [[accepted()], [accepted(), failedUntil('t1', 9)]]) {
      const { state } = await given(mandatory, ...past)
        .when(taskCancelRequested('A', 1))
        .told();
      expect(state).toMatchObject({ status: 'failed', error: cancelled() });
    }
  });

  it('may be parked, wait for an event, or be a child order', async () => {
    const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
    const parked = [plugin('A', { quarantined }), ...plugins('Z')];
    const { state } = await given({ ...mandatory, plugins: parked }, accepted())
      .when(taskCancelRequested('A', 1))
      .told();
    expect(state).toMatchObject({ status: 'failed', error: cancelled() });
    await given(inARow({ waitFor: { event: 'paid' } }), accepted())
      .when(taskCancelRequested('paid', 1))
      .then({ status: 'failed', state: { error: cancelled({ task: 'paid' }) } });
    const parent = await given(inARow({ workflow: 'other' }), accepted())
      .when(taskCancelRequested('other', 1))
      .told();
    expect(parent.state).toMatchObject({
      status: 'failed',
      undoing: { unknown: [{ job: 'other' }] },
    });
    expect(parent.last.commands).toContainEqual({
      ...{ type: 'TendChild', orderId: 'o1', parent: 'o1', child: 'o1~t1', calledOff: true },
    });
  });

  it('may be a wait, which is called `wait`', async () => {
    const waits = given(inARow({ waitSeconds: 60 }), accepted());
    await waits
      .when(taskCancelRequested('wait', 1))
      .then({ status: 'failed', state: { error: cancelled({ task: 'wait', plugin: 'wait' }) } });
    const again: Happening[] = [accepted(), taskCancelRequested('wait', 1), retryRequested(2)];
    await given(inARow({ waitSeconds: 60 }), ...again)
      .when(taskCancelRequested('wait', 3))
      .then({
        status: 'failed',
        state: { error: { task: 'wait' }, taskCount: 1, jobs: { wait: 1 } },
      });
    await given(inARow({ waitSeconds: 60 }), accepted(), taskCancelRequested('wait', 1))
      .when(skipRequested('wait', 2))
      .then({ status: 'running', commands: [{}, {}, dispatch('Z')] });
  });

  it('may be a wait beside others: the one that ends first, whose name is the next', async () => {
    const pause = (waitSeconds: number) => ({ waitSeconds });
    const setting = { ...inARow(), workflow: workflow({ parallel: ['A', pause(60), pause(20)] }) };
    const { state } = await given(setting, accepted()).when(taskCancelRequested('wait', 1)).told();
    expect(state).toMatchObject({
      stage: {
        tasks: [
          { status: 'inFlight', taskId: 't1' },
          { status: 'waiting' },
          { status: 'failed', of: 'wait', taskId: 't2', job: 'wait', attempt: 0 },
        ],
      },
      taskCount: 2,
      jobs: { A: 1, wait: 1 },
    });
    const next = await given(setting, accepted(), taskCancelRequested('wait', 1))
      .when(taskCancelRequested('wait#2', 2))
      .told();
    expect(next.state).toMatchObject({
      stage: { tasks: [{}, { status: 'failed', taskId: 't3', job: 'wait#2' }, {}] },
    });
  });

  it('is no wait by another name, and none before the wait has begun or after it has ended', async () => {
    const setting = inARow('A', { waitSeconds: 60 }, 'B');
    const waits = [accepted(), completed('t1', 'a')];
    const over = deadlinePassed(seconds(60));
    for (const [past, job] of [
      [[accepted()], 'wait'],
      [waits, 'wait#2'],
      [waits, 'A#2'],
      [[...waits, over], 'wait'],
    ] as const) {
      await given(setting, ...past)
        .when(taskCancelRequested(job, seconds(61)))
        .thenNothingHappens(`it has no task ${job} that is open`);
    }
    const { state } = await given(setting, ...waits)
      .when(taskCancelRequested('wait', 1))
      .told();
    expect(state).toMatchObject({
      status: 'failed',
      stage: { tasks: [{ status: 'completed' }, { status: 'failed', of: 'wait' }, {}] },
    });
  });

  it.each([
    [{}, 'somebody cancelled it'],
    [{ actor: 'operator ada' }, 'operator ada cancelled it'],
    [{ reason: 'wrong parts' }, 'somebody cancelled it: wrong parts'],
  ])('says who has cancelled it, and why: %j', async (who, message) => {
    await given(mandatory, accepted())
      .when(taskCancelRequested('A', 1, who))
      .then({ status: 'failed', state: { error: { message } } });
  });

  it('has done nothing that is unknown where its attempt had failed with an answer', async () => {
    const able = { ...optional, plugins: [plugin('A', { compensates: true }), plugin('Z')] };
    const past = [accepted(), failedUntil('t1', 9), taskCancelRequested('A', 1)];
    const { state } = await given(able, ...past)
      .when(failedForGood('t2', 3))
      .told();
    expect(state).toMatchObject({ status: 'failed', undoing: { groups: [], unknown: [] } });
  });

  it('may be one of a list, which counts as one that failed', async () => {
    const each = { plugin: 'A', forEach: '[1, 2]', tolerate: 1 };
    const setting = {
      workflow: workflow({ parallel: [each], post: ['Z'] }),
      plugins: plugins('A', 'Z'),
    };
    await given(setting, accepted(), taskCancelRequested('A#2', 1))
      .when(completed('t1', 'one', 2))
      .then({ status: 'running', commands: [dispatch('Z', { input: { A: ['one', null] } })] });
  });

  it('may be one of a paused order, which then stays paused, and fails when it goes on', async () => {
    const paused = [accepted(), pauseRequested(1)];
    await given(mandatory, ...paused)
      .when(taskCancelRequested('A', 2))
      .then({ status: 'paused', state: { stage: { tasks: [{ status: 'failed' }] } } });
    await given(mandatory, ...paused, taskCancelRequested('A', 2))
      .when(resumeRequested(3))
      .then({ status: 'failed', state: { error: cancelled() } });
    await given(mandatory, ...paused, taskCancelRequested('A', 2))
      .when(retryRequested(3))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2 })] });
  });

  it('takes no late answer', async () => {
    await given(optional, accepted(), taskCancelRequested('A', 1))
      .when(completed('t1', 'a', 2))
      .thenNothingHappens('the task is not open');
  });

  it('is undone if it has completed all the same, when its order is; else it is unknown', async () => {
    const able = { ...optional, plugins: [plugin('A', { compensates: true }), plugin('Z')] };
    const past = [accepted(), taskCancelRequested('A', 1)];
    const undone = await given(able, ...past, completed('t1', 'a', 2))
      .when(failedForGood('t2', 3))
      .told();
    expect(undone.state).toMatchObject({
      status: 'compensating',
      stage: { tasks: [{ undoes: 'A' }] },
    });
    const unknown = await given(able, ...past)
      .when(failedForGood('t2', 3))
      .told();
    expect(unknown.state).toMatchObject({ status: 'failed', undoing: { unknown: [{ job: 'A' }] } });
  });

  it('is cancelled once, however often the same act comes', async () => {
    const act = taskCancelRequested('A', 1);
    const again = await given(optional, accepted(), act).when(act).told();
    expect(again.last.applied).toEqual([]);
    expect(again.last.ignored).toMatchObject([{ reason: 'it has been done already' }]);
  });

  it.each<[string, readonly Happening[], string, string]>([
    [
      'one that has ended',
      [accepted(), completed('t1', 1), completed('t2', 2)],
      'ORDER_ENDED',
      'the order has ended: completed',
    ],
    ['an order that has not begun', [], 'TASK_NOT_OPEN', 'it has no task A that is open'],
    [
      'an order that was cancelled',
      [accepted(), cancelRequested(1)],
      'ORDER_ENDED',
      'the order has ended: cancelled',
    ],
    [
      'a task that has completed',
      [accepted(), completed('t1', 1)],
      'TASK_NOT_OPEN',
      'it has no task A that is open',
    ],
    [
      'a task that has failed',
      [accepted(), failedForGood('t1')],
      'ORDER_ENDED',
      'the order has ended: failed',
    ],
  ])('is refused for %s', async (_, past, code, reason) => {
    const { last } = await given(mandatory, ...past)
      .when(taskCancelRequested('A', 9))
      .told();
    expect(last.applied).toEqual([]);
    expect(last.ignored).toMatchObject([{ code, reason }]);
  });

  it('is refused for a task that has yet to begin, that has ended in its stage, and while its order is undone', async () => {
    const refusal = async (setting: Setting, past: readonly Happening[], job: string) =>
      (
        await given(setting, ...past)
          .when(taskCancelRequested(job, seconds(9)))
          .told()
      ).last.ignored;
    expect(await refusal(mandatory, [accepted()], 'Z')).toMatchObject([
      { code: 'TASK_NOT_OPEN', reason: 'it has no task Z that is open' },
    ]);
    const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    expect(await refusal(both, [accepted(), completed('t1', 1)], 'A')).toMatchObject([
      { code: 'TASK_NOT_OPEN', reason: 'its task A is not open: it is completed' },
    ]);
    const able = {
      ...inARow('A', 'B'),
      plugins: [plugin('A', { compensates: true }), plugin('B')],
    };
    const undoing = [accepted(), completed('t1', 'a'), failedForGood('t2')];
    expect(await refusal(able, undoing, 'undo A')).toMatchObject([{ code: 'ORDER_COMPENSATING' }]);
  });

  it('says nothing about its plugin', async () => {
    const { last } = await given(optional, accepted()).when(taskCancelRequested('A', 1)).told();
    expect(last.verdicts).toEqual([]);
  });
});
