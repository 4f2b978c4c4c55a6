import { describe, expect, it } from '@jest/globals';
import type { OrderEvent, TaskReleased } from '../../src/core/event.ts';
import { parkedPlaces } from '../../src/core/parking.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import {
  closed,
  closedByHand,
  DEFAULT_RULE,
  draining,
  reopened,
} from '../../src/core/quarantine.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  arm,
  cancelRequested,
  completed,
  deadLettered,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  pauseRequested,
  plugin,
  plugins,
  publish,
  resumeRequested,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;

/** The plugin in quarantine since instant 0. */
const held = (name: string, more: Partial<Plugin> = {}): Plugin =>
  plugin(name, { quarantined: closed(name, 'it fails', DEFAULT_RULE, 0), ...more });

const reopening = (name: string, more: Partial<Plugin> = {}): Plugin =>
  plugin(name, { quarantined: reopened(name, 'it works', 10, 0), ...more });

const released = (name: string, parkedIn: number, at: number, canary?: true): TaskReleased => ({
  type: 'TaskReleased',
  ...{ at, plugin: name, parkedIn },
  ...(canary && { canary }),
});

const listed = (name: string, entry: number, parkedAt: number) => ({
  type: 'ListParked',
  ...{ plugin: name, entry, parkedAt, orderId: 'o1' },
});

const inARow = { workflow: workflow({ pre: ['A', 'B'] }), plugins: [held('A'), plugin('B')] };
const once = retriedAtOnce(1);

describe('while a plugin is in quarantine', () => {
  it('its tasks are parked, and the order waits for someone to look within seven days', async () => {
    await given(inARow)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), listed('A', 1, 0)],
        state: {
          stage: {
            tasks: [
              { status: 'parked', attempt: 0, quarantine: { since: 0, reason: 'it fails' } },
              { status: 'planned' },
            ],
          },
        },
      });
  });

  it("the order's other tasks go on", async () => {
    const side = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: inARow.plugins };
    await given(side)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), dispatch('B'), listed('A', 1, 0)],
      });
    await given(side, accepted())
      .when(completed('t2', 'b', seconds(1)))
      .then({
        status: 'running',
        commands: [],
        state: { stage: { tasks: [{ status: 'parked' }, { status: 'completed' }] } },
      });
  });

  it('a retry is parked when its back-off is over', async () => {
    await given(
      { ...inARow, plugins: [plugin('A', retriedAtOnce(3)), plugin('B')] },
      accepted(),
      failed('t1', { at: seconds(1) }),
      { plugins: [held('A', retriedAtOnce(3)), plugin('B')] },
    )
      .when(timerPassed(seconds(1), seconds(2)))
      .then({ status: 'running', commands: [] });
  });

  it('what was sent before may still answer, and counts', async () => {
    await given({ ...inARow, plugins: plugins('A', 'B') }, accepted(), {
      plugins: inARow.plugins,
    })
      .when(completed('t1', 'a', seconds(5)))
      .then({ status: 'running', commands: [dispatch('B')] });
  });

  it('a late result of an earlier attempt ends a parked task', async () => {
    await given(
      { ...inARow, plugins: [plugin('A', retriedAtOnce(3)), plugin('B')] },
      accepted(),
      { plugins: [held('A', retriedAtOnce(3)), plugin('B')] },
      failed('t1', { at: seconds(1) }),
    )
      .when(completed('t1', 'a', seconds(9)))
      .then({ status: 'running', commands: [dispatch('B')] });
  });

  it('tasks that are parked together are listed once, and all go when they are let through', async () => {
    const twice = { workflow: workflow({ parallel: ['A', 'A'] }), plugins: [held('A')] };
    await given(twice)
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started'), listed('A', 1, 0)] });
    const { last, state } = await given(twice, accepted())
      .when(released('A', 1, seconds(9)))
      .told();
    expect(last.commands).toMatchObject([dispatch('A'), dispatch('A#2')]);
    expect(JSON.stringify(state)).not.toContain('canary');
  });

  it('tasks that are parked one after the other are listed each, also when their order goes on after a pause', async () => {
    const twice = {
      workflow: workflow({ parallel: ['A', 'A', 'B'] }),
      plugins: [held('A'), plugin('B')],
    };
    const once = [accepted(), released('A', 1, seconds(9), true)];
    const past = [...once, { ...failed('t1', { at: seconds(20) }) }, deadlinePassed(seconds(60))];
    const { state } = await given(twice, ...past).told();
    expect(parkedPlaces(state)).toEqual([
      { plugin: 'A', orderId: 'o1', entry: 4, parkedAt: seconds(60) },
      { plugin: 'A', orderId: 'o1', entry: 2, parkedAt: 0 },
    ]);
    const paused = [...past, pauseRequested(seconds(70))];
    expect(parkedPlaces((await given(twice, ...paused).told()).state)).toEqual([]);
    await given(twice, ...paused)
      .when(resumeRequested(seconds(80)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), listed('A', 6, seconds(60)), listed('A', 6, 0)],
      });
    await given(twice, ...paused, resumeRequested(seconds(80)))
      .when(completed('t3', 'b', seconds(90)))
      .then({ status: 'running', commands: [] });
  });

  it('an order that has not started, or has ended, is parked for none', async () => {
    const { state } = await given(inARow).told();
    const ended = await given(inARow, accepted(), cancelRequested(1)).told();
    expect([parkedPlaces(state), parkedPlaces(ended.state)]).toEqual([[], []]);
  });

  it('a task that is parked twice is listed once, in the entry that parked it last', async () => {
    await given(inARow, accepted())
      .when(deadlinePassed(seconds(60)))
      .then({
        status: 'running',
        commands: [arm(seconds(WEEK))],
        state: { stage: { tasks: [{ entry: 1 }, {}] } },
      });
  });

  it('what undoes a job is parked, too', async () => {
    const setting = {
      workflow: workflow({ pre: ['A', 'B'] }),
      plugins: [plugin('A', { compensates: true }), plugin('B', once)],
    };
    await given(setting, accepted(), completed('t1', 'a'), {
      plugins: [held('A', { compensates: true }), plugin('B', once)],
    })
      .when(failed('t2', { at: seconds(2) }))
      .then({
        status: 'compensating',
        state: { stage: { stage: 'undo', tasks: [{ status: 'parked', undoes: 'A' }] } },
      });
    await given(
      setting,
      accepted(),
      completed('t1', 'a'),
      { plugins: [held('A', { compensates: true }), plugin('B', once)] },
      failed('t2', { at: seconds(2) }),
    )
      .when(released('A', 3, seconds(60)))
      .then({ status: 'compensating', commands: [{}, dispatch('undo A')] });
  });
});

describe('a parked task', () => {
  it('goes when it is let through, with its whole budget, though its plugin is held back still', async () => {
    await given(inARow, accepted())
      .when(released('A', 1, seconds(DAY * 3)))
      .then({
        status: 'running',
        commands: [{}, dispatch('A', { attempt: 1, deadlineAt: seconds(DAY * 3 + 3600) })],
        state: { stage: { tasks: [{ giveUpAt: seconds(DAY * 4) }, {}] } },
      });
  });

  it('goes with what was left of its budget when it was parked', async () => {
    const setting = {
      workflow: workflow({ pre: ['A'] }),
      plugins: [plugin('A', { ...retriedAtOnce(3), totalSeconds: 1000 })],
    };
    const past = [
      accepted(seconds(100)),
      { plugins: [held('A', { ...retriedAtOnce(3), totalSeconds: 1000 })] },
      failed('t1', { at: seconds(400) }),
    ];
    await given(setting, ...past)
      .when(released('A', 2, seconds(5000)))
      .then({ status: 'running', state: { stage: { tasks: [{ giveUpAt: seconds(5700) }] } } });
  });

  it('goes with whatever moves its order on, once its plugin is open', async () => {
    await given(inARow, accepted(), { plugins: [reopening('A'), plugin('B')] })
      .when(deadlinePassed(seconds(60)))
      .then({ status: 'running', commands: [{}, dispatch('A')] });
  });

  it('is let through once, and what let it through is sent again when that comes again', async () => {
    await given(inARow, accepted(), released('A', 1, seconds(60)))
      .when(released('A', 1, seconds(70)))
      .then({ status: 'running', commands: [{ type: 'ArmDeadline' }, dispatch('A')] });
    await given(inARow, accepted(), released('A', 1, seconds(60)), completed('t1', 'a'))
      .when(released('A', 1, seconds(70)))
      .thenNothingHappens('the task is not parked');
  });

  it('is not let through by what was meant for an earlier time that it was parked', async () => {
    await given(
      { ...inARow, plugins: [held('A', retriedAtOnce(3)), plugin('B')] },
      accepted(),
      released('A', 1, seconds(60), true),
      failed('t1', { at: seconds(61) }),
    )
      .when(released('A', 1, seconds(70)))
      .thenNothingHappens('the task is not parked');
  });

  it('that never went is one of an unknown plugin once its plugin is removed', async () => {
    await given({ ...inARow, plugins: [held('A', once), plugin('B')] }, accepted(), {
      plugins: plugins('B'),
    })
      .when(released('A', 1, seconds(60)))
      .then({
        status: 'running',
        state: {
          stage: {
            tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_NOT_REGISTERED' } }, {}],
          },
        },
      });
  });

  it('can be skipped', async () => {
    await given(inARow, accepted())
      .when(skipRequested('A', seconds(9), { result: 'by hand' }))
      .then({ status: 'running', commands: [publish('task.skipped'), dispatch('B')] });
  });

  it('ends with its order, which is cancelled', async () => {
    await given(inARow, accepted())
      .when(cancelRequested(seconds(9)))
      .then({ status: 'cancelled' });
    const told = await given(inARow, accepted(), cancelRequested(seconds(9))).told();
    expect(tasksOf(told.journal)).toMatchObject([{ status: 'abandoned', attempts: [] }]);
  });

  it('is called off when what its order has done is undone', async () => {
    const setting = {
      workflow: workflow({ pre: ['A', 'B'] }),
      plugins: [plugin('A', { compensates: true }), held('B')],
    };
    await given(setting, accepted(), completed('t1', 'a'))
      .when(cancelRequested(seconds(9)))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating'), dispatch('undo A')],
      });
  });

  it('is parked again when a failed order is retried', async () => {
    await given(
      { ...inARow, plugins: [plugin('A', once), plugin('B')] },
      accepted(),
      failedForGood('t1', seconds(1)),
      { plugins: [held('A', once), plugin('B')] },
    )
      .when(retryRequested(seconds(9), { input: 6 }))
      .then({
        status: 'running',
        commands: [{ type: 'ArmDeadline' }, publish('order.retried'), listed('A', 3, seconds(9))],
      });
    const told = await given(
      { ...inARow, plugins: [plugin('A', once), plugin('B')] },
      accepted(),
      failedForGood('t1', seconds(1)),
      { plugins: [held('A', once), plugin('B')] },
      retryRequested(seconds(9), { input: 6 }),
      released('A', 3, seconds(60)),
    ).told();
    expect(tasksOf(told.journal)).toMatchObject([
      { status: 'inFlight', input: 6, attempts: [{ attempt: 1 }, { attempt: 2 }] },
    ]);
  });
});

describe('an order that is paused while a task of it is parked', () => {
  it('lets nothing through, and lists the task again when it goes on', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(10)))
      .when(released('A', 1, seconds(20)))
      .thenNothingHappens('the order is paused');
    await given(inARow, accepted(), pauseRequested(seconds(10)))
      .when(resumeRequested(seconds(20)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), listed('A', 3, 0)],
      });
  });

  it('goes on with the task if its plugin has reopened, and its budget is whole', async () => {
    await given(inARow, accepted(), pauseRequested(seconds(10)), {
      plugins: [reopening('A'), plugin('B')],
    })
      .when(resumeRequested(seconds(1000)))
      .then({
        status: 'running',
        commands: [{}, publish('order.resumed'), dispatch('A')],
        state: { stage: { tasks: [{ giveUpAt: seconds(DAY + 1000) }, {}] } },
      });
  });
});

describe('a canary', () => {
  const twice = {
    workflow: workflow({ pre: ['A'] }),
    plugins: [held('A', retriedAtOnce(2))],
  };

  it('is one of the tasks that were parked together; the others are listed anew', async () => {
    const setting = { workflow: workflow({ parallel: ['A', 'A'] }), plugins: [held('A')] };
    await given(setting, accepted())
      .when(released('A', 1, seconds(9), true))
      .then({ status: 'running', commands: [dispatch('A'), listed('A', 2, 0)] });
  });

  it('that fails costs its task no attempt, however often', async () => {
    const happenings = Array.from({ length: 10 }, (_, n) => [
      released('A', 1 + 2 * n, seconds(10 * n + 1), true),
      failed('t1', { at: seconds(10 * n + 2), attempt: n + 1 }),
    ]).flat();
    await given(twice, accepted(), ...happenings)
      .when(released('A', 21, seconds(200)))
      .then({
        status: 'running',
        commands: [dispatch('A', { attempt: 11 })],
        state: { stage: { tasks: [{ givenBack: 10 }] } },
      });
  });

  it('that fails has waited for its plugin since it was parked first', async () => {
    const { state } = await given(
      twice,
      accepted(seconds(3)),
      released('A', 1, seconds(10), true),
      failed('t1', { at: seconds(20) }),
    ).told();
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'parked', heldSince: seconds(3), parkedAt: seconds(20) }] },
    });
  });

  it('that its plugin refuses for good has failed for good', async () => {
    await given(twice, accepted(), released('A', 1, seconds(1), true))
      .when(failedForGood('t1', seconds(2)))
      .then({ status: 'failed' });
  });
});

describe('4. Every state that waits has a deadline: someone is asked to look at a parked order every seven days', () => {
  it('each time anew', async () => {
    await given(inARow, accepted())
      .when(deadlinePassed(seconds(WEEK)))
      .then({
        status: 'running',
        commands: [arm(seconds(2 * WEEK))],
        state: { stage: { tasks: [{ lookAt: seconds(2 * WEEK) }, {}] } },
      });
    await given(inARow, accepted(), deadlinePassed(seconds(WEEK)))
      .when(deadlinePassed(seconds(2 * WEEK)))
      .then({ status: 'running', commands: [arm(seconds(3 * WEEK))] });
  });
});

describe('what an attempt says of its plugin', () => {
  const setting = {
    workflow: workflow({ pre: ['A'] }),
    plugins: [plugin('A', { heartbeatSeconds: 10 })],
  };
  const verdicts = async (...happenings: Parameters<typeof given>[1][]) =>
    (await given(setting, accepted(), ...happenings).told()).last.verdicts;

  it('that it works', async () => {
    expect(await verdicts(completed('t1', 'a', seconds(1)))).toEqual([
      { plugin: 'A', outcome: 'worked', dispatchedAt: 0 },
    ]);
  });

  it('that it fails: an error, a crash, silence, no answer in time', async () => {
    expect(await verdicts(failed('t1'))).toMatchObject([{ outcome: 'failed' }]);
    expect(
      await verdicts(heartbeat('t1', seconds(1)), deadLettered('t1', seconds(2))),
    ).toMatchObject([{ outcome: 'failed' }]);
    expect(await verdicts(heartbeat('t1', seconds(1)), deadlinePassed(seconds(20)))).toMatchObject([
      { outcome: 'failed', error: { code: 'HEARTBEAT_MISSED' } },
    ]);
    expect(await verdicts(deadlinePassed(seconds(3600)))).toMatchObject([
      { outcome: 'failed', error: { code: 'TASK_TIMED_OUT' } },
    ]);
  });

  it('nothing, if it never began, waits in the queue still, or is asked for again later', async () => {
    expect(await verdicts(deadLettered('t1', seconds(2)))).toEqual([]);
    expect(await verdicts(failedUntil('t1', 60))).toEqual([]);
    expect(await verdicts({ backlogs: { A: -1 } }, deadlinePassed(seconds(3600)))).toEqual([]);
    expect(await verdicts(heartbeat('t1', seconds(1)))).toEqual([]);
  });

  it('that it fails where its task had begun by the end of its budget, and else nothing', async () => {
    const short = { ...setting, plugins: [plugin('A', { totalSeconds: 100 })] };
    const saidAfter = async (...past: readonly OrderEvent[]) =>
      (await given(short, accepted(), ...past, deadlinePassed(seconds(100))).told()).last.verdicts;
    expect(await saidAfter(heartbeat('t1', seconds(1)))).toMatchObject([
      { outcome: 'failed', error: { code: 'TASK_TIMED_OUT' } },
    ]);
    expect(await saidAfter()).toEqual([]);
  });

  it('that it has judged the task, if it will never do it', async () => {
    expect(await verdicts({ ...failedForGood('t1'), by: 'A' })).toMatchObject([
      { outcome: 'refused' },
    ]);
    // An input for which no queue has room.
    expect(await verdicts(failedForGood('t1'))).toEqual([]);
  });

  it('once, however often it is said', async () => {
    expect(await verdicts(completed('t1', 'a'), completed('t1', 'a'))).toEqual([]);
  });

  it('for the canary that it was', async () => {
    const told = await given(
      { ...setting, plugins: [held('A')] },
      accepted(),
      released('A', 1, seconds(1), true),
      completed('t1', 'a', seconds(2)),
    ).told();
    expect(told.last.verdicts).toMatchObject([{ outcome: 'worked', canary: true }]);
  });
});

describe('while a plugin drains', () => {
  const drains = (name: string, more: Partial<Plugin> = {}): Plugin =>
    plugin(name, { quarantined: draining(name, 'we move it', 0), ...more });
  const setting = { workflow: workflow({ pre: ['A'] }), plugins: [drains('A', retriedAtOnce(3))] };

  it('its new tasks are parked', async () => {
    await given(setting)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), listed('A', 1, 0)],
        state: { stage: { tasks: [{ status: 'parked', quarantine: { reason: 'we move it' } }] } },
      });
  });

  it('a parked task says that a person drains it, and of a quarantine it does not', async () => {
    const parkedFor = async (heldBack: Plugin) => {
      const { state } = await given({ ...setting, plugins: [heldBack] }, accepted()).told();
      return 'stage' in state ? state.stage?.tasks[0] : undefined;
    };
    const drained = { since: 0, reason: 'we move it', drains: true };
    expect(await parkedFor(drains('A'))).toHaveProperty('quarantine', drained);
    const quarantined = { since: 0, reason: 'it fails' };
    expect(await parkedFor(held('A'))).toHaveProperty('quarantine', quarantined);
  });

  it('what it has had it gets again', async () => {
    const open = { ...setting, plugins: [plugin('A', retriedAtOnce(3))] };
    await given(open, accepted(), { plugins: setting.plugins })
      .when(failed('t1'))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
  });

  it('it undoes what it did', async () => {
    const both = workflow({ pre: ['A', 'B'] });
    const compensates = { compensates: true } as const;
    const open = { workflow: both, plugins: [plugin('A', compensates), plugin('B')] };
    const drained = { plugins: [drains('A', compensates), plugin('B')] };
    await given(open, accepted(), completed('t1', 1), drained)
      .when(failedForGood('t2'))
      .then({
        status: 'compensating',
        commands: [
          publish('order.compensating'),
          publish('task.failed'),
          dispatch('undo A', { attempt: 1 }),
        ],
      });
  });

  it('what was parked stays so until it is reopened', async () => {
    await given(setting, accepted(), pauseRequested(seconds(1)))
      .when(resumeRequested(seconds(2)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), listed('A', 3, 0)],
      });
    await given(setting, accepted(), { plugins: [reopening('A')] })
      .when(released('A', 1, seconds(9)))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 1 })] });
  });

  // Was: a message that let a task through, and came once more minutes later, did so although a person had held the plugin back since.
  it.each([
    ['drains', draining('A', 'its shop is closed', 500)],
    ['is closed by hand', closedByHand('A', 'it sends twice', 500)],
  ])(
    'what lets a task through does so no more when it %s: the task is listed again',
    async (_, quarantined) => {
      const setting = {
        workflow: workflow({ pre: ['A', 'B'] }),
        plugins: [held('A'), plugin('B')],
      };
      const since = { plugins: [plugin('A', { quarantined }), plugin('B')] };
      for (const canary of [undefined, true] as const) {
        const release = released('A', 1, seconds(9), canary);
        const past = [accepted(), since, release];
        await given(setting, accepted(), since)
          .when(release)
          .then({
            status: 'running',
            commands: [listed('A', 2, 0)],
            state: {
              stage: { tasks: [{ status: 'parked', quarantine: { since: 500 } }, {}] },
            },
          });
        const { state } = await given(setting, ...past).told();
        expect(state).not.toHaveProperty('stage.tasks.0.released');
        await given(setting, ...past, { plugins: [reopening('A'), plugin('B')] })
          .when(released('A', 2, seconds(19)))
          .then({ status: 'running', commands: [dispatch('A', { attempt: 1 })] });
      }
    },
  );
});
