import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { wouldComeLate } from '../../src/core/unawaited.ts';
import type { Step } from '../../src/core/workflow.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  expired,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  pauseRequested,
  plugin,
  plugins,
  resumeRequested,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  taskCancelRequested,
  undoRequested,
  workflow,
} from './vocabulary.ts';

/** Tried again after a pause of five minutes at the most. */
const able = (name: string, more = {}) =>
  plugin(name, { compensates: true, timeoutSeconds: 20, ...more });

const optional = (name: string): Step => ({ plugin: name, mandatory: false });

/** A and B beside N, which goes on for an hour; then Z. */
const side = (...parallel: readonly (string | Step)[]): Setting => ({
  workflow: workflow({ parallel: [...parallel, 'N'], post: ['Z'] }),
  plugins: [able('A'), able('B'), ...plugins('N', 'Z')],
});

async function unawaitedAfter(setting: Setting, ...past: readonly Happening[]) {
  const { state } = await given(setting, ...past).told();
  return 'unawaited' in state ? state.unawaited : undefined;
}

const FIRST = { taskId: 't1', plugin: 'A', attempt: 1 };

const timedOut = deadlinePassed(seconds(60));

const answered = (code: string): OrderEvent => ({
  ...failed('t1', { at: seconds(5) }),
  error: { code, message: 'it broke' },
});

describe('a task for which its order waits no longer is kept in mind', () => {
  it.each<[string, readonly (string | Step)[], readonly Happening[]]>([
    ['is skipped', ['A'], [skipRequested('A', 1)]],
    ['is skipped with a result', ['A'], [skipRequested('A', 1, { result: 'by hand' })]],
    ['is cancelled', [optional('A')], [taskCancelRequested('A', 1)]],
    ['has run out of time, and is skipped', ['A'], [timedOut, skipRequested('A', seconds(61))]],
  ])('if it %s', async (_, parallel, events) => {
    expect(await unawaitedAfter(side(...parallel), accepted(), ...events)).toEqual([FIRST]);
  });

  it('if it has fallen silent, and is skipped', async () => {
    const beats = able('A', { timeoutSeconds: 3600, heartbeatSeconds: 10 });
    const setting = { ...side('A'), plugins: [beats, ...plugins('N', 'Z')] };
    const past = [accepted(), heartbeat('t1', seconds(1)), timedOut];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      stage: { tasks: [{ status: 'backingOff', error: { code: 'HEARTBEAT_MISSED' } }, {}] },
    });
    const skipped = [...past, skipRequested('A', seconds(61))];
    expect(await unawaitedAfter(setting, ...skipped)).toEqual([FIRST]);
  });

  it('together with others, one by one', async () => {
    const both = [accepted(), skipRequested('A', 1), skipRequested('B', 2)];
    const second = { taskId: 't2', plugin: 'B', attempt: 1 };
    expect(await unawaitedAfter(side('A', 'B'), ...both)).toEqual([FIRST, second]);
    for (const [late, left] of [
      [completed('t1', 'a', 3), [second]],
      [failedForGood('t2', 3), [FIRST, { ...second, hasFailed: true }]],
    ] as const) {
      expect(await unawaitedAfter(side('A', 'B'), ...both, late)).toEqual(left);
    }
    await given(side('A', 'B'), ...both)
      .when(completed('t9', 'a', 3))
      .thenNothingHappens('the task is not open');
  });

  it('in a stage whose later tasks have yet to begin', async () => {
    const setting = { ...side(), workflow: workflow({ pre: ['A', 'N', 'Z'] }) };
    expect(await unawaitedAfter(setting, accepted(), skipRequested('A', 1))).toEqual([FIRST]);
  });

  it('though something else of it comes in the same batch', async () => {
    const batch = [heartbeat('t1', 1), skipRequested('A', 2)];
    expect(await unawaitedAfter(side('A'), accepted(), batch)).toEqual([FIRST]);
  });

  it('with a note that an order performs it, which no plugin answers for', async () => {
    const setting = side({ workflow: 'other' });
    const past = [accepted(), skipRequested('other', 1)];
    const child = { taskId: 't1', plugin: 'other', attempt: 1, byOrder: true };
    expect(await unawaitedAfter(setting, ...past)).toEqual([child]);
    await given(setting, ...past)
      .when({ ...completed('t1', 'a', 2), by: 'other' } as OrderEvent)
      .thenNothingHappens("the task is another plugin's");
  });

  // Was: an optional task that had been given up was kept in mind again when its order took another event: a second result of it
  // counted, too. Now: only what the order has waited for until the decision.
  it('once, until it answers, and not again after that', async () => {
    const once = [accepted(), taskCancelRequested('A', 1)];
    const setting = side(optional('A'));
    expect(await unawaitedAfter(setting, ...once, heartbeat('t2', 2))).toEqual([FIRST]);
    const late = [...once, completed('t1', 'a', 3), heartbeat('t2', 4)];
    expect(await unawaitedAfter(setting, ...late)).toBeUndefined();
    await given(setting, ...late)
      .when(completed('t1', 'again', 5))
      .thenNothingHappens('the task is not open');
  });

  it('until its latest attempt has expired, or any has completed', async () => {
    const setting = { ...side('A'), plugins: [able('A', retriedAtOnce(3)), ...plugins('N', 'Z')] };
    const past = [accepted(), timedOut, skipRequested('A', seconds(61))];
    expect(await unawaitedAfter(setting, ...past)).toEqual([{ ...FIRST, attempt: 2 }]);
    await given(setting, ...past)
      .when(failedForGood('t1', seconds(62)))
      .thenNothingHappens('the attempt is not the current one');
    for (const late of [completed('t1', 'a', seconds(62), 1), expired('t1', seconds(62), 2)]) {
      expect(await unawaitedAfter(setting, ...past, late)).toBeUndefined();
    }
    const answer = failed('t1', { at: seconds(62), attempt: 2 });
    expect(await unawaitedAfter(setting, ...past, answer)).toEqual([
      { ...FIRST, attempt: 2, hasFailed: true },
    ]);
    await given(setting, ...past, answer)
      .when({ ...answer, at: seconds(63) })
      .thenNothingHappens('it has failed already');
  });

  it('though it is parked when somebody skips it, since an attempt before that has not answered', async () => {
    const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
    const setting = { ...side(), workflow: workflow({ pre: ['A', 'Z'] }) };
    const past = [
      ...[{ plugins: [able('A', retriedAtOnce(1)), ...plugins('Z')] }, accepted(), timedOut],
      { plugins: [able('A', { ...retriedAtOnce(1), quarantined }), ...plugins('Z')] },
      retryRequested(seconds(61)),
    ];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      stage: { tasks: [{ status: 'parked', mayHaveWorked: true }, {}] },
    });
    const skipped = [...past, skipRequested('A', seconds(62))];
    expect(await unawaitedAfter(setting, ...skipped)).toEqual([FIRST]);
  });

  it('although it is mandatory, and its order waits for another one', async () => {
    const setting = {
      ...side('A', 'B'),
      plugins: [able('A', retriedAtOnce(1)), able('B', { timeoutSeconds: 3600 }), ...plugins('N')],
    };
    const past = [accepted(), timedOut];
    expect(await unawaitedAfter(setting, ...past)).toEqual([FIRST]);
    const cancelled = [...past, cancelRequested(seconds(61))];
    expect(await unawaitedAfter(setting, ...cancelled)).toEqual([FIRST]);
    await given(setting, ...cancelled, completed('t1', 'a', seconds(62)))
      .when(completed('t2', 'b', seconds(63)))
      .then({
        status: 'compensating',
        state: { undoing: { unknown: [] }, stage: { tasks: [{ undoes: 'B' }, { undoes: 'A' }] } },
      });
  });
});

// Was: of a task that had answered, nothing was kept in mind. Its message came once more, since its process died before it could be
// deleted; it was performed again, and completed when its order had failed and been undone: nobody undid it, or was told of it.
describe('so is a task that has said that it failed, and is performed again if its message comes once more', () => {
  const HAS_FAILED = { ...FIRST, hasFailed: true };

  it.each<[string, readonly (string | Step)[], readonly Happening[]]>([
    ['if it has failed for good', [optional('A')], [failedForGood('t1')]],
    ['whatever else comes', [optional('A')], [[failedForGood('t1'), heartbeat('t2', 1)]]],
    ['if it is skipped while it backs off', ['A'], [answered('BROKEN'), skipRequested('A', 6)]],
    ['if it is skipped with its answer', ['A'], [[answered('BROKEN'), skipRequested('A', 6)]]],
    ['if it was cut off', ['A'], [answered('LAMBDA_TIMEOUT'), skipRequested('A', seconds(6))]],
    [
      'if it is mandatory, and its order is cancelled',
      ['A'],
      [failedForGood('t1'), cancelRequested(2)],
    ],
  ])('%s', async (_, parallel, events) => {
    const setting = { ...side(...parallel), plugins: [able('A'), able('N'), ...plugins('Z')] };
    expect(await unawaitedAfter(setting, accepted(), ...events)).toEqual([HAS_FAILED]);
  });

  const setting = { ...side(optional('A')), plugins: [able('A'), able('N'), ...plugins('Z')] };
  const late = completed('t1', 'late', 9);
  const end = [completed('t2', 'n', 1), failedForGood('t3', 3)];

  it('and is undone with the rest if it completes before the undoing is planned', async () => {
    const past = [accepted(), failedForGood('t1'), late];
    expect(await unawaitedAfter(setting, ...past)).toBeUndefined();
    await given(setting, ...past, ...end.slice(0, 1))
      .when(...end.slice(1))
      .then({
        status: 'compensating',
        state: {
          stage: { tasks: [{ undoes: 'N' }, { undoes: 'A' }] },
          undoing: { groups: [], unknown: [] },
        },
      });
  });

  it('and is undone next if it completes while the rest is undone', async () => {
    const past = [accepted(), failedForGood('t1'), ...end];
    const notDone = [{ taskId: 't1', job: 'A', plugin: 'A' }];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({ status: 'compensating', undoing: { unknown: [], notDone } });
    const after = (await given(setting, ...past, late).told()).state;
    expect(after).toMatchObject({ stage: { tasks: [{ undoes: 'N' }] } });
    expect(after).toMatchObject({ undoing: { groups: [{ jobs: notDone }] } });
    expect(after).not.toHaveProperty('undoing.notDone');
  });

  it('and is undone if it completes when its order has ended', async () => {
    const past = [accepted(), failedForGood('t1'), ...end, completed('t4', null, 5)];
    expect((await given(setting, ...past).told()).state.status).toBe('failed');
    await given(setting, ...past)
      .when(late)
      .then({
        status: 'compensating',
        commands: [
          { type: 'ArmDeadline', last: { ended: true } },
          dispatch('undo A'),
          { type: 'SetTimer' },
        ],
      });
    const undone = [...past, late, completed('t5', null, 12)];
    expect((await given(setting, ...undone).told()).state).toMatchObject({
      status: 'failed',
      stage: { tasks: [{ undoes: 'A', status: 'completed' }] },
    });
    await given(setting, ...undone)
      .when({ ...late, at: 20 })
      .then({ status: 'failed', state: {} });
  });

  it('and is undone if it completes when its order had nothing else to undo', async () => {
    const alone = { workflow: workflow({ pre: ['A'] }), plugins: [able('A')] };
    for (const past of [
      [accepted(), failedForGood('t1')],
      [accepted(), failedUntil('t1', 9), cancelRequested(3)],
    ]) {
      const { state } = await given(alone, ...past).told();
      expect(state).toMatchObject({ undoing: { groups: [], unknown: [] } });
      await given(alone, ...past)
        .when(completed('t1', 'late', 9))
        .then({ status: 'compensating', state: { stage: { tasks: [{ undoes: 'A' }] } } });
    }
  });

  describe('and is undone if it completes while its order is paused since it failed', () => {
    const careful = { ...workflow({ pre: ['A'] }), pauseOnFailure: true as const };
    const alone = { workflow: careful, plugins: [able('A')] };
    const past = [accepted(), failedForGood('t1'), completed('t1', 'late', 5)];
    const isUndone = {
      status: 'compensating',
      state: { stage: { tasks: [{ undoes: 'A' }] } },
    } as const;

    it('and is cancelled then', async () => {
      await given(alone, ...past)
        .when(cancelRequested(9))
        .then(isUndone);
    });

    it('and is begun again then, and fails again', async () => {
      const again = [...past, resumeRequested(9)];
      expect(await unawaitedAfter(alone, ...again)).toBeUndefined();
      const second = { ...failedForGood('t1', 20), attempt: 2 } as OrderEvent;
      await given(alone, ...again, second)
        .when(cancelRequested(29))
        .then(isUndone);
    });

    // Was: it counted as what the person said it had come to, which undoes nothing (simulated world 1052711140).
    it.each([{}, { result: 'by hand' }])('and is skipped with %j, and cancelled', async (more) => {
      const two = {
        ...alone,
        workflow: { ...workflow({ pre: ['A', 'N'] }), pauseOnFailure: true },
      };
      const skipped = [...past, skipRequested('A', 6, more), resumeRequested(7)];
      await given({ ...two, plugins: [able('A'), ...plugins('N')] } as Setting, ...skipped)
        .when(cancelRequested(9))
        .then(isUndone);
    });

    it('but not if what is begun again completes: that is its result', async () => {
      const again = [...past, resumeRequested(9), completed('t1', 'second', 20, 2)];
      const { state } = await given(alone, ...again).told();
      expect(state).toMatchObject({ status: 'completed', result: 'second' });
    });
  });

  it('for as long as it is not begun again, when others are', async () => {
    const careful = {
      ...workflow({ parallel: [optional('A'), 'B'] }),
      pauseOnFailure: true,
    } as const;
    const past = [accepted(), failedForGood('t1'), failedForGood('t2', 2)];
    const both = { workflow: careful, plugins: [able('A'), able('B')] };
    const second = { taskId: 't2', plugin: 'B', attempt: 1, hasFailed: true };
    expect(await unawaitedAfter(both, ...past)).toEqual([HAS_FAILED, second]);
    expect(await unawaitedAfter(both, ...past, resumeRequested(9))).toEqual([HAS_FAILED]);
  });

  it('but has not answered if only another one has', async () => {
    const batch = [failedForGood('t2', 1), skipRequested('A', 2)];
    const three = side('A', optional('B'));
    expect(await unawaitedAfter(three, accepted(), batch)).toEqual([
      FIRST,
      { taskId: 't2', plugin: 'B', attempt: 1, hasFailed: true },
    ]);
  });

  it('alone: others that were not done stay on the list', async () => {
    const [A, B] = ['A', 'B'].map((job, index) => ({ taskId: `t${index + 1}`, job, plugin: job }));
    const three = {
      ...side(optional('A'), optional('B')),
      plugins: [able('A'), able('B'), able('N')],
    };
    const past = [
      ...[accepted(), failedForGood('t1'), failedForGood('t2', 1)],
      cancelRequested(2),
      completed('t3', 'n', 3),
    ];
    expect((await given(three, ...past).told()).state).toMatchObject({
      undoing: { notDone: [A, B] },
    });
    const { state } = await given(three, ...past, late).told();
    expect(state).toMatchObject({ undoing: { groups: [{ jobs: [A] }], notDone: [B] } });
  });

  it('although its last attempt has expired', async () => {
    const short = able('A', { ...retriedAtOnce(3), totalSeconds: 20 });
    const alone = { workflow: workflow({ pre: ['A'] }), plugins: [short] };
    const past = [accepted(), failed('t1', { at: 1 }), expired('t1', seconds(20), 2)];
    expect((await given(alone, ...past).told()).state).toMatchObject({
      status: 'failed',
      undoing: { notDone: [{ job: 'A' }] },
    });
  });

  // Was: whichever the batch held first. A result that came second was forgotten, and what had been done stayed done.
  it('but counts as completed if its failure and its result come together', async () => {
    const both = [failedForGood('t1', 2), completed('t1', 'a', 2)];
    for (const batch of [both, both.toReversed()]) {
      await given(side('A'), accepted(), batch)
        .when(completed('t2', 'n', 3))
        .then({ status: 'running', commands: [dispatch('Z', { done: ['A', 'N'] })] });
    }
  });

  it('but not where nothing is to be undone', async () => {
    const alone = { workflow: workflow({ pre: ['A'] }), plugins: [able('A')] };
    await given(
      alone,
      accepted(),
      failedUntil('t1', 9),
      cancelRequested(3, undefined, { undo: false }),
    )
      .when(completed('t1', 'late', 9))
      .thenNothingHappens('the order has ended: cancelled');
  });
});

// Was: of all that completed late, what came to a child order that had ended was lost if its parent had that undone only later.
describe('so is a task of an order that has ended, and may be undone yet', () => {
  const parent = { orderId: 'o', taskId: 't1', attempt: 1, depth: 1 };
  /** N counts; A need not be done. */
  const child: Setting = {
    ...{ workflow: workflow({ parallel: [optional('A'), 'N'] }), parent },
    plugins: [able('A'), able('N')],
  };
  const ended = [accepted(), failedForGood('t1', 1), completed('t2', 'n', 2)];
  const late = completed('t1', 'late', 9);
  const HAS_FAILED = { ...FIRST, hasFailed: true };

  it('where its parent can have it undone: which then undoes the task as well', async () => {
    const { state } = await given(child, ...ended).told();
    expect(state).toMatchObject({ status: 'completed', entry: 3, unawaited: [HAS_FAILED] });
    const heard = (await given(child, ...ended, late).told()).state;
    expect(heard).toEqual({ ...state, entry: 4, endedIn: 3, unawaited: undefined });
    const undone = await given(child, ...ended, late, undoRequested(20)).told();
    expect(undone.state).toMatchObject({
      status: 'compensating',
      stage: { tasks: [{ undoes: 'N' }, { undoes: 'A' }] },
      undoing: { groups: [], unknown: [] },
    });
    expect(undone.state).not.toHaveProperty('endedIn');
  });

  it.each<[string, readonly (string | Step)[], readonly Happening[], object]>([
    ['in its last moment', [optional('A'), 'N'], [[failedForGood('t1'), ended[2]!]], HAS_FAILED],
    ['when people skip it', ['A', 'N'], [ended[2]!, skipRequested('A', 3)], FIRST],
  ])('that it stopped to wait for %s', async (_, parallel, events, kept) => {
    const setting = { ...child, workflow: workflow({ parallel }) };
    const past = [accepted(), ...events];
    expect((await given(setting, ...past).told()).state.status).toBe('completed');
    expect(await unawaitedAfter(setting, ...past)).toEqual([kept]);
  });

  it('without telling of its end once more', async () => {
    for (const past of [ended, [...ended, late]]) {
      await given(child, ...past)
        .when(late)
        .then({ status: 'completed', commands: [] });
    }
    const two = { ...child, workflow: workflow({ parallel: [optional('A'), optional('A'), 'N'] }) };
    const past = [
      ...[accepted(), failedForGood('t1', 1), failedForGood('t2', 1)],
      ...[completed('t3', 'n', 2), late],
    ];
    await given(two, ...past)
      .when(completed('t2', 'late', 10))
      .then({ status: 'completed', commands: [], state: { entry: 6, endedIn: 4 } });
  });

  it('once, from the plugin whose task it is, and of an attempt that there was', async () => {
    const over = 'the order has ended: completed';
    await given(child, ...ended, late)
      .when({ ...late, at: 12 })
      .then({ status: 'completed', state: { entry: 4 } });
    for (const [event, why] of [
      [{ ...late, by: 'N' }, "the task is another plugin's"],
      [completed('t1', 'late', 9, 2), 'there was no such attempt yet'],
      [completed('t2', 'again', 9), over],
      [failedForGood('t1', 9), over],
    ] as const) {
      await given(child, ...ended)
        .when(event as OrderEvent)
        .thenNothingHappens(why);
    }
  });

  it('though a child order of its own has done it: that is undone with it', async () => {
    const setting = { ...child, workflow: workflow({ parallel: [{ workflow: 'other' }, 'N'] }) };
    const past = [accepted(), skipRequested('other', 1), completed('t2', 'n', 2), late];
    expect((await given(setting, ...past).told()).state).toMatchObject({ endedIn: 3 });
    await given(setting, ...past)
      .when(undoRequested(20))
      .then({
        status: 'compensating',
        state: { stage: { tasks: [{ undoes: 'N' }, { undoneChild: 'o1~t1' }] } },
      });
  });

  it('where it is a slice that has failed: it goes on, or is undone, with its parent', async () => {
    const each = { plugin: 'A', forEach: 'payload' };
    const slice = {
      ...{ workflow: workflow({ parallel: [each] }), plugins: [able('A')], input: [1, 2], parent },
      slice: { activity: 0, step: 0, from: 0, tolerated: 0 },
    };
    const past = [accepted(), failedForGood('t1', 1), completed('t2', 2, 2)];
    const { state } = await given(slice, ...past).told();
    expect(state).toMatchObject({ status: 'failed', unawaited: [HAS_FAILED] });
    await given(slice, ...past)
      .when(late)
      .then({ status: 'failed', commands: [], state: { endedIn: 3 } });
    const undone = (await given(slice, ...past, late, undoRequested(20)).told()).state;
    expect(undone).toMatchObject({ stage: { tasks: [{ undoes: 'A#2' }, { undoes: 'A' }] } });
    const again = (await given(slice, ...past, late, retryRequested(20)).told()).state;
    expect(again).toMatchObject({ stage: { tasks: [{ status: 'inFlight' }, {}] } });
    for (const one of [undone, again]) expect(one).not.toHaveProperty('endedIn');
  });

  it('where it has failed past its pivot, and may be retried without one', async () => {
    const pivot = { ...workflow({ pre: ['N'] }, { pre: ['A'] }), pivot: 'a1' };
    const setting = { workflow: pivot, plugins: [able('A'), ...plugins('N')] };
    const past = [accepted(), completed('t1', 'n', 1), failedForGood('t2', 2)];
    const kept = { ...HAS_FAILED, taskId: 't2' };
    expect(await unawaitedAfter(setting, ...past)).toEqual([kept]);
    await given(setting, ...past)
      .when(completed('t2', 'late', 9))
      .then({ status: 'failed', commands: [], state: { endedIn: 3 } });
  });

  // Was: what its plan had named was forgotten when the order was retried, and stayed done when it failed again.
  it.each([
    ['has failed', failedForGood('t1', seconds(60))],
    ['has run out of time', timedOut],
  ])('where it is retried, and fails again: the task %s', async (_, over) => {
    const setting = {
      workflow: workflow({ parallel: [optional('A'), 'N'], post: ['Z'] }),
      plugins: [able('A', retriedAtOnce(1)), ...plugins('N', 'Z')],
    };
    const past = [accepted(), failedForGood('t2', 1), over];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      status: 'failed',
      undoing: { groups: [] },
      unawaited: [FIRST],
    });
    const again = [retryRequested(seconds(70)), completed('t1', 'late', seconds(71))];
    await given(setting, ...past, ...again, completed('t2', 'n', seconds(72), 2))
      .when(failedForGood('t3', seconds(73)))
      .then({ status: 'compensating', state: { stage: { tasks: [{ undoes: 'A' }] } } });
  });

  it('but of no order that nobody can have undone', async () => {
    const { parent: _, ...alone } = child;
    expect(await unawaitedAfter(alone, ...ended)).toBeUndefined();
    const atOnce = [accepted(), [failedForGood('t1', 1), completed('t2', 'n', 2)]];
    expect(await unawaitedAfter(alone, ...atOnce)).toBeUndefined();
    const left = cancelRequested(1, undefined, { undo: false });
    expect(await unawaitedAfter(child, accepted(), left)).toBeUndefined();
    await given(alone, ...ended)
      .when(late)
      .thenNothingHappens('the order has ended: completed');
  });
});

describe('nothing is kept in mind of a task', () => {
  it.each<[string, readonly (string | Step)[], readonly Happening[]]>([
    ['whose plugin undoes nothing', [optional('N')], [skipRequested('N', 1)]],
    ['that has completed', [optional('A')], [completed('t1', 'a')]],
    [
      'that has completed, whatever else comes with that',
      [optional('A')],
      [[completed('t1', 'a'), heartbeat('t2', 1)]],
    ],
    [
      'that expires when it is skipped',
      ['A'],
      [[expired('t1', seconds(20)), skipRequested('A', seconds(20)), heartbeat('t2', 1)]],
    ],
    [
      'that an order performs, and that has failed',
      [{ workflow: 'other', mandatory: false }],
      [failedForGood('t1')],
    ],
    [
      'that has run out of time, and whose plugin undoes nothing',
      [],
      [deadlinePassed(seconds(3600)), skipRequested('N', seconds(3600))],
    ],
    ['that has timed out and may be retried', ['A'], [timedOut]],
    ['that has not begun', [{ plugin: 'A', when: 'false' }], []],
  ])('%s', async (_, parallel, events) => {
    expect(await unawaitedAfter(side(...parallel), accepted(), ...events)).toBeUndefined();
  });

  it('that expired when there was no time left for another attempt', async () => {
    const short = able('A', { totalSeconds: 20 });
    const setting = { ...side(optional('A')), plugins: [short, ...plugins('N', 'Z')] };
    const { state } = await given(setting, accepted(), expired('t1', seconds(20))).told();
    expect(state).toMatchObject({ stage: { tasks: [{ status: 'failed' }, {}] } });
    expect(state).not.toHaveProperty('unawaited');
  });

  it('that was parked before it was ever sent, and is skipped', async () => {
    const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
    const setting = { ...side('A'), plugins: [able('A', { quarantined }), ...plugins('N', 'Z')] };
    const past = [accepted(), skipRequested('A', 1)];
    expect(await unawaitedAfter(setting, ...past)).toBeUndefined();
  });

  it('that its plugin refused, since it retires', async () => {
    const setting = {
      ...side(),
      workflow: workflow({ pre: [optional('A'), 'Z'] }),
      plugins: [able('A', { draining: true }), ...plugins('Z')],
    };
    const past = [accepted(), skipRequested('A', 1)];
    expect((await given(setting, accepted()).told()).state).toMatchObject({
      stage: { tasks: [{ status: 'backingOff', attempt: 1, compensates: true }, {}] },
    });
    expect(await unawaitedAfter(setting, ...past)).toBeUndefined();
  });

  it('that fails, and is begun again in the same moment, though it waits until others have made room', async () => {
    const each = { plugin: 'A', forEach: 'payload', concurrency: 1, tolerate: 1 };
    const setting = {
      workflow: workflow({ parallel: [each] }),
      plugins: [able('A', retriedAtOnce(1))],
      input: [1, 2],
    };
    const past = [
      ...[accepted(), failedForGood('t1'), pauseRequested(3)],
      [failedForGood('t2', 4), retryRequested(5)],
    ];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'inFlight' }, { status: 'planned', again: { taskId: 't2' } }] },
    });
    expect(state).not.toHaveProperty('unawaited');
  });

  it('that is begun again, though it waits until others have made room', async () => {
    const each = { plugin: 'A', forEach: 'payload', concurrency: 1, tolerate: 1 };
    const careful = { ...workflow({ parallel: [each] }), pauseOnFailure: true as const };
    const setting = { workflow: careful, plugins: [able('A', retriedAtOnce(1))], input: [1, 2] };
    const past = [
      accepted(),
      timedOut,
      deadlinePassed(seconds(120)),
      resumeRequested(seconds(121)),
    ];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'inFlight' }, { status: 'planned', again: { taskId: 't2' } }] },
    });
    expect(state).not.toHaveProperty('unawaited');
  });

  it('once the undoing is planned, which lists it as unknown', async () => {
    const setting = {
      workflow: workflow({ pre: ['B', 'A'] }),
      plugins: [able('A', retriedAtOnce(1)), able('B')],
    };
    const past = [accepted(), completed('t1', 'b', 1), deadlinePassed(seconds(60))];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({
      status: 'compensating',
      undoing: { unknown: [{ taskId: 't2' }] },
    });
    expect(state).not.toHaveProperty('unawaited');
    expect(state).not.toHaveProperty('undoing.notDone');
    const late = await given(setting, ...past, completed('t2', 'a', seconds(61))).told();
    expect(late.state).toMatchObject({ undoing: { unknown: [] } });
    expect(late.state).not.toHaveProperty('undoing.notDone');
    expect(late.state).not.toHaveProperty('unawaited');
  });

  it('that has been undone, since it completed late', async () => {
    const alone = { workflow: workflow({ pre: ['A'] }), plugins: [able('A')] };
    const { state } = await given(alone, accepted(), failedForGood('t1')).told();
    expect(state).toMatchObject({ status: 'failed', undoing: { notDone: [{ job: 'A' }] } });
    const undone = [completed('t1', 'late', 9), completed('t2', null, 12)];
    const after = (await given(alone, accepted(), failedForGood('t1'), ...undone).told()).state;
    expect(after).toMatchObject({ status: 'failed', stage: { tasks: [{ undoes: 'A' }] } });
    expect(after).not.toHaveProperty('unawaited');
  });
});

describe('a task may still answer', () => {
  it('while its order keeps it in mind, or lists it as unknown', async () => {
    const { state } = await given(side('A'), accepted(), skipRequested('A', 1)).told();
    expect([wouldComeLate(state, 't1'), wouldComeLate(state, 't2')]).toEqual([true, false]);
    const both = [accepted(), skipRequested('A', 1), skipRequested('B', 2)];
    const two = (await given(side('A', 'B'), ...both).told()).state;
    expect(['t1', 't2', 't3'].map((id) => wouldComeLate(two, id))).toEqual([true, true, false]);
    const cancelled = await given(
      { ...side('A'), plugins: [able('A'), able('N'), ...plugins('Z')] },
      ...[accepted(), completed('t2', 'n'), cancelRequested(1), timedOut],
    ).told();
    expect(cancelled.state).toMatchObject({ undoing: { unknown: [{ taskId: 't1' }] } });
    expect(wouldComeLate(cancelled.state, 't1')).toBe(true);
    expect(wouldComeLate(cancelled.state, 't2')).toBe(false);
  });

  it('of no order that waits for all of its tasks', async () => {
    const { state } = await given(side('A'), accepted()).told();
    expect(wouldComeLate(state, 't1')).toBe(false);
    expect(wouldComeLate((await given(side('A')).told()).state, 't1')).toBe(false);
  });
});
