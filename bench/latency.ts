import { openBareHops } from './bare-hops.ts';
import { startMeasuredSystem } from './measured-system.ts';
import { completedOrders, placeOrder, type SeenOrder } from './orders.ts';
import { quantile } from './quantile.ts';

export interface Latency {
  /** Milliseconds from a task's dispatch to the next one's. */
  readonly task: Spread;
  /** Two hops of SQS without anything else, in the same run, alternating with the orders. */
  readonly twoHops: Spread;
  /** Of the medians. */
  readonly ratio: number;
}

interface Spread {
  readonly median: number;
  readonly p95: number;
}

const TASKS = 10;

export async function measureLatency(
  quick: boolean,
  say: (line: string) => void,
): Promise<Latency> {
  const system = await startMeasuredSystem({ plugins: 5, counting: false });
  const hops = await openBareHops(system.awsEndpoint);
  try {
    const shape = { tasks: TASKS, payloadBytes: 1024 };
    const oneOrder = async () => {
      const id = await placeOrder(system.apiUrl, shape);
      await system.quiet();
      const [order] = await completedOrders(system.apiUrl, [id]);
      return gapsOf(order);
    };
    for (let warmUp = 0; warmUp < 3; warmUp += 1) await oneOrder();
    await hops.twoHops();

    const tasks: number[] = [];
    const pairs: number[] = [];
    for (let round = 0; round < (quick ? 8 : 40); round += 1) {
      tasks.push(...(await oneOrder()));
      for (let hop = 0; hop < TASKS; hop += 1) pairs.push(await hops.twoHops());
    }
    const latency = { task: spreadOf(tasks), twoHops: spreadOf(pairs) };
    const ratio = latency.task.median / latency.twoHops.median;
    say(`a task takes ${ratio.toFixed(1)} times as long as two bare hops`);
    return { ...latency, ratio };
  } finally {
    hops.stop();
    await system.stop();
  }
}

function gapsOf(order: SeenOrder | undefined): readonly number[] {
  const sent = (order?.tasks ?? []).map(({ dispatchedAt = '' }) => Date.parse(dispatchedAt));
  return sent.slice(1).map((at, index) => at - (sent[index] ?? at));
}

function spreadOf(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), p95: quantile(values, 0.95) };
}
