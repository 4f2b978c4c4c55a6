import type { MeasuredSystem } from './measured-system.ts';
import { startMeasuredSystem } from './measured-system.ts';
import { completedOrders, placeOrders } from './orders.ts';
import { middleOf } from './quantile.ts';

export interface Throughput {
  /** Of each round. */
  readonly orders: number;
  /** Of each order. */
  readonly tasks: number;
  /** The first round of a stack that has just started. */
  readonly first: Round;
  /** The middle one of the last {@link WARM_ROUNDS}. */
  readonly warm: Round;
  /** Orders that the stack had done before the first of those. */
  readonly warmAfter: number;
}

interface Round {
  /** From the first acceptance to the last end. */
  readonly ordersPerSecond: number;
  /** Milliseconds of processor time a task, where the system says it: what a busy machine does not distort. */
  readonly processorMsPerTask?: {
    /** The functions and their pollers: they are threads of one process. */
    readonly functions: number;
    /** SQS, SNS and DynamoDB. */
    readonly services: number;
  };
}

const TASKS = 5;

/** Enough that every function has loaded, and few enough that Node has compiled little. */
const LOADED_BY = 50;

const ROUNDS = 6;
const WARM_ROUNDS = 3;

export async function measureThroughput(
  quick: boolean,
  say: (line: string) => void,
): Promise<Throughput> {
  const system = await startMeasuredSystem({ plugins: TASKS, counting: false });
  try {
    const orders = quick ? 100 : 600;
    await placeOrders(system.apiUrl, { tasks: TASKS, payloadBytes: 1024 }, LOADED_BY);
    await system.quiet();
    const rounds: Round[] = [];
    while (rounds.length < ROUNDS) {
      const round = await measureRound(system, orders);
      say(`${orders} orders of ${TASKS} tasks: ${round.ordersPerSecond.toFixed(0)} orders/s`);
      rounds.push(round);
    }
    const [first] = rounds as [Round];
    const warm = middleOf(rounds.slice(-WARM_ROUNDS), ({ ordersPerSecond }) => ordersPerSecond);
    const warmAfter = LOADED_BY + (ROUNDS - WARM_ROUNDS) * orders;
    return { orders, tasks: TASKS, first, warm, warmAfter };
  } finally {
    await system.stop();
  }
}

async function measureRound(system: MeasuredSystem, orders: number): Promise<Round> {
  const before = system.processorMs();
  const ids = await placeOrders(system.apiUrl, { tasks: TASKS, payloadBytes: 1024 }, orders);
  await system.quiet();
  const after = system.processorMs();

  const ended = await completedOrders(system.apiUrl, ids);
  const first = Math.min(...ended.map(({ acceptedAt }) => Date.parse(acceptedAt)));
  const last = Math.max(...ended.map(({ endedAt = '' }) => Date.parse(endedAt)));
  const tasks = orders * TASKS;
  return {
    ordersPerSecond: orders / ((last - first) / 1000),
    ...(before &&
      after && {
        processorMsPerTask: {
          functions: (after.functions - before.functions) / tasks,
          services: (after.services - before.services) / tasks,
        },
      }),
  };
}
