import { dollarsPerMillion } from './dollars.ts';
import { type MeasuredSystem, startMeasuredSystem } from './measured-system.ts';
import { dividedBy, minus, NOTHING, type Usage } from './meter/usage.ts';
import { call, completedOrders, placeOrder } from './orders.ts';
import { quantile } from './quantile.ts';

export interface GrowthRow {
  /** Orders that wait for a day. */
  readonly activeOrders: number;
  /** Of five tasks in a row, one order at a time, while the others wait. */
  readonly dollarsPerMillionTasks: number;
  /** What one run of each takes; they run once a minute. */
  readonly sweep: Run;
  readonly observe: Run;
  /** Milliseconds until `GET /status` has answered, the median of some. */
  readonly statusMs: number;
  /** Dollars a month of sweep's and observe's reads and writes. */
  readonly dollarsPerMonth: number;
}

export interface Run {
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly ms: number;
}

const RUNS_A_MONTH = 60 * 24 * 30;

const WORKFLOW = { activities: [{ name: 'hold', pre: [{ wait: '1d' }] }] };

/** Rows of one request. */
const AT_ONCE = 50;

const MOST_RUNS = 30;

const STATUS_CALLS = 15;

export async function measureGrowth(
  quick: boolean,
  say: (line: string) => void,
): Promise<readonly GrowthRow[]> {
  const system = await startMeasuredSystem({ plugins: 5 });
  try {
    await call(system.apiUrl, 'PUT', '/workflows/hold', WORKFLOW);
    const rows: GrowthRow[] = [];
    let waiting = 0;
    for (const activeOrders of quick ? [10, 1000, 10_000] : [10, 1000, 10_000, 50_000]) {
      for (; waiting < activeOrders; waiting += AT_ONCE) {
        const count = Math.min(AT_ONCE, activeOrders - waiting);
        const orders = Array.from({ length: count }, () => ({ workflow: 'hold', input: {} }));
        await call(system.apiUrl, 'POST', '/orders', orders);
      }
      waiting = activeOrders;
      await system.quiet(3_600_000);
      const row = await measureRow(system, activeOrders);
      rows.push(row);
      const { sweep, observe } = row;
      say(
        `${activeOrders} active: sweep reads ${sweep.readUnits} units, observe ${observe.readUnits}; status takes ${row.statusMs.toFixed(0)} ms`,
      );
    }
    return rows;
  } finally {
    await system.stop();
  }
}

async function measureRow(system: MeasuredSystem, activeOrders: number): Promise<GrowthRow> {
  const shape = { tasks: 5, payloadBytes: 1024 };
  const ids = [await placeOrder(system.apiUrl, shape)];
  await system.quiet();
  const orders = 4;
  const usage = await system.measure(async () => {
    for (let placed = 0; placed < orders; placed += 1) {
      ids.push(await placeOrder(system.apiUrl, shape));
      await system.quiet();
    }
  });
  await completedOrders(system.apiUrl, ids);
  const sweep = await runOf(system, 'sweep');
  const observe = await runOf(system, 'observe');
  const { readUnits, writeUnits } = {
    readUnits: sweep.readUnits + observe.readUnits,
    writeUnits: sweep.writeUnits + observe.writeUnits,
  };
  const perRun = dollarsPerMillion({ ...NOTHING, readUnits, writeUnits }) / 1e6;
  return {
    ...{ activeOrders, sweep, observe, statusMs: await statusMs(system) },
    dollarsPerMillionTasks: dollarsPerMillion(dividedBy(usage, orders * shape.tasks)),
    dollarsPerMonth: perRun * RUNS_A_MONTH,
  };
}

async function statusMs({ apiUrl }: MeasuredSystem): Promise<number> {
  const times: number[] = [];
  for (let calls = 0; calls < STATUS_CALLS; calls += 1) {
    const startedAt = performance.now();
    await call(apiUrl, 'GET', '/status');
    times.push(performance.now() - startedAt);
  }
  return quantile(times, 0.5);
}

/** One run when nothing is left to do, which two in a row show: an order is looked at once when it begins to wait for long. */
async function runOf(system: MeasuredSystem, key: string): Promise<Run> {
  let previous = await oneRun(system, key);
  for (let left = MOST_RUNS; left > 0; left -= 1) {
    const run = await oneRun(system, key);
    if (run.readUnits === previous.readUnits) return run;
    previous = run;
  }
  throw new Error(`${key} finds something else to do in each of ${MOST_RUNS} runs`);
}

async function oneRun(system: MeasuredSystem, key: string): Promise<Run> {
  const before = usageOf(system, key);
  const startedAt = performance.now();
  await system.invoke(key);
  const ms = performance.now() - startedAt;
  const { readUnits, writeUnits } = minus(usageOf(system, key), before);
  return { readUnits, writeUnits, ms };
}

function usageOf(system: MeasuredSystem, key: string): Usage {
  return [...system.usage()].find(([caller]) => caller.endsWith(`-${key}`))?.[1] ?? NOTHING;
}
