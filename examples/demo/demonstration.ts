import type { OrderView, Receipt } from '../../src/cli/answers.ts';
import type { Api } from '../../src/cli/api.ts';
import { json } from '../../src/cli/api.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { waitForOrders } from '../../src/cli/wait-for-orders.ts';
import type { Checks } from './checks.ts';

/** One order or one part of the demo may take this long. */
export const PATIENCE_MS = 60_000;

/** What every part of the demo works with. */
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

export async function untilEnded(api: Api, orderId: string): Promise<OrderView> {
  const [ended] = await waitForOrders(api, [orderId], { limitMs: PATIENCE_MS });
  if (ended === undefined) throw new Error(`order ${orderId} has gone`);
  return ended;
}
