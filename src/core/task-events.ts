import { afterDeferral, isDeferred } from './deferring.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type {
  Occurrence,
  TaskCompleted,
  TaskDeadLettered,
  TaskExpired,
  TaskFailed,
  TaskHeartbeat,
  TaskPutOff,
} from './event.ts';
import { afterFailure, givenBack, undoTraits } from './failed-attempt.ts';
import type { Instant } from './json.ts';
import { millisecondsOf } from './json.ts';
import type { StagedOrder } from './order.ts';
import { afterRelease } from './parking.ts';
import { openTask, placeOf, withTask } from './stage-tasks.ts';
import { afterTakingBack } from './taken-back.ts';
import type { InFlightTask } from './task.ts';
import { mayAnswer } from './task.ts';
import { afterLateAnswer } from './unawaited.ts';
import { lateToUndo } from './undoing.ts';
import { note, outcomeOf } from './verdict.ts';

/** The order after an event about one of its tasks, or the reason why the event changes nothing. */
export function afterTaskEvent(
  order: StagedOrder,
  event: Occurrence,
  draft: EntryDraft,
): StagedOrder | string {
  if (isOfAnotherPlugin(order, event)) return "the task is another plugin's";
  switch (event.type) {
    case 'TaskCompleted':
      return afterCompletion(order, event, draft);
    case 'TaskHeartbeat':
      return afterHeartbeat(order, event, draft);
    case 'TaskPutOff':
      return afterPutOff(order, event);
    case 'TaskDeferred':
      return afterDeferral(order, event, draft);
    case 'TaskFailed':
      return afterTakingBack(order, event, draft) ?? afterEndOfAttempt(order, event, draft);
    case 'TaskExpired':
    case 'TaskDeadLettered':
      return afterEndOfAttempt(order, event, draft);
    case 'TaskReleased':
      return afterRelease(order, event, draft);
    case 'EventReceived':
      return 'no task waits for it';
    case 'OrderAccepted':
      return 'the order has started already';
    case 'DeadlinePassed':
      // Nothing is due before the wake-up.
      return order.wakeUp.at <= draft.at ? order : 'nothing was due';
  }
}

function isOfAnotherPlugin({ stage }: StagedOrder, event: Occurrence): boolean {
  if (!('taskId' in event)) return false;
  return stage.tasks.some(
    (task) => 'taskId' in task && task.taskId === event.taskId && !mayAnswer(event.by, task),
  );
}

/** A result counts whichever attempt brings it, as long as the task is open: only the first one does. */
function afterCompletion(
  order: StagedOrder,
  event: TaskCompleted,
  draft: EntryDraft,
): StagedOrder | string {
  const { taskId, attempt, result, failures } = event;
  const task = openTask(order, taskId);
  if (task === undefined) {
    const late = order.status === 'compensating' ? lateToUndo(order, event) : undefined;
    return late ?? afterLateAnswer(order, event) ?? 'the task is not open';
  }
  if (attempt > task.attempt) return 'there was no such attempt yet';
  draft.results.set(taskId, result);
  // Of a deferred attempt, the plugin's part is noted already.
  if (task.status !== 'inFlight' || !isDeferred(task)) note(draft, task, 'worked');
  const after = withTask(order, task, {
    ...{ status: 'completed', ...placeOf(task), taskId, job: task.job, attempt },
    ...{ ...undoTraits(task), entry: draft.entry, ...defined({ failures }) },
  });
  // What is undone, or waits to be, hands nothing on.
  const handsOn = order.stage.stage !== 'parallel' && order.status !== 'compensating';
  return handsOn ? { ...after, payload: result } : after;
}

/** The attempt failed, or never began. */
function afterEndOfAttempt(
  order: StagedOrder,
  event: TaskFailed | TaskExpired | TaskDeadLettered,
  draft: EntryDraft,
): StagedOrder | string {
  const task = openTask(order, event.taskId);
  if (task?.status !== 'inFlight') {
    const late = event.type === 'TaskDeadLettered' ? undefined : afterLateAnswer(order, event);
    return late ?? 'the task is not in flight';
  }
  if (task.attempt !== event.attempt) return 'the attempt is not the current one';
  if (isDeferred(task) && event.type !== 'TaskFailed') return 'the attempt is deferred';
  return withTask(order, task, endedAttempt(order, task, event, draft));
}

function endedAttempt(
  order: StagedOrder,
  task: InFlightTask,
  event: TaskFailed | TaskExpired | TaskDeadLettered,
  draft: EntryDraft,
) {
  switch (event.type) {
    case 'TaskFailed': {
      const outcome = outcomeOf(event);
      if (outcome !== undefined) note(draft, task, outcome, event.error);
      const { ofSlice } = event;
      if (ofSlice) draft.results.set(event.taskId, ofSlice.results);
      const after = afterFailure(order, task, event.error, event, draft);
      return { ...after, ...defined({ failures: ofSlice?.failures }) };
    }
    case 'TaskExpired': {
      const waitedMs = draft.at - task.dispatchedAt - (task.pausedMs ?? 0);
      const seconds = Math.round(waitedMs / 1000);
      const message = `it waited in the queue of ${task.plugin} for ${seconds} s, past its deadline`;
      return givenBack(order, task, { code: 'TASK_TIMED_OUT', message }, draft, { waitedMs });
    }
    case 'TaskDeadLettered': {
      const message = `${task.plugin} took the task several times and never finished it`;
      if (task.begunIn !== undefined) {
        const why = `${message}: it crashed, or ran out of time or memory`;
        const error = { code: 'DEAD_LETTERED', message: why };
        note(draft, task, 'failed', error);
        return afterFailure(order, task, error, { retry: 'policy' }, draft);
      }
      const why = `${task.plugin} was sent the task several times and never began it: its function is throttled, cannot start, or had no time left`;
      return givenBack(order, task, { code: 'DEAD_LETTERED', message: why }, draft);
    }
  }
}

/**
 * Silence counts from the first heartbeat of the current attempt; once the attempt is deferred, from the first one that whoever holds its
 * token sends. Once it counts, a heartbeat of an earlier attempt, which may still be at work, breaks it as well.
 */
function afterHeartbeat(
  order: StagedOrder,
  { taskId, attempt, sentAt, byCallback }: TaskHeartbeat,
  draft: EntryDraft,
): StagedOrder | string {
  const task = openTask(order, taskId);
  if (task?.status !== 'inFlight') return 'the task is not in flight';
  if (attempt > task.attempt) return 'there was no such attempt yet';
  if (sentAt <= (task.putOffAt ?? 0)) return 'the attempt was put off since';
  // A plugin that gets the message once more says nothing of whoever it has handed the task to.
  if (isDeferred(task) && !byCallback) return 'the attempt is deferred';
  const isAtWork = task.begunIn !== undefined && !isDeferred(task);
  const begins = attempt === task.attempt && !isAtWork && task.silentAt === undefined;
  if (!begins && task.silentAt === undefined) return 'the attempt is known to have begun';
  const heartbeatSeconds = draft.context.plugins.get(task.plugin)?.heartbeatSeconds;
  const silentAt = silentAfter(sentAt, heartbeatSeconds, {
    at: draft.at,
    begins,
    known: task.silentAt,
  });
  if (isDeferred(task) && silentAt === undefined) return 'its silence does not count';
  if (!begins && silentAt === task.silentAt) return 'a later heartbeat has come already';
  return withTask(order, task, {
    ...task,
    ...(begins && { begunIn: task.begunIn ?? draft.entry }),
    ...defined({ silentAt }),
  });
}

/** Nobody is at work on the attempt until it begins again: no silence counts, and what gives it up does not charge it. */
function afterPutOff(
  order: StagedOrder,
  { taskId, attempt, sentAt }: TaskPutOff,
): StagedOrder | string {
  const task = openTask(order, taskId);
  if (task?.status !== 'inFlight') return 'the task is not in flight';
  if (task.attempt !== attempt) return 'the attempt is not the current one';
  if (isDeferred(task)) return 'the attempt is deferred';
  if (sentAt <= (task.putOffAt ?? 0)) return 'the attempt was put off later';
  const { begunIn: _, silentAt: __, ...unbegun } = task;
  return withTask(order, task, { ...unbegun, putOffAt: sentAt });
}

/** A first heartbeat that is read late says nothing of silence: those that followed it may be as late. */
function silentAfter(
  sentAt: Instant,
  heartbeatSeconds: number | undefined,
  {
    at,
    begins,
    known = 0,
  }: { readonly at: Instant; readonly begins: boolean; readonly known?: Instant | undefined },
): Instant | undefined {
  if (heartbeatSeconds === undefined) return undefined;
  const patienceMs = millisecondsOf(heartbeatSeconds);
  const isOver = sentAt + patienceMs <= at;
  return Math.max(known, (begins && isOver ? at : sentAt) + patienceMs);
}
