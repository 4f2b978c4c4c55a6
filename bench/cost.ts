import { dollarsPerMillion } from './dollars.ts';
import { type MeasuredSystem, startMeasuredSystem } from './measured-system.ts';
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
}

const ONE_TASK = '1 task';
const TWENTY = '20 in a row';

const CASES: readonly Case[] = [
  { name: ONE_TASK, shape: { tasks: 1, payloadBytes: KB }, quick: true },
  { name: '5 in a row', shape: { tasks: 5, payloadBytes: KB }, quick: true },
  { name: TWENTY, shape: { tasks: 20, payloadBytes: KB }, quick: true },
  { name: '100 in a row', shape: { tasks: 100, payloadBytes: KB } },
  { name: '2 in parallel', shape: { tasks: 2, parallel: true, payloadBytes: KB } },
  { name: '8 in parallel', shape: { tasks: 8, parallel: true, payloadBytes: KB }, quick: true },
  { name: '10 in parallel', shape: { tasks: 10, parallel: true, payloadBytes: KB } },
  { name: '50 in parallel', shape: { tasks: 50, parallel: true, payloadBytes: KB } },
  { name: '5 in a row of 0.2 KB', shape: { tasks: 5, payloadBytes: 0.2 * KB } },
  { name: '5 in a row of 8 KB', shape: { tasks: 5, payloadBytes: 8 * KB }, quick: true },
  {
    name: '5 in a row of 8 KB, handed on unchanged',
    shape: { tasks: 5, payloadBytes: 8 * KB, carried: true },
  },
];

/** Plugins that are there for all cases but the widest, which get a system of their own: its many queues are polled all the time. */
const PLUGINS = 10;

export interface CostOptions {
  readonly quick: boolean;
  readonly params?: Readonly<Record<string, string>>;
  readonly say: (line: string) => void;
}

export async function measureCost({ quick, params = {}, say }: CostOptions): Promise<Cost> {
  const cases = CASES.filter((one) => !quick || one.quick);
  const rows: CostRow[] = [];
  for (const width of [PLUGINS, 50]) {
    const own = cases.filter(({ shape }) => widthOf(shape) === width);
    if (own.length === 0) continue;
    const system = await startMeasuredSystem({ plugins: width, params });
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

function widthOf({ tasks, parallel }: OrderShape): number {
  return parallel && tasks > PLUGINS ? tasks : PLUGINS;
}

async function measureCase(
  system: MeasuredSystem,
  { name, shape }: Case,
  quick: boolean,
): Promise<readonly CostRow[]> {
  const { apiUrl, measure, quiet } = system;
  const alone = Math.max(2, Math.ceil((quick ? 10 : 40) / shape.tasks));
  const atOnce = Math.min(
    quick ? 60 : 1000,
    Math.max(10, Math.ceil((quick ? 300 : 1500) / shape.tasks)),
  );
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
  const ofAlone = await measure(async () => {
    for (let placed = 0; placed < alone; placed += 1) {
      ids.push(await placeOrder(apiUrl, shape));
      await quiet();
    }
  });
  const ofSaturated = await measure(async () => {
    ids.push(...(await placeOrders(apiUrl, shape, atOnce)));
  });
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
