import type { ArmDeadline, DisarmDeadline } from '../core/command.ts';
import { commandsOf, isStillDue } from '../core/commands-of.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import { hasEnded } from '../core/order.ts';
import type { Arming } from '../ports/active-orders.ts';
import type { EnginePorts } from './engine-ports.ts';
import { messagesOf } from './messages-of-commands.ts';
import { contextOf } from './order-context.ts';
import { createRecall } from './recall.ts';

/**
 * Moves an order's wake-up, or takes the order off the list. Where the entry that armed before has not come to its arming, its writer
 * may have died before it sent its commands, and no message of a queue will come again for it: so its commands are sent here.
 */
export async function moveDeadline(
  command: ArmDeadline | DisarmDeadline,
  ports: EnginePorts,
): Promise<void> {
  const { orderId } = command;
  let { after } = command;
  while ((await move(command, after, ports)) === 'behind') {
    const entry = await entryOf(orderId, after, ports);
    if (entry === undefined) throw new Error(`order ${orderId} has no entry ${after}`);
    await sendAgain(entry, ports);
    after = armedBefore(entry);
  }
}

function move(
  command: ArmDeadline | DisarmDeadline,
  after: number,
  { activeOrders }: EnginePorts,
): Promise<Arming> {
  const { orderId } = command;
  if (command.type === 'DisarmDeadline') return activeOrders.remove(orderId, after);
  const { at, entry } = command;
  return activeOrders.arm(orderId, { at, entry, after });
}

/** Sends what the entry commanded, as far as it is still due, and then moves the deadline as it said. */
export async function resume(entry: JournalEntry, ports: EnginePorts): Promise<void> {
  await sendAgain(entry, ports);
  const { state, orderId } = entry;
  if (hasEnded(state)) {
    await moveDeadline({ type: 'DisarmDeadline', orderId, after: state.armedIn }, ports);
  } else {
    const { at, entry: number, after = 0 } = state.wakeUp;
    await moveDeadline({ type: 'ArmDeadline', orderId, at, entry: number, after }, ports);
  }
}

/** The entry of this number, if the order has it. */
export async function entryOf(
  orderId: string,
  number: number,
  { journal }: EnginePorts,
): Promise<JournalEntry | undefined> {
  for await (const entry of journal.newestFirst(orderId)) {
    if (entry.number <= number) return entry.number === number ? entry : undefined;
  }
  return undefined;
}

async function sendAgain(entry: JournalEntry, ports: EnginePorts): Promise<void> {
  const latest = (await ports.journal.latest(entry.orderId)) ?? entry;
  const context = await contextOf(entry.state, ports);
  const due = commandsOf(entry, context).filter((command) => isStillDue(command, latest.state));
  const recall = createRecall(latest, ports.journal);
  const messages = await messagesOf(due, context, recall, undefined, ports);
  const [unsent] = await ports.messenger.send(messages);
  if (unsent !== undefined) throw unsent.error;
}

function armedBefore({ state }: JournalEntry): number {
  return hasEnded(state) ? state.armedIn : (state.wakeUp.after ?? 0);
}
