import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { remainingTasks } from '../../src/core/remaining.ts';
import { choiceIn, stageAfter } from '../../src/core/route.ts';
import type { StageTask } from '../../src/core/task.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { ActivityBranch, ActivityChoice, Workflow } from '../../src/core/workflow.ts';
import { outlineOf } from '../../src/core/workflow.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  completed,
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

const when = (expression: string, activities = 1): ActivityBranch => ({
  when: expression,
  activities,
});

const otherwise = (activities = 1): ActivityBranch => ({ activities });

const chosen = (before: number, ...choose: readonly ActivityBranch[]): ActivityChoice => ({
  before,
  choose,
});

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F'];

/** Activities a1, a2, … with one plugin each: A, B, …, and choices among them. */
function of(input: Json, count: number, ...choices: readonly ActivityChoice[]) {
  const stages = NAMES.slice(0, count).map((name): Stages => ({ pre: [name] }));
  return {
    workflow: { ...workflow(...stages), choices } as Workflow,
    plugins: plugins(...NAMES),
    input,
  };
}

/** A; then B and C, or D, by the input; then E. */
const bySize = (input: Json) => of(input, 5, chosen(1, when('payload > 10', 2), otherwise()));

/** The jobs that the last of these happenings sent. */
async function dispatched(setting: Parameters<typeof given>[0], ...past: readonly Happening[]) {
  const { last } = await given(setting, ...past).told();
  return last.commands.flatMap((command) => (command.type === 'DispatchTask' ? [command.job] : []));
}

/** The jobs of an order whose plugins all hand back what they get. */
async function jobsOf(setting: Parameters<typeof given>[0], input: Json) {
  const past: Happening[] = [accepted()];
  for (let n = 1; ; n += 1) {
    const { state, journal } = await given(setting, ...past).told();
    if (state.status !== 'running') return tasksOf(journal).map(({ job }) => job);
    past.push(completed(`t${n}`, input));
  }
}

describe('a choice among activities', () => {
  it('takes the activities of the first branch whose `when` is true, and then the order goes on behind all of them', async () => {
    expect(await jobsOf(bySize(50), 50)).toEqual(['A', 'B', 'C', 'E']);
    expect(await jobsOf(bySize(5), 5)).toEqual(['A', 'D', 'E']);
  });

  it('is made on what the order has come to by then', async () => {
    expect(await dispatched(bySize(5), accepted(), completed('t1', 50))).toEqual(['B']);
  });

  it('of no branch leads behind all of them', async () => {
    const setting = of(5, 3, chosen(1, when('payload > 10')));
    expect(await jobsOf(setting, 5)).toEqual(['A', 'C']);
  });

  it('may come first and last', async () => {
    const first = of(5, 3, chosen(0, when('payload > 10'), otherwise()));
    expect(await jobsOf(first, 5)).toEqual(['B', 'C']);
    const last = of(5, 3, chosen(1, when('payload < 10'), otherwise()));
    expect(await jobsOf(last, 5)).toEqual(['A', 'B']);
    const nobody = of(5, 1, chosen(0, when('payload > 10')));
    const { state } = await given(nobody, accepted()).told();
    expect(state).toMatchObject({ status: 'completed', result: 5, taskCount: 0 });
  });

  it('may stand in a branch of another, first or last, and several behind each other', async () => {
    // (A if 1, (B if 2, else C)), or (D, (E if 5)); then F.
    const setting = (input: Json) =>
      of(
        input,
        6,
        chosen(0, when('payload.way < 3', 3), otherwise(2)),
        chosen(0, when('payload.way = 1')),
        chosen(1, when('payload.way = 2'), otherwise()),
        chosen(4, when('payload.way = 5')),
      );
    const ways = [1, 2, 3, 5];
    const jobs = await Promise.all(ways.map((way) => jobsOf(setting({ way }), { way })));
    expect(jobs).toEqual([
      ['A', 'C', 'F'],
      ['B', 'F'],
      ['D', 'F'],
      ['D', 'E', 'F'],
    ]);
  });

  it('is recorded with whoever is in the other branches, stage by stage, and why', async () => {
    const post = [{ waitSeconds: 5 }, 'B'];
    const two = workflow({ pre: ['A'] }, { parallel: '*', post }, { pre: ['C'] });
    const setting = {
      workflow: { ...two, choices: [chosen(1, when('payload > 10'), otherwise())] },
      plugins: [
        ...plugins('A', 'B', 'C'),
        plugin('Joins', joins({ activity: 'a2' })),
        plugin('Elsewhere', joins({ activity: 'a3' })),
        plugin('Uninvited', joins({ activity: 'a2', stage: 'post' })),
      ],
    };
    const { journal, state } = await given(setting, accepted(), completed('t1', 5)).told();
    const reason = 'branch 1 of its choice was not taken: its `when` is false';
    const out = { activity: 1, status: 'skipped', reason };
    expect(journal.at(-1)?.leftOut).toEqual([
      { ...out, plugin: 'Joins', stage: 'parallel' },
      { ...out, plugin: 'B', stage: 'post' },
    ]);
    expect(state).toMatchObject({ stage: { activity: 2, stage: 'pre' } });
  });

  it('says of the branches behind the one that was taken that another was', async () => {
    const { journal } = await given(bySize(5), accepted(), completed('t1', 50)).told();
    expect(journal.at(-1)?.leftOut).toMatchObject([
      { plugin: 'D', activity: 3, reason: 'branch 2 of its choice was not taken: branch 1 was' },
    ]);
  });

  it('says it of each activity of a branch', async () => {
    const { journal } = await given(bySize(5), accepted(), completed('t1', 5)).told();
    const reason = 'branch 1 of its choice was not taken: its `when` is false';
    expect(journal.at(-1)?.leftOut).toMatchObject([
      { plugin: 'B', activity: 1, stage: 'pre', reason },
      { plugin: 'C', activity: 2, stage: 'pre', reason },
    ]);
  });

  it('waits while its order is paused', async () => {
    const paused = [accepted(), pauseRequested(), completed('t1', 50)];
    const { state } = await given(bySize(5), ...paused).told();
    expect(state).toMatchObject({ stage: { activity: 0, stage: 'pre' } });
    expect(await dispatched(bySize(5), ...paused, resumeRequested(seconds(9)))).toEqual(['B']);
  });

  it('goes with activities that are repeated and caught', async () => {
    const setting = bySize(50);
    const activities = setting.workflow.activities.map((one, index) => {
      if (index === 1) return { ...one, repeat: { until: '$exists($jobs.`B#2`)', max: 3 } };
      if (index !== 2) return one;
      return {
        ...one,
        onFailure: { plugins: [{ plugin: 'F' }], then: 'continue' as const },
      };
    });
    const caught = { ...setting, workflow: { ...setting.workflow, activities } };
    const past = ['t1', 't2', 't3'].map((id) => completed(id, 50));
    const failing = [accepted(), ...past, failedForGood('t4')];
    expect(await dispatched(caught, ...failing)).toEqual(['F']);
    expect(await dispatched(caught, ...failing, completed('t5', 50))).toEqual(['E']);
  });

  it('has the plugins of all branches in the list of tasks, and counts for none until it is made', async () => {
    const setting = bySize(5);
    expect(outlineOf(setting.workflow)).toEqual(['A', 'B', 'C', 'D', 'E']);
    const left = async (...past: readonly Happening[]) => {
      const { state } = await given(setting, ...past).told();
      return remainingTasks(state, setting.workflow, new Map());
    };
    expect(await left(accepted())).toBe(2);
    expect(await left(accepted(), completed('t1', 50))).toBe(3);
    expect(await left(accepted(), completed('t1', 5))).toBe(2);
  });

  it('is past the pivot before it, once that has ended', async () => {
    const setting = bySize(5);
    const compensating = NAMES.map((name) => plugin(name, { compensates: true }));
    const withPivot = (pivot: string) => ({
      ...{ ...setting, plugins: compensating },
      workflow: { ...setting.workflow, pivot },
    });
    const past = [accepted(), completed('t1', 5), failedForGood('t2')];
    expect((await given(withPivot('a1'), ...past).told()).state.status).toBe('failed');
    expect((await given(withPivot('a5'), ...past).told()).state.status).toBe('compensating');
  });
});

describe('a choice among activities that cannot be made', () => {
  const broken = of(5, 4, chosen(1, when('$error("no")', 2), otherwise()));

  it('fails its order before the first of them, and says where', async () => {
    const { state, journal } = await given(broken, accepted(), completed('t1', 5)).told();
    const message = expect.stringMatching(/^choose\[0\]\.when: .*no/);
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'EXPRESSION_FAILED', message, task: 'choose', attempt: 0 },
      stage: { activity: 1, stage: 'choose', choice: 0 },
    });
    expect(tasksOf(journal)[1]).toMatchObject({ job: 'choose', activity: 1, stage: 'choose' });
  });

  it('is none whose `when` comes after the branch that is taken', async () => {
    const setting = of(5, 2, chosen(0, when('true'), when('$error("no")')));
    expect(await dispatched(setting, accepted())).toEqual(['A']);
  });

  it('is one that comes to neither true nor false', async () => {
    const { state } = await given(of(5, 1, chosen(0, when('7'))), accepted()).told();
    expect(state).toMatchObject({
      error: { message: 'choose[0].when: it came to 7; it must be true or false' },
    });
  });

  it('is not caught by the activity before which it stands', async () => {
    const activities = broken.workflow.activities.map((one) => ({
      ...one,
      onFailure: { plugins: [{ plugin: 'F' }], then: 'continue' as const },
    }));
    const caught = { ...broken, workflow: { ...broken.workflow, activities } };
    const { state } = await given(caught, accepted(), completed('t1', 5)).told();
    expect(state.status).toBe('failed');
  });

  it('is made again by a retry, under its name, and takes no input', async () => {
    const order = given(broken, accepted(), completed('t1', 5));
    const again = await given(
      broken,
      ...[accepted(), completed('t1', 5), retryRequested(seconds(1))],
    ).told();
    expect(again.state).toMatchObject({ status: 'failed', error: { task: 'choose' } });
    expect(again.last.applied).toHaveLength(1);
    await order
      .when(retryRequested(seconds(1), { input: 7 }))
      .thenNothingHappens('it has failed at a choice, which takes no input');
  });

  it('is passed by a skip, with the result that it gives', async () => {
    const past = [accepted(), completed('t1', 5)];
    const skipped = skipRequested('choose', seconds(1), { result: 7 });
    const { state } = await given(broken, ...past, skipped).told();
    expect(state).toMatchObject({ status: 'completed', result: 7 });
  });

  it('has its order pause where that is asked for, and is made again when it goes on', async () => {
    const pausing = {
      ...broken,
      workflow: { ...broken.workflow, pauseOnFailure: true as const },
    };
    const past = [accepted(), completed('t1', 5)];
    expect((await given(pausing, ...past).told()).state).toMatchObject({
      status: 'paused',
      stage: { stage: 'choose' },
    });
    const { last } = await given(pausing, ...past, resumeRequested(seconds(1))).told();
    expect(last.applied).toHaveLength(1);
  });

  it('is made by another version, if the same choice stands before the same activity there', async () => {
    const version = (number: number, ...choices: readonly ActivityChoice[]) => ({
      ...{ ...broken.workflow, choices, version: number },
    });
    const versions = [
      version(2, chosen(1, when('true', 2), otherwise())),
      version(3),
      version(4, chosen(1, when('true'), otherwise(2))),
      // Two stand before the activity, and the one that failed was the outer one.
      version(5, chosen(1, when('false', 2), otherwise()), chosen(1, when('$error("no")'))),
    ];
    const setting = { ...broken, versions };
    const past = [accepted(), completed('t1', 5)];
    const to = (number: number) => retryRequested(seconds(1), { version: number });
    expect(await dispatched(setting, ...past, to(2))).toEqual(['B']);
    expect(await dispatched(setting, ...past, to(5))).toEqual(['D']);
    await given(setting, ...past)
      .when(to(3))
      .thenNothingHappens(
        'it does not fit version 3: it stands at a choice before the activity a2, which is gone',
      );
    await given(setting, ...past)
      .when(to(4))
      .thenNothingHappens(
        'it does not fit version 4: it stands in a2.choose, which was a choice of 2 or 1 activities and is a choice of 1 or 2 activities',
      );
  });
});

it.each([
  [0, 1],
  [1, 2],
  [2, 3],
  [3, 4],
  [4, undefined],
])(
  'the choice of number %s is %s where another stands before the first activity',
  (here, there) => {
    const one = otherwise();
    const { workflow: from } = of(5, 5, ...[1, 1, 2, 3, 4].map((before) => chosen(before, one)));
    const { workflow: to } = of(5, 4, ...[0, 1, 1, 2, 3].map((before) => chosen(before, one)));
    expect(choiceIn({ from, to }, here)).toBe(there);
  },
);

it('every order leaves a workflow of choices within choices, whatever they come to', () => {
  const { workflow: nested } = of(
    5,
    6,
    chosen(0, when('x', 4), otherwise(2)),
    chosen(0, when('x', 2), otherwise(2)),
    chosen(1, when('x')),
    chosen(4, otherwise(2)),
  );
  for (let seed = 0; seed < 81; seed += 1) {
    let at = stageAfter(nested, undefined);
    let last = -1;
    for (let turn = 0; at !== undefined; turn += 1) {
      expect(at.activity).toBeGreaterThanOrEqual(last);
      last = at.activity;
      const branches = nested.choices?.[at.choice ?? 0]?.choose.length ?? 0;
      const branch = Math.floor(seed / 3 ** (at.choice ?? 0)) % (branches + 1);
      const made: StageTask =
        branch === branches ? { status: 'chosen', step: 0 } : { status: 'chosen', step: 0, branch };
      at = stageAfter(nested, at.stage === 'choose' ? { ...at, tasks: [made] } : at);
      expect(turn).toBeLessThan(30);
    }
  }
});
