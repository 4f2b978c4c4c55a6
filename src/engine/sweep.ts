import { START_WITHIN_SECONDS } from '../core/decide.ts';
import type { OrderEvent } from '../core/event.ts';
import type { Instant } from '../core/json.ts';
import { hasEnded } from '../core/order.ts';
import type { ActiveOrder } from '../ports/active-orders.ts';
import type { SweepRecord } from '../ports/sweep-record.ts';
import { entryOf, moveDeadline, resume } from './deadlines.ts';
import type { Outcome } from './engine.ts';
import { advanceOrders } from './engine.ts';
import type { EnginePorts } from './engine-ports.ts';

/** Orders that are woken in one go: as many as a batch of the orchestrator's queue may bring. */
const BATCH = 10;

/** Sweeps that may die over one order; then it is set aside, so that the deadlines of all the others are kept. */
const DEATHS_ALLOWED = 3;

/**
 * An order that was set aside is tried again after this long: its sweeps may have died of something else, and an order is never stuck.
 * It comes last and alone, so that it may end a sweep that has looked after all the others.
 */
const SET_ASIDE_MS = 3_600_000;

/** Failures that a report names: when a service is out of order, all orders fail for one reason. */
const FAILURES_TOLD = 20;

export interface SweepPorts extends EnginePorts {
  readonly sweepRecord: SweepRecord;
}

export interface SweepReport {
  readonly active: number;
  readonly woken: number;
  readonly repaired: number;
  readonly failed: number;
  /** The first of those that failed, and why. */
  readonly failures: readonly { readonly orderId: string; readonly error: Error }[];
  /** Orders that this sweep has set aside, and those that ended the sweep before when it tried them again. */
  readonly setAside: readonly string[];
}

/**
 * Wakes every order whose wake-up has come, and repairs what disagrees with the journal. One order's fault is that order's
 * only: those over which the last sweep died are woken one by one.
 * @param until no batch begins after this instant; the next sweep goes on
 */
export async function sweep(ports: SweepPorts, until: Instant = Infinity): Promise<SweepReport> {
  const report = { active: 0, woken: 0, repaired: 0, failed: 0 };
  const failures: SweepReport['failures'][number][] = [];
  const setAside: string[] = [];
  const aside: ActiveOrder[] = [];
  const last = await ports.sweepRecord.read();
  const suspects = new Set(last?.orderIds);

  const wakeTogether = async (orders: readonly ActiveOrder[], deaths: number): Promise<void> => {
    if (ports.clock() >= until) return;
    await ports.sweepRecord.write({ orderIds: orders.map(({ orderId }) => orderId), deaths });
    const { woken, repaired, failed } = await wake(orders, ports);
    report.woken += woken;
    report.repaired += repaired;
    report.failed += failed.size;
    for (const [orderId, error] of failed) {
      if (failures.length < FAILURES_TOLD) failures.push({ orderId, error });
    }
  };

  for await (const page of ports.activeOrders.pages()) {
    report.active += page.length;
    const allDue = page.filter((order) => order.wakeUpAt <= ports.clock());
    const due = allDue.filter(({ setAsideUntil }) => setAsideUntil === undefined);
    aside.push(...allDue.filter(({ setAsideUntil }) => setAsideUntil !== undefined));
    for (const order of due.filter(({ orderId }) => suspects.has(orderId))) {
      const deaths = last?.orderIds.length === 1 ? last.deaths + 1 : 0;
      if (deaths < DEATHS_ALLOWED) {
        await wakeTogether([order], deaths);
      } else {
        await ports.activeOrders.setAside(order.orderId, ports.clock() + SET_ASIDE_MS);
        setAside.push(order.orderId);
      }
    }
    const others = due.filter(({ orderId }) => !suspects.has(orderId));
    for (let index = 0; index < others.length; index += BATCH) {
      await wakeTogether(others.slice(index, index + BATCH), 0);
    }
  }
  for (const order of aside) {
    if (suspects.has(order.orderId)) setAside.push(order.orderId);
    if ((order.setAsideUntil ?? 0) > ports.clock() || ports.clock() >= until) continue;
    // First put off, then woken: whoever dies over it leaves it set aside.
    await ports.activeOrders.setAside(order.orderId, ports.clock() + SET_ASIDE_MS);
    await wakeTogether([order], 0);
  }
  if (last !== undefined || report.woken + report.failed > 0) await ports.sweepRecord.clear();
  return { ...report, failures, setAside };
}

async function wake(due: readonly ActiveOrder[], ports: EnginePorts) {
  const at = ports.clock();
  const batch = due.map(({ orderId, wakeUpAt }): [string, readonly OrderEvent[]] => [
    orderId,
    [{ type: 'DeadlinePassed', at, armedFor: wakeUpAt }],
  ]);
  const { outcomes, failures } = await advanceOrders(new Map(batch), ports);
  const failed = new Map(failures);
  const repaired = await Promise.all(
    due.map(async (order) => {
      const outcome = outcomes.get(order.orderId);
      try {
        return outcome !== undefined && (await repair(order, outcome, ports));
      } catch (error) {
        failed.set(order.orderId, error as Error);
        return false;
      }
    }),
  );
  return {
    woken: outcomes.size,
    repaired: repaired.filter(Boolean).length,
    failed,
  };
}

/** The journal is right. @returns whether the `active` item was not. */
async function repair(order: ActiveOrder, outcome: Outcome, ports: EnginePorts): Promise<boolean> {
  const { orderId, armedIn } = order;
  if (!outcome.known) return removeStray(order, ports);
  if (outcome.changed || outcome.repeated) return false;
  const { state } = outcome;
  if (hasEnded(state) && order.acceptedAt !== state.acceptedAt) {
    // A repeated request added it when the order had ended, and its own item had been removed with nothing left to send.
    await ports.activeOrders.remove(orderId);
    return true;
  }
  // Whoever wrote this entry has not come to the end of it: no message of a queue may come again for it.
  const unfinished = hasEnded(state) ? state.entry : state.wakeUp.entry;
  if (hasEnded(state) || armedIn < unfinished) {
    const entry = await entryOf(orderId, unfinished, ports);
    if (entry !== undefined) await resume(entry, ports);
    return true;
  }
  const { at, entry, after = 0 } = state.wakeUp;
  await moveDeadline({ type: 'ArmDeadline', orderId, at, entry, after }, ports);
  return true;
}

/** An item without an order: its writer died before entry 0, or is about to write it. */
async function removeStray(order: ActiveOrder, ports: EnginePorts): Promise<boolean> {
  const { orderId, acceptedAt } = order;
  if (ports.clock() - acceptedAt < START_WITHIN_SECONDS * 1000) return false;
  await ports.activeOrders.remove(orderId);
  // Its client may have sent it again meanwhile: the order that is there now is looked after.
  const latest = await ports.journal.latest(orderId);
  if (latest !== undefined && !hasEnded(latest.state)) {
    await ports.activeOrders.add({ ...order, wakeUpAt: latest.state.wakeUp.at });
  }
  return true;
}
