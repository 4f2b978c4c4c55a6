import { describe, expect, it } from '@jest/globals';
import type { OperationView, OrderView } from '../../../src/cli/responses.ts';
import type { AnyDeed } from '../deeds.ts';
import { effectsOf, nothing } from '../deeds.ts';
import type { Act } from '../people/acts.ts';
import type { Case } from './case.ts';
import { complaintsAbout } from './judge.ts';
import { wrongOperation } from './operations.ts';

const iso = (at: number) => new Date(at).toISOString();
const ERROR = { code: 'POISONED', message: 'no', task: 'pay', plugin: 'pay', attempt: 1 };

/** What `reserve`, `pay` and so on make of the input 5, one after another. */
const RESERVED = 'reserve(5)';
const PAID = `pay(${JSON.stringify(RESERVED)})`;
const TICKET = `ticket(${JSON.stringify(PAID)})`;

type Seen = Partial<Record<keyof OrderView, unknown>>;

interface Story {
  readonly workflow?: string;
  readonly poison?: string;
  readonly order?: Seen;
  readonly deeds?: readonly object[];
  readonly acts?: readonly Partial<Act>[];
  readonly operations?: Case['operations'];
  readonly healedAt?: number;
  readonly callbacks?: Case['callbacks'];
}

/** An order as it stands at the end; by default of the workflow `held`, which reserves, pays and gets a ticket. */
function caseOf({ workflow = 'held', poison, order = {}, deeds = [], acts = [], ...rest }: Story) {
  const written = deeds.map((one, at) => ({ orderId: 'o', attempt: 1, at, ...one }));
  return {
    plan: {
      ...{ orderId: 'o', workflow, input: 5 },
      attributes: { batch: '0', ...(poison !== undefined && { poison }) },
    },
    order: { orderId: 'o', jobs: {}, tasks: [], timeline: [], ...order } as unknown as OrderView,
    effects: effectsOf(written as unknown as AnyDeed[]).get('o') ?? nothing(),
    acts: acts.map((one) => ({ orderId: 'o', askedAt: 10, answeredAt: 20, ...one }) as Act),
    ...{ operations: new Map(), callbacks: [], ...rest },
  };
}

const done = (plugin: string, input: unknown, result: string) => ({
  ...{ deed: 'done', plugin, job: plugin, input, result },
});
const undone = (plugin: string, input: unknown, result: string, ending: object) => ({
  ...{ deed: 'undone', plugin, job: plugin, input, result, ending },
});

const WORK = [
  done('reserve', 5, RESERVED),
  done('pay', RESERVED, PAID),
  done('ticket', PAID, TICKET),
];
const COMPLETED = {
  ...{ status: 'completed', result: TICKET },
  jobs: Object.fromEntries(WORK.map(({ job, input, result }) => [job, { input, result }])),
};

const BY_HAND = { status: 'cancelled', reason: 'act 1' };
const CANCEL = { act: 'cancel', reason: 'act 1' } as const;
const UNDONE = [undone('pay', RESERVED, PAID, BY_HAND), undone('reserve', 5, RESERVED, BY_HAND)];
const CANCELLED = {
  ...BY_HAND,
  jobs: { reserve: COMPLETED.jobs.reserve, pay: COMPLETED.jobs.pay },
  tasks: ['reserve', 'pay'].map((job, index) => ({
    ...{ taskId: `t${index + 1}`, job, activity: 'sell', stage: 'pre', attempts: [] },
  })),
  compensations: [
    { job: 'pay', status: 'completed' },
    { job: 'reserve', status: 'completed' },
  ],
  timeline: [{ at: iso(15), event: 'CancelRequested', reason: 'act 1' }],
};
const cancelled = { order: CANCELLED, acts: [CANCEL], deeds: [...WORK.slice(0, 2), ...UNDONE] };

/** An order that failed at `pay`, when `reserve` was done. */
const FAILED = {
  ...{ status: 'failed', error: ERROR, jobs: { reserve: COMPLETED.jobs.reserve } },
  compensations: [{ job: 'reserve', status: 'completed' }],
};
const failed = {
  ...{ workflow: 'slow', poison: 'pay', order: FAILED },
  deeds: [WORK[0] ?? {}, undone('reserve', 5, RESERVED, { status: 'failed', error: ERROR })],
};

describe('nothing is said of an order that', () => {
  it.each<[string, Story]>([
    ['has completed', { order: COMPLETED, deeds: WORK }],
    ['was done twice under one key', { order: COMPLETED, deeds: [...WORK, ...WORK] }],
    ['was cancelled, and undone', cancelled],
    ['has failed, and was undone', failed],
    [
      'was cancelled with the wish that nothing is undone',
      {
        order: { ...CANCELLED, compensations: undefined },
        ...{ acts: [{ ...CANCEL, undo: false }], deeds: WORK.slice(0, 2) },
      },
    ],
    [
      'was paused again while it was paused',
      {
        order: {
          ...COMPLETED,
          timeline: [
            { at: iso(5), event: 'PauseRequested', reason: 'act 1' },
            { at: iso(30), event: 'ResumeRequested', reason: 'act 3' },
          ],
        },
        deeds: WORK,
        acts: [
          { act: 'pause', reason: 'act 1', askedAt: 4, answeredAt: 6 },
          { act: 'pause', reason: 'act 2' },
          { act: 'resume', reason: 'act 3', askedAt: 29, answeredAt: 31 },
        ],
      },
    ],
  ])('%s', (_what, story) => {
    expect(complaintsAbout(caseOf(story))).toEqual([]);
  });
});

describe('the judge notices', () => {
  it.each<[string, Story, string]>([
    ['another result', { order: { ...COMPLETED, result: 'x' }, deeds: WORK }, 'and should be'],
    [
      'work that nobody did',
      { order: COMPLETED, deeds: WORK.slice(1) },
      'reserve counts as done, and its plugin did nothing',
    ],
    [
      'work with another input',
      { order: COMPLETED, deeds: [done('reserve', 6, RESERVED), ...WORK.slice(1)] },
      'reserve counts as done with another input or result',
    ],
    [
      'different work under one key',
      { order: COMPLETED, deeds: [...WORK, done('pay', RESERVED, 'x')] },
      'pay is done twice, and otherwise the second time',
    ],
    [
      'work that is lost',
      { order: COMPLETED, deeds: [...WORK, done('pack', 5, 'x')] },
      'pack is done, and lost',
    ],
    [
      'a callback that is lost',
      {
        ...{ order: COMPLETED, deeds: WORK },
        callbacks: [{ orderId: 'o', job: 'approve', result: 'x' }],
      },
      'approve is done, and lost',
    ],
    [
      'an undoing where nothing failed',
      { order: COMPLETED, deeds: [...WORK, ...UNDONE] },
      'it is completed, and pay was undone',
    ],
    [
      'an undoing that is missing',
      { ...cancelled, deeds: cancelled.deeds.slice(0, -1) },
      'reserve is not undone',
    ],
    [
      'an undoing of what was not done',
      { ...cancelled, deeds: cancelled.deeds.slice(1) },
      'reserve is undone, and was not done',
    ],
    [
      'an undoing that is told another result',
      {
        ...cancelled,
        deeds: [...WORK.slice(0, 2), undone('pay', RESERVED, 'x', BY_HAND), UNDONE[1] ?? {}],
      },
      'pay is undone with another input or result',
    ],
    [
      'an undoing for another reason',
      { ...failed, order: { ...FAILED, error: { ...ERROR, attempt: 2 } } },
      'reserve is undone for another reason',
    ],
    [
      'an undoing out of order',
      { ...cancelled, deeds: [...WORK.slice(0, 2), ...UNDONE.toReversed()] },
      'reserve is undone before pay',
    ],
    [
      'an undoing that is not listed',
      {
        ...cancelled,
        order: { ...CANCELLED, compensations: CANCELLED.compensations.slice(0, 1) },
      },
      'it does not list that reserve is undone',
    ],
    [
      'an undoing that is pending for ever',
      { ...failed, order: { ...FAILED, compensations: [{ job: 'reserve', status: 'pending' }] } },
      'it says of the undoing of reserve: pending',
    ],
    ['an order that is still there', { order: { status: 'running' } }, 'it has not ended: running'],
    ['an order that failed without a reason', { ...failed, poison: 'ticket' }, 'and should be'],
    [
      'an order that failed after it was retried when it was healed',
      {
        ...failed,
        order: { ...FAILED, timeline: [{ at: iso(9), event: 'RetryRequested', reason: 'act 1' }] },
        ...{ healedAt: 5, acts: [{ act: 'retry', reason: 'act 1' }] },
      },
      'though it was retried after what ailed it was gone',
    ],
    [
      'an order that failed instead of pausing',
      { ...failed, workflow: 'held' },
      'it has failed instead of pausing',
    ],
    [
      'an order that nobody cancelled',
      { ...cancelled, acts: [] },
      'it is cancelled, and nobody asked for it',
    ],
    [
      'a cancel that is forgotten',
      { order: COMPLETED, deeds: WORK, acts: [CANCEL] },
      'it is completed, though it was cancelled',
    ],
    [
      'an act that is not in the timeline',
      { order: COMPLETED, deeds: WORK, acts: [{ act: 'resume', reason: 'act 1' }] },
      'resume (act 1) was taken, and does not stand in the timeline',
    ],
    [
      'an act that is there twice',
      {
        ...cancelled,
        order: { ...CANCELLED, timeline: [...CANCELLED.timeline, ...CANCELLED.timeline] },
      },
      'cancel (act 1) stands 2 times in the timeline',
    ],
    [
      'an act that was refused, and is there',
      { ...cancelled, acts: [{ ...CANCEL, refused: 'PAST_PIVOT' }] },
      'cancel (act 1) was refused with PAST_PIVOT, and stands in the timeline',
    ],
    [
      'an attempt that ended as a dead letter',
      {
        deeds: WORK,
        order: {
          ...COMPLETED,
          tasks: [{ taskId: 't1', job: 'pay', attempts: [{ error: { code: 'DEAD_LETTERED' } }] }],
        },
      },
      '1 attempts are dead letters',
    ],
  ])('%s', (_what, story, complaint) => {
    expect(complaintsAbout(caseOf(story))).toContainEqual(expect.stringContaining(complaint));
  });
});

describe('of an operation', () => {
  const view = { action: 'retry', status: 'done', matched: 2, done: 1, refused: 1 };
  const orders = [{ timeline: [{ operation: 'op-1' }] }, { timeline: [] }];
  const said = (differing: object) =>
    wrongOperation(
      { operationId: 'op-1', mustMatch: 2 },
      { ...view, ...differing } as OperationView,
      orders as unknown as OrderView[],
    );

  it('nothing is said when its counts are those of the timelines', () => {
    expect(said({})).toEqual([]);
  });

  // Was: an operation that was stopped before its first page counted as one that had forgotten its orders.
  // Now: it may have met fewer orders than matched when it was asked for, but no more.
  it('nothing is said when it was stopped before it had met all orders', () => {
    expect(said({ status: 'stopped', matched: 24 })).toEqual([]);
    expect(said({ status: 'stopped', matched: 1 })).toContainEqual(
      expect.stringContaining('has matched 1, done 1'),
    );
  });

  it.each([
    ['it goes on', { status: 'running' }, 'has not ended'],
    ['an order is neither done nor refused', { refused: 0 }, 'has matched 2, done 1'],
    ['it has not met all orders', { matched: 1, refused: 0 }, 'has matched 1 of 2'],
    ['it has done what no timeline holds', { done: 2, refused: 0 }, '1 timelines hold it'],
  ])('the judge notices when %s', (_what, differing, complaint) => {
    expect(said(differing)).toContainEqual(expect.stringContaining(complaint));
  });
});
