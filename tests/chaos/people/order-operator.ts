import type { OrderPage, OrderView } from '../../../src/cli/responses.ts';
import type { Chance } from '../../simulation/seed.ts';
import { ask, demand } from '../client.ts';
import { WORKFLOWS } from '../plans.ts';
import type { Shop } from './shop.ts';
import { whileOpen } from './shop.ts';

const EVERY_MS = [200, 1500] as const;

/** Those that failed pile up; those that are alive end. `accepted` is an order for a moment only. */
const ALIVE = 'running,waiting,paused';
const FAILED = 'failed';
const LOOKS_AT_FAILED = 0.25;

const OPEN = ['inFlight', 'deferred', 'backingOff', 'parked', 'failed'];

/** Looks for an order that stands somewhere, and does something about it. */
export function tendOrders(shop: Shop, chance: Chance): Promise<void> {
  return whileOpen(shop, chance, EVERY_MS, async () => {
    const statuses = chance.happens(LOOKS_AT_FAILED) ? FAILED : ALIVE;
    const path = `/orders?status=${statuses}&limit=100`;
    const { orders } = await demand<OrderPage>(shop.system, { path });
    if (orders.length === 0) return;
    const { orderId, status, workflow } = chance.pick(orders);
    if (status === 'paused') await tendPaused({ orderId, workflow }, shop, chance);
    else if (status === 'failed') await tendFailed(orderId, shop, chance);
    else await tendRunning(orderId, shop, chance);
  });
}

async function tendRunning(orderId: string, { acts, system }: Shop, chance: Chance): Promise<void> {
  const drawn = chance.fraction();
  if (drawn < 0.6) await acts.ask(orderId, 'pause');
  else if (drawn < 0.72) await acts.ask(orderId, 'cancel');
  else if (drawn < 0.78) await acts.ask(orderId, 'cancel', { undo: false });
  else await skip(orderId, { acts, system }, chance);
}

async function tendPaused(
  { orderId, workflow }: Pick<OrderPage['orders'][number], 'orderId' | 'workflow'>,
  shop: Shop,
  chance: Chance,
): Promise<void> {
  const { acts, healing } = shop;
  // Others have not come to what ails them, or are in the middle of it.
  const mayAil = WORKFLOWS.get(workflow.name)?.pauseOnFailure;
  if (mayAil && chance.happens(0.3)) healing.heal(orderId);
  const drawn = chance.fraction();
  if (drawn < 0.7) await acts.ask(orderId, 'resume');
  else if (drawn < 0.8) await acts.ask(orderId, 'retry');
  else if (drawn < 0.9) await skip(orderId, shop, chance);
  else await acts.ask(orderId, 'cancel');
}

async function tendFailed(orderId: string, shop: Shop, chance: Chance): Promise<void> {
  const { acts, healing } = shop;
  if (chance.happens(0.5)) healing.heal(orderId);
  if (chance.happens(0.7)) await acts.ask(orderId, 'retry');
  else await skip(orderId, shop, chance);
}

/** Skips a task that is open or has failed, with a result or without. */
async function skip(
  orderId: string,
  { acts, system }: Pick<Shop, 'acts' | 'system'>,
  chance: Chance,
): Promise<void> {
  const answer = await ask<OrderView>(system, { path: `/orders/${orderId}` });
  const tasks = 'body' in answer ? answer.body.tasks : [];
  const jobs = tasks.flatMap((task) =>
    'job' in task && OPEN.includes(task.status) ? [task.job] : [],
  );
  if (jobs.length === 0) return;
  const result = chance.happens(0.5) ? { result: 'by hand' } : {};
  await acts.ask(orderId, 'skip', { task: chance.pick(jobs), ...result });
}
