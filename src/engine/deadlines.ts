import type { ArmDeadline, DisarmDeadline } from '../core/command.ts';
import { commandsOf, isStillDue } from '../core/commands-of.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { WakeUp } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import type { EnginePorts } from './engine-ports.ts';
import { messagesOf } from './messages-of-commands.ts';
import { contextOf } from './order-context.ts';
import { createRecall } from './recall.ts';

/**
 * Puts an order under its next wake-up, or under none, and takes it from its last one.
 *
 * An order that stands under a wake-up is proof that all is sent that earlier entries commanded. So where it does not stand under
 * its last one, whose writer may have died before it sent its commands, these are sent here first: no message of a queue will
 * come again for them, if a sweep or a person's wish led to that entry.
 */
export async function moveDeadline(
  command: ArmDeadline | DisarmDeadline,
  ports: EnginePorts,
): Promise<void> {
  const { activeOrders } = ports;
  const { orderId, last } = command;
  if (command.type === 'DisarmDeadline') {
    if (await activeOrders.remove(orderId, last)) return;
    const standing = await afterTheOneBefore(orderId, last, ports);
    if (standing !== undefined) await activeOrders.remove(orderId, standing);
    return;
  }
  const { workflow, at, entry } = command;
  const standing = (await activeOrders.has(orderId, last))
    ? last
    : await afterTheOneBefore(orderId, last, ports);
  // Another writer has moved the deadline on; or several in a row have died, and the sweeper will find the order where it stands.
  if (standing === undefined) return;
  await activeOrders.put({ orderId, workflow, wakeUp: { at, entry } });
  await activeOrders.remove(orderId, standing);
}

/**
 * If the order stands under the wake-up before this one still, the entry that set this one is unfinished, and is finished now.
 * @returns the wake-up under which the order stands
 */
async function afterTheOneBefore(
  orderId: string,
  wakeUp: WakeUp,
  ports: EnginePorts,
): Promise<WakeUp | undefined> {
  const [entry] = await entriesSince(orderId, wakeUp.entry - 1, ports, wakeUp.entry);
  if (entry === undefined || hasEnded(entry.state)) return undefined;
  const before = entry.state.wakeUpBefore;
  if (before === undefined || !(await ports.activeOrders.has(orderId, before))) return undefined;
  await sendAgain(orderId, [entry], ports);
  return before;
}

/** The entries after the given number, up to another one, oldest first. */
export async function entriesSince(
  orderId: string,
  number: number,
  { journal }: EnginePorts,
  upTo = Infinity,
): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of journal.newestFirst(orderId)) {
    if (entry.number <= number) break;
    if (entry.number <= upTo) entries.unshift(entry);
  }
  return entries;
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
  const messages = await messagesOf(due, context, recall, undefined, ports);
  const [unsent] = await ports.messenger.send(messages);
  if (unsent !== undefined) throw unsent.error;
}
