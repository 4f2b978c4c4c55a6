import type { ArmDeadline, DisarmDeadline } from '../core/command.ts';
import { commandsOf, isStillDue } from '../core/commands-of.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { WakeUp } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { ActiveOrder } from '../ports/active-orders.ts';
import type { EnginePorts } from './engine-ports.ts';
import { messagesOf } from './messages-of-commands.ts';
import { contextOf } from './order-context.ts';
import { listParked } from './parking.ts';
import { createRecall } from './recall.ts';
import { awaitTurn } from './turns.ts';

/** Whoever moves an order is done within moments, or after calls that were tried again: half a second, as a rule. */
const MOST_LOOKS = 10;

/** By then whoever has overtaken a writer is done. Milliseconds. */
const OVERTAKEN_MS = 60_000;

/**
 * Puts an order under its next wake-up, or under none, and takes it from its last one.
 *
 * An order that stands under a wake-up is proof that all is sent that earlier entries commanded. So where it does not stand under
 * its last one, whose writer may have died before it sent its commands, these are sent here first: no message of a queue will
 * come again for them, if a sweep or a person's wish led to that entry.
 * @throws when the order stands nowhere and no later entry looks after it: another writer is just moving it
 */
export async function moveDeadline(
  command: ArmDeadline | DisarmDeadline,
  ports: EnginePorts,
): Promise<void> {
  const { activeOrders } = ports;
  const { orderId, last } = command;
  if (command.type === 'DisarmDeadline') {
    if (await activeOrders.remove(orderId, last)) return;
    const standing = await standingBefore(orderId, last, ports);
    if (standing !== undefined) await activeOrders.remove(orderId, standing);
    return;
  }
  // An order that had ended stood under none. If whoever ended it had not come to the end, a sweep still finds its last wake-up.
  if (last.ended) {
    const { workflow, at, entry } = command;
    await activeOrders.put({ orderId, workflow, wakeUp: { at, entry } });
    return;
  }
  const standing = await standingOf(command, ports);
  if (standing === undefined) return;
  const { workflow, at, entry } = command;
  const order = { orderId, workflow, wakeUp: { at, entry } };
  await activeOrders.put(order);
  if (!(await activeOrders.remove(orderId, standing))) await takeBack(order, ports);
}

/**
 * Takes the order from the wake-up of a writer that was overtaken: it would count as active until that instant, perhaps for an hour. While it
 * does not stand under its latest wake-up yet, it is left to whoever moves it there. Where it has ended, this may be all by which a
 * sweep finds that whoever ended it has died: so it is only brought forward.
 */
async function takeBack(
  { orderId, workflow, wakeUp }: ActiveOrder,
  { journal, activeOrders, clock }: EnginePorts,
): Promise<void> {
  const state = (await journal.latest(orderId))?.state;
  if (state === undefined) return;
  if (hasEnded(state)) {
    const soon = { ...wakeUp, at: clock() + OVERTAKEN_MS };
    if (soon.at >= wakeUp.at) return;
    await activeOrders.put({ orderId, workflow, wakeUp: soon });
  } else if (
    state.wakeUp.entry === wakeUp.entry ||
    !(await activeOrders.has(orderId, state.wakeUp))
  ) {
    return;
  }
  await activeOrders.remove(orderId, wakeUp);
}

/** @returns the wake-up under which the order stands; `undefined` when this one is set already, or a later one takes its place */
async function standingOf(
  { orderId, last, at, entry }: ArmDeadline,
  ports: EnginePorts,
): Promise<WakeUp | undefined> {
  if (await ports.activeOrders.has(orderId, last)) return last;
  for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
    if (await ports.activeOrders.has(orderId, { at, entry })) return undefined;
    // Whoever made the later entry moves the order on, or a sweep does. So a message that comes again costs no search.
    if (await isPast(orderId, { at, entry }, ports)) return undefined;
    const standing = await standingBefore(orderId, last, ports);
    if (standing !== undefined) return standing;
    await ports.backOff(looks);
    if (await ports.activeOrders.has(orderId, last)) return last;
  }
  throw new Error(`order ${orderId} is between two wake-ups`);
}

/** This wake-up if the order stands under it, or the earlier one under which it stands still: see {@link standingBefore}. */
export async function standingAt(
  orderId: string,
  wakeUp: WakeUp,
  ports: EnginePorts,
): Promise<WakeUp | undefined> {
  if (await ports.activeOrders.has(orderId, wakeUp)) return wakeUp;
  return standingBefore(orderId, wakeUp, ports);
}

/**
 * The wake-up under which the order stands still, of those before this one; or under which it had ended, before it went on. The entries that
 * set those in between are unfinished, and are finished now. The search goes no further back than to where the order is known to
 * have stood.
 */
async function standingBefore(
  orderId: string,
  wakeUp: WakeUp,
  ports: EnginePorts,
): Promise<WakeUp | undefined> {
  const unfinished: JournalEntry[] = [];
  let sought = wakeUp;
  let stoodIn = 0;
  for await (const entry of ports.journal.newestFirst(orderId)) {
    if (entry.number > sought.entry) continue;
    unfinished.unshift(entry);
    if (hasEnded(entry.state)) return undefined;
    const { wakeUpBefore: before } = entry.state;
    if (before === undefined) return undefined;
    stoodIn = Math.max(stoodIn, entry.state.stoodIn ?? 0);
    // An order that had ended stood under none: whoever let it go on has not come to the end.
    if (before.ended || (await ports.activeOrders.has(orderId, before))) {
      await sendAgain(orderId, unfinished, ports);
      return before;
    }
    if (before.entry <= stoodIn) return undefined;
    sought = before;
  }
  return undefined;
}

/** Whether a later entry has set another wake-up, or has ended the order. */
async function isPast(orderId: string, wakeUp: WakeUp, { journal }: EnginePorts) {
  const state = (await journal.latest(orderId))?.state;
  return state === undefined || hasEnded(state) || state.wakeUp.entry !== wakeUp.entry;
}

/** Sends what one entry of the order commanded, as far as it is still due. */
export async function sendEntryAgain(
  orderId: string,
  number: number,
  ports: EnginePorts,
): Promise<void> {
  for await (const entry of ports.journal.newestFirst(orderId)) {
    if (entry.number !== number) continue;
    await sendAgain(orderId, [entry], ports);
    return;
  }
}

/** Sends what the order's entries commanded, as far as it is still due. */
export async function sendAgain(
  orderId: string,
  entries: readonly JournalEntry[],
  ports: EnginePorts,
): Promise<void> {
  const latest = await ports.journal.latest(orderId);
  if (latest === undefined) return;
  const context = await contextOf(latest.state, ports);
  const due = entries
    .flatMap((entry) => commandsOf(entry, context))
    .filter((command) => isStillDue(command, latest.state));
  const recall = createRecall(latest, ports.journal);
  const messages = await messagesOf(due, latest.state, context, recall, undefined, ports);
  const [unsent] = await ports.messenger.send(messages);
  if (unsent !== undefined) throw unsent.error;
  for (const command of due) {
    if (command.type === 'ListParked') await listParked(command, ports);
    if (command.type === 'AwaitTurn') await awaitTurn(command, ports);
  }
}
