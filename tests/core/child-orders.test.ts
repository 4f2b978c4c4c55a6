import { describe, expect, it } from '@jest/globals';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  arm,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  pauseRequested,
  plugin,
  plugins,
  publish,
  resumeRequested,
  retryRequested,
  seconds,
  workflow,
} from './vocabulary.ts';

const CHILD = {
  ...{ workflow: workflow({ pre: ['A'] }), plugins: plugins('A') },
  parent: { orderId: 'o', taskId: 't2', attempt: 1, depth: 1 },
};
const PARENT = { orderId: 'o', taskId: 't2' };

describe('a child order', () => {
  it('names its parent in each fact about it, to the end', async () => {
    await given(CHILD)
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started', { parent: PARENT }), {}] });
    const { last } = await given(CHILD, accepted()).when(failedForGood('t1')).told();
    expect(last.commands).toMatchObject([{}, publish('order.failed', { parent: PARENT }), {}]);
  });

  it('lets its parent look after both when it ends, and not before', async () => {
    const { last: begun } = await given(CHILD, accepted()).told();
    expect(begun.commands.map(({ type }) => type)).not.toContain('TendChild');
    await given(CHILD, accepted())
      .when(completed('t1', 1))
      .then({
        status: 'completed',
        commands: [{}, {}, { type: 'TendChild', parent: 'o', child: 'o1' }],
      });
  });

  it('lets its parent know when it pauses, and not of what happens in the pause', async () => {
    await given(CHILD, accepted())
      .when(pauseRequested(1))
      .then({
        status: 'paused',
        commands: [
          publish('order.paused'),
          { type: 'TendChild', orderId: 'o1', parent: 'o', child: 'o1' },
        ],
      });
    const two = { ...CHILD, workflow: workflow({ pre: ['A', 'A'] }) };
    await given(two, accepted(), pauseRequested(1))
      .when(completed('t1', 1))
      .then({ status: 'paused', commands: [] });
  });
});

describe('the parent of a child order', () => {
  /** A child performs t1, A performs t2. */
  const parent = (more: object = {}) => ({
    workflow: workflow({ parallel: [{ workflow: 'other', ...more }, 'A'] }),
    plugins: [plugin('A', { compensates: true })],
  });

  it('looks after it every hour', async () => {
    await given(parent(), accepted(), completed('t2', 2))
      .when(deadlinePassed(seconds(3600)))
      .then({
        status: 'running',
        commands: [arm(seconds(7200)), dispatch('other', { attempt: 1, child: 'o1~t1' })],
        state: { stage: { tasks: [{ status: 'inFlight', deadlineAt: seconds(7200) }, {}] } },
      });
  });

  it('gives it up at the end of its time, and attempts it no second time', async () => {
    const past = [accepted(), completed('t2', 2), deadlinePassed(seconds(3600))];
    const { state } = await given(parent({ timeoutSeconds: 5000 }), ...past).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'inFlight', deadlineAt: seconds(5000) }, {}] },
    });
    const order = given(parent({ timeoutSeconds: 5000, mandatory: false }), ...past);
    const { last, state: after } = await order.when(deadlinePassed(seconds(5000))).told();
    expect(after).toMatchObject({
      status: 'completed',
      failedJobs: [{ job: 'other', error: { code: 'TASK_TIMED_OUT' } }],
    });
    expect(last.calledOff).toEqual(['o1~t1']);
  });

  it.each<[string, readonly Happening[], Happening, Happening]>([
    ['it pauses', [], pauseRequested(1), completed('t2', 2, 3)],
    ['it goes on', [pauseRequested(1)], resumeRequested(2), completed('t2', 2, 3)],
    ['it begins to be undone', [completed('t2', 2)], cancelRequested(1), deadlinePassed(3600_000)],
  ])('lets it know when %s, and not of what happens next', async (_, past, turn, next) => {
    const turned = await given(parent(), accepted(), ...past, turn).told();
    expect(turned.last.commands).toContainEqual({
      ...{ type: 'TendChild', orderId: 'o1', parent: 'o1', child: 'o1~t1' },
    });
    const { last } = await given(parent(), accepted(), ...past, turn, next).told();
    expect(last.applied).toHaveLength(1);
    expect(last.commands.map(({ type }) => type)).not.toContain('TendChild');
  });

  it.each([
    ['another task of its stage has completed', [completed('t2', 2)], []],
    ['it has completed', [completed('t1', 1)], []],
    ['it has failed', [failedForGood('t1')], []],
    ['its order is cancelled', [cancelRequested(1, undefined, { undo: false })], ['o1~t1']],
  ])('calls it off only if it waits for it no longer: %s', async (_, events, calledOff) => {
    const { last } = await given(parent(), accepted())
      .when(...events)
      .told();
    expect(last.calledOff).toEqual(calledOff);
  });

  // Was: whichever attempt's child answered, that of the latest was taken for the one that had, and went on for nobody.
  it('calls off that of the latest attempt if one of an earlier attempt answers', async () => {
    const past = [accepted(), completed('t2', 2), failedForGood('t1', 3), retryRequested(4)];
    const { last } = await given(
      { ...parent(), plugins: plugins('A') },
      ...past,
      completed('t1', 'after all', 5, 1),
    ).told();
    expect(last).toMatchObject({ state: { status: 'completed' }, calledOff: ['o1~t1~2'] });
  });

  it('does not call off what undoes it, where that is given up', async () => {
    const setting = { ...parent(), workflow: workflow({ pre: [{ workflow: 'other' }, 'A'] }) };
    const past = [accepted(), completed('t1', 1), failedForGood('t2', 1)];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      stage: { stage: 'undo', tasks: [{ status: 'inFlight', undoes: 'other', byOrder: true }] },
    });
    const { state, last } = await given(setting, ...past)
      .when(deadlinePassed(seconds(366 * 86_400)))
      .told();
    expect(state).toMatchObject({ status: 'failed', stage: { tasks: [{ status: 'failed' }] } });
    expect(last.calledOff).toEqual([]);
  });
});

describe('the record of a task that a child order performs names the child', () => {
  const childrenOf = async (setting: Setting, ...past: readonly Happening[]) => {
    const { journal } = await given(setting, accepted(), ...past).told();
    return tasksOf(journal).map(({ child }) => child);
  };
  const alone = {
    workflow: workflow({ pre: [{ workflow: 'other' }, 'A'] }),
    plugins: plugins('A'),
  };
  const begunAgain = [failedForGood('t1'), retryRequested(1)];

  it('of its latest attempt, until an earlier one has completed', async () => {
    expect(await childrenOf(alone)).toEqual(['o1~t1']);
    expect(await childrenOf(alone, ...begunAgain)).toEqual(['o1~t1~2']);
    expect(await childrenOf(alone, ...begunAgain, completed('t1', 1, 2, 2))).toEqual([
      ...['o1~t1~2', undefined],
    ]);
    expect(await childrenOf(alone, ...begunAgain, completed('t1', 1, 2, 1))).toEqual([
      ...['o1~t1', undefined],
    ]);
  });

  it('which is undone by itself', async () => {
    const undoing = [...begunAgain, completed('t1', 1, 2, 2), failedForGood('t2', 3)];
    const children = ['o1~t1~2', undefined, 'o1~t1~2'];
    expect(await childrenOf(alone, ...undoing)).toEqual(children);
    expect(await childrenOf(alone, ...undoing, completed('t3', null, 4))).toEqual(children);
  });

  it('which is one for all attempts of a slice', async () => {
    const long = {
      ...{ workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }) },
      ...{ plugins: plugins('A'), input: Array.from({ length: 60 }, () => 0) },
    };
    const past = [completed('t2', []), ...begunAgain, completed('t1', [], 2, 2)];
    expect(await childrenOf(long, ...past)).toEqual(['o1~t1', 'o1~t2']);
  });
});

it('how a child order ends says nothing of a plugin, though one has the name of its workflow', async () => {
  const setting = { workflow: workflow({ pre: [{ workflow: 'A' }] }), plugins: plugins('A') };
  for (const event of [completed('t1', 1), failed('t1')]) {
    const { last } = await given(setting, accepted()).when(event).told();
    expect(last.applied).toEqual([event]);
    expect(last.verdicts).toEqual([]);
  }
});

describe('an order that somebody has placed', () => {
  it('names no parent', async () => {
    const { parent: _, ...own } = CHILD;
    const { state, last } = await given(own, accepted()).told();
    expect(JSON.stringify([state, last])).not.toContain('parent');
  });
});

describe('a step of a branch', () => {
  it('may be a child order', async () => {
    const branch = { steps: [{ workflow: 'other' }] };
    const setting = { workflow: workflow({ pre: [{ choose: [branch] }] }) };
    await given(setting)
      .when(accepted())
      .then({
        status: 'running',
        commands: [{}, { type: 'DispatchTask', job: 'other', child: 'o1~t1' }],
      });
  });
});
