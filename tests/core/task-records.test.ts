import { describe, expect, it } from '@jest/globals';
import { attemptsWithFailure } from '../../src/core/attempt-records.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import { closed, DEFAULT_RULE } from '../../src/core/quarantine.ts';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import type { Happening, Setting } from './order-specification.ts';
import { given } from './order-specification.ts';
import {
  accepted,
  cancelRequested,
  completed,
  deadlinePassed,
  deferred,
  expired,
  failed,
  failedForGood,
  failedUntil,
  heartbeat,
  plugin,
  plugins,
  putOff,
  retriedAtOnce,
  retryRequested,
  seconds,
  skipRequested,
  workflow,
} from './vocabulary.ts';

const broken = { code: 'BROKEN', message: 'it broke' };
const one = { workflow: workflow({ pre: ['A', 'B'] }), plugins: plugins('A', 'B') };
const both = { workflow: workflow({ parallel: ['A', 'B'] }), plugins: plugins('A', 'B') };

async function recordsAfter(setting: Setting, ...past: readonly Happening[]) {
  return tasksOf((await given(setting, ...past).told()).journal);
}

describe('the record of a task', () => {
  const first = {
    ...{ taskId: 't1', job: 'A', plugin: 'A', activity: 0, stage: 'pre', input: 5 },
    ...{ attempts: [{ attempt: 1, dispatchedAt: seconds(1) }], dispatchedAt: seconds(1) },
  };

  it('tells of an attempt in flight', async () => {
    expect(await recordsAfter(one, accepted(seconds(1)))).toEqual([
      { ...first, status: 'inFlight' },
    ]);
  });

  it('tells of a task that backs off, and why', async () => {
    expect(await recordsAfter(one, accepted(seconds(1)), failedUntil('t1', 9, seconds(2)))).toEqual(
      [
        {
          ...first,
          ...{ status: 'backingOff', error: broken },
          attempts: [{ attempt: 1, dispatchedAt: seconds(1), endedAt: seconds(2), error: broken }],
        },
      ],
    );
  });

  it('goes on after a heartbeat', async () => {
    expect(
      await recordsAfter(one, accepted(seconds(1)), heartbeat('t1', seconds(2))),
    ).toMatchObject([{ ...first, status: 'inFlight' }]);
  });

  it('tells why it failed, though a heartbeat came with the failure', async () => {
    const records = await recordsAfter(both, accepted(seconds(1)), [
      failedForGood('t1', seconds(2)),
      heartbeat('t2', seconds(2)),
      failedForGood('t2', seconds(3)),
    ]);
    expect(records.map(({ status, error }) => [status, error])).toEqual([
      ['failed', broken],
      ['failed', broken],
    ]);
  });

  it('keeps its first dispatch and its first input through its attempts', async () => {
    const past = [
      accepted(seconds(1)),
      failedUntil('t1', 9, seconds(2)),
      deadlinePassed(seconds(11)),
    ];
    expect(await recordsAfter(one, ...past)).toEqual([
      {
        ...{ ...first, status: 'inFlight' },
        attempts: [
          { attempt: 1, dispatchedAt: seconds(1), endedAt: seconds(2), error: broken },
          { attempt: 2, dispatchedAt: seconds(11) },
        ],
      },
    ]);
  });

  it('says of an attempt after which another began at once that no answer had come', async () => {
    const hasty = { ...one, plugins: [plugin('A', { timeoutSeconds: 10, ...retriedAtOnce(3) })] };
    const past = [accepted(seconds(1)), deadlinePassed(seconds(61))];
    const error = { code: 'TASK_TIMED_OUT', message: 'no answer came in time' };
    expect((await recordsAfter(hasty, ...past))[0]?.attempts).toEqual([
      { attempt: 1, dispatchedAt: seconds(1), endedAt: seconds(61), error },
      { attempt: 2, dispatchedAt: seconds(61) },
    ]);
  });

  it('has its failure with the last of its attempts, and with no other', () => {
    const [first, second] = [1, 2].map((attempt) => ({ attempt, dispatchedAt: 0 }));
    expect(attemptsWithFailure([first!, second!], broken, 9)).toEqual([
      first,
      { ...second, endedAt: 9, error: broken },
    ]);
  });

  it('tells of a result and when it came; an earlier failure is forgotten', async () => {
    const past = [
      accepted(seconds(1)),
      failedUntil('t1', 9, seconds(2)),
      completed('t1', 7, seconds(3)),
    ];
    expect((await recordsAfter(one, ...past))[0]).toStrictEqual({
      ...{ ...first, status: 'completed', result: 7, endedAt: seconds(3) },
      attempts: [{ attempt: 1, dispatchedAt: seconds(1), endedAt: seconds(3) }],
    });
  });

  it('tells of an input of its own', async () => {
    const setting = { ...one, workflow: workflow({ pre: [{ plugin: 'A', input: '"own"' }, 'B'] }) };
    const records = await recordsAfter(setting, accepted(), completed('t1', 7));
    expect(records).toMatchObject([{ input: 'own' }, { input: 7 }]);
  });

  // Was: an input that a person gave was not told where the plugin could not be reached when its task was begun again: its undoing got
  // the old one. Now: the task itself says what it got, as long as it has not failed.
  it('tells of the input that a person gave it, though its plugin was gone just then', async () => {
    const past = [
      ...[
        accepted(),
        completed('t1', 'a'),
        failedForGood('t2', seconds(1)),
        { plugins: plugins('A') },
      ],
      ...[retryRequested(seconds(2), { input: 'mended' }), { plugins: plugins('A', 'B') }],
    ];
    expect((await recordsAfter(one, ...past))[1]).toMatchObject({
      ...{ status: 'backingOff', input: 'mended' },
    });
    const later = [...past, deadlinePassed(seconds(62)), completed('t2', 'b', seconds(63), 3)];
    expect((await recordsAfter(one, ...later))[1]).toMatchObject({
      ...{ status: 'completed', input: 'mended' },
    });
  });

  it('keeps an input of its own when its result is taken back', async () => {
    const setting = { ...one, workflow: workflow({ pre: [{ plugin: 'A', input: '"own"' }, 'B'] }) };
    const tooLarge = { code: 'RESULT_TOO_LARGE', message: 'no room' };
    const batch = [completed('t1', 7), { ...failedForGood('t1'), error: tooLarge }];
    expect(await recordsAfter(setting, accepted(), batch)).toMatchObject([
      { status: 'failed', input: 'own', error: tooLarge },
    ]);
  });

  it('tells of a failure while the rest of its stage goes on', async () => {
    expect(await recordsAfter(both, accepted(), failedForGood('t1', seconds(4)))).toMatchObject([
      { job: 'A', status: 'failed', error: broken, endedAt: seconds(4) },
      { job: 'B', status: 'inFlight' },
    ]);
  });

  it('tells of a failure that ended its stage, and leaves the tasks before it as they were', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const setting = { ...one, workflow: workflow({ pre: [optional], post: [optional, 'B'] }) };
    const past = [accepted(), failedForGood('t1', seconds(1)), failedForGood('t2', seconds(2))];
    const records = await recordsAfter(setting, ...past);
    expect(records).toMatchObject([
      { job: 'A', status: 'failed', error: broken, endedAt: seconds(1) },
      { job: 'A#2', status: 'failed', error: broken, endedAt: seconds(2) },
      { job: 'B', status: 'inFlight' },
    ]);
  });

  it('tells of the failure that ended its order, with its own error', async () => {
    const other = { code: 'OTHER', message: 'another reason' };
    const event = { ...failedForGood('t1', seconds(2)), error: other };
    expect(await recordsAfter(one, accepted(), event)).toMatchObject([
      { job: 'A', status: 'failed', error: other, endedAt: seconds(2) },
    ]);
  });

  it('tells of the deadline that ended its order', async () => {
    const once = { plugin: 'A', retry: { maxAttempts: 1 } };
    const setting = { ...one, workflow: workflow({ pre: [once] }) };
    expect(await recordsAfter(setting, accepted(), deadlinePassed(seconds(3600)))).toMatchObject([
      { status: 'failed', error: { code: 'TASK_TIMED_OUT', message: 'no answer within 3600 s' } },
    ]);
  });

  it('tells each of two failures of one entry with its own error', async () => {
    const other = { code: 'OTHER', message: 'another reason' };
    const batch = [
      heartbeat('t2', 0),
      failedForGood('t1'),
      { ...failedForGood('t2'), error: other },
    ];
    expect(await recordsAfter(both, accepted(), batch)).toMatchObject([
      { job: 'A', status: 'failed', error: broken },
      { job: 'B', status: 'failed', error: other },
    ]);
  });

  it('tells what was abandoned: what was in flight, and what backed off', async () => {
    const past = [accepted(), failedUntil('t1', 9), cancelRequested(seconds(5))];
    expect(await recordsAfter(both, ...past)).toMatchObject([
      { job: 'A', status: 'abandoned', error: broken, endedAt: seconds(5) },
      { job: 'B', status: 'abandoned', endedAt: seconds(5) },
    ]);
    const waiting = {
      ...both,
      workflow: workflow({ parallel: ['A', { waitFor: { event: 'paid' } }] }),
    };
    const since = [accepted(), deferred('t1'), cancelRequested(seconds(5))];
    expect(await recordsAfter(waiting, ...since)).toMatchObject([
      { job: 'A', status: 'abandoned' },
      { job: 'paid', status: 'abandoned' },
    ]);
  });

  it('tells of a failure that nobody reported, when the order failed with another task', async () => {
    const past = [accepted(), failed('t1', { retry: 'never' }), deadlinePassed(seconds(3600))];
    const records = await recordsAfter(
      {
        ...both,
        workflow: workflow({ parallel: ['A', { plugin: 'B', retry: { maxAttempts: 1 } }] }),
      },
      ...past,
    );
    expect(records).toMatchObject([
      { job: 'A', status: 'failed', error: broken },
      { job: 'B', status: 'failed', error: { code: 'TASK_TIMED_OUT' }, endedAt: seconds(3600) },
    ]);
  });

  it('is not made of a result, or a skip, of a task that nobody knows', async () => {
    const { journal } = await given(one, accepted()).told();
    const stray = journal.map((entry) => ({
      ...entry,
      events: [...entry.events, completed('t9', 1) as never, skipRequested('X') as never],
    }));
    expect(tasksOf(stray)).toHaveLength(1);
  });

  it('tells that a task was skipped with a result, or without one', async () => {
    const past = [accepted(), skipRequested('A', seconds(1), { result: 'by hand' })];
    const [skippedWith, next] = await recordsAfter(one, ...past);
    expect(skippedWith).toMatchObject({ status: 'completed', result: 'by hand', bySkip: true });
    expect(next).toMatchObject({ job: 'B', status: 'inFlight' });
    expect(next).not.toHaveProperty('bySkip');
    const [skipped] = await recordsAfter(one, accepted(), skipRequested('A', seconds(1)));
    expect(skipped).toMatchObject({ status: 'skipped', endedAt: seconds(1) });
    expect(skipped).not.toHaveProperty('bySkip');
  });

  it('tells that a task may have worked, if it was under way when it was skipped and its plugin compensates', async () => {
    const able = { ...one, plugins: [plugin('A', { compensates: true }), plugin('B')] };
    const skip = skipRequested('A', seconds(2));
    expect((await recordsAfter(able, accepted(), skip))[0]).toMatchObject({ unanswered: true });
    const others = [
      ...(await recordsAfter(one, accepted(), skip)).slice(0, 1),
      ...(await recordsAfter(able, accepted(), failedUntil('t1', 30), skip)).slice(0, 1),
    ];
    expect(others).toMatchObject([{ status: 'skipped' }, { status: 'skipped' }]);
    for (const record of others) {
      expect(record).not.toHaveProperty('mayHaveWorked');
      expect(record).not.toHaveProperty('unanswered');
    }
    const waits = await recordsAfter(able, accepted(), deferred('t1'), skip);
    expect(waits[0]).toMatchObject({ status: 'skipped', unanswered: true });
  });

  it.each([
    ['without a result', {}, { status: 'skipped' }],
    ['with a result', { result: 'by hand' }, { status: 'completed', result: 'by hand' }],
  ])('of a task that was skipped %s tells what comes late beside that', async (_, more, record) => {
    const able = { ...one, plugins: [plugin('A', { compensates: true }), plugin('B')] };
    const past = [accepted(), skipRequested('A', seconds(2), more)];
    const recordOnce = async (event: OrderEvent) => (await recordsAfter(able, ...past, event))[0];
    const done = await recordOnce(completed('t1', 'late', seconds(3)));
    expect(done).toMatchObject({ ...record, answeredLate: true, late: { result: 'late' } });
    for (const event of [failedForGood('t1', seconds(3)), expired('t1', seconds(3))]) {
      const other = await recordOnce(event);
      expect(other).toMatchObject({ ...record, answeredLate: true });
      for (const name of ['late', 'mayHaveWorked', 'unanswered']) {
        expect(other).not.toHaveProperty(name);
      }
    }
    const cut = { code: 'LAMBDA_TIMEOUT', message: 'cut off' };
    expect(await recordOnce({ ...failedForGood('t1', seconds(3)), error: cut })).toMatchObject({
      ...record,
      mayHaveWorked: true,
    });
  });

  it('of a task that waited for a quarantine to end tells when it was sent first, and why it had failed', async () => {
    const quarantined = closed('A', 'it fails', DEFAULT_RULE, 0);
    const held = { ...one, plugins: [plugin('A', { quarantined }), plugin('B')] };
    const opens = { plugins: plugins('A', 'B') };
    const release = (parkedIn: number, at: number): OrderEvent => ({
      ...{ type: 'TaskReleased', at, plugin: 'A', parkedIn },
    });
    const [parked] = await recordsAfter(held, accepted(seconds(1)));
    expect(parked).toMatchObject({ status: 'parked', dispatchedAt: seconds(1), attempts: [] });
    const past = [accepted(seconds(1)), opens, release(1, seconds(5))];
    expect((await recordsAfter(held, ...past))[0]).toMatchObject({
      ...{ status: 'inFlight', dispatchedAt: seconds(5) },
    });
    const failedFirst = [accepted(seconds(1)), failedUntil('t1', 9, seconds(2))];
    const parkedThen = [...failedFirst, { plugins: held.plugins }, deadlinePassed(seconds(11))];
    expect((await recordsAfter(one, ...parkedThen))[0]).toMatchObject({
      ...{ status: 'parked', error: broken, dispatchedAt: seconds(1) },
    });
    expect(
      (await recordsAfter(one, ...parkedThen, opens, release(3, seconds(20))))[0],
    ).toMatchObject({ status: 'inFlight', dispatchedAt: seconds(1) });
  });

  it('of a task whose expressions had failed tells when it was sent', async () => {
    const setting = {
      ...one,
      workflow: workflow({ pre: [{ plugin: 'A', input: '$error("no")' }] }),
    };
    const past = [accepted(seconds(1)), retryRequested(seconds(9), { input: 1 })];
    expect(await recordsAfter(setting, ...past)).toMatchObject([{ dispatchedAt: seconds(9) }]);
  });

  it('of a slice tells its elements, and what those have given that had not failed', async () => {
    const input = Array.from({ length: 60 }, (_, index) => index);
    const long = {
      ...one,
      workflow: workflow({ parallel: [{ plugin: 'A', forEach: 'payload' }] }),
    };
    const ofSlice = { failures: 2, results: ['a', null, null] };
    const partly = { ...failedForGood('t1'), ofSlice };
    expect(await recordsAfter({ ...long, input }, accepted(), partly)).toMatchObject([
      {
        ...{ status: 'failed', elements: { from: 0, count: 50 }, partly: true },
        ...{ result: ['a', null, null], error: broken },
      },
      { status: 'inFlight', elements: { from: 50, count: 10 } },
    ]);
  });

  it('of a task that waits for an event tells for which, and its key if it has one', async () => {
    const waits = (key?: string) => {
      const waitFor = { event: 'paid', ...(key !== undefined && { key }) };
      return { workflow: workflow({ pre: [{ waitFor }] }) };
    };
    const [without] = await recordsAfter(waits(), accepted());
    expect(without).toMatchObject({ status: 'awaiting', input: null });
    expect(without?.awaited).toEqual({ event: 'paid' });
    const [withKey] = await recordsAfter(waits('17'), accepted());
    expect(withKey?.awaited).toEqual({ event: 'paid', key: '17' });
  });

  it('tells of the failure of an order whose state does not hold its stage, as that of earlier versions', async () => {
    const { journal } = await given(one, accepted(), failedForGood('t1', seconds(2))).told();
    const old = journal.map((entry) => {
      const { stage: _, failedJobs: __, ...state } = entry.state as never as Record<string, object>;
      return entry.state.status === 'failed' ? { ...entry, state: state as never } : entry;
    });
    expect(tasksOf(old)).toMatchObject([
      { job: 'A', status: 'failed', error: broken, endedAt: seconds(2) },
    ]);
  });
});

describe('the attempts of a task', () => {
  const run = (from: number, to: number, instance = 'abcd1234') => ({
    ran: { startedAt: seconds(from), endedAt: seconds(to), instance },
  });
  async function attemptsAfter(setting: Setting, ...past: readonly Happening[]) {
    const [task] = await recordsAfter(setting, accepted(seconds(1)), ...past);
    return task?.attempts;
  }
  const sent = { attempt: 1, dispatchedAt: seconds(1) };

  it('say when they waited and when they were at work, and where', async () => {
    const event = { ...completed('t1', 7, seconds(9)), ...run(4, 8) };
    expect(await attemptsAfter(one, event)).toEqual([
      { ...sent, startedAt: seconds(4), endedAt: seconds(8), instance: 'abcd1234' },
    ]);
  });

  it('say so of failed ones, each with its own error', async () => {
    const other = { code: 'OTHER', message: 'another reason' };
    const past = [
      { ...failedUntil('t1', 9, seconds(3)), ...run(2, 3) },
      deadlinePassed(seconds(12)),
      { ...failedForGood('t1', seconds(20)), attempt: 2, error: other, ...run(15, 19, 'another') },
    ];
    expect(await attemptsAfter(one, ...past)).toEqual([
      {
        ...{ ...sent, startedAt: seconds(2), endedAt: seconds(3) },
        ...{ instance: 'abcd1234', error: broken },
      },
      {
        ...{ attempt: 2, dispatchedAt: seconds(12), startedAt: seconds(15) },
        ...{ endedAt: seconds(19), instance: 'another', error: other },
      },
    ]);
  });

  it('never wait or work for less than no time, whatever the clock of their plugin', async () => {
    const behind = { ...completed('t1', 7, seconds(9)), ...run(-4, -3) };
    expect(await attemptsAfter(one, behind)).toMatchObject([
      { startedAt: seconds(1), endedAt: seconds(1) },
    ]);
    const ahead = { ...completed('t1', 7, seconds(9)), ...run(50, 51) };
    expect(await attemptsAfter(one, ahead)).toMatchObject([
      { startedAt: seconds(9), endedAt: seconds(9) },
    ]);
    const backwards = { ...completed('t1', 7, seconds(9)), ...run(8, 7) };
    expect(await attemptsAfter(one, backwards)).toMatchObject([
      { startedAt: seconds(8), endedAt: seconds(8) },
    ]);
  });

  it('began with their first heartbeat, until they say better; put off, they have not begun', async () => {
    const beats = [heartbeat('t1', seconds(3)), heartbeat('t1', seconds(5))];
    expect(await attemptsAfter(one, ...beats)).toEqual([{ ...sent, startedAt: seconds(3) }]);
    expect(await attemptsAfter(one, ...beats, putOff('t1', seconds(6)))).toEqual([sent]);
    const ended = { ...completed('t1', 7, seconds(9)), ...run(2, 8) };
    expect(await attemptsAfter(one, ...beats, ended)).toMatchObject([{ startedAt: seconds(2) }]);
  });

  it('of which nobody heard end with their deadline', async () => {
    expect(await attemptsAfter(one, deadlinePassed(seconds(3601)))).toMatchObject([
      { ...sent, endedAt: seconds(3601), error: { code: 'TASK_TIMED_OUT' } },
    ]);
  });

  it('that expired unbegun are followed at once by the next', async () => {
    expect(await attemptsAfter(one, expired('t1', seconds(400)))).toMatchObject([
      { ...sent, endedAt: seconds(400), error: { code: 'TASK_TIMED_OUT' } },
      { attempt: 2, dispatchedAt: seconds(400) },
    ]);
  });

  it('that were given up and complete all the same have no error', async () => {
    const past = [
      failedUntil('t1', 9, seconds(3)),
      deadlinePassed(seconds(12)),
      { ...completed('t1', 7, seconds(13)), ...run(2, 8) },
    ];
    expect(await attemptsAfter(one, ...past)).toEqual([
      { ...sent, startedAt: seconds(2), endedAt: seconds(8), instance: 'abcd1234' },
      { attempt: 2, dispatchedAt: seconds(12) },
    ]);
  });

  it('are none where an expression fails, and one where the plugin cannot be reached', async () => {
    const wrong = { ...one, workflow: workflow({ pre: [{ plugin: 'A', input: '$error("no")' }] }) };
    expect(await attemptsAfter(wrong)).toEqual([]);
    const error = { code: 'PLUGIN_NOT_REGISTERED' };
    expect(await attemptsAfter({ ...one, plugins: plugins('B') })).toMatchObject([
      { ...sent, endedAt: seconds(1), error },
    ]);
  });
});

describe('the history of an order', () => {
  it('has its input, and the jobs that are done', async () => {
    const { journal } = await given(both, accepted(), completed('t2', null)).told();
    expect(historyOf(journal)).toEqual({ input: 5, jobs: { B: { input: 5, result: null } } });
  });

  it('has the results of the entry that is being made', async () => {
    const { journal } = await given(both, accepted()).told();
    expect(historyOf(journal, [completed('t1', 1)]).jobs).toEqual({ A: { input: 5, result: 1 } });
    expect(historyOf(journal).jobs).toEqual({});
  });

  it('knows nothing of what undoing has brought', async () => {
    const undoable = { ...one, plugins: [plugin('A', { compensates: true }), plugin('B')] };
    const past = [accepted(), completed('t1', 'a'), failedForGood('t2'), completed('t3', 'undone')];
    const { journal } = await given(undoable, ...past).told();
    expect(tasksOf(journal)).toMatchObject([{}, {}, { undoes: 'A', result: 'undone' }]);
    expect(historyOf(journal).jobs).toEqual({ A: { input: 5, result: 'a' } });
  });

  it('begins with what was placed', () => {
    expect(() => historyOf([])).toThrow('a journal begins with OrderPlaced');
  });
});

it('a journal that begins with something else tells no history', async () => {
  const { journal } = await given(one, accepted()).told();
  expect(() => historyOf(journal.slice(1))).toThrow('a journal begins with OrderPlaced');
});
