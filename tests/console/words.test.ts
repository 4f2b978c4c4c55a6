import { describe, expect, it } from '@jest/globals';
import { RefusedError, UnreachableError } from '../../src/client/errors.ts';
import type { OrderSummary, SystemStatus } from '../../src/console/messages.ts';
import { attemptWords } from '../../src/console/words/attempt-words.ts';
import { bottleneckWords, headline } from '../../src/console/words/bottleneck-words.ts';
import { agoText, durationText, whenText } from '../../src/console/words/durations.ts';
import { codeWords } from '../../src/console/words/error-words.ts';
import { failureGroups } from '../../src/console/words/failures.ts';
import { momentWords } from '../../src/console/words/moment-words.ts';
import { countText, estimateText } from '../../src/console/words/numbers.ts';
import { problemWords } from '../../src/console/words/problem-words.ts';
import { orderStatusWords } from '../../src/console/words/status-words.ts';
import {
  undoingTitle,
  undoingVerdict,
  undoingWords,
} from '../../src/console/words/undoing-words.ts';
import { at } from './orders.ts';

it.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1 s'],
  [3240, '3.2 s'],
  [59_400, '59 s'],
  [59_600, '1 min'],
  [200_000, '3 min 20 s'],
  [3_599_900, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_399_000, '1 d'],
  [273_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms reads %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it.each([
  [-300, 'just now'],
  [1900, 'just now'],
  [12_000, '12 s ago'],
  [185_000, '3 min ago'],
  [7_300_000, '2 h ago'],
  [200_000_000, '2 d ago'],
])('%d ms ago reads %s', (ms, text) => {
  expect(agoText(ms)).toBe(text);
});

it('what is to come reads so', () => {
  expect(whenText(-40_000)).toBe('in 40 s');
  expect(whenText(40_000)).toBe('40 s ago');
});

it('a count has its noun', () => {
  expect([countText(1, 'order'), countText(1200, 'order'), countText(0, 'order')]).toEqual([
    ...['1 order', '1,200 orders', '0 orders'],
  ]);
});

// Was: what a sample came to looked like a count, and a workflow that it had missed like one without orders.
// Now: it is said to be about so many, or too few to see.
it('an estimate is none that looks like a count', () => {
  expect([estimateText(1200, true), estimateText(1200, false)]).toEqual(['about 1,200', '1,200']);
  expect([estimateText(0, true), estimateText(0, false)]).toEqual([
    'too few to see in a sample',
    '0',
  ]);
});

it('a code is put into words', () => {
  expect(codeWords('TASK_TIMED_OUT')).toBe('gave no answer in time');
  expect(codeWords('NOT_A_NUMBER')).toBe('not a number');
});

it('a status that is newer than the page is shown by its own name', () => {
  expect(orderStatusWords('resting' as 'running')).toMatchObject({ word: 'resting' });
});

const row = (fields: Partial<OrderSummary>): OrderSummary => ({
  ...{ orderId: 'o-1', status: 'failed', workflow: { name: 'w', version: 1 }, acceptedAt: at(0) },
  ...fields,
});

it('failures are grouped by plugin and code: the largest group first, with its latest order', () => {
  const error = { code: 'E', plugin: 'A' };
  const groups = failureGroups([
    row({ orderId: 'other', error: { code: 'E', plugin: 'B' }, endedAt: at(9) }),
    row({ orderId: 'early', error, endedAt: at(1) }),
    row({ orderId: 'late', error, endedAt: at(5) }),
    row({ orderId: 'fine', status: 'completed' }),
  ]);
  expect(groups).toMatchObject([
    { plugin: 'A', count: 2, latestOrderId: 'late' },
    { plugin: 'B', count: 1, latestOrderId: 'other' },
  ]);
});

describe('a moment of the timeline', () => {
  const timedOut = { code: 'TASK_TIMED_OUT', message: 'no answer within 4 s' };
  const moment = (event: string, fields = {}) =>
    momentWords({ at: at(0), entry: 1, event, ...fields }).text;

  it.each([
    ['OrderPlaced', {}, 'The order was placed'],
    ['TaskCompleted', { task: 'A', attempt: 1 }, 'A completed'],
    ['TaskCompleted', { task: 'A', attempt: 2 }, 'A completed at attempt 2'],
    ['TaskCompleted', { task: 'undo A#2', attempt: 1 }, 'A#2 was undone'],
    ['TaskFailed', { task: 'A', attempt: 1, error: { code: 'E', message: 'no' } }, 'A failed: no'],
    ['TaskFailed', { task: 'repeat', error: { code: 'E', message: 'no' } }, 'repeat failed: no'],
    ['CancelRequested', { actor: 'ada' }, 'Cancelled by ada'],
    ['TaskReleased', { plugin: 'A' }, 'A takes tasks again: what was parked goes on'],
    ['TaskReleased', { plugin: 'A', canary: true }, 'It is the canary that tries A'],
    ['TaskReleased', { plugin: 'A', task: 'A#2', turn: true }, 'A#2: its turn has come at A'],
    ['SkipRequested', { task: 'A', actor: 'ada' }, 'A was skipped by ada'],
    ['TaskCancelRequested', { task: 'A', actor: 'ada' }, 'A was cancelled by ada'],
    ['TaskCalledOff', { task: 'A', reason: 'so' }, 'A was called off'],
    ['TaskCompleted', { task: 'A', late: true }, 'A completed when nobody waited for it'],
  ])('%s %j is told: %s', (event, fields, text) => {
    expect(moment(event, fields)).toContain(text);
  });

  // Was: a failure that a deadline had brought, or a quarantine, read "nothing was due". Now: what came of it is told.
  it('of a deadline says what came of it', () => {
    const deadline = (fields: object = {}) => moment('DeadlinePassed', fields);
    expect(deadline({ task: 'A', attempt: 1 })).toBe('A wait was over, and A was sent');
    expect(deadline({ task: 'A', attempt: 1, error: timedOut })).toBe(
      'A failed: no answer within 4 s',
    );
    expect(deadline({ task: 'A', attempt: 2 })).toBe('A was sent again, attempt 2');
    expect(deadline()).toBe('It was looked after, and nothing was due');
    const parked = { task: 'A#2', plugin: 'A', parkedFor: 'quarantine' };
    expect(moment('TaskParked', parked)).toBe('A#2 was parked: A is held back');
    expect(moment('TaskParked', { ...parked, parkedFor: 'turn' })).toContain('waits for its turn');
  });

  // Was: "never took its message", beside a message that said that it had taken it several times.
  // Now: words that are true whether its plugin crashed or never began, and the message of the attempt.
  it('of a message that its queue gave up says why', () => {
    const error = { code: 'DEAD_LETTERED', message: 'A took the task several times' };
    expect(moment('TaskDeadLettered', { task: 'A', attempt: 1, error })).toBe(
      'A was given up by its queue: A took the task several times',
    );
    expect(codeWords('DEAD_LETTERED')).toBe('was sent several times, and never finished');
  });

  it('of a kind that is newer than the page is spelled out', () => {
    expect(moment('PluginReopened')).toBe('Plugin reopened');
  });
});

describe('the state of the system', () => {
  const plugin = (fields: object) => ({
    ...{ name: 'resize', queued: 40, inFlight: 2, oldestSeconds: 9, instances: 2, health: 'ok' },
    ...{ concurrency: { base: 2, ceiling: 8, now: 8 }, ...fields },
  });
  const status = (fields: object, plugins: object[] = []) =>
    ({
      ...{ orders: { active: 0, byWorkflow: {}, stuck: 0 } },
      ...{ tasks: { queued: 0, inFlight: 0, remaining: 0 }, bottleneck: null, plugins, ...fields },
    }) as unknown as SystemStatus;
  const orders = (active: number, stuck = 0) => ({ orders: { active, stuck, byWorkflow: {} } });
  const alarm = (cause: string, timeToDrainSeconds: number | null = 90) =>
    status({ bottleneck: 'resize' }, [
      plugin({ bottleneck: { cause, since: at(0), timeToDrainSeconds } }),
    ]);

  it.each([
    [status({}), 'All is quiet'],
    [status(orders(1)), '1 order is on the way'],
    [status(orders(3, 2)), '2 orders are stuck'],
    [
      status({ orders: { ...orders(20_000).orders, approximate: true } }),
      'About 20,000 orders are on the way',
    ],
    // Was: orders that somebody had paused were on the way like all others. Now: it says how many are paused.
    [
      status({ orders: { ...orders(110).orders, paused: 106, pausedApproximate: true } }),
      '110 orders are on the way, about 106 of them paused',
    ],
    [
      status({ orders: { ...orders(3).orders, paused: 2 } }),
      '3 orders are on the way, 2 of them paused',
    ],
    [alarm('failing'), 'resize holds the others up'],
    [status({}, [plugin({ health: 'quarantined' })]), 'resize is held back'],
    [status({}, [plugin({ quarantine: { phase: 'closed' } })]), 'All is quiet'],
    [status({}, [plugin({ quarantine: { phase: 'reopening' } })]), 'All is quiet'],
  ])('is one sentence', (of, text) => {
    expect(headline(of)).toBe(text);
  });

  it.each([
    ['atCap', 'All of its 8 instances are busy, and 8 is the most'],
    ['failing', 'It fails, so its tasks come again and again.'],
    ['noWorker', 'It runs in containers, and none of them is at work'],
    ['slow', 'It is slower than what comes in'],
    ['switchedOff', 'It was switched off after a time without work'],
  ])('names the cause %s, how many tasks wait, and when it will be over', (cause, text) => {
    const words = bottleneckWords(alarm(cause));
    expect(words?.text).toContain(text);
    expect(words?.text).toContain('40 tasks wait');
    expect(words?.text).toContain('the queue is empty in 1 min 30 s');
    expect(words?.advice).not.toBe('');
  });

  it('says that nothing gets done', () => {
    expect(bottleneckWords(alarm('failing', null))?.text).toContain('Nothing gets done at present');
  });

  it('names no bottleneck where nothing waits', () => {
    expect(bottleneckWords(status({}))).toBeUndefined();
    expect(
      bottleneckWords(status({ bottleneck: 'resize' }, [plugin({ queued: 0 })])),
    ).toBeUndefined();
  });
});

describe('what went wrong', () => {
  it('is the title of the problem, its detail, and what to do', () => {
    const refused = new RefusedError({
      ...{ status: 403, code: 'FORBIDDEN', detail: "GET /status takes an operator's token" },
      ...{ title: 'The token does not allow this' },
    });
    expect(problemWords(refused)).toMatchObject({
      ...{ title: 'The token does not allow this', code: 'FORBIDDEN' },
      detail: "GET /status takes an operator's token.",
      advice: expect.stringContaining('sign in with another'),
    });
  });

  it('names the field', () => {
    const refused = new RefusedError({
      ...{ status: 422, code: 'INVALID_REQUEST', detail: 'too long', path: 'reason' },
    });
    expect(problemWords(refused).detail).toBe('reason: too long');
  });

  it('shows neither the message nor the trace of a fault of the page itself', () => {
    const words = problemWords(new TypeError('x is undefined'));
    expect(JSON.stringify(words)).not.toMatch(/undefined|TypeError/);
  });

  it('of silence says how to start', () => {
    expect(problemWords(new UnreachableError('nothing responds'))).toMatchObject({
      title: 'Baton does not answer',
    });
  });

  // Was: a form that got no answer said that the page asks again by itself; a fault of Baton's said that nothing had changed.
  // Now: it says what is known, and that is nothing.
  it('of what a person asked for, and got no answer to, is that nobody knows whether it was done', () => {
    const unwell = new RefusedError({ status: 503, code: 'UNAVAILABLE', detail: 'later' });
    const busy = new RefusedError({ status: 429, code: 'TOO_MANY_REQUESTS', detail: 'later' });
    const silent = new UnreachableError('nothing responds');
    expect(problemWords(silent, 'toDo').detail).toMatch('Nobody knows whether it was done');
    expect(problemWords(unwell, 'toDo').advice).toMatch('Nobody knows whether it was done');
    expect(problemWords(unwell, 'toSee').advice).toBe('Try again in a moment.');
    expect(problemWords(unwell).advice).toBe('The page asks again by itself.');
    expect(problemWords(busy, 'toDo').advice).toMatch('Nothing has changed');
  });
});

describe('an attempt', () => {
  const error = { code: 'E', message: 'no' };

  it.each([
    [{}, 'not ended yet'],
    [{ endedAt: at(3) }, '3 s in the queue and at work'],
    [{ startedAt: at(2) }, '2 s in the queue, then at work until now'],
    [{ startedAt: at(2), endedAt: at(7) }, '2 s in the queue, 5 s at work'],
    [
      { startedAt: at(2), deferredAt: at(3) },
      '2 s in the queue, 1 s at work, then left open for a callback',
    ],
    [
      { startedAt: at(2), deferredAt: at(3), endedAt: at(63) },
      '2 s in the queue, 1 s at work, 1 min until the callback',
    ],
  ])('of %j tells queue and work apart, as far as they are known', (fields, time) => {
    expect(attemptWords({ attempt: 1, dispatchedAt: at(0), ...fields })).toMatchObject({ time });
  });

  it('says why it failed, and where it was at work', () => {
    const attempt = { attempt: 2, dispatchedAt: at(0), endedAt: at(1), error, instance: 'a1b2' };
    expect(attemptWords(attempt)).toMatchObject({ why: 'no', where: 'a1b2' });
    const silent = { attempt: 1, dispatchedAt: at(0) };
    expect(attemptWords(silent, true).time).toBe('no answer yet, and none is waited for');
    expect(attemptWords(attempt, false, true).time).toBe('1 s of waiting');
    expect(attemptWords(silent, false, true).time).toBe('waited for until now');
  });
});

it('the undoing of a job is put into words, also one that is newer than the page', () => {
  expect(undoingWords('completed').word).toBe('undone');
  expect(undoingWords('resting' as 'pending').word).toBe('resting');
});

// Was: a failed undoing was not in the verdict, and what would never be undone read "to come".
// Now: where it stopped, what is left and what can be done stand at the top.
describe('the undoing of an order', () => {
  const undone = (status: string, ...statuses: string[]) =>
    ({
      status,
      compensations: statuses.map((status, index) => ({
        ...{ job: `J${index}`, plugin: 'J', status, attempts: [] },
        ...(status === 'failed' && { error: { code: 'E', message: 'the bank keeps it' } }),
      })),
    }) as unknown as Parameters<typeof undoingVerdict>[0];

  it('that is under way has things to come, and no verdict', () => {
    const going = undone('compensating', 'completed', 'pending');
    expect(undoingTitle(going)).toBe('What is being undone');
    expect(undoingWords('pending').word).toBe('to come');
    expect(undoingVerdict(going)).toBeUndefined();
  });

  it('that has been done says so', () => {
    expect(undoingTitle(undone('failed', 'completed'))).toBe('What was undone');
    expect(undoingVerdict(undone('failed', 'completed'))).toBeUndefined();
  });

  it('that has stopped says where, what is left, and what can be done', () => {
    const stopped = undone('failed', 'completed', 'failed', 'pending');
    expect(undoingTitle(stopped)).toBe('What was undone, and what was not');
    expect(undoingWords('pending', true).word).toBe('not undone');
    expect(undoingVerdict(stopped)).toBe(
      'Its undoing stopped at J1 (the bank keeps it). Not undone either: J2. A retry goes on with it.',
    );
  });
});
