import { describe, expect, it } from '@jest/globals';
import { tasksOf } from '../../src/core/task-records.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  arm,
  completed,
  deadLettered,
  deadlinePassed,
  disarm,
  dispatch,
  expired,
  failed,
  failedUntil,
  heartbeat,
  pauseRequested,
  plugin,
  plugins,
  publish,
  putOff,
  resumeRequested,
  retriedAtOnce,
  seconds,
  timer,
  timerPassed,
  workflow,
} from './vocabulary.ts';

const started = publish('order.started');
const one = (differing: Parameters<typeof plugin>[1] = {}) => ({
  workflow: workflow({ pre: ['A'] }),
  plugins: [plugin('A', differing)],
});

describe('an attempt that nobody answers for', () => {
  it('fails when its deadline passes, and is retried by the policy', async () => {
    const order = given(one({ timeoutSeconds: 100, ...retriedAtOnce(2) }), accepted());
    await order
      .when(deadlinePassed(seconds(99)))
      .then({ status: 'running', commands: [arm(seconds(100))] });
    await order.when(deadlinePassed(seconds(100))).then({
      status: 'running',
      commands: [arm(seconds(200)), dispatch('A', { attempt: 2, deadlineAt: seconds(200) })],
    });
  });

  it('fails its order when it was the last', async () => {
    const order = given(one({ timeoutSeconds: 100, ...retriedAtOnce(1) }), accepted());
    await order.when(deadlinePassed(seconds(101))).then({
      status: 'failed',
      state: { error: { code: 'TASK_TIMED_OUT', message: 'no answer within 100 s', attempt: 1 } },
    });
  });

  it('counts when its result comes late but before anybody noticed', async () => {
    await given(one({ timeoutSeconds: 100 }), accepted())
      .when(completed('t1', 7, seconds(150)))
      .then({ status: 'completed', state: { result: 7 } });
  });

  it('is noticed by any event of the order', async () => {
    const impatient = plugin('A', { timeoutSeconds: 100, ...retriedAtOnce(2) });
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'] }),
      plugins: [impatient, plugin('B')],
    };
    await given(setting, accepted())
      .when(completed('t2', 7, seconds(150)))
      .then({ status: 'running', commands: [arm(seconds(250)), dispatch('A', { attempt: 2 })] });
  });

  it('fails by how long it lasted, not by when that was', async () => {
    const setting = {
      ...one({ timeoutSeconds: 100 }),
      workflow: workflow({ pre: [{ waitSeconds: 50 }, 'A'] }),
    };
    await given(setting, accepted(), deadlinePassed(seconds(50)))
      .when(deadlinePassed(seconds(150)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{}, { error: { message: 'no answer within 100 s' } }] } },
      });
  });

  it('leaves its last words to a retry that was lost as well', async () => {
    const setting = one({ timeoutSeconds: 100, ...retriedAtOnce(3) });
    const times = [100, 200].map((at) => deadlinePassed(seconds(at)));
    await given(setting, accepted(), ...times)
      .when(deadlinePassed(seconds(300)))
      .then({ status: 'failed', state: { error: { attempt: 3 } } });
  });
});

describe('a task with a heartbeat', () => {
  const setting = one({ heartbeatSeconds: 30, timeoutSeconds: 100, ...retriedAtOnce(2) });

  // Was: silence counted from the dispatch, and attempts failed that still waited in their queue.
  // Now: it counts from the first heartbeat, which says that the attempt has begun.
  it('misses none before it has begun', async () => {
    await given(setting)
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A', { heartbeatSeconds: 30 })] });
    await given(setting, accepted())
      .when(deadlinePassed(seconds(60)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 1 }] } } });
  });

  it('has a timer for its silence once it has begun', async () => {
    await given(setting, accepted())
      .when(heartbeat('t1', seconds(10)))
      .then({ status: 'running', commands: [arm(seconds(40)), timer(seconds(40))] });
  });

  it('fails when it has been silent too long', async () => {
    await given(setting, accepted(), heartbeat('t1', seconds(10)))
      .when(timerPassed(seconds(40)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 2 }] } } });
  });

  it('says why when it has been silent for the last time', async () => {
    const error = {
      code: 'HEARTBEAT_MISSED',
      message: 'the plugin has stopped sending heartbeats',
    };
    await given(
      one({ heartbeatSeconds: 30, ...retriedAtOnce(1) }),
      accepted(),
      heartbeat('t1', seconds(10)),
    )
      .when(timerPassed(seconds(40)))
      .then({ status: 'failed', state: { error } });
  });

  // Was: a silence that ends after the present wake-up had no timer, and the sweeper noticed it up to a minute late.
  // Now: the entry in which an attempt begins sets one, wherever the wake-up lies.
  it('has a timer for its silence, though the order is to wake up before', async () => {
    await given(one({ heartbeatSeconds: 60 }), accepted())
      .when(heartbeat('t1', seconds(10)))
      .then({ status: 'running', commands: [timer(seconds(70))] });
    await given(one({ heartbeatSeconds: 60 }), accepted(), heartbeat('t1', seconds(10)))
      .when(heartbeat('t1', seconds(20)))
      .then({ status: 'running', commands: [] });
  });

  it('has no timer for a silence of which the sweeper hears soon enough', async () => {
    await given(one({ heartbeatSeconds: 61 }), accepted())
      .when(heartbeat('t1', seconds(10)))
      .then({ status: 'running', commands: [] });
  });

  it('has the next timer when the first one finds that it was not silent', async () => {
    const beats = [10, 25, 39].map((at) => heartbeat('t1', seconds(at)));
    await given(setting, accepted(), ...beats)
      .when(timerPassed(seconds(40)))
      .then({ status: 'running', commands: [arm(seconds(69)), timer(seconds(69))] });
  });

  it('goes on as long as its heartbeats come, up to its deadline', async () => {
    const beats = [20, 45, 70, 95].map((at) => heartbeat('t1', seconds(at)));
    await given(setting, accepted(), ...beats.slice(0, 3))
      .when(deadlinePassed(seconds(99)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 1 }] } } });
    await given(setting, accepted(), ...beats)
      .when(deadlinePassed(seconds(100)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 2 }] } } });
  });

  it('is silent from when its last heartbeat was sent, however late that is read', async () => {
    await given(setting, accepted(), heartbeat('t1', seconds(10)))
      .when(heartbeat('t1', seconds(39), 1, seconds(12)))
      .then({ status: 'running', state: { stage: { tasks: [{ silentAt: seconds(42) }] } } });
  });

  // Was: a first heartbeat that the orchestrator read minutes late failed its attempt, while the result waited right behind it.
  // Now: silence counts from when such a one is read.
  it('is not silent because its first heartbeat is read late', async () => {
    await given(setting, accepted())
      .when(heartbeat('t1', seconds(90), 1, seconds(10)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, silentAt: seconds(120) }] } },
      });
  });

  it('is silent from when its first heartbeat was sent, if that is read in time', async () => {
    await given(setting, accepted())
      .when(heartbeat('t1', seconds(39), 1, seconds(10)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, silentAt: seconds(40) }] } },
      });
    await given(setting, accepted())
      .when(heartbeat('t1', seconds(40), 1, seconds(10)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, silentAt: seconds(70) }] } },
      });
  });

  it('is silent when a later heartbeat is read late, after it was due', async () => {
    await given(setting, accepted(), heartbeat('t1', seconds(10)))
      .when(heartbeat('t1', seconds(50), 1, seconds(12)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 2 }] } } });
  });

  it('has begun, though its plugin is not registered any more', async () => {
    await given(setting, accepted(), { plugins: [] })
      .when(heartbeat('t1', seconds(1)))
      .then({ status: 'running', state: { stage: { tasks: [{ begunIn: 2 }] } } });
  });

  it('is not brought nearer to its end by an old heartbeat', async () => {
    // Was: a heartbeat that came after a later one brought the deadline forward; one that came twice made an entry.
    // Now: only a heartbeat that extends the attempt counts.
    await given(setting, accepted(), heartbeat('t1', seconds(20)))
      .when(heartbeat('t1', seconds(21), 1, seconds(10)))
      .thenNothingHappens('a later heartbeat has come already');
  });

  it('that failed and backs off has no heartbeat to miss', async () => {
    await given(setting, accepted(), failedUntil('t1', 50))
      .when(heartbeat('t1', seconds(1)))
      .thenNothingHappens('the task is not in flight');
  });

  it('is not silent while an earlier attempt still beats', async () => {
    const past = [
      heartbeat('t1', seconds(10)),
      timerPassed(seconds(40)),
      heartbeat('t1', seconds(41), 2),
    ];
    await given(setting, accepted(), ...past)
      .when(heartbeat('t1', seconds(60), 1))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 2, silentAt: seconds(90) }] } },
      });
  });

  it('does not begin its next attempt by a heartbeat of the last one', async () => {
    const past = [heartbeat('t1', seconds(10)), timerPassed(seconds(40))];
    await given(setting, accepted(), ...past)
      .when(heartbeat('t1', seconds(41), 1))
      .thenNothingHappens('the attempt is known to have begun');
  });
});

describe('an attempt whose plugin is behind with its queue', () => {
  const setting = one({ timeoutSeconds: 100, totalSeconds: 300, ...retriedAtOnce(1) });
  const behind = { backlogs: { A: seconds(-5) } };

  // Was: a backlog longer than the timeout failed attempts that no function had seen.
  // Now: while the queue holds an older message, the attempt is waiting.
  it('does not time out: it is put off until the queue has come to it', async () => {
    await given(setting, accepted(), behind)
      .when(deadlinePassed(seconds(100)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, deadlineAt: seconds(160) }] } },
        commands: [arm(seconds(160))],
      });
  });

  it.each([
    ['a minute', seconds(240), 60_000],
    ['a quarter of the time that it has waited', seconds(241), 60_250],
    ['whole milliseconds', seconds(240) + 1, 60_001],
  ])('is looked at again after %s', async (_, at, afterMs) => {
    const patient = one({ timeoutSeconds: 240, totalSeconds: 10_000 });
    await given(patient, accepted(), behind)
      .when(deadlinePassed(at))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, deadlineAt: at + afterMs }] } },
      });
  });

  it('does not count as waiting what its order has been paused for', async () => {
    const patient = one({ timeoutSeconds: 240, totalSeconds: 10_000 });
    const paused = [pauseRequested(seconds(10)), resumeRequested(seconds(1010))];
    const at = seconds(1241);
    await given(patient, accepted(), ...paused, behind)
      .when(deadlinePassed(at))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ attempt: 1, deadlineAt: at + 60_250 }] } },
      });
  });

  it('times out when the queue holds only younger messages', async () => {
    // The oldest may be its own, sent at the very instant.
    for (const oldest of [seconds(0), seconds(1)]) {
      await given(setting, accepted(), { backlogs: { A: oldest } })
        .when(deadlinePassed(seconds(100)))
        .then({ status: 'failed', state: { error: { code: 'TASK_TIMED_OUT' } } });
    }
  });

  it('times out when it has begun', async () => {
    await given(setting, accepted(), behind, heartbeat('t1', seconds(50)))
      .when(deadlinePassed(seconds(100)))
      .then({ status: 'failed', state: { error: { code: 'TASK_TIMED_OUT' } } });
  });

  it('times out when its total budget is used up', async () => {
    const putOff = [100, 160, 220, 280].map((at) => deadlinePassed(seconds(at)));
    await given(setting, accepted(), behind, ...putOff)
      .when(deadlinePassed(seconds(300)))
      .then({ status: 'failed', state: { error: { code: 'TASK_TIMED_OUT', attempt: 1 } } });
  });
});

describe('an attempt that never began', () => {
  const setting = one({ timeoutSeconds: 100, totalSeconds: 10_000, ...retriedAtOnce(1) });

  it('is sent again without using up an attempt when it expired in its queue', async () => {
    await given(setting, accepted())
      .when(expired('t1', seconds(150)))
      .then({
        status: 'running',
        // It waited for 150 s: the next attempt may wait twice as long.
        commands: [arm(seconds(450)), dispatch('A', { attempt: 2, deadlineAt: seconds(450) })],
      });
  });

  it('is sent again at once, whatever pause its policy has, when it expired in its queue', async () => {
    await given(one({ timeoutSeconds: 100 }), accepted())
      .when(expired('t1', seconds(150)))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2 })] });
  });

  it('says how long it waited when its total budget is used up', async () => {
    const definition = workflow({
      parallel: [{ plugin: 'A', mandatory: false }, 'B'],
      pre: [{ waitSeconds: 50 }],
    });
    const registered = [plugin('A', { totalSeconds: 100 }), plugin('B')];
    const { state } = await given(
      { workflow: definition, plugins: registered },
      accepted(),
      deadlinePassed(seconds(50)),
    )
      .when(expired('t1', seconds(150)))
      .told();
    const message = 'it waited in the queue of A for 100 s, past its deadline';
    expect('stage' in state && state.stage.tasks[0]).toEqual({
      ...{ status: 'failed', step: 0, plugin: 'A', mandatory: false, taskId: 't1', job: 'A' },
      ...{ attempt: 1, entry: 3, error: { code: 'TASK_TIMED_OUT', message } },
    });
  });

  it('says that it never began when its queue gave it up for the last time', async () => {
    const message =
      'A was sent the task several times and never began it: its function is throttled, cannot start, or had no time left';
    await given(one({ totalSeconds: 100 }), accepted())
      .when(deadLettered('t1', seconds(100)))
      .then({ status: 'failed', state: { error: { code: 'DEAD_LETTERED', message } } });
  });

  it('is followed by as many attempts as if it had not been', async () => {
    const twice = one({ timeoutSeconds: 100, ...retriedAtOnce(2) });
    await given(
      twice,
      accepted(),
      expired('t1', seconds(150)),
      failed('t1', { attempt: 2, at: seconds(160) }),
    )
      .when(failed('t1', { attempt: 3, at: seconds(170) }))
      .then({ status: 'failed', state: { error: { code: 'BROKEN', attempt: 3 } } });
  });

  it('leaves its plugin all the attempts of its policy', async () => {
    await given(setting, accepted(), expired('t1', seconds(150)))
      .when(failed('t1', { attempt: 2, at: seconds(160) }))
      .then({ status: 'failed', state: { error: { code: 'BROKEN', attempt: 2 } } });
  });

  // Was: a throttled function used up attempts, and was said to have crashed.
  // Now: what did not begin is given back, and sent again after a pause.
  it('is sent again without using up an attempt when its queue gave it up', async () => {
    const { journal } = await given(setting, accepted(), deadLettered('t1', seconds(20))).told();
    expect(journal.at(-1)?.state).toMatchObject({
      stage: { tasks: [{ status: 'inFlight', attempt: 2, givenBack: 1 }] },
    });
  });

  it('is sent again until its total budget is used up', async () => {
    const slow = one({
      totalSeconds: 600,
      retry: { maxAttempts: 1, backoffSeconds: 900, maxBackoffSeconds: 900 },
    });
    await given(slow, accepted())
      .when(deadLettered('t1', seconds(599)))
      .then({ status: 'failed', state: { error: { code: 'DEAD_LETTERED', attempt: 1 } } });
  });

  it('has failed for good where another could begin only when the budget is used up', async () => {
    const pausing = (totalSeconds: number) => one({ totalSeconds, timeoutSeconds: 1000 });
    const gaveUp = deadLettered('t1', seconds(20));
    const { state } = await given(pausing(1000), accepted(), gaveUp).told();
    const [task] = 'stage' in state ? (state.stage?.tasks ?? []) : [];
    const retryAt = task?.status === 'backingOff' ? task.retryAt : 0;
    expect(retryAt).toBeGreaterThan(seconds(20));
    await given(pausing((retryAt + 1) / 1000), accepted())
      .when(gaveUp)
      .then({ status: 'running' });
    await given(pausing(retryAt / 1000), accepted())
      .when(gaveUp)
      .then({ status: 'failed', state: { error: { code: 'DEAD_LETTERED' } } });
  });

  it('is not the one that began and died: that one counts', async () => {
    const message =
      'A took the task several times and never finished it: it crashed, or ran out of time or memory';
    await given(setting, accepted(), heartbeat('t1', seconds(10)))
      .when(deadLettered('t1', seconds(20)))
      .then({ status: 'failed', state: { error: { code: 'DEAD_LETTERED', attempt: 1, message } } });
  });
});

// Was: a living process that stopped a task for want of time said nothing: the task was taken for one that goes on, and was silent, or
// for one that had crashed when its queue gave it up.
// Now: it is told, and nobody is at work on the task until it begins again.
describe('an attempt that began and was put off', () => {
  const setting = one({ timeoutSeconds: 100, totalSeconds: 10_000, ...retriedAtOnce(1) });
  const past = [accepted(), heartbeat('t1', seconds(10)), putOff('t1', seconds(20))];

  it('is not charged when its queue gives it up', async () => {
    await given(setting, ...past)
      .when(deadLettered('t1', seconds(30)))
      .then({ status: 'running', state: { stage: { tasks: [{ attempt: 2, givenBack: 1 }] } } });
  });

  it('is charged when it began again and its queue gives it up', async () => {
    await given(setting, ...past, heartbeat('t1', seconds(25)))
      .when(deadLettered('t1', seconds(30)))
      .then({ status: 'failed', state: { error: { code: 'DEAD_LETTERED' } } });
  });

  it('does not begin by a heartbeat that was sent at the same instant', async () => {
    await given(setting, accepted(), heartbeat('t1', seconds(10)), putOff('t1', seconds(20)))
      .when(heartbeat('t1', seconds(25), 1, seconds(20)))
      .thenNothingHappens('the attempt was put off since');
  });

  it('is over while the task backs off, and there is none of a task that there is not', async () => {
    await given(one(retriedAtOnce(2)), accepted(), failedUntil('t1', 9))
      .when(putOff('t1', seconds(1)))
      .thenNothingHappens('the task is not in flight');
    await given(setting, accepted())
      .when(putOff('t9', seconds(1)))
      .thenNothingHappens('the task is not in flight');
  });

  it('does not begin by a heartbeat that was sent before', async () => {
    await given(setting, ...past)
      .when(heartbeat('t1', seconds(25), 1, seconds(10)))
      .thenNothingHappens('the attempt was put off since');
    await given(setting, ...past, heartbeat('t1', seconds(25)))
      .when(putOff('t1', seconds(26), 1, seconds(20)))
      .thenNothingHappens('the attempt was put off later');
  });

  it('comes to the same when all that was said of it is read at once', async () => {
    const said = [
      heartbeat('t1', seconds(30), 1, seconds(25)),
      putOff('t1', seconds(30), 1, 20_000),
    ];
    for (const events of [said, [...said].reverse()]) {
      await given(setting, accepted())
        .when(...events)
        .then({
          status: 'running',
          state: { stage: { tasks: [{ begunIn: expect.any(Number) }] } },
        });
    }
  });

  it('is not silent meanwhile', async () => {
    const beating = one({ timeoutSeconds: 100, heartbeatSeconds: 30, ...retriedAtOnce(1) });
    const order = given(beating, ...past);
    await order
      .when(deadlinePassed(seconds(60)))
      .then({ status: 'running', commands: [arm(seconds(100))] });
    await order.when(deadlinePassed(seconds(100))).then({ status: 'failed' });
  });

  it('is over when a later attempt is under way', async () => {
    const again = one({ timeoutSeconds: 100, ...retriedAtOnce(2) });
    await given(again, accepted(), heartbeat('t1', seconds(10)), failed('t1', { at: seconds(15) }))
      .when(putOff('t1', seconds(20)))
      .thenNothingHappens('the attempt is not the current one');
  });
});

describe('a plugin that is not registered', () => {
  const setting = { workflow: workflow({ pre: ['A'] }), plugins: [] };

  it('fails the attempt, which is tried again after a pause', async () => {
    const message = 'no plugin is registered under the name A';
    const order = given(setting).when(accepted());
    await order.then({
      status: 'running',
      state: {
        stage: {
          tasks: [{ status: 'backingOff', error: { code: 'PLUGIN_NOT_REGISTERED', message } }],
        },
      },
    });
    expect(typesOf((await order.told()).last.commands)).toEqual([
      'ArmDeadline',
      'PublishLifecycle order.started',
      'SetTimer',
    ]);
  });

  it('and is registered by then, gets the task', async () => {
    await given(setting, accepted(), { plugins: plugins('A') })
      .when(deadlinePassed(seconds(2)))
      .then({ status: 'running', commands: [{}, dispatch('A', { attempt: 2, input: 5 })] });
  });

  it('and never is, fails the order', async () => {
    const past = [accepted(), deadlinePassed(seconds(2))];
    await given(setting, ...past)
      .when(deadlinePassed(seconds(6)))
      .then({
        status: 'failed',
        state: { error: { code: 'PLUGIN_NOT_REGISTERED', task: 'A', attempt: 3 } },
        commands: [disarm, publish('order.failed')],
      });
  });

  it('and never is, leaves the task the input that it would have had', async () => {
    const step = { plugin: 'A', input: '"its own"', retry: { maxAttempts: 1 } };
    const { journal } = await given({ workflow: workflow({ pre: [step] }) }, accepted()).told();
    expect(tasksOf(journal)).toMatchObject([{ status: 'failed', input: 'its own' }]);
  });

  it('any more while its task is in flight can still answer', async () => {
    await given({ ...setting, plugins: plugins('A') }, accepted(), { plugins: [] })
      .when(completed('t1', 7))
      .then({ status: 'completed', state: { result: 7 } });
  });

  it('any more while its task is in flight is retried in vain by the defaults', async () => {
    const gone = { plugins: [] };
    await given(one(retriedAtOnce(1)), accepted(), gone)
      .when(failed('t1'))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ status: 'backingOff', attempt: 1 }] } },
      });
  });

  it('as the optional half of a parallel stage leaves the other half alone', async () => {
    const never = { plugin: 'X', mandatory: false, retry: { maxAttempts: 1 } };
    const parallel = workflow({ parallel: ['A', never] });
    await given({ workflow: parallel, plugins: plugins('A') }, accepted())
      .when(completed('t1', 1))
      .then({ status: 'completed', state: { result: { A: 1 } } });
  });
});

describe('the wake-up of an order', () => {
  const quick = plugin('B', { timeoutSeconds: 20 });
  const setting = { workflow: workflow({ pre: ['A', 'B', 'A'] }), plugins: [plugin('A'), quick] };

  it('of an accepted order is the minute in which it has to start', async () => {
    expect((await given(setting).told()).state).toMatchObject({
      wakeUp: { at: seconds(60), entry: 0 },
    });
  });

  it('stays when the next deadline is later', async () => {
    const order = given(setting).when(accepted());
    await order.then({ status: 'running', state: { wakeUp: { at: seconds(60), entry: 0 } } });
    expect(typesOf((await order.told()).last.commands)).not.toContain('ArmDeadline');
  });

  it('is brought forward when the next deadline is earlier', async () => {
    await given(setting, accepted())
      .when(completed('t1', 1, seconds(1)))
      .then({
        status: 'running',
        state: { wakeUp: { at: seconds(21), entry: 2 } },
        commands: [arm(seconds(21)), dispatch('B'), timer(seconds(21))],
      });
  });

  it('is not put off when the task that it was for is done', async () => {
    await given(setting, accepted(), completed('t1', 1, seconds(1)))
      .when(completed('t2', 1, seconds(2)))
      .then({
        status: 'running',
        state: { wakeUp: { at: seconds(21) } },
        commands: [dispatch('A#2')],
      });
  });

  it('is set anew when it has gone by', async () => {
    await given(setting, accepted())
      .when(deadlinePassed(seconds(61)))
      .then({
        status: 'running',
        state: { wakeUp: { at: seconds(3600) } },
        commands: [arm(seconds(3600))],
      });
  });

  it('has no timer of its own where the sweeper is quick enough', async () => {
    await given(one({ timeoutSeconds: 61 }))
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A')] });
    await given(one({ timeoutSeconds: 60 }))
      .when(accepted())
      .then({ status: 'running', commands: [started, dispatch('A'), timer(seconds(60))] });
  });

  it('has its timer once, in the decision that set it', async () => {
    const soon = [plugin('A', { timeoutSeconds: 30 }), plugin('B', { timeoutSeconds: 40 })];
    await given({ workflow: workflow({ parallel: ['A', 'B'] }), plugins: soon }, accepted())
      .when(completed('t2', 1, seconds(1)))
      .then({ status: 'running', commands: [] });
  });

  it('has a timer when it moves on to another task, and nobody else has one again', async () => {
    const soon = [20, 50, 40].map((timeoutSeconds, index) =>
      plugin('ABC'.charAt(index), { timeoutSeconds, ...retriedAtOnce(1) }),
    );
    const optional = { plugin: 'A', mandatory: false };
    const parallel = workflow({ parallel: [optional, 'B', 'C'] });
    await given({ workflow: parallel, plugins: soon }, accepted())
      .when(timerPassed(seconds(20)))
      .then({
        status: 'running',
        commands: [arm(seconds(40)), publish('task.failed'), timer(seconds(40))],
      });
  });

  it('is that of the nearest of many', async () => {
    const parallel = workflow({ parallel: ['A', 'B', { waitSeconds: 10 }] });
    await given({ ...setting, workflow: parallel })
      .when(accepted())
      .then({ status: 'running', state: { wakeUp: { at: seconds(10) } } });
  });
});

describe('the instant of a decision', () => {
  it('is that of the latest of its events', async () => {
    const batch = [completed('t1', 1, seconds(5)), heartbeat('t1', seconds(9))];
    await given(one(), accepted())
      .when(...batch)
      .then({ status: 'completed', state: { endedAt: seconds(9) } });
  });
});
