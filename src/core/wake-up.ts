import type { EntryDraft } from './entry-draft.ts';
import type { Instant } from './json.ts';
import type { RunningOrder, StageTask } from './order.ts';

/** The sweeper comes once a minute: what is due sooner than this gets a timer of its own. */
const SWEEP_MS = 60_000;

/** The instant by which something must have happened to the task, if it waits for anything. */
export function dueAt(task: StageTask): Instant | undefined {
  switch (task.status) {
    case 'inFlight':
      return Math.min(task.deadlineAt, task.silentAt ?? task.deadlineAt);
    case 'backingOff':
      return task.retryAt;
    case 'waiting':
      return task.until;
    case 'planned':
    case 'plannedWait':
    case 'completed':
    case 'failed':
    case 'skipped':
    case 'waited':
      return undefined;
  }
}

/**
 * The order with the wake-up that it needs. An earlier one stays as it is: moving it costs two writes, and waking too early costs
 * nothing. It moves only when it has gone by or would come too late.
 */
export function withWakeUp(order: RunningOrder, { at, entry }: EntryDraft): RunningOrder {
  const due = order.stage.tasks.map(dueAt).filter((instant) => instant !== undefined);
  const nearest = Math.min(...due);
  const { wakeUp } = order;
  if (wakeUp.at > at && wakeUp.at <= nearest) return order;
  return { ...order, wakeUp: { at: nearest, entry }, wakeUpBefore: wakeUp };
}

/**
 * The timers that the decision sets, each instant once: for the tasks that came into their status or began in its entry, and for the
 * task that its wake-up is for. Retries and waits have timers however long they are; heartbeats and timeouts only where the
 * sweeper would be too slow, since a timer costs three requests.
 */
export function timersOf(order: RunningOrder, decidedAt: Instant): readonly Instant[] {
  const { entry, wakeUp, stage } = order;
  const instants = stage.tasks.flatMap((task) => {
    const at = dueAt(task);
    const isNew = 'entry' in task && task.entry === entry;
    const hasBegun = task.status === 'inFlight' && task.begunIn === entry;
    const isWokenFor = wakeUp.entry === entry && wakeUp.at === at;
    return at !== undefined && (isNew || hasBegun || isWokenFor) && needsTimer(task, at, decidedAt)
      ? [at]
      : [];
  });
  return [...new Set(instants)];
}

function needsTimer(task: StageTask, at: Instant, decidedAt: Instant): boolean {
  if (task.status !== 'inFlight') return true;
  const isShort = at === task.silentAt || task.deadlineAt - task.dispatchedAt <= SWEEP_MS;
  return isShort && at - decidedAt <= SWEEP_MS;
}
