import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { remainingTasks } from '../../src/core/remaining.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Branch, PlainStep } from '../../src/core/workflow.ts';
import { outlineOf } from '../../src/core/workflow.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  completed,
  deadlinePassed,
  failedForGood,
  joins,
  pauseRequested,
  plugin,
  plugins,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const branch = (when: string | undefined, ...steps: (string | PlainStep)[]): Branch => ({
  ...(when === undefined ? {} : { when }),
  steps: steps.map((step) => (typeof step === 'string' ? { plugin: step } : step)),
});

const choose = (...branches: Branch[]) => ({ choose: branches });

const bySize = choose(
  branch('payload > 100', 'Large', 'Check'),
  branch('payload > 10', 'Middle'),
  branch(undefined, 'Small'),
);

const broken = choose(branch('$error("no")', 'A'), branch(undefined, 'B'));

const NAMES = ['A', 'B', 'Large', 'Check', 'Middle', 'Small'];

const of = (input: Json, ...stages: readonly Stages[]) => ({
  workflow: workflow(...stages),
  plugins: plugins(...NAMES),
  input,
});

/** The jobs that the last of these happenings sent. */
async function dispatched(setting: Parameters<typeof given>[0], ...past: readonly Happening[]) {
  const { last } = await given(setting, ...past).told();
  return last.commands.flatMap((command) =>
    command.type === 'DispatchTask' ? [{ job: command.job, input: command.input }] : [],
  );
}

describe('a choice', () => {
  const inRow = (input: Json) => of(input, { pre: [bySize, 'B'] });

  it('takes the first branch whose `when` is true, step by step, and then the order goes on', async () => {
    const large = [accepted(), completed('t1', 'l'), completed('t2', 'c')];
    expect(await dispatched(inRow(500), ...large.slice(0, 1))).toEqual([
      { job: 'Large', input: 500 },
    ]);
    expect(await dispatched(inRow(500), ...large.slice(0, 2))).toEqual([
      { job: 'Check', input: 'l' },
    ]);
    expect(await dispatched(inRow(500), ...large)).toEqual([{ job: 'B', input: 'c' }]);
    expect(await dispatched(inRow(50), accepted())).toEqual([{ job: 'Middle', input: 50 }]);
    expect(await dispatched(inRow(5), accepted())).toEqual([{ job: 'Small', input: 5 }]);
  });

  it('is made on what the order has come to by then', async () => {
    const setting = of(5, { pre: ['A', bySize] });
    expect(await dispatched(setting, accepted(), completed('t1', 50))).toEqual([
      { job: 'Middle', input: 50 },
    ]);
  });

  it('of no branch passes the order on as it is', async () => {
    const setting = of(5, { pre: [choose(branch('payload > 100', 'Large')), 'B'] });
    expect(await dispatched(setting, accepted())).toEqual([{ job: 'B', input: 5 }]);
  });

  it('is recorded, with those of the other branches and why', async () => {
    const { journal } = await given(inRow(50), accepted()).told();
    const place = { activity: 0, stage: 'pre', status: 'skipped' };
    const notTaken = (branch: number, why: string) =>
      `branch ${branch} of its choice was not taken: ${why}`;
    expect(journal.at(-1)).toMatchObject({
      state: { stage: { tasks: [{ status: 'chosen', step: 0, branch: 1 }, {}, {}] } },
      leftOut: [
        { plugin: 'Large', ...place, reason: notTaken(1, 'its `when` is false') },
        { plugin: 'Check', ...place, reason: notTaken(1, 'its `when` is false') },
        { plugin: 'Small', ...place, reason: notTaken(3, 'branch 2 was') },
      ],
    });
  });

  it('gives each task of the branch what its own step says, wherever the branch stands', async () => {
    const last = [
      branch('payload > 100', 'Large', 'Check'),
      branch('payload > 10', 'Middle'),
      branch(undefined, { plugin: 'Small', input: 'payload * 2' }, { plugin: 'A', input: '"a"' }),
    ];
    const setting = of(5, { parallel: ['B', choose(...last)] });
    expect(await dispatched(setting, accepted())).toEqual([
      { job: 'B', input: 5 },
      { job: 'Small', input: 10 },
      { job: 'A', input: 'a' },
    ]);
  });

  it('says nothing of the waits in the branches that are not taken', async () => {
    const pause = choose(branch('false', 'A', { waitSeconds: 60 }), branch(undefined, 'B'));
    const { journal } = await given(of(5, { pre: [pause] }), accepted()).told();
    expect(journal.at(-1)?.leftOut?.map((one) => one.plugin)).toEqual(['A']);
  });

  it('is made once: what comes later in the order does not change it', async () => {
    const first = choose(branch('payload < 10', 'A', 'Check'), branch(undefined, 'Small'));
    const setting = of(5, { pre: [first, 'B'] });
    const past = [accepted(), completed('t1', 500)];
    expect(await dispatched(setting, ...past)).toEqual([{ job: 'Check', input: 500 }]);
    const { state } = await given(setting, ...past, failedForGood('t2'), retryRequested()).told();
    expect(state).toMatchObject({
      status: 'running',
      stage: { tasks: [{ branch: 0 }, {}, {}, {}] },
    });
  });

  it('waits while its order is paused', async () => {
    const setting = of(5, { pre: ['A', bySize] });
    const paused = [accepted(), pauseRequested(), completed('t1', 50)];
    const { state } = await given(setting, ...paused).told();
    expect(state).toMatchObject({ stage: { tasks: [{}, { status: 'plannedChoice', step: 1 }] } });
    expect(await dispatched(setting, ...paused, resumeRequested(seconds(9)))).toMatchObject([
      { job: 'Middle' },
    ]);
  });

  it('may lead to a wait', async () => {
    const pause = choose(branch('payload = 5', { waitSeconds: 60 }));
    const setting = of(5, { pre: [pause, 'B'] });
    const { state } = await given(setting, accepted()).told();
    expect(state).toMatchObject({ status: 'waiting', wakeUp: { at: seconds(60) } });
    const waited = await dispatched(setting, accepted(), deadlinePassed(seconds(60)));
    expect(waited).toMatchObject([{ job: 'B' }]);
  });

  it('stands in a parallel stage beside others, and is made before any of them begins', async () => {
    const each = { plugin: 'Small', forEach: '[1, 2]' };
    const setting = of(5, {
      parallel: ['A', choose(branch('true', each, 'B'), branch(undefined, 'Large'))],
      post: ['Check'],
    });
    expect(await dispatched(setting, accepted())).toEqual([
      { job: 'A', input: 5 },
      { job: 'Small', input: 1 },
      { job: 'Small#2', input: 2 },
      { job: 'B', input: 5 },
    ]);
    const results = ['t1', 't2', 't3', 't4'].map((id) => completed(id, id));
    expect(await dispatched(setting, accepted(), results)).toEqual([
      { job: 'Check', input: { A: 't1', Small: ['t2', 't3'], B: 't4' } },
    ]);
  });

  it('keeps those that its branches name from being invited with everyone', async () => {
    const setting = {
      ...of(500, { parallel: [{ everyone: true }, bySize] }),
      plugins: [...plugins('A', 'Large', 'Check'), plugin('Small', joins()), plugin('B', joins())],
    };
    expect(await dispatched(setting, accepted())).toMatchObject([
      { job: 'B' },
      { job: 'Large' },
      { job: 'Check' },
    ]);
  });

  it('has its plugins in the list of tasks, and counts for none until it is made', async () => {
    const setting = inRow(500);
    expect(outlineOf(setting.workflow)).toEqual(['Large', 'Check', 'Middle', 'Small', 'B']);
    const left = async (...past: readonly Happening[]) => {
      const { state } = await given(setting, ...past).told();
      return remainingTasks(state, setting.workflow, new Map());
    };
    expect([await left(), await left(accepted())]).toEqual([1, 3]);
  });

  it('is undone as what it led to', async () => {
    const setting = {
      ...of(500, { pre: [bySize, 'B'] }),
      plugins: [
        ...plugins('B'),
        ...['Large', 'Check'].map((name) => plugin(name, { compensates: true })),
      ],
    };
    const past = [accepted(), completed('t1', 1), completed('t2', 2), failedForGood('t3')];
    expect(await dispatched(setting, ...past)).toMatchObject([{ job: 'undo Check' }]);
  });
});

describe('a choice that cannot be made', () => {
  it('fails its order, and says where', async () => {
    const { state, journal } = await given(of(5, { pre: [broken] }), accepted()).told();
    const error = {
      code: 'EXPRESSION_FAILED',
      message: expect.stringMatching(/^choose\[0\]\.when: .*no/),
    };
    expect(state).toMatchObject({
      status: 'failed',
      error: { ...error, task: 'choose', attempt: 0 },
    });
    expect(tasksOf(journal)).toMatchObject([{ job: 'choose', status: 'failed', attempts: [] }]);
  });

  it('is none whose `when` comes after the branch that is taken', async () => {
    const setting = of(5, { pre: [choose(branch('true', 'A'), branch('$error("no")', 'B'))] });
    expect(await dispatched(setting, accepted())).toMatchObject([{ job: 'A' }]);
  });

  it('is one that comes to neither true nor false', async () => {
    const { state } = await given(of(5, { pre: [choose(branch('7', 'A'))] }), accepted()).told();
    expect(state).toMatchObject({
      error: { message: 'choose[0].when: it came to 7; it must be true or false' },
    });
  });

  it('is made again by a retry, under its name, and takes no input', async () => {
    const once = choose(branch('payload.go', 'A'));
    const setting = of({ go: 1 }, { pre: [once] });
    const order = given(setting, accepted());
    const { state } = await given(setting, accepted(), retryRequested(seconds(1))).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: { task: 'choose' },
      stage: { tasks: [{ taskId: 't1', of: 'choice' }] },
    });
    await order
      .when(retryRequested(seconds(1), { input: 7 }))
      .thenNothingHappens('it has failed at a choice, which takes no input');
  });

  it('is skipped like any task', async () => {
    const setting = of(5, { pre: [broken, 'B'] });
    const skipped = skipRequested('choose', seconds(1), { result: 7 });
    expect(await dispatched(setting, accepted(), skipped)).toEqual([{ job: 'B', input: 7 }]);
  });

  it('has its order pause where that is asked for, and is made again when it goes on', async () => {
    const setting = of(5, { pre: [broken] });
    const pausing = {
      ...setting,
      workflow: { ...setting.workflow, pauseOnFailure: true as const },
    };
    const { state } = await given(pausing, accepted()).told();
    expect(state).toMatchObject({ status: 'paused', stage: { tasks: [{ status: 'failed' }] } });
    await given(pausing, accepted())
      .when(retryRequested(seconds(1), { input: 7 }))
      .thenNothingHappens('it has failed at a choice, which takes no input');
    const { last } = await given(pausing, accepted(), resumeRequested(seconds(1))).told();
    expect(last.applied).toHaveLength(1);
  });

  it('keeps an order from another version in which its branches are others', async () => {
    const setting = of(5, { pre: [broken] });
    const other = { ...workflow({ pre: [choose(branch('true', 'A', 'B'))] }), version: 2 };
    const same = {
      ...workflow({ pre: [choose(branch('true', 'A'), branch(undefined, 'B'))] }),
      version: 3,
    };
    const versions = [other, same];
    await given({ ...setting, versions }, accepted())
      .when(retryRequested(seconds(1), { version: 2 }))
      .thenNothingHappens(
        'it does not fit version 2: it stands in a1.pre, which was a choice of 1 or 1 steps, A, B and is a choice of 2 steps, A, B',
      );
    const moved = await dispatched(
      { ...setting, versions },
      accepted(),
      retryRequested(seconds(1), { version: 3 }),
    );
    expect(moved).toMatchObject([{ job: 'A' }]);
  });
});
