import type { BundleRow } from './bundles.ts';
import type { Cost, CostRow } from './cost.ts';
import type { Decisions } from './decisions.ts';
import type { Fairness, FairnessRow } from './fairness.ts';
import { type Goal, isMet } from './goals.ts';
import type { GrowthRow, Run } from './growth.ts';
import type { Latency } from './latency.ts';
import type { LongList } from './long-list.ts';
import type { Throughput } from './throughput.ts';
import type { Tree } from './tree.ts';
import type { WaitingRow } from './waiting.ts';
import type { Windows, WindowsMeasured, WindowsRow } from './windows.ts';
import type { Waited, Wishes } from './wishes.ts';

/** A table in Markdown: the first column is text, the others are numbers. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}

export function costTable({ rows, shares }: Cost): string {
  const shown = table(
    ['1 KB payloads unless said', '$ per 1M tasks', 'SQS', 'SNS', 'writes', 'reads', 'invocations'],
    rows.map((row) => [nameOf(row), dollars(row.dollarsPerMillionTasks), ...counts(row)]),
  );
  if (shares === undefined) return shown;
  const { order, task } = shares;
  return `${shown}\n\nUnder load, an order's own share is ${dollars(order)} per 1M orders, and a task's ${dollars(task)} per 1M tasks.`;
}

export function waitingTable(rows: readonly WaitingRow[]): string {
  return table(
    ['the call waits for', '$ per 1M calls', 'looks'],
    rows.map(({ seconds, looks, dollarsPerMillionCalls }) => [
      ...[`${seconds} s`, dollars(dollarsPerMillionCalls), String(looks)],
    ]),
  );
}

export function rivalsTable({ rows }: Cost): string {
  return table(
    [
      '$ per 1M tasks',
      'Baton',
      'bare chain',
      'Express, with logs',
      'durable functions',
      'Standard',
    ],
    rows.map((row) => {
      const { bareChain, express, durable, standard } = row.rivals;
      const all = [row.dollarsPerMillionTasks, bareChain, express, durable, standard];
      return [nameOf(row), ...all.map(dollars)];
    }),
  );
}

export function latencyTable({ first, warm, orders, warmAfter }: Latency): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const rows = ({ task, twoHops, ratio }: Latency['first'], when: string) => [
    [`a task, from its dispatch to the next one, ${when}`, ms(task.median), ms(task.p95)],
    [`two bare hops of SQS, ${when}`, ms(twoHops.median), ms(twoHops.p95)],
    [`a task ÷ two bare hops, ${when}`, ratio.toFixed(2), ''],
  ];
  return table(
    ['', 'median', 'p95'],
    [...rows(first, `the first ${orders} orders`), ...rows(warm, `after ${warmAfter} orders`)],
  );
}

export function throughputTable({
  orders,
  tasks,
  first,
  warm,
  warmAfter,
  decisions,
}: Throughput & { readonly decisions: Decisions }): string {
  const ms = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(1)} ms`);
  const [functions, services] = (['functions', 'services'] as const).map((which) =>
    [first, warm].map(({ processorMsPerTask }) => ms(processorMsPerTask?.[which])),
  ) as [string[], string[]];
  return table(
    [
      `${orders} orders of ${tasks} tasks at once`,
      'the first ones',
      `after ${warmAfter.toLocaleString('en')} orders`,
    ],
    [
      ['orders/s', ...[first, warm].map(({ ordersPerSecond }) => ordersPerSecond.toFixed(1))],
      ['processor time a task: functions and pollers', ...functions],
      ['processor time a task: embedded SQS, SNS and DynamoDB', ...services],
      ['decisions a second of processor time, nothing stored', '', String(decisions.perSecond)],
    ],
  );
}

export function bundlesTable(rows: readonly BundleRow[]): string {
  return table(
    ['bundle', 'KB', 'load, processor time'],
    rows.map(({ name, kilobytes, loadMs }) => [
      name,
      kilobytes.toFixed(0),
      `${loadMs.toFixed(0)} ms`,
    ]),
  );
}

export function growthTable(rows: readonly GrowthRow[]): string {
  const run = ({ readUnits, ms }: Run) => `${readUnits} reads, ${ms.toFixed(0)} ms`;
  return table(
    [
      'orders that wait',
      '$ per 1M tasks',
      'a sweep',
      'an observe',
      'both, a month',
      '`GET /status`',
    ],
    rows.map((row) => [
      row.activeOrders.toLocaleString('en'),
      dollars(row.dollarsPerMillionTasks),
      run(row.sweep),
      run(row.observe),
      dollars(row.dollarsPerMonth),
      `${row.statusMs.toFixed(0)} ms`,
    ]),
  );
}

export function wishesTable({ rows }: Wishes): string {
  const shown = ({ median, most }: Waited) => [`${median.toFixed(0)} ms`, `${most.toFixed(0)} ms`];
  return table(
    ['', 'empty queues, median', 'longest', 'full queues, median', 'longest'],
    rows.map(({ wish, empty, full }) => [
      wish === 'operation' ? 'an operation, accepted' : wish,
      ...shown(empty),
      ...shown(full),
    ]),
  );
}

export function treeTable({ orders, branches, leaves, seconds, entries }: Tree): string {
  return table(
    ['', ''],
    [
      [
        `${orders.toLocaleString('en')} orders: 1, its ${branches}, and ${leaves} of each`,
        `${seconds.toFixed(1)} s`,
      ],
      ['orders/s', (orders / seconds).toFixed(1)],
      ['journal entries of the first order', String(entries)],
    ],
  );
}

export function longListTable({ elements, slices, seconds, entries }: LongList): string {
  return table(
    ['', ''],
    [
      [
        `${elements.toLocaleString('en')} elements, in ${slices} child orders`,
        `${seconds.toFixed(1)} s`,
      ],
      ['elements/s', (elements / seconds).toFixed(1)],
      ['journal entries of the order itself', String(entries)],
    ],
  );
}

const BESIDE: Readonly<Record<FairnessRow['beside'], string>> = {
  nothing: 'alone',
  'all at once': 'beside the many orders of the other client',
  'so many at once': 'beside them, with `tasksPerClient`',
};

export function fairnessTable({ rows }: Fairness): string {
  return table(
    ['an order of the client with few', 'median', 'longest', 'until all of the other are done'],
    rows.map(({ beside, median, longest, otherSeconds }) => [
      BESIDE[beside],
      `${median.toFixed(1)} s`,
      `${longest.toFixed(1)} s`,
      otherSeconds === undefined ? '' : `${otherSeconds.toFixed(0)} s`,
    ]),
  );
}

export function windowsTable({ rows }: WindowsMeasured): string {
  const of = (windows: Windows) => rows.filter((row) => row.windows === windows);
  const told = ({ dollarsPerMillionTasks, seconds }: WindowsRow) =>
    `$${dollarsPerMillionTasks.toFixed(2)}, ${seconds.toFixed(seconds < 1 ? 2 : 1)} s`;
  return table(
    ['whose batches wait', ...of('nobody').map((row) => `${row.ordersPerSecond} orders/s`)],
    WHOSE.map(([windows, whose]) => [whose, ...of(windows).map(told)]),
  );
}

const WHOSE: readonly (readonly [Windows, string])[] = [
  ['nobody', "nobody's"],
  ['orchestrator', "the orchestrator's"],
  ['orchestrator and plugins', "the orchestrator's, and those of all plugins"],
];

export function goalsTable(goals: readonly Goal[]): string {
  return table(
    ['$ per 1M tasks, unless said', 'goal', 'measured', 'met'],
    goals.map((goal) => {
      const { what, limit, atLeast, measured, format } = goal;
      const met = isMet(goal);
      return [
        what,
        `${atLeast ? '≥' : '≤'} ${format(limit)}`,
        measured === undefined ? 'not measured' : format(measured),
        met === undefined ? '' : met ? 'yes' : 'no',
      ];
    }),
  );
}

export function nameOf({ name, load, orders }: CostRow): string {
  return load === 'alone' ? `${name}, one order at a time` : `${name}, ${orders} orders at once`;
}

export function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}

function counts({ perTask: { sqs, sns, writeUnits, readUnits, invocations } }: CostRow) {
  return [sqs, sns, writeUnits, readUnits, invocations].map((count) => count.toFixed(2));
}
