import type { Command } from '../core/command.ts';
import type { OrderEvent } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { OrderState } from '../core/order.ts';
import { isOpen } from '../core/stage-tasks.ts';
import type { InFlightTask } from '../core/task.ts';
import type { Journal } from '../ports/journal.ts';

/** What was stored longer ago is read: by then much may have happened to the order, and a refused entry costs more than a read. */
const MOST_AGE_MS = 60_000;

/**
 * An entry that can be decided on without a read: the one that this instance has stored last, or that came with the event, if the event is
 * what the order has been waiting for since, and for nothing else: its beginning, or the answer of its only open task. Should something
 * else have happened meanwhile, the number of the next entry is taken, and the order is read.
 */
export function foreseen(
  orderId: string,
  events: readonly OrderEvent[],
  journal: Journal,
): JournalEntry | undefined {
  const [event, ...others] = events;
  if (event === undefined || others.length > 0) return undefined;
  const entry = journal.lastStored(orderId);
  if (entry === undefined || event.at - entry.at > MOST_AGE_MS) return undefined;
  return awaits(entry.state, event) ? entry : undefined;
}

/** Whether nothing but this event is awaited. */
function awaits(state: OrderState, event: OrderEvent): boolean {
  if (event.type === 'OrderAccepted') return state.status === 'accepted';
  if (event.type !== 'TaskCompleted') return false;
  const open = onlyOpenTask(state);
  return open?.taskId === event.taskId && open.attempt === event.attempt;
}

/** The task in flight, if it is all that the order waits for. */
function onlyOpenTask(state: OrderState): InFlightTask | undefined {
  if (state.status !== 'running') return undefined;
  const [open, ...more] = state.stage.tasks.filter(
    (task) => isOpen(task) || task.status === 'waiting',
  );
  return open?.status === 'inFlight' && more.length === 0 ? open : undefined;
}

/**
 * The entry that was just stored, for the message of its task, if the task's answer can be decided on without a read wherever it comes
 * to. While a plugin sends heartbeats, entries are made, and what its message carried is no longer true.
 */
export async function sealedFor(
  commands: readonly Command[],
  entry: JournalEntry,
  journal: Pick<Journal, 'seal'>,
): Promise<string | undefined> {
  const open = onlyOpenTask(entry.state);
  const isMeant = commands.some(
    (one) =>
      one.type === 'DispatchTask' &&
      one.taskId === open?.taskId &&
      one.child === undefined &&
      one.heartbeatSeconds === undefined,
  );
  return isMeant ? journal.seal(entry) : undefined;
}
