import type { OrderEvent } from '../core/event.ts';
import { isAct } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { EndedOrder, OrderState } from '../core/order.ts';
import { endOf, hasEnded, isSameWakeUp } from '../core/order.ts';
import type { ActiveOrder } from '../ports/active-orders.ts';
import type { SweepRecord } from '../ports/sweep-record.ts';
import type { Outcome } from './advanced-order.ts';
import { moveDeadline, sendAgain, sendEntryAgain, standingAt } from './deadlines.ts';
import { advanceOrders } from './engine.ts';
import type { EnginePorts } from './engine-ports.ts';
import { SKEW_MS } from './placing.ts';
import { NO_ENTRY, UNFINISHED_AFTER_MS } from './wish.ts';

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
  readonly due: number;
  readonly woken: number;
  readonly repaired: number;
  readonly failed: number;
  /** The first of those that failed, and why. */
  readonly failures: readonly { readonly orderId: string; readonly error: Error }[];
  /** Orders that this sweep has set aside, and those that ended the sweep before when it tried them again. */
  readonly setAside: readonly string[];
}

/** Is told of what became of the orders that a sweep has woken. */
export type OnWoken = (outcomes: ReadonlyMap<string, Outcome>) => Promise<void>;

/**
 * Wakes every order whose wake-up has come, and repairs what disagrees with the journal. One order's fault is that order's
 * only: those over which the last sweep died are woken one by one.
 * @param until no batch begins after this instant; the next sweep goes on
 */
export async function sweep(
  ports: SweepPorts,
  until: Instant = Infinity,
  onWoken: OnWoken = async () => undefined,
): Promise<SweepReport> {
  const report = { due: 0, woken: 0, repaired: 0, failed: 0 };
  const failures: SweepReport['failures'][number][] = [];
  const setAside: string[] = [];
  const aside: ActiveOrder[] = [];
  const last = await ports.sweepRecord.read();
  const suspects = new Set(last?.orderIds);
  const notDue = new Set(suspects);

  const wakeTogether = async (orders: readonly ActiveOrder[], deaths: number): Promise<void> => {
    if (ports.clock() >= until) return;
    await ports.sweepRecord.write({ orderIds: orders.map(({ orderId }) => orderId), deaths });
    const { outcomes, repaired, failed } = await wake(orders, ports);
    await onWoken(outcomes);
    report.woken += outcomes.size;
    report.repaired += repaired;
    report.failed += failed.size;
    for (const [orderId, error] of failed) {
      if (failures.length < FAILURES_TOLD) failures.push({ orderId, error });
    }
  };

  for await (const page of ports.activeOrders.due(ports.clock())) {
    report.due += page.length;
    for (const { orderId } of page) notDue.delete(orderId);
    const due = page.filter(({ setAsideUntil }) => setAsideUntil === undefined);
    aside.push(...page.filter(({ setAsideUntil }) => setAsideUntil !== undefined));
    for (const order of due.filter(({ orderId }) => suspects.has(orderId))) {
      const deaths = last?.orderIds.length === 1 ? last.deaths + 1 : 0;
      if (deaths < DEATHS_ALLOWED) {
        await wakeTogether([order], deaths);
      } else {
        await putAside(order, SET_ASIDE_MS, ports);
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
    await putAside(order, SET_ASIDE_MS, ports);
    await wakeTogether([order], 0);
    // Nobody died over it, and what failed may pass: if it stands there still, the next sweep tries it again.
    await putAside(order, 0, ports);
  }
  for (const orderId of notDue) await finishIfEnded(orderId, ports);
  if (last !== undefined || report.woken + report.failed > 0) await ports.sweepRecord.clear();
  return { ...report, failures, setAside };
}

function putAside({ orderId, wakeUp }: ActiveOrder, forMs: number, ports: EnginePorts) {
  return ports.activeOrders.setAside(orderId, wakeUp, ports.clock() + forMs);
}

async function wake(due: readonly ActiveOrder[], ports: EnginePorts) {
  const at = ports.clock();
  // An order may stand under several wake-ups, and a sweep may have died over each: the event of each is looked for in the journal.
  const byOrder = [...Map.groupBy(due, ({ orderId }) => orderId)];
  const batch = byOrder.map(([orderId, orders]): [string, readonly OrderEvent[]] => [
    orderId,
    orders.map(({ wakeUp }) => ({ type: 'DeadlinePassed', at, armedFor: wakeUp.at })),
  ]);
  const { outcomes, failures } = await advanceOrders(new Map(batch), ports);
  const failed = new Map(failures);
  let repaired = 0;
  await Promise.all(
    byOrder.map(async ([orderId, orders]) => {
      const outcome = outcomes.get(orderId);
      if (outcome === undefined) return;
      try {
        repaired += await repair(orderId, orders, outcome, ports);
      } catch (error) {
        failed.set(orderId, error as Error);
      }
    }),
  );
  return {
    outcomes,
    repaired,
    failed,
  };
}

/**
 * The journal is right. What is unfinished is finished once, under however many wake-ups the order was found.
 * @returns how many of these places in the list of active orders were wrong
 */
async function repair(
  orderId: string,
  found: readonly ActiveOrder[],
  outcome: Outcome,
  ports: EnginePorts,
): Promise<number> {
  if (!outcome.known) {
    for (const order of found) await removeStray(order, ports);
    return found.length;
  }
  if (outcome.changed) return 0;
  const { activeOrders } = ports;
  const { state } = outcome;
  const strays = found.filter(
    ({ wakeUp }) => hasEnded(state) || !isSameWakeUp(wakeUp, state.wakeUp),
  );
  const wishes = strays.filter(isOfWish);
  if (wishes.length > 0) {
    await sendAgain(orderId, await entriesOfWishes(orderId, wishes, state, ports), ports);
  }
  if (hasEnded(state)) await finishEnded(orderId, state, ports);
  else if (!(await activeOrders.has(orderId, state.wakeUp))) await finish(orderId, state, ports);
  // Whoever applied the wish died before its mark was taken away.
  if (wishes.length > 0 && state.status !== 'paused') await activeOrders.unmarkStuck(orderId);
  for (const { wakeUp } of strays) await activeOrders.remove(orderId, wakeUp);
  return strays.length;
}

/** Entries that took a wish since the first wake-up was put: whoever applied it may have died before all was sent. */
async function entriesOfWishes(
  orderId: string,
  wishes: readonly ActiveOrder[],
  state: OrderState,
  { journal }: EnginePorts,
): Promise<readonly JournalEntry[]> {
  const first = Math.min(...wishes.map(({ wakeUp }) => wakeUp.at));
  const since = first - UNFINISHED_AFTER_MS - SKEW_MS;
  const entries: JournalEntry[] = [];
  let last: JournalEntry | undefined;
  for await (const entry of journal.newestFirst(orderId)) {
    // Where it had ended before, it stood under no wake-up any more, and only the wish tells of its new end.
    if (last !== undefined && hasEnded(entry.state)) entries.unshift(last);
    last = undefined;
    if (entry.at < since) break;
    if (hasEnded(state) && entry.number === endOf(state)) {
      // The order's end is finished with the order.
      last = entry;
      continue;
    }
    if (entry.events.some((event) => isWish(event, entry))) entries.unshift(entry);
  }
  return entries;
}

/**
 * Whether no queue may hold what the entry took: an act, or what a callback said. An answer may have come by a queue as well; then what it
 * led to is sent twice. What a heartbeat led to, this sweep has caught up with.
 */
function isWish(event: JournalEntry['events'][number], { state }: JournalEntry): boolean {
  // How the order ended then, a later wish has overtaken.
  if (event.type === 'TaskCompleted' || event.type === 'TaskFailed') return !hasEnded(state);
  return event.type !== 'OrderPlaced' && isAct(event);
}

/**
 * The order does not stand where its last entry says: whoever wrote that has not come to the end, and no message of a queue may come
 * again for it.
 */
async function finish(
  orderId: string,
  { workflow, wakeUp, wakeUpBefore }: Exclude<OrderState, EndedOrder>,
  ports: EnginePorts,
): Promise<void> {
  await sendEntryAgain(orderId, wakeUp.entry, ports);
  if (wakeUpBefore === undefined) {
    await ports.activeOrders.put({ orderId, workflow, wakeUp });
    return;
  }
  const { at, entry } = wakeUp;
  const arming = { type: 'ArmDeadline', orderId, workflow, at, entry } as const;
  await moveDeadline({ ...arming, last: wakeUpBefore }, ports);
}

/**
 * The sweep that died over the order may have put it under a wake-up that is far away, when somebody else had ended it just before: it would
 * count as active until then. What is due still is looked after as such.
 */
async function finishIfEnded(orderId: string, ports: EnginePorts): Promise<void> {
  try {
    const state = (await ports.journal.latest(orderId))?.state;
    if (state !== undefined && hasEnded(state)) await finishEnded(orderId, state, ports);
  } catch {
    // It is no worse than it was: a sweep finds it when that wake-up has come.
  }
}

/** An order that has ended stands under the wake-up that was its last until all is sent, or under an earlier one. */
async function finishEnded(orderId: string, order: EndedOrder, ports: EnginePorts): Promise<void> {
  const standing = await standingAt(orderId, order.wakeUp, ports);
  if (standing === undefined) return;
  await sendEntryAgain(orderId, endOf(order), ports);
  await ports.activeOrders.remove(orderId, standing);
}

function isOfWish({ wakeUp }: ActiveOrder): boolean {
  return wakeUp.entry === NO_ENTRY;
}

/** An order that no journal knows: the request died before entry 0, or is about to write it. */
async function removeStray(order: ActiveOrder, ports: EnginePorts): Promise<void> {
  const { orderId, wakeUp } = order;
  await ports.activeOrders.remove(orderId, wakeUp);
  // Entry 0 may have been stored meanwhile: the order that is there now is looked after.
  const latest = await ports.journal.latest(orderId);
  if (latest !== undefined && isSameWakeUp(latest.state.wakeUp, wakeUp)) {
    if (!hasEnded(latest.state)) await ports.activeOrders.put(order);
  }
}
