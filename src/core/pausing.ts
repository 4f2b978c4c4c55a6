import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Occurrence } from './event.ts';
import type { PausedOrder, RunningOrder } from './order.ts';
import { begunAgain } from './retrying.ts';
import { withTasks } from './stage-tasks.ts';
import type { StageTask } from './task.ts';

/** Someone is asked to look at a paused order every seven days. Milliseconds. */
export const LOOK_AFTER_MS = 7 * 86_400_000;

/** The order with its clocks stopped. What backs off gives its turn back: nobody has it in hand until the order goes on. */
export function paused(
  { resumedIn: _, ...order }: RunningOrder,
  { at, entry }: EntryDraft,
  because: Pick<PausedOrder, 'onFailure' | 'byParent' | 'pausedBy'> = {},
): PausedOrder {
  return {
    ...withTasks(order, withoutTurn),
    status: 'paused',
    pausedAt: at,
    pausedIn: entry,
    ...because,
    lookAt: at + LOOK_AFTER_MS,
  };
}

function withoutTurn(task: StageTask): StageTask {
  if (task.status !== 'backingOff') return task;
  const { turn: _, ...without } = task;
  return without;
}

/** The paused order once its day has come: someone has been asked to look, and will be again. */
export function lookedAt(order: PausedOrder, { at }: EntryDraft): PausedOrder {
  return order.lookAt <= at ? { ...order, lookAt: at + LOOK_AFTER_MS } : order;
}

/** The order with its clocks going on where they stood. If it paused instead of failing, what failed is begun again. */
export function resumed(order: PausedOrder, draft: EntryDraft): RunningOrder {
  const { pausedAt, pausedIn: _, pausedBy: __, lookAt: ___, byParent: ____, ...stopped } = order;
  const { onFailure, ...rest } = stopped;
  const pausedMs = Math.max(0, draft.at - pausedAt);
  const going: RunningOrder = { ...rest, status: 'running', resumedIn: draft.entry };
  const moved = withTasks(going, (task) => later(task, pausedMs));
  return onFailure ? begunAgain(moved) : moved;
}

/** Every instant of the task by so much later. When it was dispatched stays: its message lies in the queue since then. */
function later(task: StageTask, pausedMs: number): StageTask {
  switch (task.status) {
    case 'inFlight':
      return {
        ...task,
        pausedMs: (task.pausedMs ?? 0) + pausedMs,
        deadlineAt: task.deadlineAt + pausedMs,
        giveUpAt: task.giveUpAt + pausedMs,
        ...defined({
          silentAt: task.silentAt === undefined ? undefined : task.silentAt + pausedMs,
        }),
      };
    case 'backingOff':
      return { ...task, retryAt: task.retryAt + pausedMs, giveUpAt: task.giveUpAt + pausedMs };
    case 'parked': {
      // Its clocks stand still by themselves.
      const { released: _, ...parked } = task;
      return parked;
    }
    case 'waiting':
      return { ...task, until: task.until + pausedMs };
    case 'planned':
    case 'plannedWait':
    case 'plannedChoice':
    case 'chosen':
    case 'plannedRepeat':
    case 'repeatDecided':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'calledOff':
    case 'waited':
      return task;
  }
}

/** What happens while an order is paused happens at the instant at which its clocks stopped. */
export function frozen(event: Occurrence, order: PausedOrder): Occurrence {
  if (!('sentAt' in event)) return event;
  return { ...event, sentAt: Math.min(event.sentAt, order.pausedAt) };
}
