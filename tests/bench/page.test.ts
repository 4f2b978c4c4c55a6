import { describe, expect, it } from '@jest/globals';
import { charts } from '../../bench/charts.ts';
import type { CostRow } from '../../bench/cost.ts';
import { measureDecisions } from '../../bench/decisions.ts';
import { dollarsPerMillion } from '../../bench/dollars.ts';
import { goalsOf, isMet } from '../../bench/goals.ts';
import { page } from '../../bench/page.ts';
import { quantile } from '../../bench/quantile.ts';
import { rivalsOf } from '../../bench/rivals.ts';
import { waitingFor } from '../../bench/waiting.ts';

const PER_TASK = { sqs: 6.6, sns: 0.4, writeUnits: 2.2, readUnits: 1.2, invocations: 2.2 };
const SHAPE = { tasks: 5, payloadBytes: 1024 };

const CONDITIONS = {
  ...{ measuredOn: '2026-11-25', commit: 'abc1234', quick: false },
  ...{ machine: '2 × a processor', node: 'v24', loadAverage: 1.5 },
};

function row(name: string, load: CostRow['load']): CostRow {
  return {
    ...{ name, load, shape: SHAPE, orders: 10, perTask: PER_TASK },
    dollarsPerMillionTasks: dollarsPerMillion(PER_TASK),
    rivals: rivalsOf(SHAPE, load === 'saturated'),
  };
}

describe('the price of a million tasks', () => {
  it('is that of their requests, units and invocations', () => {
    // 6.6 × $0.40 + 0.4 × $0.50 + 2.2 × $0.625 + 1.2 × $0.125 + 2.2 × ($0.20 + 0.005 GB-s × $13.33)
    expect(dollarsPerMillion(PER_TASK)).toBeCloseTo(4.952, 3);
  });

  it('of calls that wait is that of two functions that wait, and of looks', () => {
    // $0.20 + 5 s × 0.75 GB × $13.33 + 17 or 18 looks × $0.125
    const { looks, dollarsPerMillionCalls } = waitingFor(5);
    expect(looks).toBeLessThan(25);
    expect(dollarsPerMillionCalls).toBeCloseTo(50.19 + looks * 0.125, 2);
    expect(waitingFor(0.05).looks).toBe(2);
  });

  it('is elsewhere what the assumptions say', () => {
    const { standard, express, durable, bareChain } = rivalsOf(SHAPE, false);
    // Six transitions of $25 for five tasks, and each task's invocation.
    expect(standard).toBeCloseTo(30.27, 2);
    expect(durable).toBeGreaterThan(9.6);
    expect(express).toBeGreaterThan(bareChain);
    expect(rivalsOf(SHAPE, true).bareChain).toBeCloseTo(bareChain / 10, 6);
  });
});

describe('the page', () => {
  const rows = [row('5 in a row', 'alone'), row('<wide> & high', 'saturated')];
  const cost = { ...CONDITIONS, rows, shares: { order: 3.4, task: 0.8 } };

  it('shows each row with its counts and its conditions, and what is left out', () => {
    const text = page({ cost });
    expect(text).toContain(
      '| 5 in a row, one order at a time | $4.95 | 6.60 | 0.40 | 2.20 | 1.20 | 2.20 |',
    );
    expect(text).toContain("an order's own share is $3.40 per 1M orders, and a task's $0.80");
    expect(text).toContain('Measured on 2026-11-25 at `abc1234`: 2 × a processor; Node v24');
    expect(text).toContain('API Gateway ($1.00 per 1M calls)');
  });

  it('says of each goal whether it is met, missed or not measured', () => {
    const text = page({ cost });
    expect(text).toContain("| an order's own share | ≤ $3.40 | $3.40 | yes |");
    expect(text).toContain('| 5 in a row, one order at a time | ≤ $4.60 | $4.95 | no |');
    expect(text).toContain(
      '| orders/s of 5 tasks, on one machine, once warm | ≥ 110 | not measured |  |',
    );
    const [, ...rest] = goalsOf({ cost });
    expect(rest.map(isMet)).toContain(undefined);
  });

  it('sets what people wait for while queues are full beside what they wait for otherwise', () => {
    const waited = {
      empty: { median: 12.4, most: 31, askedAgain: 0 },
      full: { median: 40, most: 90.6, askedAgain: 1 },
    };
    const rows = [
      { wish: 'pause', ...waited },
      { wish: 'operation', ...waited },
    ] as const;
    const backlog = { orders: 10_000, times: 20, waitingAtFirst: 10_003, waitingAtLast: 4210 };
    const text = page({ wishes: { ...CONDITIONS, ...backlog, rows } });
    expect(text).toContain('| pause | 12 ms | 31 ms | 40 ms | 91 ms |');
    expect(text).toContain('| an operation, accepted | 12 ms |');
    expect(text).toContain('2 of the 40 were answered `503` at first');
    expect(text).toContain('10,003 messages waited at the first wish, 4,210 after the last one');
  });

  it('sets a stack that has just started beside one that has done some orders', () => {
    const processorMsPerTask = { functions: 3.25, services: 1.5 };
    const first = { ordersPerSecond: 75, processorMsPerTask };
    const counts = { orders: 600, tasks: 5, warmAfter: 1850, decisions: { perSecond: 60_000 } };
    const throughput = { ...CONDITIONS, ...counts, first, warm: { ordersPerSecond: 110 } };
    const spread = { median: 4, p95: 9 };
    const compared = { task: { median: 6, p95: 8 }, twoHops: spread, ratio: 1.5 };
    const warm = { ...compared, ratio: 1.25 };
    const latency = { ...CONDITIONS, orders: 40, warmAfter: 123, first: compared, warm };
    const text = page({ throughput, latency });
    expect(text).toContain(
      '| 600 orders of 5 tasks at once | the first ones | after 1,850 orders |',
    );
    expect(text).toContain('| orders/s | 75.0 | 110.0 |');
    expect(text).toContain('| processor time a task: functions and pollers | 3.3 ms |  |');
    expect(text).toContain('| a task ÷ two bare hops, after 123 orders | 1.25 |  |');
    expect(text).toContain('| a task ÷ two bare hops, just started | ≤ 1.40 | 1.50 | no |');
    expect(text).toContain(
      '| orders/s of 5 tasks, on one machine, once warm | ≥ 110 | 110 | yes |',
    );
  });

  it('shows how long a tree of child orders took', () => {
    const tree = { orders: 1000, branches: 27, leaves: 36, seconds: 80, entries: 20 } as const;
    const text = page({ tree: { ...CONDITIONS, ...tree } });
    expect(text).toContain('| 1,000 orders: 1, its 27, and 36 of each | 80.0 s |');
    expect(text).toContain('| orders/s | 12.5 |');
  });

  it('shows how long an order of one client takes beside the many of another', () => {
    const rows = [
      { beside: 'nothing', median: 0.6, longest: 0.7, orders: 20 },
      { beside: 'all at once', median: 30.12, longest: 48, orders: 20, otherSeconds: 52 },
      { beside: 'so many at once', median: 0.8, longest: 1.2, orders: 20, otherSeconds: 66 },
    ] as const;
    const setting = { many: 1000, tasksPerClient: 8, instances: 10, workMs: 500, rows };
    const text = page({ fairness: { ...CONDITIONS, ...setting } });
    expect(text).toContain('| alone | 0.6 s | 0.7 s |  |');
    expect(text).toContain(
      '| beside the many orders of the other client | 30.1 s | 48.0 s | 52 s |',
    );
    expect(text).toContain('| beside them, with `tasksPerClient` | 0.8 s | 1.2 s | 66 s |');
    expect(text).toContain('leaves 2 instances to others');
    expect(text).toContain("SQS's fair queues are not imitated here");
  });

  it('shows what a task costs and how long an order takes where batches wait', () => {
    const row = { ordersPerSecond: 5, dollarsPerMillionTasks: 4.6, seconds: 0.08 };
    const rows = [
      { windows: 'nobody', ...row },
      { windows: 'nobody', ...row, ordersPerSecond: 20 },
      { windows: 'orchestrator', ...row, dollarsPerMillionTasks: 1.894, seconds: 2.83 },
    ] as const;
    const windows = { ...CONDITIONS, tasks: 5, lastsSeconds: 30, rows };
    const text = page({ cost, windows });
    expect(text).toContain('| whose batches wait | 5 orders/s | 20 orders/s |');
    expect(text).toContain("| nobody's | $4.60, 0.08 s | $4.60, 0.08 s |");
    expect(text).toContain("| the orchestrator's | $1.89, 2.8 s |");
    expect(text).toContain('orders of 5 tasks in a row that come one by one for 30 seconds');
  });

  it('leaves out the parts that were not measured', () => {
    expect(page({ cost })).not.toContain('## Latency');
    expect(page({})).not.toContain('## Cost');
  });

  it('has a chart of the rows under load, whose text is no markup', () => {
    const [[name, svg] = []] = charts({ cost });
    expect(name).toBe('cost');
    expect(svg).toContain('&lt;wide> &amp; high, 10 orders at once');
    expect(svg).not.toContain('5 in a row, one order at a time');
    // A bar for each of the five, and their five colours in the legend.
    expect(svg?.match(/<rect /g)?.length).toBe(10);
  });
});

it('decisions are counted on whole orders', () => {
  expect(measureDecisions(true).perSecond).toBeGreaterThan(0);
});

it('the median is the value in the middle', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([], 0.5)).toBeNaN();
});
