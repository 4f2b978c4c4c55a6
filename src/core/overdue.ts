import type { Awaited } from './awaiting.ts';
import { awaitedBy, isAwaiting } from './awaiting.ts';
import { lookedAfter } from './child-orders.ts';
import type { Backlogs, Deciding } from './deciding.ts';
import { askBacklogs } from './deciding.ts';
import { isDeferred } from './deferring.ts';
import type { EntryDraft } from './entry-draft.ts';
import { afterFailure } from './failed-attempt.ts';
import type { CompensatingOrder, RunningOrder, StagedOrder } from './order.ts';
import { parkedOn } from './parking.ts';
import { withTasks } from './stage-tasks.ts';
import type { InFlightTask, StageTask } from './task.ts';
import { isPlugins } from './task.ts';
import { note } from './verdict.ts';

/**
 * An attempt that may still wait in its plugin's queue is looked at again after a minute at least, since the sweeper comes once a minute, and
 * after a quarter of the time that it has waited. So ten times as long a backlog costs each of its orders some ten entries more, not
 * one a minute; what got lost in it is found out as much later.
 */
const LEAST_PUT_OFF_MS = 60_000;
const PUT_OFF_SHARE = 1 / 4;

/** The order with its waits ended that are over, and with those attempts failed whose time is up. */
export function* withOverdueEnded<Order extends RunningOrder | CompensatingOrder>(
  order: Order,
  draft: EntryDraft,
): Deciding<Order> {
  const waiting = order.stage.tasks.filter((task) => mayWaitInQueue(task, draft));
  const plugins = new Set(waiting.map(({ plugin }) => plugin));
  const backlogs = yield* askBacklogs([...plugins]);
  return withTasks(order, (task) => {
    if (task.status === 'waiting' && task.until <= draft.at) {
      return { status: 'waited', step: task.step };
    }
    if (task.status === 'parked') return parkedOn(task, draft);
    if (task.status !== 'inFlight') return task;
    if (task.deadlineAt <= draft.at) {
      if (task.byOrder && draft.at < task.giveUpAt) return lookedAfter(task, draft);
      return isBehind(task, backlogs) ? putOff(task, draft) : timedOut(order, task, draft);
    }
    if (task.silentAt !== undefined && task.silentAt <= draft.at) return silent(order, task, draft);
    return task;
  });
}

/** Its time is up, and nothing says that it has begun. */
function mayWaitInQueue(task: StageTask, { at }: EntryDraft): task is InFlightTask {
  if (task.status !== 'inFlight' || !isPlugins(task) || task.begunIn !== undefined) return false;
  return task.deadlineAt <= at && at < task.giveUpAt;
}

/** While its plugin's queue holds an older message, the attempt is waiting: it is not the attempt that is slow. */
function isBehind({ plugin, dispatchedAt }: InFlightTask, backlogs: Backlogs): boolean {
  return (backlogs.get(plugin) ?? Infinity) < dispatchedAt;
}

function putOff(task: InFlightTask, { at }: EntryDraft): InFlightTask {
  const waitedMs = at - task.dispatchedAt - (task.pausedMs ?? 0);
  const putOffMs = Math.max(LEAST_PUT_OFF_MS, Math.ceil(waitedMs * PUT_OFF_SHARE));
  return { ...task, deadlineAt: Math.min(at + putOffMs, task.giveUpAt) };
}

function timedOut(order: StagedOrder, task: InFlightTask, draft: EntryDraft): StageTask {
  const seconds = Math.round((task.deadlineAt - task.dispatchedAt - (task.pausedMs ?? 0)) / 1000);
  const error = isAwaiting(task)
    ? {
        code: 'EVENT_TIMEOUT',
        message: `${nameOf(awaitedBy(task))} did not come within ${seconds} s`,
      }
    : { code: 'TASK_TIMED_OUT', message: `no answer within ${seconds} s` };
  // At the end of its budget nobody has asked whether it still waited in the queue.
  const isSlow = task.begunIn !== undefined || draft.at < task.giveUpAt;
  if (isSlow && !isDeferred(task)) note(draft, task, 'failed', error);
  return afterFailure(order, task, error, { retry: 'policy' }, draft);
}

function nameOf({ eventType, key }: Awaited): string {
  return key === undefined ? eventType : `${eventType} under the key ${key}`;
}

function silent(order: StagedOrder, task: InFlightTask, draft: EntryDraft): StageTask {
  const who = isDeferred(task) ? "whoever holds the attempt's token" : 'the plugin';
  const message = `${who} has stopped sending heartbeats`;
  const error = { code: 'HEARTBEAT_MISSED', message };
  if (!isDeferred(task)) note(draft, task, 'failed', error);
  return afterFailure(order, task, error, { retry: 'policy' }, draft);
}
