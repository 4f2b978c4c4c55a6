import { setTimeout as pause } from 'node:timers/promises';
import { dollarsPerMillion } from './dollars.ts';
import { type MeasuredSystem, type SystemOptions, startMeasuredSystem } from './measured-system.ts';
import { dividedBy } from './meter/usage.ts';
import { completedOrders, placeOrder } from './orders.ts';
import { quantile } from './quantile.ts';

/** Whose batches wait for a second until they are full. */
export type Windows = 'nobody' | 'orchestrator' | 'orchestrator and plugins';

/** Orders that come one by one, so many a second. */
export interface WindowsRow {
  readonly windows: Windows;
  readonly ordersPerSecond: number;
  readonly dollarsPerMillionTasks: number;
  /** From accepted to completed, the median. */
  readonly seconds: number;
}

export interface WindowsMeasured {
  readonly tasks: number;
  /** For how long orders came. */
  readonly lastsSeconds: number;
  readonly rows: readonly WindowsRow[];
}

const SHAPE = { tasks: 5, payloadBytes: 1024 };
const RATES = [1, 5, 20];
const LASTS_SECONDS = 30;
const QUICK_LASTS_SECONDS = 10;
const WINDOW_SECONDS = 1;

const PLUGINS = Array.from({ length: SHAPE.tasks }, (_, index) => `p${index + 1}`);
const ORCHESTRATOR_WAITS = { 'orchestrate-batching-window': `${WINDOW_SECONDS}` };
const PLUGINS_WAIT = Object.fromEntries(
  PLUGINS.map((name) => [name, { batchingWindowSeconds: WINDOW_SECONDS }]),
);

const SYSTEMS: Readonly<Record<Windows, SystemOptions>> = {
  nobody: {},
  orchestrator: { params: ORCHESTRATOR_WAITS },
  'orchestrator and plugins': { params: ORCHESTRATOR_WAITS, blocks: PLUGINS_WAIT },
};

/** What full batches save where orders come one by one, and how much longer an order takes for it. */
export async function measureWindows(
  quick: boolean,
  say: (line: string) => void,
): Promise<WindowsMeasured> {
  const lastsSeconds = quick ? QUICK_LASTS_SECONDS : LASTS_SECONDS;
  const rows: WindowsRow[] = [];
  for (const [windows, options] of Object.entries(SYSTEMS) as [Windows, SystemOptions][]) {
    const system = await startMeasuredSystem({ plugins: PLUGINS.length, ...options });
    try {
      await placeOrder(system.apiUrl, SHAPE);
      await system.quiet();
      for (const ordersPerSecond of RATES) {
        const row = {
          windows,
          ordersPerSecond,
          ...(await steady(system, ordersPerSecond, lastsSeconds)),
        };
        rows.push(row);
        say(
          `${windows}, ${ordersPerSecond} orders/s: $${row.dollarsPerMillionTasks.toFixed(2)}, ${row.seconds.toFixed(2)} s`,
        );
      }
    } finally {
      await system.stop();
    }
  }
  return { tasks: SHAPE.tasks, lastsSeconds, rows };
}

async function steady(system: MeasuredSystem, ordersPerSecond: number, lastsSeconds: number) {
  const { apiUrl } = system;
  const orders = ordersPerSecond * lastsSeconds;
  let ids: readonly string[] = [];
  const usage = await system.measure(async () => {
    const startedAt = performance.now();
    const placed: Promise<string>[] = [];
    while (placed.length < orders) {
      placed.push(placeOrder(apiUrl, SHAPE));
      // By the clock, so that a call that takes long leaves the rate as it is.
      const nextAt = startedAt + (placed.length / ordersPerSecond) * 1000;
      await pause(Math.max(0, nextAt - performance.now()));
    }
    ids = await Promise.all(placed);
  });
  const times = (await completedOrders(apiUrl, ids)).map(
    ({ acceptedAt, endedAt = '' }) => (Date.parse(endedAt) - Date.parse(acceptedAt)) / 1000,
  );
  const perTask = dividedBy(usage, orders * SHAPE.tasks);
  return { dollarsPerMillionTasks: dollarsPerMillion(perTask), seconds: quantile(times, 0.5) };
}
