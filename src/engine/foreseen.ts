import type { OrderEvent } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { StageTask } from '../core/task.ts';
import type { Journal } from '../ports/journal.ts';

/** What was stored longer ago is read: by then much may have happened to the order, and a refused entry costs more than a read. */
const MOST_AGE_MS = 60_000;

/**
 * An entry that can be decided on without a read: the one that this instance has stored last, if the event is the answer that the order
 * has been waiting for since, and for nothing else. Should something else have happened meanwhile, the number of the next entry is taken, and
 * the order is read.
 */
export function foreseen(
  orderId: string,
  events: readonly OrderEvent[],
  journal: Journal,
): JournalEntry | undefined {
  const [event, ...others] = events;
  if (event?.type !== 'TaskCompleted' || others.length > 0) return undefined;
  const entry = journal.lastStored(orderId);
  if (entry === undefined || event.at - entry.at > MOST_AGE_MS) return undefined;
  const { state } = entry;
  if (state.status !== 'running') return undefined;
  const [open, ...more] = state.stage.tasks.filter(isOpen);
  if (open?.status !== 'inFlight' || more.length > 0) return undefined;
  return open.taskId === event.taskId && open.attempt === event.attempt ? entry : undefined;
}

function isOpen({ status }: StageTask): boolean {
  return ['inFlight', 'backingOff', 'parked', 'waiting'].includes(status);
}
