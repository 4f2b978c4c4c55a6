import { setTimeout as pause } from 'node:timers/promises';
import type { OrderSystem } from '../stack/order-system.ts';
import type { Expected } from './workload.ts';
import { csvOf, WORKFLOWS } from './workload.ts';

const PAUSE_MS = 300;

interface BatchReceipt {
  readonly accepted: readonly object[];
  readonly rejected: readonly { readonly line: number; readonly code: string }[];
}

/**
 * A client that places its orders whatever becomes of the server: it sends the same file again, under the same key, until every row is
 * accepted.
 * @returns how often it had to send the file, the times without an answer included
 * @throws for a row that is refused for good
 */
export async function placePatiently(
  system: OrderSystem,
  orders: readonly Expected[],
): Promise<number> {
  for (const [name, definition] of Object.entries(WORKFLOWS)) {
    await patiently(() => system.call('PUT', `/workflows/${name}`, definition));
  }
  let sent = 0;
  for (;;) {
    const { accepted, rejected } = await patiently(() => {
      sent += 1;
      return send(system, csvOf(orders));
    });
    const forGood = rejected.find(({ code }) => code !== 'UNAVAILABLE' && code !== 'INTERNAL');
    if (forGood !== undefined) throw new Error(`a row is refused: ${JSON.stringify(forGood)}`);
    if (accepted.length === orders.length) return sent;
  }
}

async function send(system: OrderSystem, csv: string): Promise<BatchReceipt> {
  const response = await fetch(`${system.stack.running().apiUrl}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', 'idempotency-key': 'the file' },
    body: csv,
  });
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  return (await response.json()) as BatchReceipt;
}

/** Calls until there is an answer that is no failure of the server's. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (/ 4\d\d /.test((error as Error).message)) throw error;
      await pause(PAUSE_MS);
    }
  }
}
