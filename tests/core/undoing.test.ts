import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Happening } from './order-specification.ts';
import { given, typesOf } from './order-specification.ts';
import {
  accepted,
  arm,
  cancelRequested,
  completed,
  deadlinePassed,
  deferred,
  dispatch,
  expired,
  failedForGood,
  failedUntil,
  heartbeat,
  pauseRequested,
  plugin,
  plugins,
  publish,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const compensating = (name: string, more = {}) =>
  plugin(name, { compensates: true, ...retriedAtOnce(2), ...more });
const registered = [compensating('A'), compensating('B'), compensating('C'), ...plugins('N', 'Z')];
const inARow = { workflow: workflow({ pre: ['A', 'B', 'N', 'Z'] }), plugins: registered };

/** A, B and N have completed, Z is in flight as t4. */
const untilZ: readonly Happening[] = [
  accepted(),
  completed('t1', 'a'),
  completed('t2', 'b'),
  completed('t3', 'n'),
];

describe('6. Compensation runs only for tasks that completed, in reverse order', () => {
  it('the last that completed is undone first, and what does not compensate is left alone', async () => {
    await given(inARow, ...untilZ)
      .when(failedForGood('t4', seconds(1)))
      .then({
        status: 'compensating',
        commands: [
          publish('order.compensating', { task: 'Z', error: { code: 'BROKEN' } }),
          publish('task.failed', { task: 'Z' }),
          dispatch('undo B', {
            plugin: 'B',
            attempt: 1,
            compensates: { job: 'B', ending: { status: 'failed', error: { task: 'Z' } } },
          }),
        ],
      });
  });

  it('what is undone hands nothing on', async () => {
    await given(inARow, ...untilZ, failedForGood('t4'))
      .when(completed('t5', 'undone'))
      .then({ status: 'compensating', state: { payload: 'n' } });
  });

  it('the next is undone when the one after it has been', async () => {
    await given(inARow, ...untilZ, failedForGood('t4'))
      .when(completed('t5', null))
      .then({ status: 'compensating', commands: [dispatch('undo A')] });
  });

  // Was: a task that backed off when its order was cancelled counted as failed, and nobody was told of it (simulated world 1241986052).
  // Now: it is called off, like one that is parked: it might have been tried again.
  it('what backs off when the order is cancelled is called off, and has not failed', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'N'] }),
      plugins: [compensating('A'), plugin('N', retriedAtOnce(9))],
    };
    const past = [accepted(), completed('t1', 'a'), failedUntil('t2', 9), cancelRequested(1)];
    await given(setting, ...past)
      .when(completed('t3', null))
      .then({ status: 'cancelled', state: { failedJobs: [] } });
  });

  // Was: nobody was told of a task whose failure ended a cancelled order (simulated world 535549931). Now: that is a fact as ever.
  it('what fails while a cancelled order waits for it is told of, also where its order ends with that', async () => {
    const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: registered };
    await given(setting, accepted(), deferred('t1', 1), cancelRequested(2))
      .when(failedForGood('t2', 3))
      .then({
        status: 'cancelled',
        commands: [
          { type: 'DisarmDeadline' },
          publish('task.failed', { task: 'B' }),
          publish('order.cancelled'),
        ],
      });
  });

  it('the order has failed for its own reason when all is undone', async () => {
    await given(inARow, ...untilZ, failedForGood('t4'), completed('t5', null))
      .when(completed('t6', null, seconds(3)))
      .then({
        status: 'failed',
        commands: [{ type: 'DisarmDeadline' }, publish('order.failed', { task: 'Z' })],
        state: { error: { code: 'BROKEN', task: 'Z' }, endedAt: seconds(3) },
      });
  });

  it('what ran in parallel is undone in parallel', async () => {
    const setting = {
      workflow: workflow({ pre: ['A'], parallel: ['B', 'C', 'N'], post: ['Z'] }),
      plugins: registered,
    };
    await given(
      setting,
      accepted(),
      completed('t1', 'a'),
      completed('t2', 'b'),
      completed('t3', 'c'),
      completed('t4', 'n'),
    )
      .when(failedForGood('t5'))
      .then({
        status: 'compensating',
        commands: [
          publish('order.compensating'),
          publish('task.failed'),
          dispatch('undo C'),
          dispatch('undo B'),
        ],
      });
  });

  it('in a parallel stage, what completed is undone when another of its tasks has failed', async () => {
    const setting = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: registered };
    await given(setting, accepted(), completed('t1', 'a'))
      .when(failedForGood('t2'))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating'), publish('task.failed'), dispatch('undo A')],
      });
  });

  it('an optional task that completed is undone, too', async () => {
    const setting = {
      workflow: workflow({ pre: [{ plugin: 'A', mandatory: false }, 'Z'] }),
      plugins: registered,
    };
    await given(setting, accepted(), completed('t1', 'a'))
      .when(failedForGood('t2'))
      .then({ status: 'compensating' });
  });

  it('where nothing that completed compensates, the order has failed at once', async () => {
    const setting = { workflow: workflow({ pre: ['N', 'Z'] }), plugins: registered };
    await given(setting, accepted(), completed('t1', 'n'))
      .when(failedForGood('t2'))
      .then({ status: 'failed' });
  });

  it('a plugin that compensates only since the task had begun is not asked to undo it', async () => {
    const setting = { workflow: workflow({ pre: ['N', 'Z'] }), plugins: registered };
    const since = { plugins: [compensating('N'), ...plugins('Z')] };
    await given(setting, accepted(), since, completed('t1', 'n'))
      .when(failedForGood('t2'))
      .then({ status: 'failed' });
  });

  it('a plugin that no longer compensates is asked to undo what it did when it still said so', async () => {
    const since = { plugins: plugins('A', 'B', 'N', 'Z') };
    await given(inARow, ...untilZ, since)
      .when(failedForGood('t4'))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating'), publish('task.failed'), dispatch('undo B')],
      });
  });

  it('a plugin that retires undoes what it did', async () => {
    const since = { plugins: [compensating('A', { draining: true }), ...plugins('Z')] };
    const setting = { workflow: workflow({ pre: ['A', 'Z'] }), plugins: registered };
    await given(setting, accepted(), completed('t1', 'a'), since)
      .when(failedForGood('t2'))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating'), publish('task.failed'), dispatch('undo A')],
      });
  });

  it('a compensation that fails is tried again as its plugin says', async () => {
    await given(inARow, ...untilZ, failedForGood('t4'))
      .when({ ...failedForGood('t5', seconds(2)), retry: 'policy' })
      .then({ status: 'compensating', commands: [dispatch('undo B', { attempt: 2 })] });
  });

  it('a compensation that fails for good leaves the order failed, and nothing before it is undone', async () => {
    const { state } = await given(
      inARow,
      ...untilZ,
      failedForGood('t4'),
      failedForGood('t5'),
    ).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'BROKEN', task: 'Z' },
      stage: { stage: 'undo', tasks: [{ undoes: 'B', status: 'failed' }] },
      undoing: { groups: [{ jobs: [{ job: 'A', taskId: 't1' }] }] },
    });
  });

  it('the undoing that failed can be retried: it goes on where it stood', async () => {
    const past = [...untilZ, failedForGood('t4'), failedForGood('t5')];
    await given(inARow, ...past)
      .when(retryRequested(seconds(9)))
      .then({
        status: 'compensating',
        commands: [
          { type: 'ArmDeadline', last: { ended: true } },
          publish('order.retried'),
          dispatch('undo B', { taskId: 't5', attempt: 2, compensates: { job: 'B' } }),
        ],
      });
    await given(inARow, ...past, retryRequested(seconds(9)), completed('t5', null, 0, 2))
      .when(completed('t6', null))
      .then({ status: 'failed', state: { error: { task: 'Z' } } });
  });

  it('an order of which anything was undone is not retried', async () => {
    const { last } = await given(
      inARow,
      ...untilZ,
      failedForGood('t4'),
      completed('t5', null),
      completed('t6', null),
    )
      .when(retryRequested(seconds(9)))
      .told();
    expect(last.ignored).toMatchObject([{ code: 'ALREADY_UNDONE' }]);
  });

  it('nothing is asked of an order while it is undone', async () => {
    for (const act of [
      cancelRequested(1),
      pauseRequested(1),
      retryRequested(1),
      skipRequested('Z', 1),
    ]) {
      const { last } = await given(inARow, ...untilZ, failedForGood('t4'))
        .when(act)
        .told();
      expect(last).toMatchObject({ applied: [], ignored: [{ code: 'ORDER_COMPENSATING' }] });
    }
  });
});

describe('6. It begins when what is in flight has answered or timed out', () => {
  const both = { workflow: workflow({ pre: ['A'], parallel: ['B', 'N'] }), plugins: registered };
  const inFlight: readonly Happening[] = [accepted(), completed('t1', 'a')];

  it('a cancelled order waits for what may have to be undone, and for nothing else', async () => {
    await given(both, ...inFlight)
      .when(cancelRequested(seconds(1), 'too late'))
      .then({
        status: 'compensating',
        commands: [publish('order.compensating', { reason: 'too late' })],
        state: { stage: { stage: 'parallel', tasks: [{ job: 'B', status: 'inFlight' }] } },
      });
  });

  it('what completes meanwhile is undone first', async () => {
    await given(both, ...inFlight, cancelRequested(seconds(1)))
      .when(completed('t2', 'b', seconds(2)))
      .then({ status: 'compensating', commands: [dispatch('undo B')] });
  });

  it('what fails meanwhile is not tried again, and the rest is undone', async () => {
    await given(both, ...inFlight, cancelRequested(seconds(1)))
      .when({ ...failedForGood('t2', seconds(2)), retry: 'policy' })
      .then({ status: 'compensating', commands: [publish('task.failed'), dispatch('undo A')] });
  });

  it('what times out is listed as unknown, and the rest is undone', async () => {
    await given(both, ...inFlight, cancelRequested(seconds(1)))
      .when(deadlinePassed(seconds(3600)))
      .then({
        status: 'compensating',
        state: { undoing: { unknown: [{ job: 'B', taskId: 't2' }] } },
      });
  });

  it('what completes after that is undone, too, before the rest', async () => {
    const past = [...inFlight, cancelRequested(seconds(1)), deadlinePassed(seconds(3600))];
    await given(both, ...past, completed('t2', 'b', seconds(3700)))
      .when(completed('t4', null, seconds(3800)))
      .then({
        status: 'compensating',
        commands: [dispatch('undo B')],
        state: { undoing: { unknown: [] } },
      });
  });

  it('what completes after the order has ended is still undone', async () => {
    const past = [
      ...inFlight,
      cancelRequested(seconds(1)),
      deadlinePassed(seconds(3600)),
      completed('t4', null, seconds(3700)),
    ];
    expect((await given(both, ...past).told()).state).toMatchObject({
      status: 'cancelled',
      undoing: { unknown: [{ job: 'B' }] },
    });
    await given(both, ...past)
      .when(completed('t2', 'b', seconds(4000)))
      .then({
        status: 'compensating',
        commands: [{ type: 'ArmDeadline', last: { ended: true } }, dispatch('undo B')],
      });
    await given(both, ...past, completed('t2', 'b', seconds(4000)))
      .when(completed('t5', null, seconds(4001)))
      .then({
        status: 'cancelled',
        commands: [{ type: 'DisarmDeadline' }, publish('order.cancelled')],
      });
  });

  it('a failed task of which an attempt was silent is listed as unknown', async () => {
    const silent = { ...compensating('B'), heartbeatSeconds: 10, ...retriedAtOnce(1) };
    const setting = {
      workflow: workflow({ pre: ['A', 'B'] }),
      plugins: [compensating('A'), silent],
    };
    await given(setting, accepted(), completed('t1', 'a'), heartbeat('t2', seconds(1)))
      .when(deadlinePassed(seconds(11)))
      .then({
        status: 'compensating',
        state: { undoing: { unknown: [{ job: 'B', taskId: 't2' }], groups: [] } },
      });
  });

  it('what fails after that undoes nothing', async () => {
    const past = [...inFlight, cancelRequested(seconds(1)), deadlinePassed(seconds(3600))];
    await given(both, ...past, completed('t4', null, seconds(3700)))
      .when(failedForGood('t2', seconds(4000)))
      .thenNothingHappens('the order has ended: cancelled');
  });

  it.each<[string, object[]]>([
    ...[
      ...['TASK_TIMED_OUT', 'LAMBDA_TIMEOUT', 'HEARTBEAT_MISSED', 'DEAD_LETTERED'],
      ...['TASK_CANCELLED', 'RESULT_TOO_LARGE', 'RESULT_TOO_DEEP', 'RESULT_NOT_JSON'],
    ].map((code): [string, object[]] => [code, [{ job: 'A' }]]),
    ['BROKEN', []],
    ['EXPRESSION_FAILED', []],
  ])('an attempt that ended with %s may have done its work: %j', async (code, unknown) => {
    const optional = { plugin: 'A', mandatory: false };
    const setting = { workflow: workflow({ pre: [optional, 'B', 'Z'] }), plugins: registered };
    const ended = { ...failedForGood('t1'), error: { code, message: 'it broke' } };
    await given(setting, accepted(), ended, completed('t2', 'b'))
      .when(failedForGood('t3'))
      .then({ status: 'compensating', state: { undoing: { unknown } } });
  });

  it('what no plugin could undo is not kept in mind', async () => {
    const optional = {
      plugin: 'N',
      mandatory: false,
      timeoutSeconds: 10,
      retry: { maxAttempts: 1 },
    };
    const setting = { workflow: workflow({ pre: [optional, 'Z'] }), plugins: registered };
    const { state } = await given(setting, accepted())
      .when(deadlinePassed(seconds(10)))
      .told();
    expect(state).toMatchObject({
      status: 'running',
      stage: { tasks: [{ status: 'failed' }, {}] },
    });
    expect(JSON.stringify(state)).not.toContain('mayHaveWorked');
    expect(state).not.toHaveProperty('unawaited');
  });

  it('with `undo: false` nothing is undone', async () => {
    await given(both, ...inFlight)
      .when(cancelRequested(seconds(1), 'leave it', { undo: false }))
      .then({ status: 'cancelled' });
  });

  it('where nothing can be undone, a cancelled order has ended at once', async () => {
    const setting = { workflow: workflow({ pre: ['N', 'Z'] }), plugins: registered };
    await given(setting, accepted())
      .when(cancelRequested(seconds(1)))
      .then({ status: 'cancelled' });
  });

  it('an undoing that fails for good leaves a cancelled order failed; retried, it is cancelled in the end', async () => {
    const setting = { workflow: workflow({ pre: ['A', 'N'] }), plugins: registered };
    const past = [
      accepted(),
      completed('t1', 'a'),
      cancelRequested(1, 'gone'),
      failedForGood('t3'),
    ];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({
      status: 'failed',
      error: { code: 'COMPENSATION_FAILED', task: 'A', plugin: 'A' },
    });
    await given(setting, ...past, retryRequested(seconds(5)))
      .when(completed('t3', null, seconds(6), 2))
      .then({ status: 'cancelled', state: { reason: 'gone' } });
  });

  it('a cancelled order that is being undone is not cancelled twice', async () => {
    await given(both, ...inFlight, cancelRequested(seconds(1)))
      .when(cancelRequested(seconds(2)))
      .thenNothingHappens('the order has been cancelled already');
  });

  it('the undoing has a deadline of its own', async () => {
    const past = [...untilZ, failedForGood('t4', seconds(1)), deadlinePassed(seconds(60))];
    const { state, last } = await given(inARow, ...past).told();
    expect(state).toMatchObject({ status: 'compensating', wakeUp: { at: seconds(3601) } });
    expect(typesOf(last.commands)).toEqual(['ArmDeadline']);
    await given(inARow, ...past)
      .when(deadlinePassed(seconds(3601)))
      .then({
        status: 'compensating',
        commands: [arm(seconds(7201)), dispatch('undo B', { attempt: 2 })],
      });
  });
});

describe('what is undone, and what is not known', () => {
  it('parallel stages of two activities are undone one after the other', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'] }, { parallel: ['A', 'B'], post: ['Z'] }),
      plugins: registered,
    };
    const past = ['t1', 't2', 't3', 't4'].map((taskId) => completed(taskId, taskId));
    const { state, last } = await given(setting, accepted(), ...past, failedForGood('t5')).told();
    expect(typesOf(last.commands)).toContain('DispatchTask undo B#2');
    expect(state).toMatchObject({
      undoing: { groups: [{ activity: 0, jobs: [{ job: 'B' }, { job: 'A' }] }] },
    });
  });

  it('a task that failed with an answer has done nothing, and one that completed after it was silent has', async () => {
    const slow = compensating('A', { timeoutSeconds: 20 });
    const setting = { workflow: workflow({ pre: ['A', 'B'] }), plugins: [slow, compensating('B')] };
    const past = [accepted(), deadlinePassed(seconds(60)), completed('t1', 'a', seconds(61), 2)];
    const { state } = await given(setting, ...past, failedForGood('t2', seconds(62))).told();
    expect(state).toMatchObject({ status: 'compensating', undoing: { unknown: [], groups: [] } });
  });

  it('a paused order that is cancelled waits for what is in flight for as long as its clocks let it', async () => {
    const setting = { workflow: workflow({ pre: ['A', 'N'] }), plugins: registered };
    const past = [accepted(), pauseRequested(seconds(10)), cancelRequested(seconds(1010))];
    const { state } = await given(setting, ...past).told();
    expect(state).toMatchObject({
      status: 'compensating',
      undoing: { unknown: [] },
      stage: { tasks: [{ job: 'A', deadlineAt: seconds(4600) }] },
    });
  });

  it('what backs off or has failed when its order is cancelled is not attempted again', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'N', 'B', 'C', { waitSeconds: 5 }] }),
      plugins: registered,
    };
    const past = [
      accepted(),
      completed('t1', 'a'),
      failedForGood('t2'),
      failedUntil('t3', 500),
      cancelRequested(seconds(1)),
    ];
    const { state } = await given(setting, ...past).told();
    const tasks = 'stage' in state ? (state.stage?.tasks ?? []) : [];
    expect(tasks).toMatchObject([
      { job: 'A', status: 'completed' },
      { job: 'N', status: 'failed' },
      { job: 'B', status: 'skipped' },
      { job: 'C', status: 'inFlight' },
    ]);
    await given(setting, ...past)
      .when(completed('t4', 'c', seconds(2)))
      .then({ status: 'compensating', state: { failedJobs: [{ job: 'N' }] } });
  });

  it('of two parallel undoings, the second is waited for, and one that backs off is attempted in its time', async () => {
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'], post: ['Z'] }),
      plugins: [compensating('A'), compensating('B'), ...plugins('Z')],
    };
    const past = [accepted(), completed('t1', 'a'), completed('t2', 'b'), failedForGood('t3')];
    await given(setting, ...past)
      .when(completed('t4', null))
      .then({ status: 'compensating', commands: [] });
    const later = [...past, failedUntil('t4', 100)];
    const { state, last } = await given(
      setting,
      ...[...later, completed('t5', null, seconds(5))],
    ).told();
    expect(typesOf(last.commands)).toEqual([]);
    expect(state).toMatchObject({ stage: { tasks: [{ status: 'backingOff', attempt: 1 }, {}] } });
    await given(setting, ...later, completed('t5', null, seconds(5)))
      .when(deadlinePassed(seconds(100)))
      .then({ status: 'compensating', state: { stage: { tasks: [{ attempt: 2 }, {}] } } });
  });

  it('what completes late while others are undone is undone after them, though one of them has failed', async () => {
    const slow = compensating('C', { timeoutSeconds: 20, ...retriedAtOnce(1) });
    const setting = {
      workflow: workflow({ parallel: ['A', 'B', 'C'] }),
      plugins: [compensating('A', retriedAtOnce(1)), compensating('B'), slow],
    };
    const past = [
      accepted(),
      ...[completed('t1', 'a'), completed('t2', 'b')],
      deadlinePassed(seconds(60)),
    ];
    const undoA = 't5';
    await given(setting, ...past, failedForGood(undoA, seconds(61)))
      .when(completed('t3', 'c', seconds(62)))
      .then({ status: 'compensating', state: { undoing: { groups: [{ jobs: [{ job: 'C' }] }] } } });
  });

  it('an order that has been undone says so when it has ended, and is undone further if something completes late', async () => {
    const slow = compensating('B', { timeoutSeconds: 20, ...retriedAtOnce(1) });
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'] }),
      plugins: [compensating('A'), slow],
    };
    const past = [accepted(), completed('t1', 'a'), deadlinePassed(seconds(60))];
    const end = [...past, completed('t3', null, seconds(61))];
    expect((await given(setting, ...end).told()).state).toMatchObject({
      status: 'failed',
      stage: { stage: 'undo' },
      undoing: { groups: [], unknown: [{ job: 'B' }] },
    });
    await given(setting, ...end)
      .when(completed('t2', 'b', seconds(70)))
      .then({ status: 'compensating', state: { stage: { tasks: [{ undoes: 'B' }] } } });
    const alone = { ...setting, workflow: workflow({ pre: ['B'] }) };
    await given(alone, accepted(), deadlinePassed(seconds(60)))
      .when(completed('t1', 'b', seconds(70)))
      .then({ status: 'compensating', state: { stage: { tasks: [{ undoes: 'B' }] } } });
    const { state } = await given(
      { ...setting, workflow: workflow({ pre: ['A', 'Z'] }), plugins: registered },
      ...[accepted(), completed('t1', 'a'), cancelRequested(1), completed('t3', null)],
    ).told();
    expect(state).toMatchObject({ status: 'cancelled', undoing: { groups: [], unknown: [] } });
  });

  it('failed jobs of earlier stages are told once', async () => {
    const setting = {
      workflow: workflow({ pre: ['A', 'B', 'Z'] }),
      plugins: [compensating('A'), compensating('B'), ...plugins('Z')],
    };
    const past = [accepted(), completed('t1', 'a'), completed('t2', 'b'), failedForGood('t3')];
    const { state } = await given(setting, ...past, completed('t4', null)).told();
    expect(state).toMatchObject({ status: 'compensating', failedJobs: [{ job: 'Z' }] });
    expect('failedJobs' in state && state.failedJobs).toHaveLength(1);
  });

  it('an order of which nothing was undone after all can be retried with all that it had planned', async () => {
    const silent = compensating('B', { timeoutSeconds: 20, ...retriedAtOnce(1) });
    const setting = {
      workflow: workflow({ pre: ['N', 'B', 'Z'] }),
      plugins: [...plugins('N', 'Z'), silent],
    };
    const past = [accepted(), completed('t1', 'n'), deadlinePassed(seconds(60))];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      status: 'failed',
      undoing: { unknown: [{ job: 'B' }], groups: [] },
    });
    await given(setting, ...past, retryRequested(seconds(100)))
      .when(completed('t2', 'b', seconds(101), 2))
      .then({ status: 'running', commands: [dispatch('Z', { input: 'b' })] });
  });

  it('what is deferred when its order ends cancelled is not sent again, whatever message comes again', async () => {
    const setting = { workflow: workflow({ pre: ['A'] }), plugins: registered };
    await given(setting, accepted(), deferred('t1', 1), cancelRequested(2))
      .when(accepted(3))
      .then({
        status: 'cancelled',
        commands: [publish('order.started')],
        state: { stage: { tasks: [] }, undoing: { unknown: [{ job: 'A' }] } },
      });
  });

  it('where nothing was to be undone, and nothing has begun that might have to be, nothing is said of undoing', async () => {
    const setting = { workflow: workflow({ pre: ['A', 'Z'] }), plugins: registered };
    const { state } = await given(setting, accepted(), expired('t1', seconds(86_400))).told();
    expect(state).toMatchObject({ status: 'failed' });
    expect(state).not.toHaveProperty('undoing');
    const retires = { plugins: [compensating('A', { draining: true }), ...registered.slice(1)] };
    const refused = await given(
      { ...setting, ...retires },
      accepted(),
      deadlinePassed(seconds(90_000)),
    ).told();
    expect(refused.state).toMatchObject({ status: 'failed', error: { code: 'PLUGIN_DRAINING' } });
    expect(refused.state).not.toHaveProperty('undoing');
  });

  // Was: the child of the latest attempt was undone, whichever had completed.
  it.each([
    [1, 'o1~t1'],
    [2, 'o1~t1~2'],
  ])(
    'a child order that completes late is undone itself, whatever attempts there were: %i',
    async (attempt, child) => {
      const step = { workflow: 'w2', timeoutSeconds: 20 } as const;
      const setting = { workflow: workflow({ pre: [step] }), plugins: [] };
      const past = [
        ...[accepted(), deadlinePassed(seconds(60)), retryRequested(seconds(61))],
        deadlinePassed(seconds(180)),
      ];
      expect((await given(setting, ...past).told()).state).toMatchObject({
        status: 'failed',
        undoing: { unknown: [{ job: 'w2', child: 'o1~t1~2' }] },
      });
      await given(setting, ...past)
        .when(completed('t1', 'late', seconds(200), attempt))
        .then({ status: 'compensating', state: { stage: { tasks: [{ undoneChild: child }] } } });
    },
  );

  it('a slice that completes late is undone by the one order that does all its attempts', async () => {
    const each = { plugin: 'A', forEach: 'payload' };
    const setting = {
      workflow: workflow({ parallel: [each] }),
      plugins: registered,
      input: Array.from({ length: 51 }, (_, index) => index),
    };
    const year = 366 * 86_400;
    const past = [
      ...[accepted(), deadlinePassed(seconds(year)), retryRequested(seconds(year + 1))],
      deadlinePassed(seconds(2 * year)),
    ];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      undoing: { unknown: [{ job: 'A', child: 'o1~t1' }, { child: 'o1~t2' }] },
    });
    await given(setting, ...past)
      .when(completed('t1', [], seconds(2 * year + 1), 2))
      .then({ status: 'compensating', state: { stage: { tasks: [{ undoneChild: 'o1~t1' }] } } });
  });

  it('what completes late is undone by itself: others of which nobody knows stay on the list', async () => {
    const slow = (name: string) => compensating(name, { timeoutSeconds: 20 });
    const setting = {
      workflow: workflow({ parallel: ['A', 'B', 'C'] }),
      plugins: ['A', 'B', 'C'].map(slow),
    };
    const past = [accepted(), cancelRequested(seconds(1)), deadlinePassed(seconds(60))];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      status: 'cancelled',
      undoing: { unknown: [{ job: 'A' }, { job: 'B' }, { job: 'C' }] },
    });
    await given(setting, ...past)
      .when(completed('t2', 'b', seconds(70)))
      .then({
        status: 'compensating',
        commands: [
          { type: 'ArmDeadline', last: { ended: true } },
          dispatch('undo B'),
          { type: 'SetTimer' },
        ],
        state: { taskCount: 4, undoing: { unknown: [{ job: 'A' }, { job: 'C' }] } },
      });
  });

  it('what completes late while the undoing has failed waits until that is retried', async () => {
    const slow = compensating('B', { timeoutSeconds: 20, ...retriedAtOnce(1) });
    const setting = {
      workflow: workflow({ parallel: ['A', 'B'] }),
      plugins: [compensating('A', retriedAtOnce(1)), slow],
    };
    const past = [
      accepted(),
      completed('t1', 'a'),
      deadlinePassed(seconds(60)),
      failedForGood('t3', seconds(61)),
    ];
    await given(setting, ...past)
      .when(completed('t2', 'b', seconds(70)))
      .then({
        status: 'failed',
        state: { undoing: { unknown: [], groups: [{ jobs: [{ job: 'B' }] }] } },
      });
    await given(setting, ...past, completed('t2', 'b', seconds(70)), retryRequested(seconds(80)))
      .when(completed('t3', null, seconds(81), 2))
      .then({
        status: 'compensating',
        commands: [{ type: 'ArmDeadline' }, dispatch('undo B'), { type: 'SetTimer' }],
      });
  });

  it('a failed undoing of a cancelled order says what could not be undone', async () => {
    const setting = { workflow: workflow({ pre: ['A', 'N'] }), plugins: registered };
    const past = [accepted(), completed('t1', 'a'), cancelRequested(1), failedForGood('t3')];
    expect((await given(setting, ...past).told()).state).toMatchObject({
      error: { message: 'A could not be undone: BROKEN: it broke' },
    });
  });
});

it('a completed order is undone for its parent, and ends cancelled for the reason that it was given', async () => {
  const setting = { workflow: workflow({ pre: ['A'] }), plugins: registered };
  const undo = { ...cancelRequested(1, 'the trip is off'), type: 'UndoRequested' } as OrderEvent;
  await given(setting, accepted(), completed('t1', 'a'))
    .when(undo)
    .then({
      status: 'compensating',
      commands: [
        {},
        publish('order.compensating', { reason: 'the trip is off' }),
        dispatch('undo A'),
      ],
    });
  await given(setting, accepted(), completed('t1', 'a'), undo)
    .when(completed('t2', null, 2))
    .then({ status: 'cancelled', state: { reason: 'the trip is off' } });
});

describe('a workflow may name a pivot', () => {
  const pivoted = {
    workflow: { ...workflow({ pre: ['A'] }, { pre: ['B', 'Z'] }), pivot: 'a1' },
    plugins: registered,
  };

  it('an order that has not started is cancelled, whatever the pivot', async () => {
    await given({ ...pivoted, workflow: { ...pivoted.workflow, pivot: 'a2' } })
      .when(cancelRequested(1))
      .then({ status: 'cancelled' });
  });

  it('once it has ended, a failure undoes nothing', async () => {
    await given(pivoted, accepted(), completed('t1', 'a'), completed('t2', 'b'))
      .when(failedForGood('t3'))
      .then({ status: 'failed' });
  });

  it('once it has ended, a cancel is refused', async () => {
    const { last } = await given(pivoted, accepted(), completed('t1', 'a'))
      .when(cancelRequested(1))
      .told();
    expect(last.ignored).toMatchObject([{ code: 'PAST_PIVOT' }]);
  });

  it('unless the cancel says that nothing is to be undone', async () => {
    await given(pivoted, accepted(), completed('t1', 'a'))
      .when(cancelRequested(1, undefined, { undo: false }))
      .then({ status: 'cancelled' });
  });

  it('before it has ended, a failure undoes what was done', async () => {
    const setting = { ...pivoted, workflow: { ...pivoted.workflow, pivot: 'a2' } };
    await given(setting, accepted(), completed('t1', 'a'), completed('t2', 'b'))
      .when(failedForGood('t3'))
      .then({ status: 'compensating' });
  });
});
