import { describe, expect, it } from '@jest/globals';
import type { SeenOrder } from '../stack/order-system.ts';
import { complaintsOf } from './checks.ts';
import { csvOf, workload } from './workload.ts';

const orders = workload(500);

it('the file names each order once, and what it is to do', () => {
  const [header, ...rows] = csvOf(orders).trim().split('\n');
  expect(header).toBe('orderId,input,todo,workflow');
  expect(rows).toHaveLength(500);
  expect(rows.slice(0, 4)).toEqual([
    'order-0,0,A;B,',
    'order-1,1,A;A|B,',
    'order-2,2,B;A;B;A,',
    'order-3,3,,soon',
  ]);
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(500);
});

describe('an order that has ended', () => {
  const [expected] = orders.slice(1);
  if (expected === undefined) throw new Error('there are no orders');
  const done = {
    ...{ orderId: 'order-1', status: 'completed', acceptedAt: '', result: { A: 5, B: 6 } },
    jobs: { A: { result: 3 }, 'A#2': { result: 5 }, B: { result: 6 } },
    tasks: ['A', 'A#2', 'B'].map((job) => ({ job, attempts: [1] })),
  } satisfies SeenOrder;

  it('as it should leaves nothing to complain of', () => {
    expect(complaintsOf(done, expected)).toEqual([]);
  });

  it.each([
    ['another status', { status: 'failed', error: { code: 'BROKEN' } }, 'is failed'],
    ['another result', { result: { A: 5, B: 7 } }, 'has the result'],
    ['a job too few', { jobs: { A: { result: 3 } } }, 'has the jobs'],
    ['a task twice', { tasks: [...done.tasks, { job: 'B', attempts: [1] }] }, 'has the tasks'],
  ])('with %s is complained of', (_name, differing, complaint) => {
    expect(complaintsOf({ ...done, ...differing }, expected)).toMatchObject([
      expect.stringContaining(complaint),
    ]);
  });
});
