import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { parse } from 'csv-parse/sync';
import type { Api } from '../../src/cli/api.ts';
import { formatMs } from '../../src/cli/durations.ts';
import { startProgress } from '../../src/cli/progress.ts';
import type { BatchReceipt } from '../../src/cli/responses.ts';
import { readTodo } from '../../src/cli/todo.ts';
import { waitForOrders } from '../../src/cli/wait-for-orders.ts';
import type { Demonstration } from './demonstration.ts';
import { PATIENCE_MS } from './demonstration.ts';
import { formatLatency, latencies } from './latency.ts';
import { compute } from './sums.ts';

const ORDERS = new URL('../orders.csv', import.meta.url);

const MOST_POSTS = 5;

/** Two hundred orders in one post. The client computes each result itself and compares. */
export async function showCsvOrders({ api, checks, terminal }: Demonstration): Promise<void> {
  const body = await readFile(ORDERS);
  const rows = parse(body, { columns: true }) as { input: string; todo: string }[];
  checks.title(`${rows.length} orders from examples/orders.csv`);
  const since = performance.now();
  const submission = await submit(api, body);
  const posted = performance.now() - since;
  checks.equal('rejected rows', submission.rejected, []);
  checks.equal('accepted rows', submission.accepted.length, rows.length);

  const orderIds = submission.accepted.map(({ orderId }) => orderId);
  const progress = startProgress('  done', orderIds.length, terminal);
  let done = 0;
  const orders = await waitForOrders(api, orderIds, {
    limitMs: PATIENCE_MS,
    onEnded() {
      done += 1;
      progress.update(done);
    },
  }).finally(() => progress.end());
  const seconds = (performance.now() - since) / 1000;

  const byId = new Map(orders.map((order) => [order.orderId, order]));
  const right = submission.accepted.map(({ orderId, line = 0 }) => {
    const { input = '', todo = '' } = rows[line - 2] ?? {};
    const { status, result, jobs, input: given } = byId.get(orderId) ?? {};
    const expected = {
      status: 'completed',
      input: Number(input),
      ...compute(Number(input), readTodo(todo)),
    };
    return checks.equal(`line ${line}`, { status, input: given, result, jobs }, expected);
  });
  const tasks = orders.reduce((sum, order) => sum + (order.tasks?.length ?? 0), 0);
  checks.pass(
    `${right.length} results as expected, of ${tasks} tasks; accepted in ${formatMs(posted)}, done in ${seconds.toFixed(1)} s`,
    ...right,
  );
  checks.note(
    `${(orders.length / seconds).toFixed(0)} orders/s, ${(tasks / seconds).toFixed(0)} tasks/s; latency per task under this load: ${formatLatency(latencies(orders))}`,
  );
}

/** While rows cannot be stored for a passing reason, all are posted again: under one key, no order is placed twice. */
async function submit(api: Pick<Api, 'post'>, body: Uint8Array): Promise<BatchReceipt> {
  const content = { body, mediaType: 'text/csv', idempotencyKey: randomUUID() };
  for (let posts = 1; ; posts += 1) {
    const { body: receipt } = await api.post<BatchReceipt>('/orders', content);
    const isPassing = receipt.rejected.some(({ code }) => code === 'UNAVAILABLE');
    if (!isPassing || posts === MOST_POSTS) return receipt;
  }
}
