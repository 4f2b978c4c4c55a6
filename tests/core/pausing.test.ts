import { describe, expect, it } from '@jest/globals';
import type { EntryDraft } from '../../src/core/entry-draft.ts';
import type { PausedOrder } from '../../src/core/order.ts';
import { resumed } from '../../src/core/pausing.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import type { StageTask } from '../../src/core/task.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  arm,
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
  publish,
  putOff,
  resumeRequested,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  timer,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const DAY = 86_400;
const inARow = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };

describe('8. Pausing stops the clocks: deadlines, waits and retries resume where they stopped', () => {
  it('nothing new begins while an order is paused, but what is in flight may answer', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(1)))
      .when(completed('t1', 'a', seconds(5)))
      .then({ status: 'paused', commands: [], state: { payload: 'a' } });
  });

  it('the order goes on with what comes next when it is resumed', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(1)), completed('t1', 'a', seconds(5)))
      .when(resumeRequested(seconds(9)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), dispatch('B', { deadlineAt: seconds(3609) })],
      });
  });

  it('an order that is paused before it starts waits with its first task', async () => {
    await given(inARow)
      .when(pauseRequested(seconds(1)))
      .then({
        status: 'paused',
        commands: [publish('order.started'), publish('order.paused')],
      });
    await given(inARow, pauseRequested(seconds(1)), accepted(seconds(2)))
      .when(resumeRequested(seconds(3)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), dispatch('A')],
      });
  });

  it('a deadline moves on by the length of the pause', async () => {
    const told = await given(
      inARow,
      accepted(),
      pauseRequested(seconds(600)),
      resumeRequested(seconds(1600)),
    ).told();
    expect(told.state).toMatchObject({
      stage: { tasks: [{ deadlineAt: seconds(4600), giveUpAt: seconds(DAY + 1000) }, {}] },
    });
  });

  it('a deadline that would have passed meanwhile ends nothing', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(600)))
      .when(deadlinePassed(seconds(3600)))
      .then({ status: 'paused', state: { stage: { tasks: [{ status: 'inFlight' }, {}] } } });
  });

  it('a back-off goes on where it stood, with its timer', async () => {
    const past = [accepted(), failedUntil('t1', 30, seconds(1)), pauseRequested(seconds(11))];
    await given(inARow, ...past)
      .when(resumeRequested(seconds(111)))
      .then({
        status: 'running',
        commands: [arm(seconds(131)), publish('order.resumed'), timer(seconds(131))],
        state: { stage: { tasks: [{ status: 'backingOff', retryAt: seconds(131) }, {}] } },
      });
  });

  it('all that goes on has its timer when the pause ends, once, and nothing in the pause', async () => {
    const side = {
      workflow: workflow({ parallel: ['A', 'B', 'C'] }),
      plugins: plugins('A', 'B', 'C'),
    };
    const batch = [failedUntil('t1', 30), failedUntil('t2', 40), pauseRequested(seconds(10))];
    const timersAfter = async (...past: readonly Happening[]) => {
      const { last } = await given(side, accepted(), batch, ...past).told();
      return last.commands.filter(({ type }) => type === 'SetTimer');
    };
    expect(await timersAfter()).toEqual([]);
    const goesOn = resumeRequested(seconds(100));
    expect(await timersAfter(goesOn)).toMatchObject([timer(seconds(130)), timer(seconds(140))]);
    expect(await timersAfter(goesOn, completed('t3', 1, seconds(101)))).toEqual([]);
  });

  it('a short deadline has its timer again, however long the pause was', async () => {
    const short = { ...inARow, plugins: [plugin('A', { timeoutSeconds: 30 }), plugin('B')] };
    await given(short, accepted(), pauseRequested(seconds(10)))
      .when(resumeRequested(seconds(50)))
      .then({
        status: 'running',
        commands: [arm(seconds(70)), publish('order.resumed'), timer(seconds(70))],
      });
  });

  it('a back-off that begins during the pause has not begun to run', async () => {
    const past = [accepted(), pauseRequested(seconds(10)), failedUntil('t1', 30, seconds(50))];
    await given(inARow, ...past)
      .when(resumeRequested(seconds(100)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ retryAt: seconds(130), giveUpAt: seconds(DAY + 90) }, {}] } },
      });
  });

  it('what has ended, and what is yet to begin, knows no clock', async () => {
    const waits = [
      { waitSeconds: 5 },
      { plugin: 'A', when: 'false' },
      'B',
      { waitSeconds: 5 },
      'A',
    ];
    const setting = { workflow: workflow({ pre: waits }), plugins: plugins('A', 'B') };
    const past = [accepted(), timerPassed(seconds(5))];
    const before = await given(setting, ...past, pauseRequested(seconds(6))).told();
    const after = await given(
      setting,
      ...[...past, pauseRequested(seconds(6)), resumeRequested(seconds(16))],
    ).told();
    const statuses = ['waited', 'skipped', 'inFlight', 'plannedWait', 'planned'];
    for (const { state } of [before, after]) {
      const tasks = 'stage' in state ? (state.stage?.tasks ?? []) : [];
      expect(tasks.map(({ status }) => status)).toEqual(statuses);
    }
  });

  it.each<StageTask>([
    { status: 'planned', step: 0, plugin: 'A', mandatory: true },
    { status: 'plannedWait', step: 0 },
    { status: 'plannedChoice', step: 0 },
    { status: 'chosen', step: 0, branch: 1 },
    { status: 'plannedRepeat', step: 0 },
    { status: 'repeatDecided', step: 0 },
    { status: 'skipped', step: 0, plugin: 'A', mandatory: true },
    { status: 'calledOff', step: 0, plugin: 'A', mandatory: true },
    { status: 'waited', step: 0 },
  ])('a task that is $status is the same after a pause', async (task) => {
    const { state } = await given(inARow, accepted(), pauseRequested(seconds(1))).told();
    const stage = { activity: 0, stage: 'pre', tasks: [task] } as const;
    const order = { ...(state as PausedOrder), stage };
    const draft = { at: seconds(9), entry: 3 } as EntryDraft;
    expect(resumed(order, draft).stage.tasks).toEqual([task]);
  });

  it('a task that was let through to a plugin in quarantine when its order paused waits on', async () => {
    const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
    const held = { ...inARow, plugins: [plugin('A', { quarantined }), plugin('B')] };
    const release = { type: 'TaskReleased', at: 1, plugin: 'A', parkedIn: 1 } as const;
    await given(held, accepted(), [release, pauseRequested(1)])
      .when(resumeRequested(seconds(9)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), { type: 'ListParked', entry: 3 }],
        state: { stage: { tasks: [{ status: 'parked', attempt: 0 }, {}] } },
      });
  });

  it('an attempt that is put off during the pause may begin again after it', async () => {
    const beating = { ...inARow, plugins: [plugin('A', { heartbeatSeconds: 10 }), plugin('B')] };
    const past = [accepted(), heartbeat('t1', seconds(1)), pauseRequested(seconds(5))];
    await given(beating, ...past, putOff('t1', seconds(50)), resumeRequested(seconds(60)))
      .when(heartbeat('t1', seconds(65), 1, seconds(30)))
      .then({ status: 'running', state: { stage: { tasks: [{ putOffAt: seconds(5) }, {}] } } });
  });

  it('a wait goes on where it stood', async () => {
    const waiting = { workflow: workflow({ pre: [{ waitSeconds: 100 }] }) };
    await given(waiting, accepted(), pauseRequested(seconds(40)))
      .when(resumeRequested(seconds(1000)))
      .then({
        status: 'waiting',
        commands: [arm(seconds(1060)), publish('order.resumed'), timer(seconds(1060))],
      });
  });

  it('silence does not count while the order is paused', async () => {
    const beating = { ...inARow, plugins: [plugin('A', { heartbeatSeconds: 10 }), plugin('B')] };
    const past = [accepted(), heartbeat('t1', seconds(1)), pauseRequested(seconds(5))];
    await given(beating, ...past)
      .when(resumeRequested(seconds(105)))
      .then({ status: 'running', state: { stage: { tasks: [{ silentAt: seconds(111) }, {}] } } });
    await given(beating, ...past, heartbeat('t1', seconds(50)))
      .when(resumeRequested(seconds(105)))
      .then({ status: 'running', state: { stage: { tasks: [{ silentAt: seconds(115) }, {}] } } });
  });

  it('a message whose deadline passed meanwhile is sent again, and no attempt is used up', async () => {
    const once = { ...inARow, plugins: [plugin('A', retriedAtOnce(1)), plugin('B')] };
    const past = [accepted(), pauseRequested(seconds(10)), expired('t1', seconds(5000))];
    await given(once, ...past)
      .when(resumeRequested(seconds(9000)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 2, givenBack: 1 }, {}] } } });
  });

  it('a message that expires after the pause has waited for as long as the clocks ran', async () => {
    const past = [accepted(), pauseRequested(seconds(10)), resumeRequested(seconds(100_010))];
    await given(inARow, ...past)
      .when(expired('t1', seconds(100_030)))
      .then({
        status: 'running',
        commands: [dispatch('A', { attempt: 2, deadlineAt: seconds(103_630) })],
      });
  });

  it('two pauses add up', async () => {
    const { state } = await given(
      inARow,
      accepted(),
      ...[pauseRequested(seconds(10)), resumeRequested(seconds(20))],
      ...[pauseRequested(seconds(30)), resumeRequested(seconds(130))],
    ).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ deadlineAt: seconds(3710), pausedMs: seconds(110) }, {}] },
    });
  });

  it('after a deadline that was put off by a pause the attempt is told apart by the time that its clock ran', async () => {
    const once = {
      ...inARow,
      plugins: [plugin('A', { ...retriedAtOnce(1), timeoutSeconds: 20 }), plugin('B')],
    };
    const past = [accepted(), pauseRequested(seconds(10)), resumeRequested(seconds(1000))];
    await given(once, ...past)
      .when(deadlinePassed(seconds(1010)))
      .then({ status: 'failed', state: { error: { message: 'no answer within 20 s' } } });
  });

  it('someone is asked to look after seven days, and every seven days from then on', async () => {
    const past = [accepted(), pauseRequested(0), deadlinePassed(seconds(3600))];
    await given(inARow, ...past)
      .when(deadlinePassed(seconds(7 * DAY)))
      .then({ status: 'paused', commands: [arm(seconds(14 * DAY))] });
  });

  it('nobody is asked before, whoever wakes the order', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(10)))
      .when(deadlinePassed(seconds(9)))
      .thenNothingHappens('nothing was due');
  });

  it('an order is paused once, and is resumed only if it is paused', async () => {
    await given(inARow, accepted(), pauseRequested(1))
      .when(pauseRequested(2))
      .thenNothingHappens('the order is paused already');
    const { last } = await given(inARow, accepted()).when(resumeRequested(1)).told();
    expect(last.ignored).toMatchObject([{ code: 'ORDER_NOT_PAUSED' }]);
  });

  it('who paused it stands with the order until it goes on', async () => {
    const paused = await given(inARow, accepted()).when(pauseRequested(1)).told();
    expect(paused.state).toMatchObject({ pausedBy: { actId: expect.any(String) } });
    const resumed = await given(inARow, accepted(), pauseRequested(1))
      .when(resumeRequested(2))
      .told();
    expect(resumed.state).not.toHaveProperty('pausedBy');
  });

  it('the same act twice is one act', async () => {
    const past = [accepted(), pauseRequested(1), resumeRequested(2)];
    await given(inARow, ...past)
      .when(pauseRequested(1))
      .thenNothingHappens('it has been done already');
    await given(inARow, accepted())
      .when(pauseRequested(1), pauseRequested(1))
      .then({ status: 'paused' });
  });

  it('a paused order can be cancelled', async () => {
    await given(inARow, accepted(), pauseRequested(1))
      .when(cancelRequested(2))
      .then({ status: 'cancelled' });
  });

  it('a task of a paused order can be skipped; the order stays paused', async () => {
    await given(inARow, accepted(), pauseRequested(1))
      .when(skipRequested('A', 2, { result: 'given' }))
      .then({ status: 'paused', commands: [publish('task.skipped')], state: { payload: 'given' } });
  });

  it('an order that has ended is not paused', async () => {
    const { last } = await given(inARow, accepted(), cancelRequested(1))
      .when(pauseRequested(2))
      .told();
    expect(last.ignored).toMatchObject([{ code: 'ORDER_ENDED' }]);
  });
});

describe('an order may pause instead of failing', () => {
  const careful = { ...inARow, workflow: { ...inARow.workflow, pauseOnFailure: true } as const };

  it('when the attempts of a task are used up', async () => {
    await given(careful, accepted())
      .when(failedForGood('t1', seconds(1)))
      .then({
        status: 'paused',
        commands: [
          publish('order.paused', { task: 'A', error: { code: 'BROKEN' } }),
          publish('task.failed'),
        ],
      });
  });

  it('resumed, it tries again what failed, with all attempts', async () => {
    await given(careful, accepted(), failedForGood('t1', seconds(1)))
      .when(resumeRequested(seconds(100)))
      .then({
        status: 'running',
        commands: [
          { type: 'ArmDeadline' },
          publish('order.resumed'),
          dispatch('A', { taskId: 't1', attempt: 2 }),
        ],
        state: { stage: { tasks: [{ givenBack: 1 }, {}] } },
      });
  });

  it('a result that comes late counts if the task has been begun again', async () => {
    await given(careful, accepted(), failedForGood('t1'), resumeRequested(seconds(100)))
      .when(completed('t1', 'late', seconds(101), 1))
      .then({ status: 'running', commands: [dispatch('B', { input: 'late' })] });
  });

  it('it can be retried with another input', async () => {
    await given(careful, accepted(), failedForGood('t1', seconds(1)))
      .when(retryRequested(seconds(100), { input: 'other' }))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ input: 'other', attempt: 2 }, {}] } },
      });
  });

  it('what failed can be skipped, and the order resumed', async () => {
    await given(careful, accepted(), failedForGood('t1'), skipRequested('A', 1, { result: 'a' }))
      .when(resumeRequested(2))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ status: 'completed' }, { job: 'B' }] } },
      });
  });

  it('an optional task that fails pauses nothing', async () => {
    const optional = {
      workflow: {
        ...workflow({ pre: [{ plugin: 'A', mandatory: false }, 'B'] }),
        pauseOnFailure: true,
      } as const,
      plugins: plugins('A', 'B'),
    };
    await given(optional, accepted()).when(failedForGood('t1')).then({ status: 'running' });
  });

  it('an attempt that may be repeated pauses nothing', async () => {
    await given(careful, accepted()).when(failed('t1')).then({ status: 'running' });
  });
});
