import { describe, expect, it } from '@jest/globals';
import { actOnEach, type Outcome } from '../../src/console/acts/act-on-each.ts';
import { actPath, actRequest, BLANK_ACT, callOf } from '../../src/console/acts/act-request.ts';
import { bulkActs, operationFilter } from '../../src/console/acts/operation-request.ts';
import { operationQuery, operationText } from '../../src/console/acts/operation-words.ts';
import {
  actsOf,
  cancellableJobs,
  failedInput,
  possibleActs,
  skippableJobs,
} from '../../src/console/acts/possible-acts.ts';
import { allOrNone, chosenOf, toggled } from '../../src/console/orders/choice.ts';
import { possiblePluginActs } from '../../src/console/plugins/possible-plugin-acts.ts';
import { allows } from '../../src/console/reading/allowed-calls.ts';
import { operationRequestSchema } from '../../src/contract/operation-request.ts';
import {
  actRequestSchema,
  cancelRequestSchema,
  ORDER_STATUSES,
  retryRequestSchema,
  skipRequestSchema,
} from '../../src/contract/requests.ts';
import { order, task } from './orders.ts';

describe('the acts that an order offers', () => {
  it.each([
    ['failed', 'retry'],
    ['paused', 'resume'],
    ['running', 'pause'],
  ] as const)('begin, where it is %s, with the likeliest: %s', (status, first) => {
    expect(possibleActs({ status })[0]).toBe(first);
  });

  it('are none once it has ended well, and known for every status', () => {
    expect(possibleActs({ status: 'completed' })).toEqual([]);
    for (const status of ORDER_STATUSES) expect(possibleActs({ status })).toBeDefined();
  });

  // Was: an order that had been undone offered Retry and Skip, which the API refuses.
  // Now: it offers them no longer, but for the undoing that failed.
  it('leave an order alone that has been undone, and retry an undoing that failed', () => {
    const failed = (...undoings: string[]) =>
      order({
        ...{ status: 'failed', tasks: [task('A'), task('B', { status: 'failed' })] },
        compensations: undoings.map((status) => ({ job: 'A', plugin: 'A', status, attempts: [] })),
      } as unknown as Parameters<typeof order>[0]);
    expect(actsOf(failed())).toEqual(['retry', 'skip']);
    expect(actsOf(failed('completed'))).toEqual([]);
    expect(actsOf(failed('completed', 'failed'))).toEqual(['retry']);
  });

  // Was: whoever paused an order was offered to retry it, which the API refuses.
  // Now: only where a task has failed is there something to begin again.
  it('retry a paused order only where a task of it has failed', () => {
    const waitingFor = { what: 'someone who resumes it' };
    expect(actsOf(order({ status: 'paused', waitingFor }))).toEqual(['resume', 'cancel']);
    const failed = { ...waitingFor, task: 'A' };
    expect(actsOf(order({ status: 'paused', waitingFor: failed }))).toContain('retry');
    const row = { status: 'paused', error: { code: 'E', plugin: 'A' } } as const;
    expect(possibleActs(row)).toContain('retry');
    expect(possibleActs({ status: 'paused' })).not.toContain('retry');
  });

  it('skip no wait', () => {
    expect(actsOf(order({ status: 'waiting' }))).toEqual(['pause', 'cancel']);
  });

  it('cancel a task that is open, and a wait', () => {
    const tasks = [task('A'), task('B', { status: 'failed' }), task('C', { status: 'parked' })];
    const waiting = { status: 'waiting', waitingFor: { what: 'its end', job: 'wait' } } as const;
    expect(cancellableJobs(order({ tasks }))).toEqual(['C']);
    expect(cancellableJobs(order(waiting))).toEqual(['wait']);
    expect(actsOf(order(waiting))).toEqual(['pause', 'cancelTask', 'cancel']);
    expect(actsOf(order({ tasks: [task('A')] }))).toEqual(['pause', 'cancel']);
    expect(actPath('o-1', 'cancelTask', { task: 'A#2' })).toBe('/orders/o-1/tasks/A%232/cancel');
    expect(actPath('o-1', 'pause', { task: 'A#2' })).toBe('/orders/o-1/pause');
    expect(callOf('cancelTask')).toBe('POST /orders/{orderId}/tasks/{job}/cancel');
  });

  it('skip what is open or failed', () => {
    const tasks = [task('A'), task('B', { status: 'failed' }), task('C', { status: 'inFlight' })];
    expect(skippableJobs(order({ tasks }))).toEqual(['B', 'C']);
  });

  it('offer the input of the task that failed, unless several did', () => {
    const failed = (name: string) => task(name, { status: 'failed', input: name });
    expect(failedInput(order({ tasks: [task('A'), failed('B')] }))).toEqual({ input: 'B' });
    expect(failedInput(order({ tasks: [failed('A'), failed('B')] }))).toBeUndefined();
  });
});

describe('the request of an act', () => {
  const given = { ...BLANK_ACT, reason: ' mended ' };

  it.each([
    ['pause', given, actRequestSchema, { reason: 'mended' }],
    ['resume', BLANK_ACT, actRequestSchema, {}],
    ['cancel', { ...given, undoes: false }, cancelRequestSchema, { undo: false, reason: 'mended' }],
    ['cancel', BLANK_ACT, cancelRequestSchema, {}],
    ['cancelTask', { ...given, task: 'A#2' }, actRequestSchema, { reason: 'mended' }],
    ['retry', BLANK_ACT, retryRequestSchema, {}],
    [
      ...(['retry', { ...BLANK_ACT, input: '{"a": 1}', isLatest: true }] as const),
      ...([retryRequestSchema, { input: { a: 1 }, version: 'latest' }] as const),
    ],
    ['skip', { ...BLANK_ACT, task: 'A#2' }, skipRequestSchema, { task: 'A#2' }],
    [
      ...(['skip', { ...BLANK_ACT, task: 'A', result: 'null' }] as const),
      ...([skipRequestSchema, { task: 'A', result: null }] as const),
    ],
  ] as const)('to %s is one that the API takes', (act, draft, schema, body) => {
    const request = JSON.parse(actRequest(act, draft));
    expect(request).toEqual(body);
    expect(schema.safeParse(request).success).toBe(true);
  });

  it('holds numbers as they were typed, so that the API can refuse what JavaScript would change', () => {
    const input = '12345678901234567890';
    expect(actRequest('retry', { ...BLANK_ACT, input })).toBe(`{"input":${input}}`);
  });

  it('is refused with a sentence where what was typed is no JSON', () => {
    expect(() => actRequest('retry', { ...BLANK_ACT, input: 'five' })).toThrow(
      'The input is not JSON',
    );
    expect(() => actRequest('skip', { ...BLANK_ACT, task: 'A', result: '{' })).toThrow(
      'The result',
    );
    expect(() => actRequest('skip', BLANK_ACT)).toThrow('Choose the task');
    expect(() => actRequest('cancelTask', BLANK_ACT)).toThrow('Choose the task');
  });
});

describe('an operation for all that match', () => {
  const NOW = Date.UTC(2026, 0, 1);

  it('takes the filter of the list, and ends at the moment that it is asked for', () => {
    const filter = operationFilter({ status: 'failed', plugin: 'A', version: '2' }, NOW);
    expect(filter).toEqual({
      ...{ status: 'failed', plugin: 'A', version: 2 },
      to: '2026-01-01T00:00:00.000Z',
    });
    expect(operationRequestSchema.safeParse({ action: 'retry', filter }).success).toBe(true);
  });

  it('takes several statuses and attributes, as operations have them', () => {
    const filter = operationFilter({ status: ['failed', 'paused'], 'attribute.kind': 'a' }, NOW);
    expect(filter).toMatchObject({ status: ['failed', 'paused'], attributes: { kind: 'a' } });
    expect(operationRequestSchema.safeParse({ action: 'retry', filter }).success).toBe(true);
  });

  it('keeps an end that was given', () => {
    const to = '2025-06-01T00:00:00Z';
    expect(operationFilter({ to }, NOW)).toEqual({ to });
  });

  it('is not offered without a filter, nor for one that operations do not know', () => {
    expect(operationFilter({}, NOW)).toBeUndefined();
    expect(operationFilter({ stuck: 'true', status: 'paused' }, NOW)).toBeUndefined();
  });

  it('offers what fits the statuses that are listed', () => {
    expect(bulkActs('failed')).toEqual(['retry']);
    expect(bulkActs(['paused', 'running'])).toEqual(['retry', 'resume', 'pause', 'cancel']);
    expect(bulkActs('completed')).toEqual([]);
    expect(bulkActs(undefined)).toHaveLength(4);
  });
});

describe('orders that are chosen by hand', () => {
  it('are chosen and let go one by one, or all that are shown', () => {
    expect([...toggled(new Set(['a']), 'b')]).toEqual(['a', 'b']);
    expect([...toggled(new Set(['a', 'b']), 'a')]).toEqual(['b']);
    expect([...allOrNone(new Set(['a']), ['a', 'b'])]).toEqual(['a', 'b']);
    expect([...allOrNone(new Set(['a', 'b']), ['a', 'b'])]).toEqual([]);
  });

  // Was: the orders that newer ones had pushed out of the list were chosen no longer, and nobody said so.
  // Now: the choice is the person's alone.
  it('stay chosen when the list shows them no longer, as they were seen last', () => {
    const choice = new Set(['a', 'b']);
    const before = [
      { orderId: 'a', status: 'failed' },
      { orderId: 'b', status: 'running' },
    ];
    const shown = [
      { orderId: 'b', status: 'failed' },
      { orderId: 'c', status: 'failed' },
    ];
    expect(chosenOf(choice, shown, before)).toEqual([before[0], shown[0]]);
    expect([...allOrNone(choice, ['b', 'c'])]).toEqual(['a', 'b', 'c']);
    expect([...allOrNone(new Set(['a', 'b', 'c']), ['b', 'c'])]).toEqual(['a']);
  });

  it('each get the act once, and one that refuses it stops none of the others', async () => {
    const outcomes: Outcome[] = [];
    const asked: string[] = [];
    const ids = Array.from({ length: 9 }, (_, index) => `o-${index}`);
    const act = async (orderId: string) => {
      asked.push(orderId);
      if (orderId === 'o-3') throw new Error('it has ended');
    };
    await actOnEach(ids, act, (outcome) => outcomes.push(outcome));
    expect(asked).toEqual(ids);
    expect(outcomes.map(({ orderId }) => orderId).toSorted()).toEqual(ids);
    expect(outcomes.filter(({ error }) => error !== undefined)).toEqual([
      { orderId: 'o-3', error: new Error('it has ended') },
    ]);
  });

  it('are left alone from the moment on at which somebody stops it', async () => {
    const outcomes: Outcome[] = [];
    const ids = Array.from({ length: 40 }, (_, index) => `o-${index}`);
    const tell = (outcome: Outcome) => outcomes.push(outcome);
    await actOnEach(
      ids,
      async () => {},
      tell,
      () => outcomes.length >= 8,
    );
    expect(outcomes.length).toBeGreaterThanOrEqual(8);
    expect(outcomes.length).toBeLessThan(20);
  });
});

it('a plugin that is held back or drains may be reopened, any other one held back or drained', () => {
  const since = '2026-01-01T12:00:00.000Z';
  const held = { phase: 'closed', since, reason: 'it fails' } as const;
  expect(possiblePluginActs({})).toEqual(['quarantine', 'drain']);
  for (const phase of ['closed', 'draining'] as const) {
    expect(possiblePluginActs({ quarantined: { ...held, phase } })).toEqual(['reopen']);
  }
  expect(possiblePluginActs({ quarantined: { ...held, phase: 'reopening' } })).toEqual([
    'quarantine',
    'drain',
  ]);
});

it('an operator may make every call, a client only those that are listed', () => {
  const client = { kind: 'client', client: 'acme', calls: ['GET /orders'] } as const;
  expect(allows({ kind: 'operator' }, 'POST /operations')).toBe(true);
  expect(allows({ ...client, calls: [...client.calls] }, 'GET /orders')).toBe(true);
  expect(allows({ ...client, calls: [...client.calls] }, 'POST /operations')).toBe(false);
  expect(allows({ kind: 'client', client: 'acme' }, 'GET /orders')).toBe(false);
});

describe('an operation', () => {
  const filter = {
    ...{ status: ['running', 'waiting'], plugin: 'A', to: '2026-01-01T12:00:00.000Z' },
    attributes: { customer: 'acme', size: 3 },
  };

  it('says for which orders it is', () => {
    expect(operationText(filter)).toBe(
      'status running or waiting, plugin A, customer = acme, size = 3',
    );
    expect(operationText({ to: filter.to })).toBe('all orders until then');
  });

  it('leads to the orders that match now', () => {
    expect(operationQuery(filter)).toEqual({
      ...{ status: ['running', 'waiting'], plugin: ['A'], to: [filter.to] },
      ...{ 'attribute.customer': 'acme', 'attribute.size': '3' },
    });
  });
});
