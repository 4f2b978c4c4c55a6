import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../src/cli/api.ts';
import { json } from '../../src/cli/api.ts';
import type { OrderView, Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { PATIENCE_MS, performOrder, untilEnded } from './demonstration.ts';

const LOOK_EVERY_MS = 100;

/** Two of three are enough: nobody needs to send the offer. */
const ASK_AROUND = {
  activities: [{ name: 'ask', parallel: ['A', 'B', { waitFor: 'offer.made' }], enough: 2 }],
};

/** Somebody may say more, and need not. */
const REMARK = {
  activities: [{ name: 'go', pre: ['A', { waitFor: 'remark.made', mandatory: false }, 'B'] }],
};

/** A stage that waits for no more than it needs, and a task that somebody cancels alone. */
export async function showEnough({ api, checks }: Demonstration): Promise<void> {
  checks.title('Enough: two of three are asked for, and one task is cancelled alone');
  await api.put('/workflows/ask-around', json(ASK_AROUND));
  const asked = await performOrder(api, { workflow: 'ask-around', input: 5 });
  checks.pass(
    'the order goes on when two of three have completed; the third is called off',
    checks.completed('the order', asked),
    checks.equal('result', asked.result, { A: 7, B: 10 }),
    checks.equal('the third', statusOf(asked, 'offer.made'), 'calledOff'),
  );
  await api.put('/workflows/remark', json(REMARK));
  const { orderId } = (await api.post<Receipt>('/orders', json({ workflow: 'remark', input: 5 })))
    .body;
  await untilWaiting(orderId, api);
  await api.post(`/orders/${orderId}/tasks/remark.made/cancel`, json({ reason: 'nobody will' }));
  const remarked = await untilEnded(api, orderId);
  checks.pass(
    'an optional task is cancelled alone, and its order goes on',
    checks.completed('the order', remarked),
    checks.equal('result', remarked.result, 14),
    checks.equal('the remark', codeOf(remarked, 'remark.made'), 'TASK_CANCELLED'),
  );
}

function taskOf({ tasks }: OrderView, name: string) {
  return tasks.find((task) => 'job' in task && task.job === name);
}

function statusOf(order: OrderView, job: string): string | undefined {
  return taskOf(order, job)?.status;
}

function codeOf(order: OrderView, job: string): string | undefined {
  const task = taskOf(order, job);
  return task !== undefined && 'error' in task ? task.error?.code : undefined;
}

async function untilWaiting(orderId: string, api: Api): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const { status } = await api.get<OrderView>(`/orders/${orderId}`);
    if (status === 'waiting') return;
    await pause(LOOK_EVERY_MS);
  }
}
