import { START_WITHIN_SECONDS } from '../core/decide.ts';
import type { DeadlinePassed } from '../core/event.ts';
import { hasEnded } from '../core/order.ts';
import type { ActiveOrder } from '../ports/active-orders.ts';
import type { Outcome } from './engine.ts';
import { advanceOrders } from './engine.ts';
import type { EnginePorts } from './engine-ports.ts';

/** Orders that are woken in one go: as many as a batch of the orchestrator's queue may bring. */
const BATCH = 10;

export interface SweepReport {
  readonly active: number;
  readonly woken: number;
  readonly repaired: number;
  readonly failed: number;
}

/** Wakes every order whose wake-up has come, and repairs what disagrees with the journal. */
export async function sweep(ports: EnginePorts): Promise<SweepReport> {
  const report = { active: 0, woken: 0, repaired: 0, failed: 0 };
  for await (const page of ports.activeOrders.pages()) {
    report.active += page.length;
    const due = page.filter(({ wakeUpAt }) => wakeUpAt <= ports.clock());
    for (let index = 0; index < due.length; index += BATCH) {
      const woken = await wake(due.slice(index, index + BATCH), ports);
      report.woken += woken.woken;
      report.repaired += woken.repaired;
      report.failed += woken.failed;
    }
  }
  return report;
}

async function wake(due: readonly ActiveOrder[], ports: EnginePorts) {
  const event: DeadlinePassed = { type: 'DeadlinePassed', at: ports.clock() };
  const batch = new Map(due.map(({ orderId }) => [orderId, [event]]));
  const { outcomes, failures } = await advanceOrders(batch, ports);
  const repaired = await Promise.all(
    due.map(async (order) => {
      const outcome = outcomes.get(order.orderId);
      return outcome !== undefined && (await repair(order, outcome, ports));
    }),
  );
  return {
    woken: outcomes.size,
    repaired: repaired.filter(Boolean).length,
    failed: failures.size,
  };
}

/** The journal is right. @returns whether the `active` item was not. */
async function repair(order: ActiveOrder, outcome: Outcome, ports: EnginePorts): Promise<boolean> {
  const { orderId, acceptedAt } = order;
  if (!outcome.known) {
    // Its writer died before entry 0, or is about to write it.
    if (ports.clock() - acceptedAt < START_WITHIN_SECONDS * 1000) return false;
    await ports.activeOrders.remove(orderId);
    // Its client may have sent it again meanwhile: the order that is there now is looked after.
    const latest = await ports.journal.latest(orderId);
    if (latest !== undefined && !hasEnded(latest.state)) {
      await ports.activeOrders.add({ ...order, wakeUpAt: latest.state.wakeUp.at });
    }
    return true;
  }
  if (outcome.changed) return false;
  if (hasEnded(outcome.state)) {
    await ports.activeOrders.remove(orderId);
    return true;
  }
  await ports.activeOrders.arm(orderId, outcome.state.wakeUp);
  return true;
}
