import type { BareHops } from './bare-hops.ts';
import { openBareHops } from './bare-hops.ts';
import type { MeasuredSystem } from './measured-system.ts';
import { startMeasuredSystem } from './measured-system.ts';
import { completedOrders, placeOrder, type SeenOrder } from './orders.ts';
import { middleOf, quantile } from './quantile.ts';

export interface Latency {
  /** Orders of a stack that has just started. */
  readonly first: Compared;
  /** The middle one of {@link WARM_BOUTS} bouts of as many each, after {@link warmAfter} others. */
  readonly warm: Compared;
  /** Of each of the two. */
  readonly orders: number;
  readonly warmAfter: number;
}

interface Compared {
  /** Milliseconds from a task's dispatch to the next one's, the mean of each order: instants are whole milliseconds. */
  readonly task: Spread;
  /** Two hops of SQS without anything else, alternating with the orders; likewise the mean of as many as an order has tasks. */
  readonly twoHops: Spread;
  /** Of the medians. */
  readonly ratio: number;
}

interface Spread {
  readonly median: number;
  readonly p95: number;
}

const TASKS = 10;

/** Enough that every function has loaded, and few enough that Node has compiled little. */
const LOADED_BY = 3;

/** The ratio of one bout differs from the next one's by up to a tenth, with nothing changed. */
const BOUTS = 6;
const WARM_BOUTS = 3;

export async function measureLatency(
  quick: boolean,
  say: (line: string) => void,
): Promise<Latency> {
  const system = await startMeasuredSystem({ plugins: 5, counting: false });
  const hops = await openBareHops(system.awsEndpoint);
  try {
    const orders = quick ? 8 : 40;
    for (let order = 0; order < LOADED_BY; order += 1) await timeOrder(system);
    await hops.twoHops();
    const bouts: Compared[] = [];
    while (bouts.length < BOUTS) {
      const compared = await compare(system, hops, orders);
      say(`a task takes ${compared.ratio.toFixed(2)} times as long as two bare hops`);
      bouts.push(compared);
    }
    const [first] = bouts as [Compared];
    const warm = middleOf(bouts.slice(-WARM_BOUTS), ({ ratio }) => ratio);
    return { first, warm, orders, warmAfter: LOADED_BY + (BOUTS - WARM_BOUTS) * orders };
  } finally {
    hops.stop();
    await system.stop();
  }
}

async function compare(system: MeasuredSystem, hops: BareHops, orders: number): Promise<Compared> {
  const tasks: number[] = [];
  const pairs: number[] = [];
  while (tasks.length < orders) {
    tasks.push(await timeOrder(system));
    let sum = 0;
    for (let pair = 1; pair < TASKS; pair += 1) sum += await hops.twoHops();
    pairs.push(sum / (TASKS - 1));
  }
  const [task, twoHops] = [spreadOf(tasks), spreadOf(pairs)];
  return { task, twoHops, ratio: task.median / twoHops.median };
}

/** @returns how long a task takes of an order that is alone */
async function timeOrder(system: MeasuredSystem): Promise<number> {
  const id = await placeOrder(system.apiUrl, { tasks: TASKS, payloadBytes: 1024 });
  await system.quiet();
  const [order] = await completedOrders(system.apiUrl, [id]);
  return meanGapOf(order);
}

function meanGapOf(order: SeenOrder | undefined): number {
  const sent = (order?.tasks ?? []).map(({ dispatchedAt = '' }) => Date.parse(dispatchedAt));
  return (Math.max(...sent) - Math.min(...sent)) / (sent.length - 1);
}

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}
