import type { Api } from '../../src/cli/api.ts';
import { json } from '../../src/cli/api.ts';
import { startProgress } from '../../src/cli/progress.ts';
import type { OrderView, Receipt } from '../../src/cli/responses.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { waitForOrders } from '../../src/cli/wait-for-orders.ts';
import type { Checks } from './checks.ts';

/** One order, or one part of the demo, may take this time. */
export const PATIENCE_MS = 60_000;

/** What every part of the demo needs. */
export interface Demonstration {
  readonly api: Api;
  readonly terminal: Terminal;
  readonly checks: Checks;
}

/** Posts one order and waits until it has ended. */
export async function performOrder(api: Api, order: object): Promise<OrderView> {
  const { body } = await api.post<Receipt>('/orders', json(order));
  return untilEnded(api, body.orderId);
}

/** Waits until an order has ended, and shows the progress of its tasks. */
export async function followOrder(
  orderId: string,
  tasks: number,
  { api, terminal }: Demonstration,
): Promise<OrderView> {
  const progress = startProgress('  tasks done', tasks, terminal);
  try {
    const waiting = { limitMs: PATIENCE_MS, onSeen: show };
    const [order] = await waitForOrders(api, [orderId], waiting);
    return order ?? disappeared(orderId);
  } finally {
    progress.end();
  }

  function show(order: OrderView): void {
    const done = order.tasks.filter(({ status }) => status === 'completed');
    const running = order.tasks.filter(({ status }) => status === 'inFlight');
    progress.update(
      done.length,
      running.map((task) => ('job' in task ? task.job : task.plugin)).join(', '),
    );
  }
}

export async function untilEnded(api: Api, orderId: string): Promise<OrderView> {
  const [order] = await waitForOrders(api, [orderId], { limitMs: PATIENCE_MS });
  return order ?? disappeared(orderId);
}

function disappeared(orderId: string): never {
  throw new Error(`order ${orderId} has disappeared`);
}
