import type { EntryDraft } from './entry-draft.ts';
import type { Instant } from './json.ts';
import type { RunningOrder, StageTask, WakeUp } from './order.ts';

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
 * The wake-up that an order needs. An earlier one stays as it is: moving it costs a write, and waking too early costs
 * nothing. Only when it has gone by, or would come too late, it is set anew.
 */
export function nextWakeUp(order: RunningOrder, draft: EntryDraft): WakeUp {
  const due = order.stage.tasks.map(dueAt).filter((at) => at !== undefined);
  const nearest = Math.min(...due);
  const armed = order.wakeUp.at;
  if (armed > draft.at && armed <= nearest) return order.wakeUp;
  const { entry, armedFor } = draft;
  return { at: nearest, entry, ...(armedFor === undefined ? {} : { armedFor }) };
}
