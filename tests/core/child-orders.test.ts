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
  heartbeat,
  pauseRequested,
  plugin,
  plugins,
  publish,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
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

// Was: whoever retried the child of a task after its parent had gone on had it work for nobody. Now: what it comes to is undone with the parent.
describe('a child order that has failed, and is retried by a person', () => {
  const setting = {
    workflow: workflow({ parallel: [{ workflow: 'other', mandatory: false }, 'N'], post: ['Z'] }),
    plugins: plugins('N', 'Z'),
  };
  const mandatory = { ...setting, workflow: workflow({ parallel: [{ workflow: 'other' }, 'N'] }) };
  const pausing = {
    ...mandatory,
    workflow: { ...mandatory.workflow, pauseOnFailure: true as const },
  };
  const childFailed = (at = 1, attempt = 1, code = 'CHILD_FAILED') => ({
    ...failed('t1', { at, attempt, retry: 'never' }),
    error: { code, message: 'its order has failed' },
  });
  const late = (attempt = 1) => completed('t1', 'late', 9, attempt);
  const undoes = (child: string) => ({
    ...{ status: 'compensating' as const },
    state: { stage: { tasks: [{ undoes: 'other', undoneChild: child }] } },
  });
  const isDone = completed('t2', 'n', 2);

  it('is undone with its parent, which has gone on without it', async () => {
    const past = [accepted(), childFailed(), isDone, late()];
    await given(setting, ...past)
      .when(failedForGood('t3', 10))
      .then(undoes('o1~t1'));
    await given(setting, ...past)
      .when(cancelRequested(10))
      .then(undoes('o1~t1'));
    await given(setting, ...past)
      .when(completed('t3', 'z', 10))
      .then({ status: 'completed' });
  });

  it.each([
    ['was cancelled', [isDone, cancelRequested(3)]],
    ['has failed at something else', [isDone, failedForGood('t3', 3)]],
  ])('is undone as soon as it has completed, where its parent %s', async (_, past) => {
    await given(setting, accepted(), childFailed(), ...past)
      .when(late())
      .then(undoes('o1~t1'));
  });

  it('is undone, whichever attempt of the task it performs', async () => {
    const past = [accepted(), childFailed(), isDone, retryRequested(3), childFailed(4, 2)];
    const again = completed('t1', 'again', 20, 3);
    for (const [attempt, child] of [
      [1, 'o1~t1'],
      [2, 'o1~t1~2'],
    ] as const) {
      await given(pausing, ...past, late(attempt))
        .when(cancelRequested(10))
        .then(undoes(child));
      await given(pausing, ...past, late(attempt), retryRequested(10))
        .when(again)
        .then({ status: 'completed' });
    }
  });

  it('is left alone while the retry of its parent would take its result, and is undone if that is given up', async () => {
    const past = [accepted(), childFailed(), isDone];
    await given(mandatory, ...past)
      .when(late())
      .then({ status: 'failed', commands: [], state: { endedIn: 3 } });
    await given(mandatory, ...past, late())
      .when(late())
      .thenNothingHappens('the order has ended: failed');
    await given(mandatory, ...past, late(), retryRequested(10))
      .when(completed('t1', 'late', 11, 1))
      .then({ status: 'completed', state: { result: { other: 'late', N: 'n' } } });
    const skipped = skipRequested('other', 10);
    const two = {
      ...mandatory,
      workflow: workflow({ parallel: [{ workflow: 'other' }, 'N'] }, { pre: ['Z'] }),
    };
    await given({ ...two, plugins: setting.plugins }, ...past, late(), skipped)
      .when(cancelRequested(11))
      .then(undoes('o1~t1'));
  });

  it.each(['CHILD_CANCELLED', 'CHILD_LOST', 'CHILD_TOO_DEEP', 'UNKNOWN_WORKFLOW'])(
    'is not thought of where there is none that anybody could retry: %s',
    async (code) => {
      const past = [accepted(), childFailed(1, 1, code), isDone];
      expect((await given(setting, ...past).told()).state).not.toHaveProperty('unawaited');
      await given(setting, ...past, cancelRequested(3))
        .when(late())
        .thenNothingHappens('the order has ended: cancelled');
    },
  );

  it('is thought of by itself: others of the same batch say nothing of it', async () => {
    const two = workflow({
      parallel: [{ workflow: 'x', mandatory: false }, { workflow: 'y', mandatory: false }, 'N'],
    });
    const lost = childFailed(1, 1, 'CHILD_LOST');
    const batch = [heartbeat('t2', 1), lost, { ...childFailed(), taskId: 't2' }];
    expect(
      (await given({ ...setting, workflow: two }, accepted(), batch).told()).state,
    ).toMatchObject({
      unawaited: [{ taskId: 't2', plugin: 'y', byOrder: true, hasFailed: true }],
    });
    const completes = completed('t2', 'late', 9);
    const past = [
      accepted(),
      childFailed(),
      { ...childFailed(2), taskId: 't2' },
      cancelRequested(3),
    ];
    const { last } = await given({ ...setting, workflow: two }, ...past, completes).told();
    expect(last.calledOff).toEqual([]);
  });

  it('calls off none of its task by failing, nor any of another task by completing', async () => {
    const past = [accepted(), childFailed(), isDone, retryRequested(3)];
    const failing = await given(pausing, ...past, childFailed(4, 2)).told();
    expect(failing.last.calledOff).toEqual([]);
    const twice = workflow({ parallel: [{ workflow: 'other', mandatory: false }, 'N', 'Z'] });
    const { last } = await given(
      { ...setting, workflow: twice },
      ...[accepted(), childFailed(), completed('t3', 'z', 2)],
    ).told();
    expect(last.calledOff).toEqual([]);
  });

  it('is undone at once where its task is optional, whatever else has failed its parent', async () => {
    const two = workflow({
      parallel: [{ workflow: 'other' }, { workflow: 'x', mandatory: false }],
    });
    const optional = { ...childFailed(1), taskId: 't2' };
    await given({ ...setting, workflow: two }, accepted(), optional, childFailed(2))
      .when(completed('t2', 'late', 9))
      .then({
        ...{ status: 'compensating' },
        state: { stage: { tasks: [{ undoes: 'x', undoneChild: 'o1~t2' }] } },
      });
  });

  it('has no other called off than those of its own task', async () => {
    const parallel = [{ workflow: 'x', mandatory: false }, { workflow: 'other' }];
    const own = { ...pausing, workflow: { ...pausing.workflow, ...workflow({ parallel }) } };
    const calledOff = async (...past: readonly Happening[]) =>
      (await given(own, accepted(), ...past).told()).last.calledOff;
    const both = [childFailed(1), { ...childFailed(2), taskId: 't2' }, retryRequested(3)];
    expect(await calledOff(...both, late())).toEqual([]);
    const again = { ...childFailed(4, 2), taskId: 't2' };
    const ended = [...both, again, cancelRequested(5)];
    expect(await calledOff(...ended, completed('t2', 'late', 9))).toEqual(['o1~t2~2']);
    expect(await calledOff(...ended, late())).toEqual([]);
  });

  it('is no slice, whose order its parent has in mind by itself', async () => {
    const long = {
      workflow: workflow({ parallel: [{ plugin: 'N', forEach: 'payload', tolerate: 60 }, 'Z'] }),
      plugins: [plugin('N', { compensates: true }), ...plugins('Z')],
      input: Array.from({ length: 51 }, () => 0),
    };
    const { state } = await given(long, accepted(), childFailed()).told();
    expect(state).not.toHaveProperty('unawaited');
  });

  it('is thought of where it goes on again, and the next attempt has failed for that', async () => {
    const past = [accepted(), childFailed(), isDone, retryRequested(3)];
    const goesOn = childFailed(4, 2, 'CHILD_GOES_ON');
    await given(pausing, ...past, goesOn, cancelRequested(5))
      .when(late())
      .then(undoes('o1~t1'));
  });

  // Was: what an earlier attempt's order came to was ignored once the latest one had been cancelled.
  it('is thought of where the order of the next attempt was cancelled', async () => {
    const past = [accepted(), childFailed(), isDone, retryRequested(3)];
    const again = [...past, childFailed(4, 2, 'CHILD_CANCELLED')];
    await given(mandatory, ...again)
      .when(late())
      .then({ status: 'failed', state: { endedIn: 5 } });
    const paused = [accepted(), childFailed(), isDone, retryRequested(3)];
    await given(pausing, ...paused, childFailed(4, 2, 'CHILD_CANCELLED'), late())
      .when(cancelRequested(10))
      .then(undoes('o1~t1'));
    const two = workflow({ parallel: [{ workflow: 'other' }, 'N'] }, { pre: ['Z'] });
    const skipped = [...past, skipRequested('other', 4), childFailed(5, 2, 'CHILD_CANCELLED')];
    await given({ ...setting, workflow: two }, ...skipped, late())
      .when(cancelRequested(10))
      .then(undoes('o1~t1'));
  });

  it('is thought of where its parent hears of its failure once it has skipped it', async () => {
    const past = [accepted(), skipRequested('other', 1), childFailed(2), isDone];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      unawaited: [{ taskId: 't1', byOrder: true, hasFailed: true }],
    });
    await given(setting, ...past, late())
      .when(cancelRequested(10))
      .then(undoes('o1~t1'));
    const cancelled = [accepted(), skipRequested('other', 1), childFailed(2, 1, 'CHILD_CANCELLED')];
    expect((await given(setting, ...cancelled).told()).state).not.toHaveProperty('unawaited');
  });

  // Was: of two that both completed, the one that came second stayed done.
  it.each<[string, readonly Happening[], number, readonly string[]]>([
    ['open', [], 1, ['o1~t1~2']],
    ['open', [], 2, ['o1~t1']],
    ['over', [childFailed(4, 2)], 1, ['o1~t1~2']],
    ['over', [childFailed(4, 2)], 2, ['o1~t1']],
    [
      'over once more',
      [childFailed(4, 2), resumeRequested(5), childFailed(6, 3)],
      ...[2, ['o1~t1', 'o1~t1~3']],
    ] as [string, Happening[], number, string[]],
    ['over, and its order undone', [childFailed(4, 2), cancelRequested(5)], 1, ['o1~t1~2']],
    ['over, and its order undone', [childFailed(4, 2), cancelRequested(5)], 2, ['o1~t1']],
  ])(
    'has the other of its task called off when it completes: the task is %s',
    async (_, past, attempt, others) => {
      const before = [accepted(), isDone, childFailed(), retryRequested(3), ...past];
      const { last } = await given(pausing, ...before)
        .when(late(attempt))
        .told();
      expect(last.applied).toHaveLength(1);
      expect(last.calledOff).toEqual(others);
    },
  );

  // Was: an order that had ended kept to itself what it had called off since.
  it('has the other of its task called off although its parent has failed', async () => {
    const past = [accepted(), isDone, childFailed(), retryRequested(3), childFailed(4, 2)];
    const { last } = await given({ ...mandatory, parent: CHILD.parent }, ...past, late()).told();
    const tend = { type: 'TendChild', orderId: 'o1', parent: 'o1', child: 'o1~t1~2' };
    expect(last.commands).toEqual([{ ...tend, calledOff: true }]);
  });

  it('is the same one for all attempts of a slice, which calls off none', async () => {
    const long = {
      ...{ workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }) },
      ...{ plugins: plugins('A'), input: Array.from({ length: 51 }, () => 0) },
    };
    const past = [accepted(), completed('t2', [], 1), failedForGood('t1', 2), retryRequested(3)];
    for (const over of [[], [skipRequested('A', 4)]]) {
      const { last } = await given(long, ...past, ...over, late(2)).told();
      expect(last.calledOff).toEqual([]);
    }
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
