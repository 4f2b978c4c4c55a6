import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Step } from '../../src/core/workflow.ts';
import type { Setting } from './order-specification.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  failedUntil,
  plugin,
  plugins,
  publish,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  taskCancelRequested,
  undoRequested,
  workflow,
} from './vocabulary.ts';

const inARow = {
  workflow: workflow({ pre: ['A', 'B'], post: ['C'] }),
  plugins: plugins('A', 'B', 'C'),
};
const failedAtB = [accepted(), completed('t1', 'a'), failedForGood('t2', seconds(1))];

describe('a failed order goes on from the task that failed it', () => {
  it('with the input that the task had, under its name, and its attempts go on counting', async () => {
    await given(inARow, ...failedAtB)
      .when(retryRequested(seconds(1000)))
      .then({
        status: 'running',
        commands: [
          { type: 'ArmDeadline', at: seconds(4600), last: { ended: true } },
          publish('order.retried'),
          dispatch('B', { taskId: 't2', attempt: 2, input: 'a' }),
        ],
      });
  });

  it('with as many attempts as before', async () => {
    const twice = { ...inARow, plugins: [plugin('A'), plugin('B', retriedAtOnce(2)), plugin('C')] };
    const past = [...failedAtB, retryRequested(seconds(10)), failed('t2', { attempt: 2 })];
    await given(twice, ...past)
      .when(failed('t2', { attempt: 3 }))
      .then({ status: 'failed', state: { error: { attempt: 3 } } });
  });

  it('with an input that a person gives', async () => {
    const { state, journal } = await given(
      inARow,
      ...failedAtB,
      retryRequested(seconds(10), { input: { mended: true } }),
    ).told();
    expect(state).toMatchObject({ stage: { tasks: [{}, { input: { mended: true } }] } });
    expect(tasksOf(journal)).toMatchObject([
      {},
      { job: 'B', input: { mended: true }, status: 'inFlight' },
    ]);
  });

  it('to its end, as if nothing had been', async () => {
    await given(inARow, ...failedAtB, retryRequested(seconds(10)), completed('t2', 'b', 0, 2))
      .when(completed('t3', 'c'))
      .then({ status: 'completed', state: { result: 'c' } });
  });

  it('where an expression failed, it is evaluated again', async () => {
    const asking = {
      workflow: workflow({ pre: [{ plugin: 'A', input: '$error("no")' }] }),
      plugins: plugins('A'),
    };
    await given(asking, accepted())
      .when(retryRequested(seconds(10)))
      .then({ status: 'failed', state: { error: { code: 'EXPRESSION_FAILED', task: 'A' } } });
    await given(asking, accepted())
      .when(retryRequested(seconds(10), { input: 'instead' }))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ job: 'A', taskId: 't1', input: 'instead' }] } },
      });
  });

  it('in a parallel stage, with those that failed and no others', async () => {
    const both = {
      workflow: workflow({ parallel: ['A', 'B', 'C'] }),
      plugins: plugins('A', 'B', 'C'),
    };
    const past = [accepted(), completed('t1', 'a'), failedForGood('t2'), failedForGood('t3')];
    const told = await given(both, ...past, retryRequested(seconds(10))).told();
    expect(typesOf(told.last.commands)).toEqual([
      'ArmDeadline',
      'PublishLifecycle order.retried',
      'DispatchTask B',
      'DispatchTask C',
    ]);
    const { last } = await given(both, ...past)
      .when(retryRequested(9, { input: 1 }))
      .told();
    expect(last.ignored).toMatchObject([{ code: 'RETRY_NOT_POSSIBLE' }]);
  });

  it('in a parallel stage, knowing of no more jobs than those that were done before it', async () => {
    const seen = { before: '$exists($jobs.X)', beside: '$exists($jobs.A)' };
    const both = {
      workflow: workflow({ pre: ['X'], parallel: ['A', { plugin: 'B', input: seen }] }),
      plugins: plugins('X', 'A', 'B'),
    };
    const past = [accepted(), completed('t1', 'x'), completed('t2', 'a')];
    await given(both, ...past, failedForGood('t3'))
      .when(retryRequested(seconds(10)))
      .then({
        status: 'running',
        commands: [{}, {}, dispatch('B', { input: { before: true, beside: false } })],
      });
  });

  it('once for each act, however often it is told', async () => {
    const past = [...failedAtB, retryRequested(seconds(10)), failedForGood('t2', seconds(11))];
    await given(inARow, ...past.slice(0, -1), { ...failedForGood('t2', seconds(11)), attempt: 2 })
      .when(retryRequested(seconds(10)))
      .thenNothingHappens('it has been done already');
  });

  it('only if it has failed', async () => {
    for (const past of [[], [accepted()], [accepted(), cancelRequested(1)]]) {
      const { last } = await given(inARow, ...past)
        .when(retryRequested(2))
        .told();
      expect(last).toMatchObject({ applied: [], ignored: [{ code: 'ORDER_NOT_FAILED' }] });
    }
  });

  it('but not with an input for a slice of a list, whose elements have inputs of their own', async () => {
    const long = {
      workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }),
      plugins: plugins('A'),
      input: Array.from({ length: 60 }, (_, index) => index),
    };
    const { last } = await given(long, accepted(), completed('t2', []), failedForGood('t1'))
      .when(retryRequested(9, { input: 1 }))
      .told();
    const reason = 'it has failed at a slice of a list, whose elements keep their inputs';
    expect(last.ignored).toMatchObject([{ code: 'RETRY_NOT_POSSIBLE', reason }]);
  });

  it('and answers to the attempt of its parent for which it goes on', async () => {
    const parent = { orderId: 'p', taskId: 't7', attempt: 1, depth: 1 };
    const forSecond = { ...retryRequested(9), forAttempt: 2 } as OrderEvent;
    const child = given({ ...inARow, parent }, ...failedAtB);
    await child.when(forSecond).then({
      status: 'running',
      state: { parent: { ...parent, attempt: 2 } },
    });
    await child.when(retryRequested(9)).then({ status: 'running', state: { parent } });
    const { state } = await given(inARow, ...failedAtB, forSecond).told();
    expect(state).not.toHaveProperty('parent');
  });

  // Was: for its first attempt. Each time that its parent looked after it, it was asked for the same retry, and the parent waited for a year.
  it('also where it is its undoing that goes on', async () => {
    const parent = { orderId: 'p', taskId: 't7', attempt: 1, depth: 1 };
    const slice = {
      workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }),
      ...{ plugins: [plugin('A', { compensates: true })], input: [1, 2], parent },
      slice: { activity: 0, step: 0, from: 0, tolerated: 0 },
    };
    const past = [accepted(), completed('t1', 1), failedForGood('t2', 1), undoRequested(2)];
    await given(slice, ...past, failedForGood('t3', 3))
      .when({ ...retryRequested(9), forAttempt: 2 } as OrderEvent)
      .then({ status: 'compensating', state: { parent: { ...parent, attempt: 2 } } });
  });

  it('and its deadlines hold again', async () => {
    await given(inARow, ...failedAtB, retryRequested(seconds(1000)))
      .when(deadlinePassed(seconds(4600)))
      .then({ status: 'running', state: { stage: { tasks: [{}, { status: 'backingOff' }] } } });
  });
});

describe('what was begun again and has not been done is not among the jobs that a task is told to be done', () => {
  it('a wait, which has a name only because it was cancelled, and only that one', async () => {
    const waiting = {
      workflow: workflow({ pre: [{ waitSeconds: 60 }], post: ['C'] }),
      plugins: plugins('C'),
    };
    const past = [accepted(), taskCancelRequested('wait', 1), retryRequested(seconds(10))];
    const { last } = await given(waiting, ...past)
      .when(deadlinePassed(seconds(70)))
      .told();
    expect(last.commands).toContainEqual(expect.objectContaining(dispatch('C', { done: [] })));
  });

  it('a choice whose expression had failed, as often as it had', async () => {
    const choosing = (when: string, version: number) => ({
      ...workflow({ pre: [{ choose: [{ when, steps: [{ plugin: 'A' }] }] }], post: ['C'] }),
      version,
    });
    const setting = {
      workflow: choosing('$error("no")', 1),
      versions: [choosing('true', 2)],
      plugins: plugins('A', 'C'),
    };
    const past = [accepted(), retryRequested(1), retryRequested(2, { version: 2 })];
    const { state, last } = await given(setting, ...past)
      .when(completed('t2', 'a'))
      .told();
    expect(state).toMatchObject({ skippedJobs: ['choose'] });
    expect(last.commands).toContainEqual(expect.objectContaining(dispatch('C', { done: ['A'] })));
    const { state: without } = await given(inARow, ...failedAtB, retryRequested(1)).told();
    expect(without).not.toHaveProperty('skippedJobs');
  });

  it('a task that another version of the workflow skips', async () => {
    const skipping = (when: string, version: number) => ({
      ...workflow({ pre: ['A', { plugin: 'B', when }], post: ['C'] }),
      version,
    });
    const setting = {
      workflow: skipping('true', 1),
      versions: [skipping('false', 2)],
      plugins: plugins('A', 'B', 'C'),
    };
    const { last } = await given(setting, ...failedAtB)
      .when(retryRequested(seconds(10), { version: 2 }))
      .told();
    expect(last.commands).toContainEqual(expect.objectContaining(dispatch('C', { done: ['A'] })));
  });

  it('elements of a list that wait until others are done', async () => {
    const one = { forEach: 'payload', concurrency: 1, tolerate: 1 };
    const list = {
      workflow: workflow({ parallel: [{ plugin: 'A', ...one }] }),
      plugins: plugins('A'),
      input: [1, 2, 3],
    };
    const { state, last } = await given(list, accepted(), failedForGood('t1'), failedForGood('t2'))
      .when(retryRequested(seconds(10)))
      .told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'inFlight' }, { status: 'planned', again: { job: 'A#2' } }, {}] },
    });
    expect(last.commands).toContainEqual(expect.objectContaining(dispatch('A', { done: [] })));
  });
});

describe('a failed order may move to another version of its workflow', () => {
  const v2 = { ...workflow({ pre: ['A', 'B'], post: ['D'] }), version: 2 };
  const renamed = { ...workflow({ pre: ['A', 'X'] }), version: 3 };
  const other = {
    ...v2,
    version: 4,
    activities: v2.activities.map((one) => ({ ...one, name: 'x' })),
  };
  const setting = { ...inARow, versions: [v2, renamed, other] };

  it('and goes on there', async () => {
    const past = [...failedAtB, retryRequested(seconds(10), { version: 2 })];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({ status: 'running', workflow: { name: 'w', version: 2 } });
  });

  it('if the stage that it stands in is the same', async () => {
    const reasons = {
      3: 'it does not fit version 3: it stands in a1.pre, which was A, B and is A, X',
      4: 'it does not fit version 4: it stands in the activity a1, which is gone',
    };
    for (const version of [3, 4] as const) {
      const { last } = await given(setting, ...failedAtB)
        .when(retryRequested(9, { version }))
        .told();
      expect(last.ignored).toMatchObject([
        { code: 'VERSION_DOES_NOT_FIT', reason: reasons[version] },
      ]);
    }
  });

  it.each<[Step, string]>([
    [{ waitSeconds: 5 }, 'a wait'],
    [{ waitUntil: 'payload' }, 'a wait until an instant'],
    [{ workflow: 'other' }, 'an order of other'],
    [{ waitFor: { event: 'paid' } }, 'the event paid'],
    [{ everyone: true }, '*'],
  ])('where a stage with %j is not one with B instead', async (step, shown) => {
    const stands = { ...inARow, workflow: workflow({ pre: ['A', step] }) };
    const versions = [{ ...workflow({ pre: ['A', 'B'] }), version: 2 }];
    const { last } = await given({ ...stands, versions }, accepted(), failedForGood('t1'))
      .when(retryRequested(9, { version: 2 }))
      .told();
    const reason = `it does not fit version 2: it stands in a1.pre, which was A, ${shown} and is A, B`;
    expect(last.ignored).toMatchObject([{ code: 'VERSION_DOES_NOT_FIT', reason }]);
  });

  it('where what is done after a failure is not done there', async () => {
    const plain = workflow({ pre: ['A'] });
    const onFailure = { plugins: [{ plugin: 'B' }], then: 'continue' } as const;
    const [first] = plain.activities;
    const catching = { ...plain, activities: [{ ...first!, onFailure }] };
    const versions = [{ ...plain, version: 2 }];
    const past = [accepted(), failedForGood('t1'), failedForGood('t2')];
    const { last } = await given({ ...inARow, workflow: catching, versions }, ...past)
      .when(retryRequested(9, { version: 2 }))
      .told();
    const reason =
      'it does not fit version 2: it stands in a1.onFailure, which was B and is nothing';
    expect(last.ignored).toMatchObject([{ code: 'VERSION_DOES_NOT_FIT', reason }]);
  });

  it('where a task for each element is not one for all', async () => {
    const long = {
      workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }),
      plugins: plugins('A'),
      input: [1],
      versions: [{ ...workflow({ parallel: ['A'] }), version: 2 }],
    };
    const { last } = await given(long, accepted(), failedForGood('t1'))
      .when(retryRequested(9, { version: 2 }))
      .told();
    const reason =
      'it does not fit version 2: it stands in a1.parallel, which was A for each and is A';
    expect(last.ignored).toMatchObject([{ code: 'VERSION_DOES_NOT_FIT', reason }]);
  });

  it('where everyone and waits are a part of the stage as well', async () => {
    const mixed = workflow({ pre: ['A', { waitSeconds: 5 }], parallel: '*' });
    const past = [accepted(), failedForGood('t1')];
    const withMore = (more: object, version: number) => ({
      ...mixed,
      version,
      activities: mixed.activities.map((one) => ({ ...one, ...more })),
    });
    const other: Setting = {
      workflow: mixed,
      plugins: plugins('A'),
      versions: [
        withMore({ pre: [{ plugin: 'A' }, { waitSeconds: 50 }] }, 2),
        withMore({ pre: [{ plugin: 'A' }, { everyone: true }] }, 3),
      ],
    };
    await given(other, ...past)
      .when(retryRequested(9, { version: 2 }))
      .then({ status: 'running', state: { workflow: { version: 2 } } });
    const { last } = await given(other, ...past)
      .when(retryRequested(9, { version: 3 }))
      .told();
    expect(last.ignored).toMatchObject([
      { reason: 'it does not fit version 3: it stands in a1.pre, which was A, a wait and is A, *' },
    ]);
  });
});

describe('a task can be skipped', () => {
  it('with a result: it counts as completed, and what comes next gets that', async () => {
    await given(inARow, accepted())
      .when(skipRequested('A', seconds(1), { result: 'given' }))
      .then({
        status: 'running',
        commands: [publish('task.skipped', { task: 'A' }), dispatch('B', { input: 'given' })],
      });
  });

  it('without a result: the order goes on as if the task had not taken part', async () => {
    await given(inARow, accepted())
      .when(skipRequested('A', seconds(1)))
      .then({
        status: 'running',
        commands: [publish('task.skipped'), dispatch('B', { input: 5 })],
      });
  });

  it('without a result, and is not among the jobs that are done', async () => {
    const past = [accepted(), skipRequested('A', seconds(1))];
    await given(inARow, ...past)
      .when(completed('t2', 'b'))
      .then({ status: 'running', commands: [dispatch('C', { done: ['B'] })] });
    await given(inARow, ...past, failedForGood('t2', seconds(2)), retryRequested(seconds(3)))
      .when(completed('t2', 'b', seconds(4), 2))
      .then({ status: 'running', commands: [dispatch('C', { done: ['B'] })] });
  });

  it('while it backs off, or after it has failed its order', async () => {
    await given(inARow, accepted(), failedUntil('t1', 30))
      .when(skipRequested('A', 1, { result: 'given' }))
      .then({
        status: 'running',
        state: {
          stage: { tasks: [{ status: 'completed', step: 0, plugin: 'A', mandatory: true }, {}] },
        },
      });
    await given(inARow, ...failedAtB)
      .when(skipRequested('B', seconds(10), { result: 'given' }))
      .then({
        status: 'running',
        commands: [
          { type: 'ArmDeadline' },
          publish('task.skipped'),
          dispatch('C', { taskId: 't3', input: 'given' }),
        ],
      });
  });

  it('in a parallel stage its result is among the others, and without one it is not', async () => {
    const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };
    const past = [accepted(), completed('t2', 'b')];
    await given(both, ...past)
      .when(skipRequested('A', 1, { result: 'given' }))
      .then({ status: 'completed', state: { result: { A: 'given', B: 'b' } } });
    await given(both, ...past)
      .when(skipRequested('A', 1))
      .then({ status: 'completed', state: { result: { B: 'b' } } });
    await given(both, accepted())
      .when(skipRequested('A', 1, { result: 'given' }))
      .then({ status: 'running', state: { payload: 5 } });
    await given(both, accepted())
      .when(skipRequested('B', 1, { result: 'given' }))
      .then({ status: 'running', state: { payload: 5 } });
    await given(both, accepted(), skipRequested('A', 1, { result: 'given' }))
      .when(completed('t2', 'b'))
      .then({ status: 'completed', state: { result: { A: 'given', B: 'b' } } });
  });

  it('and what its plugin answers later changes nothing', async () => {
    await given(inARow, accepted(), skipRequested('A', 1, { result: 'given' }))
      .when(completed('t1', 'late'))
      .thenNothingHappens('the task is not open');
  });

  describe('after an optional one has failed and the row has gone on', () => {
    const optional = { plugin: 'A', mandatory: false };
    const setting = {
      workflow: workflow({ pre: [optional, 'B', 'C'] }),
      plugins: [plugin('A'), plugin('B', retriedAtOnce(2)), plugin('C')],
    };
    const withoutA = [accepted(), failedForGood('t1')];
    const byHand = skipRequested('A', seconds(10), { result: 'given' });

    it('what comes next keeps the result of the one before it', async () => {
      const past = [...withoutA, completed('t2', 'b'), failedForGood('t3', seconds(1)), byHand];
      const { journal } = await given(setting, ...past).told();
      expect(tasksOf(journal)).toMatchObject([
        { job: 'A', status: 'completed', result: 'given' },
        { job: 'B', status: 'completed', input: 5 },
        { job: 'C', status: 'failed', input: 'b' },
      ]);
      await given(setting, ...past)
        .when(retryRequested(seconds(20)))
        .then({ status: 'running', commands: [{}, {}, dispatch('C', { input: 'b' })] });
    });

    it('the task that is under way keeps the input that it was sent with, attempt by attempt', async () => {
      await given(setting, ...withoutA, byHand)
        .when(failed('t2', { at: seconds(11) }))
        .then({ status: 'running', commands: [dispatch('B', { attempt: 2, input: 5 })] });
    });

    it('one that has failed as well gets it when it is begun again', async () => {
      await given(setting, ...withoutA, failedForGood('t2', seconds(1)), byHand)
        .when(retryRequested(seconds(20)))
        .then({ status: 'running', commands: [{}, {}, dispatch('B', { input: 'given' })] });
    });
  });

  it('if there is such a task, and it is open or has failed', async () => {
    for (const job of ['B', 'X', 'A']) {
      const { last } = await given(inARow, accepted(), completed('t1', 'a'), completed('t2', 'b'))
        .when(skipRequested(job, 1))
        .told();
      expect(last.ignored).toMatchObject([{ code: 'TASK_NOT_OPEN' }]);
    }
  });

  it('and the journal tells of it', async () => {
    const { journal } = await given(
      inARow,
      accepted(),
      skipRequested('A', 1),
      skipRequested('B', 2, { result: 'b' }),
    ).told();
    expect(tasksOf(journal)).toMatchObject([
      { job: 'A', status: 'skipped' },
      { job: 'B', status: 'completed', result: 'b' },
      { job: 'C', status: 'inFlight' },
    ]);
  });
});
