import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import { remainingTasks } from '../../src/core/remaining.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Repeat, Workflow } from '../../src/core/workflow.ts';
import type { Happening } from './order-specification.ts';
import { decision, given } from './order-specification.ts';
import type { Stages } from './vocabulary.ts';
import {
  accepted,
  completed,
  dispatch,
  failed,
  failedForGood,
  plugin,
  plugins,
  resumeRequested,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const APPROVED: Repeat = { until: 'payload = "approved"', max: 3 };

/** The first of these activities is repeated. */
function repeated(repeat: Repeat, ...activities: readonly Stages[]): Workflow {
  const plain = workflow(...activities);
  const [first, ...later] = plain.activities;
  return { ...plain, activities: [{ ...first!, repeat }, ...later] };
}

const compensating = ['A', 'B', 'C'].map((name) => plugin(name, { compensates: true }));

const of = (definition: Workflow, input: Json = 5) => ({
  workflow: definition,
  plugins: compensating,
  input,
});

const draft = of(repeated(APPROVED, { pre: ['A', 'B'] }, { pre: ['C'] }));

const undoesNothing = { ...draft, plugins: plugins('A', 'B', 'C') };

/** The jobs that the last of these happenings sent. */
async function dispatched(setting: Parameters<typeof given>[0], ...past: readonly Happening[]) {
  const { last } = await given(setting, ...past).told();
  return last.commands.flatMap((one) => (one.type === 'DispatchTask' ? [one.job] : []));
}

/** The drafts of two rounds, and what is said of them. */
const twoRounds = [
  ...[accepted(), completed('t1', 'draft'), completed('t2', 'no')],
  ...[completed('t3', 'better'), completed('t4', 'not yet')],
];

const thirdRound = [...twoRounds, completed('t5', 'best'), completed('t6', 'no')];

describe('an activity with `repeat`', () => {
  it('is over once its `until` is true, and the order goes on with what it came to', async () => {
    await given(draft, accepted(), completed('t1', 'draft'))
      .when(completed('t2', 'approved'))
      .then({
        status: 'running',
        commands: [dispatch('C', { input: 'approved' })],
        state: { stage: { activity: 1 } },
      });
  });

  it('is done again from its first stage with the payload as it is, until then', async () => {
    const { state, last } = await given(draft, ...twoRounds).told();
    expect(last.commands).toMatchObject([dispatch('A#3', { input: 'not yet' })]);
    expect(state).toMatchObject({ stage: { activity: 0, stage: 'pre', round: 3 } });
    await given(draft, ...twoRounds, completed('t5', 'best'))
      .when(completed('t6', 'approved'))
      .then({ status: 'running', commands: [dispatch('C')] });
  });

  it('knows its round through its stages, and the next activity has none', async () => {
    const definition = repeated(APPROVED, { pre: ['A'], post: ['B'] }, { pre: ['C'] });
    const past = [accepted(), completed('t1', 'a'), completed('t2', 'no'), completed('t3', 'a')];
    const inPost = await given(of(definition), ...past).told();
    expect(inPost.state).toMatchObject({ stage: { stage: 'post', round: 2 } });
    const { state, journal } = await given(
      of(definition),
      ...[...past, completed('t4', 'approved'), completed('t5', 'c')],
    ).told();
    expect(state).toMatchObject({ status: 'completed', result: 'c' });
    expect(tasksOf(journal).map(({ job, round }) => [job, round])).toEqual([
      ['A', undefined],
      ['B', undefined],
      ['A#2', 2],
      ['B#2', 2],
      ['C', undefined],
    ]);
  });

  it('that has tasks in its parallel stage only asks with what they came to', async () => {
    const until = '$count($jobs.*) = 4 and payload.A = "a2"';
    const definition = repeated({ until, max: 5 }, { parallel: ['A', 'B'] });
    const first = [accepted(), completed('t1', 'a1'), completed('t2', 'b1')];
    const second = await given(of(definition), ...first).told();
    expect(second.last.commands).toMatchObject([
      dispatch('A#2', { input: { A: 'a1', B: 'b1' } }),
      dispatch('B#2'),
    ]);
    await given(of(definition), ...first, completed('t3', 'a2'))
      .when(completed('t4', 'b2'))
      .then({ status: 'completed', state: { result: { A: 'a2', B: 'b2' } } });
  });

  it('is done again where its `until` comes to nothing', async () => {
    const nothing = of(repeated({ until: 'payload.missing', max: 2 }, { pre: ['A'] }));
    await given(nothing, accepted())
      .when(completed('t1', 1))
      .then({ status: 'running', commands: [dispatch('A#2')] });
  });

  it('of which nobody takes part has its rounds at once', async () => {
    const nobody = repeated(APPROVED, { pre: [{ plugin: 'A', when: 'false' }] });
    const { state, last } = await given(of(nobody), accepted()).told();
    expect(state).toMatchObject({ status: 'failed', error: { code: 'REPEATED_TOO_OFTEN' } });
    expect(last.leftOut.map(({ round }) => round)).toEqual([undefined, 2, 3]);
  });

  it('counts once among the tasks that remain: nobody knows how often it is done', async () => {
    const { state } = await given(draft, ...twoRounds).told();
    const registered = new Map(compensating.map((one) => [one.name, one]));
    expect(remainingTasks(state, draft.workflow, registered)).toBe(3);
  });

  it('goes on in its next round although the process has died that decided on it', async () => {
    const { journal } = await given(draft, ...twoRounds).told();
    const context = {
      workflow: draft.workflow,
      plugins: new Map(compensating.map((one) => [one.name, one])),
    };
    const again = await decision(journal, [completed('t4', 'not yet')], context);
    expect(again.state).toBe(journal.at(-1)?.state);
    expect(again.commands).toMatchObject([dispatch('A#3', { input: 'not yet' })]);
  });
});

describe('an activity that was repeated too often', () => {
  it('fails its order after the last round', async () => {
    const message = 'after 3 rounds its `until` is false';
    await given(undoesNothing, ...thirdRound.slice(0, -1))
      .when(completed('t6', 'no'))
      .then({
        status: 'failed',
        state: { error: { code: 'REPEATED_TOO_OFTEN', task: 'repeat', attempt: 0, message } },
      });
  });

  it('is caught by its onFailure, and not repeated after that', async () => {
    const [first, ...later] = draft.workflow.activities;
    const onFailure = { plugins: [{ plugin: 'C' }], then: 'continue' } as const;
    const caught = of({ ...draft.workflow, activities: [{ ...first!, onFailure }, ...later] });
    const { last } = await given(caught, ...thirdRound).told();
    expect(last.commands).toContainEqual(expect.objectContaining(dispatch('C')));
    await given(caught, ...thirdRound)
      .when(completed('t8', 'caught'))
      .then({ status: 'running', state: { stage: { activity: 1 } } });
  });

  it('has as many rounds again when its order is retried, or resumed where it pauses instead', async () => {
    const pausing = {
      ...undoesNothing,
      workflow: { ...draft.workflow, pauseOnFailure: true as const },
    };
    for (const [setting, act] of [
      [undoesNothing, retryRequested(seconds(60))],
      [pausing, retryRequested(seconds(60))],
      [pausing, resumeRequested(seconds(60))],
    ] as const) {
      expect(await dispatched(setting, ...thirdRound, act)).toEqual(['A#4']);
      const more = ['t8', 't9', 't10', 't11', 't12', 't13'].map((id) => completed(id, 'no'));
      const { state } = await given(setting, ...thirdRound, act, ...more).told();
      expect(state.status).toBe(setting === pausing ? 'paused' : 'failed');
      expect(state).toMatchObject({ stage: { round: 6 } });
    }
  });

  it('takes no input when it is retried', async () => {
    const { last } = await given(
      undoesNothing,
      ...thirdRound,
      retryRequested(9, { input: 1 }),
    ).told();
    expect(last.ignored).toMatchObject([{ code: 'RETRY_NOT_POSSIBLE' }]);
  });

  it('is over where somebody skips that, with a result or without', async () => {
    const afterSkip = async (more: { result?: Json }) => {
      const { last } = await given(
        undoesNothing,
        ...thirdRound,
        skipRequested('repeat', 9, more),
      ).told();
      return last.commands;
    };
    expect(await afterSkip({})).toContainEqual(
      expect.objectContaining(dispatch('C', { input: 'no' })),
    );
    expect(await afterSkip({ result: 'approved' })).toContainEqual(
      expect.objectContaining(dispatch('C', { input: 'approved' })),
    );
  });

  it('undoes its rounds in reverse order, those of a parallel stage one after another', async () => {
    const parallel = of(repeated({ until: 'false', max: 2 }, { parallel: ['A', 'B'] }));
    const past = [accepted(), ...['t1', 't2', 't3'].map((id) => completed(id, id))];
    const all = [...past, completed('t4', 't4')];
    expect(await dispatched(parallel, ...all)).toEqual(['undo B#2', 'undo A#2']);
    const { state } = await given(parallel, ...all).told();
    expect(state).toMatchObject({ undoing: { groups: [{ jobs: [{ job: 'B' }, { job: 'A' }] }] } });
  });
});

describe('an `until`', () => {
  const plain = (until: string) => ({
    ...of(repeated({ until, max: 2 }, { pre: ['A'] })),
    plugins: [plugin('A')],
  });

  it('that fails, or comes to neither true nor false, fails its order', async () => {
    for (const [until, message] of [
      ['$error("no")', expect.stringMatching(/^repeat\.until: no/)],
      ['payload', 'repeat.until: it came to "a"; it must be true or false'],
    ] as const) {
      await given(plain(until), accepted())
        .when(completed('t1', 'a'))
        .then({
          status: 'failed',
          state: { error: { code: 'EXPRESSION_FAILED', task: 'repeat', message } },
        });
    }
  });

  it('is asked again under the version to which its order is moved', async () => {
    const setting = plain('payload');
    const mended = { ...plain('true').workflow, version: 2 };
    const past = [accepted(), completed('t1', 'a')];
    await given({ ...setting, versions: [mended] }, ...past)
      .when(retryRequested(9, { version: 2 }))
      .then({ status: 'completed', state: { result: 'a' } });
  });
});

describe('an order in a repeated activity', () => {
  const failing = { ...of(repeated(APPROVED, { post: ['A'] })), plugins: [plugin('A')] };

  it('moves to no version where the stage is repeated no more', async () => {
    const once = { ...workflow({ post: ['A'] }), version: 2 };
    const { last } = await given(
      { ...failing, versions: [once] },
      ...[accepted(), failedForGood('t1'), retryRequested(9, { version: 2 })],
    ).told();
    expect(last.ignored).toMatchObject([
      {
        code: 'VERSION_DOES_NOT_FIT',
        reason: 'it does not fit version 2: it stands in a1.post, which was A, a repeat and is A',
      },
    ]);
  });

  it('moves to a version that repeats it more or less often', async () => {
    const often = { ...repeated({ until: 'true', max: 50 }, { post: ['A'] }), version: 2 };
    const past = [accepted(), failedForGood('t1'), retryRequested(9, { version: 2 })];
    expect(await dispatched({ ...failing, versions: [often] }, ...past)).toEqual(['A']);
  });

  it('retries a task that failed in a round, and stays in it', async () => {
    const past = [accepted(), completed('t1', 'no'), failed('t2', { retry: 'never' })];
    const { state } = await given(failing, ...past, retryRequested(9)).told();
    expect(state).toMatchObject({ stage: { round: 2, tasks: [{ job: 'A#2' }, {}] } });
  });
});
