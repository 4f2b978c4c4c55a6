import { describe, expect, it } from '@jest/globals';
import { commandsOf } from '../../src/core/commands-of.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  arm,
  cancelRequested,
  completed,
  deadlinePassed,
  dispatch,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  plugin,
  plugins,
  publish,
  retriedAtOnce,
  retryRequested,
  seconds,
  timer,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const two = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };
const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };

const waitsForEvents = {
  workflow: workflow({
    parallel: [{ waitFor: { event: 'paid' } }, { waitFor: { event: 'sent' } }],
  }),
};
const quarantined = {
  ...both,
  plugins: ['A', 'B'].map((name) =>
    plugin(name, { quarantined: closed(name, 'it fails', DEFAULT_RULE, 0) }),
  ),
};
const shared = {
  ...both,
  plugins: ['A', 'B'].map((name) => plugin(name, { tasksPerClient: 1 })),
  client: 'shop',
};

/** The orchestrator died after it had stored its entry: the same message comes again, and leads to the same commands. */
async function comesAgain(
  setting: Setting,
  past: readonly Happening[],
  ...events: readonly OrderEvent[]
): Promise<readonly string[]> {
  const first = await given(setting, ...past)
    .when(...events)
    .told();
  const second = await given(setting, ...past, events)
    .when(...events)
    .told();
  expect(second.journal).toEqual(first.journal);
  expect(second.last.applied).toEqual([]);
  expect(second.last.commands).toEqual(first.last.commands);
  return typesOf(second.last.commands);
}

describe('the message that came before the crash comes again, and leads to the same commands', () => {
  it('OrderAccepted', async () => {
    expect(await comesAgain(both, [], accepted())).toEqual([
      'PublishLifecycle order.started',
      'DispatchTask A',
      'DispatchTask B',
    ]);
  });

  it('a result that leads to the next task of the stage', async () => {
    expect(await comesAgain(two, [accepted()], completed('t1', 7))).toEqual(['DispatchTask B']);
  });

  it('a result that leads to the next stage', async () => {
    const setting = { ...two, workflow: workflow({ pre: ['A'], parallel: ['A', 'B'] }) };
    const past = [accepted()];
    expect(await comesAgain(setting, past, completed('t1', 7))).toEqual([
      'DispatchTask A#2',
      'DispatchTask B',
    ]);
  });

  it('a result that leads past stages in which nothing was to be done', async () => {
    const skipped = { plugin: 'B', when: 'false' };
    const definition = workflow({ pre: ['A'], parallel: '*' }, { pre: [skipped], post: ['B'] });
    const setting = { ...two, workflow: definition };
    expect(await comesAgain(setting, [accepted()], completed('t1', 7))).toEqual(['DispatchTask B']);
  });

  it('a result that brings the wake-up forward', async () => {
    const setting = { ...two, plugins: [plugin('A'), plugin('B', { timeoutSeconds: 30 })] };
    expect(await comesAgain(setting, [accepted()], completed('t1', 7))).toEqual([
      'ArmDeadline',
      'DispatchTask B',
      'SetTimer',
    ]);
  });

  it('a result that leads to a wait', async () => {
    const setting = { ...two, workflow: workflow({ pre: ['A', { waitSeconds: 20 }] }) };
    expect(await comesAgain(setting, [accepted()], completed('t1', 7))).toEqual([
      'ArmDeadline',
      'SetTimer',
    ]);
  });

  it('a result that completes the order', async () => {
    const past = [accepted(), completed('t1', 7)];
    expect(await comesAgain(two, past, completed('t2', 8))).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.completed',
    ]);
  });

  it('a result for which the rest of the stage still has to come', async () => {
    expect(await comesAgain(both, [accepted()], completed('t1', 7))).toEqual([]);
  });

  it('a failure that leads to a retry after a pause', async () => {
    expect(await comesAgain(two, [accepted()], failedUntil('t1', 7))).toEqual([
      'ArmDeadline',
      'SetTimer',
    ]);
  });

  it('a failure that leads to a retry at once', async () => {
    // Was: the retry was not handed out again, since the failure was no longer that of the current attempt.
    // Now: the journal entry that holds the failure says what it led to.
    const setting = { ...two, plugins: [plugin('A', retriedAtOnce(3)), plugin('B')] };
    expect(await comesAgain(setting, [accepted()], failed('t1'))).toEqual(['DispatchTask A']);
  });

  it('a failure for good', async () => {
    expect(await comesAgain(two, [accepted()], failedForGood('t1'))).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.failed',
    ]);
    expect(await comesAgain(both, [accepted()], failedForGood('t1'))).toEqual([
      'PublishLifecycle task.failed',
    ]);
  });

  it('a failure of an optional task, that leads to the next one', async () => {
    const optional = { plugin: 'A', mandatory: false };
    for (const definition of [
      workflow({ pre: [optional, 'B'] }),
      workflow({ pre: [optional], post: ['B'] }),
    ]) {
      const setting = { ...two, workflow: definition };
      expect(await comesAgain(setting, [accepted()], failedForGood('t1'))).toEqual([
        'PublishLifecycle task.failed',
        'DispatchTask B',
      ]);
    }
  });

  it('a wish to cancel', async () => {
    expect(await comesAgain(two, [accepted()], cancelRequested())).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.cancelled',
    ]);
  });

  // Was: the entry bore the latest instant of the events that it took, though the decision knew a later one: no timer was set again.
  // Now: the entry bears the instant of the decision.
  it('a batch whose latest event changed nothing', async () => {
    const setting = { ...two, plugins: [plugin('A'), plugin('B', { timeoutSeconds: 60 })] };
    const early = timerPassed(seconds(2));
    expect(await comesAgain(setting, [accepted()], completed('t1', 7), early)).toEqual([
      'DispatchTask B',
      'SetTimer',
    ]);
  });

  it('what leads to tasks that wait for events', async () => {
    expect(await comesAgain(waitsForEvents, [], accepted())).toEqual([
      'PublishLifecycle order.started',
      'AwaitEvent',
      'AwaitEvent',
    ]);
  });

  it('what leads to tasks that are parked', async () => {
    expect(await comesAgain(quarantined, [], accepted())).toEqual([
      'PublishLifecycle order.started',
      'ListParked',
      'ListParked',
    ]);
  });

  it('what leads to tasks that wait for their turn', async () => {
    expect(await comesAgain(shared, [{ full: ['A', 'B'] }], accepted())).toEqual([
      'PublishLifecycle order.started',
      'AwaitTurn',
      'AwaitTurn',
    ]);
  });

  it('the end of a child order, of which its parent has to hear', async () => {
    const child = {
      ...{ ...two, workflow: workflow({ pre: ['A'] }) },
      parent: { orderId: 'o', taskId: 't2', attempt: 1, depth: 1 },
    };
    expect(await comesAgain(child, [accepted()], completed('t1', 7))).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.completed',
      'TendChild',
    ]);
  });

  it('a batch of several', async () => {
    const definition = workflow({ parallel: ['A', 'B'], post: ['A'] });
    const events = [completed('t1', 7), completed('t2', 8)];
    expect(await comesAgain({ ...both, workflow: definition }, [accepted()], ...events)).toEqual([
      'DispatchTask A#2',
    ]);
  });
});

describe('a deadline that came before the crash comes again, and leads to the same commands', () => {
  // Was: what a passed deadline led to was lost for good: the next task after a wait could time out without having been sent.
  // Now: the event names the instant that was armed, by which the journal entry that took it is found.
  const impatient = [plugin('A', { timeoutSeconds: 30, ...retriedAtOnce(2) }), plugin('B')];

  it.each([timerPassed, deadlinePassed])('the end of a wait, by %p', async (passed) => {
    const setting = { ...two, workflow: workflow({ pre: [{ waitSeconds: 90 }, 'B'] }) };
    expect(await comesAgain(setting, [accepted()], passed(seconds(90)))).toEqual([
      'ArmDeadline',
      'DispatchTask B',
    ]);
  });

  it.each([timerPassed, deadlinePassed])(
    'the end of the pause before a retry, by %p',
    async (passed) => {
      const past = [accepted(), failedUntil('t1', 7)];
      expect(await comesAgain(two, past, passed(seconds(7)))).toEqual([
        'ArmDeadline',
        'DispatchTask A',
      ]);
    },
  );

  it.each([timerPassed, deadlinePassed])('an attempt that timed out, by %p', async (passed) => {
    const setting = { ...two, plugins: impatient };
    expect(await comesAgain(setting, [accepted()], passed(seconds(30)))).toEqual([
      'ArmDeadline',
      'DispatchTask A',
      'SetTimer',
    ]);
  });

  it('an attempt that timed out for good', async () => {
    const setting = { ...two, plugins: impatient };
    const past = [accepted(), timerPassed(seconds(30))];
    expect(await comesAgain(setting, past, timerPassed(seconds(60)))).toEqual([
      'DisarmDeadline',
      'PublishLifecycle order.failed',
    ]);
  });

  it('an order that the sweeper started', async () => {
    expect(await comesAgain(two, [], deadlinePassed(seconds(60)))).toEqual([
      'ArmDeadline',
      'PublishLifecycle order.started',
      'DispatchTask A',
    ]);
  });

  it('together with the answer of one of the tasks that it started', async () => {
    // Was: a deadline that had been taken before counted as applied in a batch with other events, and handed nothing out.
    // Now: a deadline at which nothing is due any more is ignored by itself.
    const definition = workflow({ pre: [{ waitSeconds: 90 }], parallel: ['A', 'B'] });
    const ended = timerPassed(seconds(90));
    await given({ ...two, workflow: definition }, accepted(), ended)
      .when(ended, completed('t1', 1, seconds(90)))
      .then({
        status: 'running',
        commands: [{ type: 'ArmDeadline' }, dispatch('B')],
      });
  });

  it('but a timer of a task that is long done hands nothing out', async () => {
    const setting = { ...two, plugins: impatient };
    const past = [accepted(), completed('t1', 7, seconds(29)), deadlinePassed(seconds(31))];
    await given(setting, ...past)
      .when(timerPassed(seconds(30), seconds(31.5)))
      .then({ status: 'running', commands: [] });
  });

  it('and a timer of an order that has ended since tells nobody again', async () => {
    const setting = { ...two, plugins: impatient, workflow: workflow({ pre: ['A'] }) };
    await given(setting, accepted(), completed('t1', 7, seconds(3)))
      .when(timerPassed(seconds(30)))
      .then({ status: 'completed', commands: [] });
    await given(setting, accepted(), completed('t1', 7, seconds(3)))
      .when(deadlinePassed(seconds(60)))
      .then({ status: 'completed', commands: [] });
  });
});

// Was: which decision took an event was inferred from the later state, which another decision had changed meanwhile: nothing was
// sent, and the order failed an hour later.
// Now: the journal entry that holds the event is found, and what is still due of its commands is sent again.
describe('a message that comes again after another decision was made in between', () => {
  const failedOnce = [accepted(), failedUntil('t1', 7)];

  it('sends the retry of its timer, although the other task was retried since', async () => {
    const past = [
      ...failedOnce,
      failedUntil('t2', 8),
      timerPassed(seconds(7)),
      timerPassed(seconds(8)),
    ];
    await given(both, ...past)
      .when(timerPassed(seconds(7), seconds(187)))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
  });

  it('sends the retry of its timer, although the other task backs off since', async () => {
    const past = [...failedOnce, timerPassed(seconds(7)), failedUntil('t2', 3, seconds(8))];
    await given(both, ...past)
      .when(timerPassed(seconds(7), seconds(187)))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 }), {}, dispatch('B')] });
  });

  it('sends the retry that the sweeper could not send', async () => {
    const past = [
      ...failedOnce,
      deadlinePassed(seconds(60), seconds(7)),
      failedUntil('t2', 3, seconds(61)),
    ];
    await given(both, ...past)
      .when(deadlinePassed(seconds(62), seconds(7)))
      .then({ status: 'running', commands: [dispatch('A', { attempt: 2 })] });
  });

  it('sends each of its tasks that is still in flight, and its facts', async () => {
    const past = [accepted(), completed('t2', 1, seconds(1))];
    await given(both, ...past)
      .when(accepted(seconds(180)))
      .then({ status: 'running', commands: [publish('order.started'), dispatch('A')] });
  });

  it('sets its timer only while the order still waits for it', async () => {
    const order = given(both, ...failedOnce, heartbeat('t2', seconds(1)));
    await order
      .when(failedUntil('t1', 7, seconds(2)))
      .then({ status: 'running', commands: [arm(seconds(7)), timer(seconds(7))] });
  });
});

describe('a message that comes again later', () => {
  it('leaves out what has been settled since', async () => {
    await given(both, accepted(), completed('t1', 7))
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), dispatch('B', { done: [] })],
      });
  });

  it('says of a job what was true at its time', async () => {
    // Was: jobs that were done since were named in the message of a task that was dispatched before.
    // Now: a job counts as done for a task when it was done in the entry that dispatched the task, or earlier.
    const first = await given(both).when(accepted()).told();
    const again = await given(both, accepted(), completed('t1', 7)).when(accepted()).told();
    expect(first.last.commands).toContainEqual(again.last.commands.at(-1));
  });

  it('sends nothing for an order that has only been placed', async () => {
    const { journal } = await given(two).told();
    const [placed] = journal as [JournalEntry];
    expect(commandsOf(placed, { workflow: two.workflow, plugins: new Map() })).toEqual([]);
  });

  it('sends its task without a history when its plugin is not registered any more', async () => {
    await given({ ...two, plugins: [plugin('A', { history: true })] }, accepted(), { plugins: [] })
      .when(accepted())
      .then({ status: 'running', commands: [{}, dispatch('A', { history: false })] });
  });

  it('leaves out the one of two tasks of a plugin that has been settled since', async () => {
    const twice = { workflow: workflow({ parallel: ['A', 'A'] }), plugins: plugins('A') };
    await given(twice, accepted(), completed('t1', 7))
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started'), dispatch('A#2')] });
  });

  it('leaves out an attempt after which another one was sent', async () => {
    const setting = { ...two, plugins: [plugin('A', retriedAtOnce(3)), plugin('B')] };
    await given(setting, accepted(), failed('t1'))
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started')] });
  });

  it('together with the result of the task that it started does not start it again', async () => {
    // Was: tasks which the same batch settled were dispatched again, in one broadcast with those of the next stage.
    // Now: what is handed out again is told from the state after the batch.
    const definition = workflow({ parallel: ['A', 'B'] }, { parallel: ['C', 'D'] });
    const setting = { workflow: definition, plugins: plugins('A', 'B', 'C', 'D') };
    await given(setting, accepted())
      .when(accepted(), completed('t1', 1), completed('t2', 2))
      .then({
        status: 'running',
        commands: [publish('order.started'), dispatch('C'), dispatch('D')],
      });
  });

  it('asks for no event that has come, nor for one that a later attempt waits for', async () => {
    await given(waitsForEvents, accepted(), completed('t1', 'paid'))
      .when(accepted())
      .then({
        status: 'waiting',
        commands: [publish('order.started'), { type: 'AwaitEvent', taskId: 't2', attempt: 1 }],
      });
    const past = [deadlinePassed(seconds(7 * 86_400)), retryRequested(seconds(8 * 86_400))];
    await given(waitsForEvents, accepted(), ...past)
      .when(accepted(seconds(8 * 86_400)))
      .then({ status: 'waiting', commands: [publish('order.started')] });
  });

  it('lists no task as parked that has gone', async () => {
    const released = { type: 'TaskReleased', at: 1, plugin: 'A', parkedIn: 1 } as const;
    await given(quarantined, accepted(), released)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), { type: 'ListParked', plugin: 'B' }],
      });
  });

  it('lists no task as parked where it was listed before a canary was taken from its list', async () => {
    const twice = { ...quarantined, workflow: workflow({ parallel: ['A', 'A'] }) };
    const canary = { type: 'TaskReleased', at: 1, plugin: 'A', parkedIn: 1, canary: true } as const;
    await given(twice, accepted(), canary)
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started')] });
  });

  it('asks for no turn that has come', async () => {
    const came = { type: 'TaskReleased', at: 1, plugin: 'A', parkedIn: 1, task: 't1' } as const;
    await given(shared, { full: ['A', 'B'] }, accepted(), came)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), { type: 'AwaitTurn', plugin: 'B' }],
      });
  });

  it('after a retry was dispatched does not stir the retry', async () => {
    const past = [accepted(), failedUntil('t1', 7), timerPassed(seconds(7))];
    await given(two, ...past)
      .when(failedUntil('t1', 7))
      .then({ status: 'running', commands: [] });
  });

  it('arms the wake-up that the order has now', async () => {
    const setting = { ...two, plugins: [plugin('A', { timeoutSeconds: 30 }), plugin('B')] };
    await given(setting, accepted())
      .when(accepted())
      .then({
        status: 'running',
        commands: [arm(seconds(30)), publish('order.started'), dispatch('A'), timer(seconds(30))],
      });
  });
});
