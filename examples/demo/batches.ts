import { setTimeout as pause } from 'node:timers/promises';
import { json } from '../../src/cli/api.ts';
import type { Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { untilEnded } from './demonstration.ts';
import { turnOf } from './in-line.ts';

const PLUGIN = 'post';

const ADDRESSEES = ['Ada', 'Bo', 'Cy', 'Di', 'Ed', 'Flo'];
const EVERY_MS = 200;

/** Tasks of one invocation begin together; those of another, as far apart at least as the orders came. */
const TOGETHER_MS = EVERY_MS / 2;

/** A batch is open for two seconds: on a busy machine, the six orders take longer than one. */
const MOST_BATCHES = 3;

/** A plugin whose batches wait for two seconds, examples/letters: orders that come one by one share an invocation. */
export async function showBatches({ api, checks }: Demonstration): Promise<void> {
  const { plugins } = await api.get<{ plugins: { name: string }[] }>('/plugins');
  if (!plugins.some(({ name }) => name === PLUGIN)) return;
  checks.title('Batches: letters of two seconds go together');
  const placed: string[] = [];
  for (const to of ADDRESSEES) {
    const order = { input: { to }, todo: [PLUGIN] };
    const { body } = await api.post<Receipt>('/orders', json(order));
    placed.push(body.orderId);
    await pause(EVERY_MS);
  }
  const orders = await Promise.all(placed.map((orderId) => untilEnded(api, orderId)));
  const begun = orders.map((order) => turnOf(order).from).sort((one, other) => one - other);
  const batches = begun.filter(
    (from, index) => from - (begun[index - 1] ?? -Infinity) > TOGETHER_MS,
  ).length;
  checks.pass(
    'six letters, posted one by one, and each answered for by itself',
    ...orders.map((order, index) => checks.completed(String(ADDRESSEES[index]), order)),
    checks.equal(
      'results',
      orders.map((order) => order.result),
      ADDRESSEES.map((to) => ({ posted: to })),
    ),
    checks.equal('in a few invocations', batches <= MOST_BATCHES, true),
  );
}
