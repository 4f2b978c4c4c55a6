import { describe, expect, it } from '@jest/globals';
import type { TaskReleased } from '../../src/core/event.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { isSameTurn, turnsIn } from '../../src/core/turns.ts';
import type { Happening } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  deferred,
  dispatch,
  expired,
  failed,
  failedForGood,
  pauseRequested,
  plugin,
  plugins,
  publish,
  resumeRequested,
  retriedAtOnce,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const WEEK = 7 * 86_400;

const bounded = (name: string, more: Partial<Plugin> = {}): Plugin =>
  plugin(name, { tasksPerClient: 10, ...more });

const inARow = {
  workflow: workflow({ pre: ['A', 'B'] }),
  plugins: [bounded('A'), plugin('B')],
  client: 'shop',
};

const full: Happening = { full: ['A'] };
const room: Happening = { full: [] };

const turnCame = (task: string, parkedIn: number, at: number): TaskReleased => ({
  type: 'TaskReleased',
  ...{ at, plugin: 'A', parkedIn, task },
});

const awaits = (taskId: string, entry: number, since: number) => ({
  type: 'AwaitTurn',
  ...{ plugin: 'A', client: 'shop', orderId: 'o1', taskId, entry, since },
});

describe('a plugin that takes so many tasks of one client at once', () => {
  it('gets a task that has a turn, and the task keeps it until it ends', async () => {
    const sent = given(inARow, accepted());
    const { state } = await sent.told();
    expect(turnsIn(state)).toMatchObject([
      { plugin: 'A', client: 'shop', taskId: 't1', takenFor: 1 },
    ]);
    const after = await sent.when(completed('t1', 'a', seconds(1))).told();
    expect(turnsIn(after.state)).toEqual([]);
  });

  it('gets none of a client that has no turn left: the task is parked, and no attempt is counted', async () => {
    await given(inARow, full)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), awaits('t1', 1, 0)],
        state: {
          stage: {
            tasks: [{ status: 'parked', attempt: 0, awaitsTurn: 10 }, { status: 'planned' }],
          },
        },
      });
  });

  it('gets the task as soon as its turn has come, and its clocks go on then', async () => {
    await given(inARow, full, accepted())
      .when(turnCame('t1', 1, seconds(5000)))
      .then({
        status: 'running',
        commands: [{ type: 'ArmDeadline' }, dispatch('A', { deadlineAt: seconds(5000 + 3600) })],
        state: {
          stage: {
            tasks: [{ status: 'inFlight', attempt: 1, turn: 1, giveUpAt: seconds(91_400) }, {}],
          },
        },
      });
  });

  it('is asked for no turn by an order without a client, nor by a task that undoes another', async () => {
    const { client: _, ...nobodys } = inARow;
    await given(nobodys, full)
      .when(accepted())
      .then({ status: 'running', commands: [publish('order.started'), dispatch('A')] });
    const undoing = { ...inARow, plugins: [bounded('A', { compensates: true }), plugin('B')] };
    await given(undoing, accepted(), completed('t1', 'a'), full)
      .when(failedForGood('t2', seconds(1)))
      .then({
        status: 'compensating',
        state: { stage: { tasks: [{ status: 'inFlight', undoes: 'A' }] } },
      });
  });

  it('gets those tasks of a stage that have a turn, while the others wait', async () => {
    const side = { ...inARow, workflow: workflow({ parallel: ['A', 'B'] }) };
    await given(side, full)
      .when(accepted())
      .then({
        status: 'running',
        commands: [publish('order.started'), dispatch('B'), awaits('t1', 1, 0)],
      });
    await given(side, full, accepted())
      .when(completed('t2', 'b', seconds(1)))
      .then({ status: 'running', commands: [] });
  });

  it('gets a retry only with another turn, since an attempt that failed has given its own back', async () => {
    const retried = { ...inARow, plugins: [bounded('A', retriedAtOnce(3)), plugin('B')] };
    await given(retried, accepted(), full)
      .when(failed('t1', { at: seconds(1) }))
      .then({
        status: 'running',
        state: {
          stage: { tasks: [{ status: 'parked', attempt: 1, error: { code: 'BROKEN' } }, {}] },
        },
      });
    await given(retried, accepted(), full, failed('t1', { at: seconds(1) }))
      .when(turnCame('t1', 2, seconds(2)))
      .then({
        status: 'running',
        commands: [dispatch('A', { attempt: 2 })],
      });
  });

  it('has a task in its hands while that keeps its place in the queue of an ordered plugin', async () => {
    const retry = { maxAttempts: 3, backoffSeconds: 60, maxBackoffSeconds: 60 };
    const inLine = bounded('A', { ordered: 'attributes.account', retry });
    const { state } = await given({ ...inARow, plugins: [inLine, plugin('B')] }, accepted())
      .when(failed('t1', { at: seconds(1) }))
      .told();
    expect(state).toMatchObject({ stage: { tasks: [{ status: 'backingOff', turn: 1 }, {}] } });
    expect(turnsIn(state)).toHaveLength(1);
    const loose = await given(
      { ...inARow, plugins: [bounded('A', { retry }), plugin('B')] },
      accepted(),
    )
      .when(failed('t1', { at: seconds(1) }))
      .told();
    expect(turnsIn(loose.state)).toEqual([]);
    const side = { ...inARow, workflow: workflow({ parallel: ['A', 'B'] }) };
    const over = await given({ ...side, plugins: [inLine, plugin('B')] }, accepted())
      .when(failedForGood('t1', seconds(1)))
      .told();
    expect(over.state).toMatchObject({ stage: { tasks: [{ status: 'failed' }, {}] } });
    expect(JSON.stringify(over.state)).not.toContain('"turn"');
  });

  // Was: it kept its turn for as long as its order was paused, and others of its client waited for weeks.
  it('has room for another while the order of a task that backs off is paused', async () => {
    const retry = { maxAttempts: 3, backoffSeconds: 60, maxBackoffSeconds: 60 };
    const inLine = bounded('A', { ordered: 'attributes.account', retry });
    const setting = { ...inARow, plugins: [inLine, plugin('B')] };
    const failure = failed('t1', { at: seconds(1) });
    for (const past of [
      [accepted(), failure, pauseRequested(seconds(2))],
      [accepted(), pauseRequested(seconds(1)), failure],
    ]) {
      const { state } = await given(setting, ...past).told();
      expect(state).toMatchObject({
        status: 'paused',
        stage: { tasks: [{ status: 'backingOff' }, {}] },
      });
      expect(turnsIn(state)).toEqual([]);
      await given(setting, ...past, resumeRequested(seconds(10)), full)
        .when(deadlinePassed(seconds(100)))
        .then({
          status: 'running',
          state: { stage: { tasks: [{ status: 'parked', awaitsTurn: 10 }, {}] } },
        });
    }
  });

  it('has room for another once a task waits for whoever holds its token', async () => {
    const { state } = await given(inARow, accepted())
      .when(deferred('t1', seconds(1)))
      .told();
    expect(turnsIn(state)).toEqual([]);
    await given(inARow, accepted(), deferred('t1', seconds(1)))
      .when(completed('t1', 'a', seconds(2)))
      .then({ status: 'running', commands: [dispatch('B')] });
  });

  it('keeps what it has had since before it said so, whatever else begins meanwhile', async () => {
    const side = {
      ...{ workflow: workflow({ parallel: ['A', 'B'] }), client: 'shop' },
      plugins: [plugin('A'), plugin('B', retriedAtOnce(3))],
    };
    const bound = { plugins: [bounded('A'), plugin('B', retriedAtOnce(3))] };
    await given(side, accepted(), bound, full)
      .when(failed('t2', { at: seconds(1) }))
      .then({
        status: 'running',
        commands: [dispatch('B', { attempt: 2 })],
        state: { stage: { tasks: [{ status: 'inFlight', attempt: 1 }, {}] } },
      });
  });

  it('has a task of a paused order in its hands until that is answered', async () => {
    const { state } = await given(inARow, accepted())
      .when(pauseRequested(seconds(1)))
      .told();
    expect(turnsIn(state)).toHaveLength(1);
  });

  it('has nothing of an order that has been cancelled', async () => {
    const { state } = await given(inARow, accepted())
      .when(cancelRequested(seconds(1)))
      .told();
    expect(turnsIn(state)).toEqual([]);
  });

  it('gives up an attempt that never began, and its turn with it', async () => {
    const { state } = await given(inARow, accepted(), full)
      .when(expired('t1', seconds(10)))
      .told();
    expect(turnsIn(state)).toEqual([]);
    expect(state).toMatchObject({
      stage: { tasks: [{ status: 'parked', waitedMs: seconds(10) }, {}] },
    });
  });
});

describe('a turn', () => {
  const turn = { plugin: 'A', client: 'shop', orderId: 'o1', taskId: 't1', takenFor: 1 };

  it.each([{ orderId: 'o2' }, { taskId: 't2' }, { takenFor: 2 }])('is another for %j', (other) => {
    expect(isSameTurn(turn, { ...turn })).toBe(true);
    expect(isSameTurn(turn, { ...turn, ...other })).toBe(false);
  });
});

describe('a task that waits for its turn', () => {
  it('is meant by its own turn only', async () => {
    const waiting = given(inARow, full, accepted());
    const reason = 'the task does not wait for a turn';
    for (const other of [turnCame('t1', 2, 1), turnCame('t2', 1, 1)]) {
      await waiting.when(other).thenNothingHappens(reason);
    }
    const { task: _, ...wave } = turnCame('t1', 1, 1);
    await waiting.when(wave).thenNothingHappens('the task is not parked');
  });

  it('does not go while its order is paused, and asks again when that goes on, in its old place', async () => {
    const paused = [full, accepted(), pauseRequested(seconds(1))];
    await given(inARow, ...paused)
      .when(turnCame('t1', 1, seconds(2)))
      .thenNothingHappens('the order is paused');
    await given(inARow, ...paused)
      .when(resumeRequested(seconds(9)))
      .then({
        status: 'running',
        commands: [publish('order.resumed'), awaits('t1', 3, 0)],
        state: { stage: { tasks: [{ lookAt: seconds(WEEK) }, {}] } },
      });
    await given(inARow, ...paused, room)
      .when(resumeRequested(seconds(9)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ status: 'inFlight', turn: 3 }, {}] } },
      });
  });

  it('goes at once when its plugin has no bound any more', async () => {
    await given(inARow, full, accepted(), { plugins: plugins('A', 'B') })
      .when(turnCame('t1', 1, seconds(5)))
      .then({ status: 'running', commands: [dispatch('A')] });
    await given(inARow, full, accepted(), { plugins: plugins('A', 'B') })
      .when(deadlinePassed(seconds(WEEK)))
      .then({ status: 'running', commands: [{ type: 'ArmDeadline' }, dispatch('A')] });
  });

  it('goes on with whatever happens to its order once its plugin has no bound any more, or is gone', async () => {
    const side = { ...inARow, workflow: workflow({ parallel: ['A', 'B'] }) };
    await given(side, full, accepted(), { plugins: plugins('A', 'B') })
      .when(completed('t2', 'b', seconds(5)))
      .then({ status: 'running', commands: [dispatch('A')] });
    await given(side, full, accepted(), { plugins: plugins('B') })
      .when(completed('t2', 'b', seconds(5)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ error: { code: 'PLUGIN_NOT_REGISTERED' } }, {}] } },
      });
    await given(side, full, accepted())
      .when(completed('t2', 'b', seconds(5)))
      .then({ status: 'running', commands: [] });
  });

  it('fails as any other task when its plugin is gone', async () => {
    await given(inARow, full, accepted(), { plugins: plugins('B') })
      .when(turnCame('t1', 1, seconds(5)))
      .then({
        status: 'running',
        state: { stage: { tasks: [{ error: { code: 'PLUGIN_NOT_REGISTERED' } }, {}] } },
      });
  });

  it('asks again when a week has gone by, and waits on', async () => {
    await given(inARow, full, accepted())
      .when(deadlinePassed(seconds(WEEK)))
      .then({
        status: 'running',
        commands: [{ type: 'ArmDeadline', at: seconds(2 * WEEK) }, awaits('t1', 2, 0)],
      });
    await given(inARow, full, accepted(), room)
      .when(deadlinePassed(seconds(WEEK)))
      .then({ status: 'running', commands: [{ type: 'ArmDeadline' }, dispatch('A')] });
  });

  it('is parked for the quarantine of its plugin when its turn comes meanwhile', async () => {
    const held = bounded('A', { quarantined: closed('A', 'it fails', DEFAULT_RULE, 0) });
    await given(inARow, full, accepted(), { plugins: [held, plugin('B')] })
      .when(turnCame('t1', 1, seconds(5)))
      .then({
        status: 'running',
        commands: [{ type: 'ListParked', parkedAt: seconds(5) }],
        state: { stage: { tasks: [{ status: 'parked', quarantine: { reason: 'it fails' } }, {}] } },
      });
  });

  it('waits for a turn when it is let through to a plugin in quarantine', async () => {
    const held = bounded('A', { quarantined: closed('A', 'it fails', DEFAULT_RULE, 0) });
    const canary = { type: 'TaskReleased', at: 1, plugin: 'A', parkedIn: 1, canary: true } as const;
    await given({ ...inARow, plugins: [held, plugin('B')] }, accepted(), full)
      .when(canary)
      .then({ status: 'running', commands: [awaits('t1', 2, 1)] });
  });

  it('may be skipped, and is called off with its order', async () => {
    await given(inARow, full, accepted())
      .when(skipRequested('A', seconds(1), { result: 'by hand' }))
      .then({ status: 'running', commands: [publish('task.skipped'), dispatch('B')] });
    await given(inARow, full, accepted())
      .when(cancelRequested(seconds(1)))
      .then({ status: 'cancelled' });
  });
});
