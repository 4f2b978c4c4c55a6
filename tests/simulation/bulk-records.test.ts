import { expect, it } from '@jest/globals';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Operation } from '../../src/ports/operations.ts';
import { BulkRecords, wrongOperations } from './bulk-records.ts';

const T0 = 1_000_000_000;

const begun: Operation = {
  ...{ operationId: 'op-1', act: { action: 'retry' }, filter: { status: 'failed' } },
  ...{ ratePerSecond: 1, actor: 'operator', askedAt: T0, fingerprint: 'f', status: 'running' },
  ...{ matched: 2, done: 0, refused: 0, refusals: {}, page: 0 },
};

/** The journal of an order that failed a minute before the operation was asked for; the operation's act may stand in it. */
const failedOrder = (orderId: string, ...acts: readonly string[]) => {
  const entry = (number: number, at: number, status: string, events: readonly object[]) =>
    ({
      ...{ orderId, number, at, events },
      state: { orderId, status, workflow: { name: 'w', version: 1 }, acceptedAt: T0 - 90_000 },
    }) as unknown as JournalEntry;
  const retries = acts.map((actId, index) =>
    entry(1 + index, T0 + 2000, 'running', [{ type: 'RetryRequested', actId }]),
  );
  return [entry(0, T0 - 60_000, 'failed', []), ...retries];
};

/** What is wrong about an operation that has had these pages and ended so, of the orders `a` and `b`. */
function wrong(
  pages: readonly (readonly string[])[],
  ended: Partial<Operation>,
  journals: readonly (readonly JournalEntry[])[] = [failedOrder('a', 'op-1'), failedOrder('b')],
) {
  const records = new BulkRecords(() => undefined);
  records.stored(begun, T0);
  for (const [page, orderIds] of pages.entries()) {
    records.stored({ ...begun, page, underWay: { orderIds } }, T0 + 1000);
    records.stored({ ...begun, page: page + 1 }, T0 + 2000);
  }
  const end = { status: 'done', endedAt: T0 + 10_000 } as const;
  records.stored({ ...begun, page: pages.length, ...end, ...ended }, T0 + 10_000);
  const byOrder = new Map(journals.map((journal) => [journal[0]?.orderId ?? '', journal]));
  return wrongOperations(records.records.values(), byOrder).map((text) =>
    text.replace('retry of {"status":"failed"}: ', ''),
  );
}

it('finds nothing where each order that matched was acted on or refused, once', () => {
  const counts = { done: 1, refused: 1, refusals: { TOO_LARGE: 1 } };
  expect(wrong([['a', 'b']], counts)).toEqual([]);
  expect(wrong([['a'], ['b']], counts)).toEqual([]);
});

it('finds an order that was left out, unless it ceased to match by itself', () => {
  const counts = { matched: 1, done: 1 };
  expect(wrong([['a']], counts)).toEqual(['b is left out']);
  const byAnother = [failedOrder('a', 'op-1'), failedOrder('b', 'somebody')];
  expect(wrong([['a']], counts, byAnother)).toEqual([]);
});

it('finds an order that stands in two pages, an act that stands twice, and one of an order in no page', () => {
  expect(wrong([['a', 'b'], ['a']], { matched: 3, done: 1, refused: 2 })).toEqual([
    'an order stands in two pages: a,b,a',
  ]);
  const twice = [failedOrder('a', 'op-1', 'op-1'), failedOrder('b')];
  expect(wrong([['a', 'b']], { done: 1, refused: 1 }, twice)).toEqual([
    'it stands 2 times in the journal of a',
  ]);
  const unseen = [failedOrder('a', 'op-1'), failedOrder('b', 'op-1')];
  expect(wrong([['a']], { matched: 1, done: 1 }, unseen)).toEqual([
    'b is in no page, and its journal has the act',
    '2 journals have the act, 1 count',
    'b is left out',
  ]);
});

it('finds counts that are not true, and an operation without an end', () => {
  expect(wrong([['a', 'b']], { done: 1 })).toEqual(['1 are done and 0 refused, of 2']);
  expect(wrong([['a', 'b']], { matched: 5, done: 1, refused: 1 })).toEqual(['5 matched, of 2']);
  expect(wrong([['a', 'b']], { done: 0, refused: 2 })).toEqual([
    '1 journals have the act, 0 count',
  ]);
  expect(wrong([['a', 'b']], { done: 1, refused: 1, status: 'running' })).toEqual([
    'it never ended, after 1 pages',
  ]);
});

it('one that is stopped may leave out orders of its page, but counts what it has done', () => {
  const stopped = { status: 'stopped', done: 0 } as const;
  expect(wrong([['a', 'b']], { ...stopped, refused: 1 }, [failedOrder('a')])).toEqual([]);
  expect(wrong([['a', 'b']], { ...stopped, refused: 1 })).toEqual([
    '1 journals have the act, 0 count',
  ]);
  expect(wrong([['a']], { ...stopped, refused: 2 }, [failedOrder('a')])).toEqual([
    '0 are done and 2 refused, of 1',
  ]);
});

it('an act that took effect may count as refused for a passing reason', () => {
  expect(wrong([['a', 'b']], { done: 0, refused: 2, refusals: { INTERNAL: 2 } })).toEqual([]);
});
