import type { CostRow } from './cost.ts';
import type { GrowthRow } from './growth.ts';
import type { Results } from './results.ts';

export interface Goal {
  readonly what: string;
  readonly limit: number;
  /** The limit is the least that will do. Default: the most. */
  readonly atLeast?: true;
  /** Undefined where it was not measured. */
  readonly measured: number | undefined;
  readonly format: (value: number) => string;
}

const dollars = (value: number) => `$${value.toFixed(2)}`;
const kilobytes = (value: number) => `${value.toFixed(0)} KB`;
const ms = (value: number) => `${value.toFixed(0)} ms`;
const ratio = (value: number) => value.toFixed(2);
const perSecond = (value: number) => value.toFixed(0);

const FIRST_AND_WARM = [
  ['first', 'just started'],
  ['warm', 'once warm'],
] as const;

/** What Baton is measured by, and what was measured. */
export function goalsOf({ cost, latency, throughput, bundles, growth }: Results): readonly Goal[] {
  const row = (name: string, load: CostRow['load']) =>
    cost?.rows.find((one) => one.name === name && one.load === load)?.dollarsPerMillionTasks;
  const bundle = (name: string) => bundles?.rows.find((one) => one.name === name);
  const plugin = bundle('a plugin (arithmetic)');
  const orchestrate = bundle('orchestrate');
  const saturated = (what: string, limit: number) => ({
    ...{ what: `${what}, under load`, limit, measured: row(what, 'saturated'), format: dollars },
  });
  const alone = (what: string, limit: number) => ({
    ...{ what: `${what}, one order at a time`, limit, measured: row(what, 'alone') },
    format: dollars,
  });
  return [
    { what: "an order's own share", limit: 3.4, measured: cost?.shares?.order, format: dollars },
    { what: "a task's share", limit: 0.8, measured: cost?.shares?.task, format: dollars },
    saturated('1 task', 4.4),
    saturated('5 in a row', 1.5),
    saturated('5 in a row, a request each', 1.5),
    saturated('8 in parallel', 0.85),
    saturated('8 in parallel, handed on unchanged', 0.85),
    saturated('5 in a row of 8 KB', 3.5),
    saturated('5 in a row of 8 KB, handed on unchanged', 3.5),
    alone('5 in a row', 4.6),
    alone('5 in a row, without facts', 4.6),
    ...FIRST_AND_WARM.flatMap(([which, when]) => [
      {
        what: `a task ÷ two bare hops, ${when}`,
        ...{ limit: 1.4, measured: latency?.[which].ratio, format: ratio },
      },
      {
        what: `orders/s of 5 tasks, on one machine, ${when}`,
        ...{ limit: 110, atLeast: true, measured: throughput?.[which].ordersPerSecond },
        format: perSecond,
      },
    ]),
    { what: "a plugin's bundle", limit: 100, measured: plugin?.kilobytes, format: kilobytes },
    {
      what: "orchestrate's bundle",
      ...{ limit: 350, measured: orchestrate?.kilobytes, format: kilobytes },
    },
    { what: 'to load orchestrate', limit: 80, measured: orchestrate?.loadMs, format: ms },
    {
      what: `a month of ${growth?.rows.at(-1)?.activeOrders.toLocaleString('en') ?? 'many'} orders that wait`,
      ...{ limit: 1, measured: growth?.rows.at(-1)?.dollarsPerMonth, format: dollars },
    },
    {
      what: '`GET /status` with 10,000 active orders',
      ...{ limit: 200, measured: statusMsWith(10_000, growth?.rows), format: ms },
    },
  ];
}

function statusMsWith(activeOrders: number, rows: readonly GrowthRow[] = []) {
  return rows.find((row) => row.activeOrders === activeOrders)?.statusMs;
}

export function isMet({ limit, atLeast, measured }: Goal): boolean | undefined {
  if (measured === undefined) return undefined;
  return atLeast ? measured >= limit : measured <= limit;
}
