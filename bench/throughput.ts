import { startMeasuredSystem } from './measured-system.ts';
import { completedOrders, placeOrders } from './orders.ts';

export interface Throughput {
  readonly orders: number;
  readonly tasks: number;
  /** From the first acceptance to the last end. */
  readonly seconds: number;
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

export async function measureThroughput(
  quick: boolean,
  say: (line: string) => void,
): Promise<Throughput> {
  const system = await startMeasuredSystem({ plugins: TASKS, counting: false });
  try {
    const shape = { tasks: TASKS, payloadBytes: 1024 };
    const orders = quick ? 100 : 600;
    await placeOrders(system.apiUrl, shape, 50);
    await system.quiet();

    const before = system.processorMs();
    const ids = await placeOrders(system.apiUrl, shape, orders);
    await system.quiet();
    const after = system.processorMs();

    const ended = await completedOrders(system.apiUrl, ids);
    const first = Math.min(...ended.map(({ acceptedAt }) => Date.parse(acceptedAt)));
    const last = Math.max(...ended.map(({ endedAt = '' }) => Date.parse(endedAt)));
    const seconds = (last - first) / 1000;
    const tasks = orders * TASKS;
    say(`${orders} orders of ${TASKS} tasks: ${(orders / seconds).toFixed(0)} orders/s`);
    return {
      ...{ orders, tasks: TASKS, seconds, ordersPerSecond: orders / seconds },
      ...(before &&
        after && {
          processorMsPerTask: {
            functions: (after.functions - before.functions) / tasks,
            services: (after.services - before.services) / tasks,
          },
        }),
    };
  } finally {
    await system.stop();
  }
}
