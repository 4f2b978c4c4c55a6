import { dollarsPerMillion } from './dollars.ts';
import { type MeasuredSystem, type SystemOptions, startMeasuredSystem } from './measured-system.ts';
import { dividedBy, type Usage } from './meter/usage.ts';
import { completedOrders, type OrderShape, placeOrder, placeOrders } from './orders.ts';
import { type Rivals, rivalsOf } from './rivals.ts';

const KB = 1024;

export interface CostRow {
  readonly name: string;
  readonly shape: OrderShape;
  /** One at a time, or all of them at once. */
  readonly load: 'alone' | 'saturated';
  readonly orders: number;
  readonly perTask: Usage;
  readonly dollarsPerMillionTasks: number;
  readonly rivals: Rivals;
}

export interface Cost {
  readonly rows: readonly CostRow[];
  /** Dollars a million, under load: a row of twenty tasks and one of a single task tell an order's own share from a task's. */
  readonly shares?: { readonly order: number; readonly task: number };
}

interface Case {
  readonly name: string;
  readonly shape: OrderShape;
  readonly quick?: boolean;
  /** Each order comes in a request of its own, also where many are placed. */
  readonly oneByOne?: true;
  /** Parameters of the core; a system of their own has them. */
  readonly params?: Readonly<Record<string, string>>;
}

const ONE_TASK = '1 task';
const TWENTY = '20 in a row';

const CASES: readonly Case[] = [
  { name: ONE_TASK, shape: { tasks: 1, payloadBytes: KB }, quick: true },
  { name: '5 in a row', shape: { tasks: 5, payloadBytes: KB }, quick: true },
  {
    name: '5 in a row, a request each',
    shape: { tasks: 5, payloadBytes: KB },
    oneByOne: true,
  },
  { name: TWENTY, shape: { tasks: 20, payloadBytes: KB }, quick: true },
  { name: '100 in a row', shape: { tasks: 100, payloadBytes: KB } },
  { name: '2 in parallel', shape: { tasks: 2, parallel: true, payloadBytes: KB } },
  { name: '8 in parallel', shape: { tasks: 8, parallel: true, payloadBytes: KB }, quick: true },
  {
    name: '8 in parallel, handed on unchanged',
    shape: { tasks: 8, parallel: true, payloadBytes: KB, carried: true },
    quick: true,
  },
  { name: '10 in parallel', shape: { tasks: 10, parallel: true, payloadBytes: KB } },
  { name: '50 in parallel', shape: { tasks: 50, parallel: true, payloadBytes: KB } },
  { name: '5 in a row of 0.2 KB', shape: { tasks: 5, payloadBytes: 0.2 * KB } },
  { name: '5 in a row of 8 KB', shape: { tasks: 5, payloadBytes: 8 * KB }, quick: true },
  {
    name: '5 in a row of 8 KB, handed on unchanged',
    shape: { tasks: 5, payloadBytes: 8 * KB, carried: true },
    quick: true,
  },
  {
    name: '5 in a row, without facts',
    shape: { tasks: 5, payloadBytes: KB },
    params: { lifecycle: 'none' },
  },
];

/** Plugins that are there for all cases but the widest, which get a system of their own: its many queues are polled all the time. */
const PLUGINS = 10;

/** Tasks that are placed at once, as far as that makes at least so many orders and at most so many. */
const TASKS_AT_ONCE = 3000;
const ORDERS_AT_ONCE = { least: 40, most: 1000 };
const QUICK_TASKS_AT_ONCE = 300;
const QUICK_ORDERS_AT_ONCE = { least: 10, most: 60 };

export interface CostOptions {
  readonly quick: boolean;
  readonly params?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

export async function measureCost({ quick, params = {}, say }: CostOptions): Promise<Cost> {
  const cases = CASES.filter((one) => !quick || one.quick);
  const rows: CostRow[] = [];
  for (const [options, own] of Map.groupBy(cases, (one) => JSON.stringify(systemOf(one, params)))) {
    const system = await startMeasuredSystem(JSON.parse(options) as SystemOptions);
    try {
      for (const one of own) {
        for (const row of await measureCase(system, one, quick)) {
          rows.push(row);
          say(`${row.name}, ${row.load}: $${row.dollarsPerMillionTasks.toFixed(2)} per 1M tasks`);
        }
      }
    } finally {
      await system.stop();
    }
  }
  return { rows, ...sharesOf(rows) };
}

/** The system that a case needs; cases of the same share one. */
function systemOf(
  { shape: { tasks, parallel }, params: own }: Case,
  params: Readonly<Record<string, string>>,
): SystemOptions {
  const plugins = parallel && tasks > PLUGINS ? tasks : PLUGINS;
  return { plugins, params: { ...own, ...params } };
}

async function measureCase(
  system: MeasuredSystem,
  { name, shape, oneByOne }: Case,
  quick: boolean,
): Promise<readonly CostRow[]> {
  const { apiUrl, measure, quiet } = system;
  const alone = Math.max(2, Math.ceil((quick ? 10 : 40) / shape.tasks));
  const { least, most } = quick ? QUICK_ORDERS_AT_ONCE : ORDERS_AT_ONCE;
  const wanted = Math.ceil((quick ? QUICK_TASKS_AT_ONCE : TASKS_AT_ONCE) / shape.tasks);
  const atOnce = Math.min(most, Math.max(least, wanted));
  const rowOf = (load: CostRow['load'], orders: number, usage: Usage): CostRow => {
    const perTask = dividedBy(usage, orders * shape.tasks);
    const dollarsPerMillionTasks = dollarsPerMillion(perTask);
    const rivals = rivalsOf(shape, load === 'saturated');
    return { name, shape, load, orders, perTask, dollarsPerMillionTasks, rivals };
  };
  // Instances start, and read what they remember from then on.
  await placeOrder(apiUrl, shape);
  await quiet();

  const ids: string[] = [];
  const placeAll = () =>
    measure(async () => {
      ids.push(...(await placeOrders(apiUrl, shape, atOnce, oneByOne)));
    });
  if (oneByOne) {
    const usage = await placeAll();
    await completedOrders(apiUrl, ids);
    return [rowOf('saturated', atOnce, usage)];
  }
  const ofAlone = await measure(async () => {
    for (let placed = 0; placed < alone; placed += 1) {
      ids.push(await placeOrder(apiUrl, shape));
      await quiet();
    }
  });
  const ofSaturated = await placeAll();
  await completedOrders(apiUrl, ids);
  return [rowOf('alone', alone, ofAlone), rowOf('saturated', atOnce, ofSaturated)];
}

function sharesOf(rows: readonly CostRow[]): Pick<Cost, 'shares'> {
  const dollars = (name: string) =>
    rows.find((row) => row.name === name && row.load === 'saturated')?.dollarsPerMillionTasks;
  const [one, twenty] = [dollars(ONE_TASK), dollars(TWENTY)];
  if (one === undefined || twenty === undefined) return {};
  const task = (twenty * 20 - one) / 19;
  return { shares: { order: one - task, task } };
}
