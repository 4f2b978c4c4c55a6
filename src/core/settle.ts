import type { EntryDraft } from './entry-draft.ts';
import type { OrderEvent, RetryAdvice, TaskCompleted, TaskFailed, TaskHeartbeat } from './event.ts';
import type { Instant } from './json.ts';
import type { BackingOffTask, Failure, InFlightTask, RunningOrder, StageTask } from './order.ts';
import { policyOf, retryAt } from './retry.ts';
import { stepAt } from './stage.ts';
import { dueAt } from './wake-up.ts';

/** The order after an event about one of its tasks, or the reason why the event changes nothing. */
export function settle(
  order: RunningOrder,
  event: OrderEvent,
  draft: EntryDraft,
): RunningOrder | string {
  if (isAnothersTask(order, event)) return "the task is another plugin's";
  switch (event.type) {
    case 'TaskCompleted':
      return complete(order, event, draft);
    case 'TaskFailed':
      return fail(order, event, draft);
    case 'TaskHeartbeat':
      return extend(order, event, draft);
    case 'TaskExpired':
    case 'TaskDeadLettered':
      return 'the attempt never began';
    case 'OrderAccepted':
      return 'the order has started already';
    case 'DeadlinePassed':
      return isSomethingDue(order, draft) ? order : 'nothing was due';
    case 'CancelRequested':
      return order;
  }
}

function isSomethingDue({ stage, wakeUp }: RunningOrder, { at }: EntryDraft): boolean {
  return wakeUp.at <= at || stage.tasks.some((task) => (dueAt(task) ?? Infinity) <= at);
}

/** Fails the attempts whose deadline has passed, and ends the waits that are over. */
export function expire(order: RunningOrder, draft: EntryDraft): RunningOrder {
  return withTasks(order, (task) => {
    if (task.status === 'waiting' && task.until <= draft.at) {
      return { status: 'waited', step: task.step };
    }
    if (task.status !== 'inFlight') return task;
    if (task.deadlineAt <= draft.at) {
      const seconds = Math.round((task.deadlineAt - task.dispatchedAt) / 1000);
      const message = `no answer within ${seconds} s`;
      return afterFailure(
        order,
        task,
        { code: 'TASK_TIMED_OUT', message },
        { retry: 'policy' },
        draft,
      );
    }
    if (task.silentAt !== undefined && task.silentAt <= draft.at) {
      const error = {
        code: 'HEARTBEAT_MISSED',
        message: 'the plugin has stopped sending heartbeats',
      };
      return afterFailure(order, task, error, { retry: 'policy' }, draft);
    }
    return task;
  });
}

/** A plugin answers for its own tasks only. */
function isAnothersTask({ stage }: RunningOrder, event: OrderEvent): boolean {
  if (!('taskId' in event) || event.by === undefined) return false;
  const task = stage.tasks.find((one) => 'taskId' in one && one.taskId === event.taskId);
  return task !== undefined && 'plugin' in task && task.plugin !== event.by;
}

/** A result counts whichever attempt brings it, as long as the task is open: only the first one does. */
function complete(
  order: RunningOrder,
  event: TaskCompleted,
  draft: EntryDraft,
): RunningOrder | string {
  const task = openTask(order, event.taskId);
  if (task === undefined) return 'the task is not open';
  if (event.attempt > task.attempt) return 'there was no such attempt yet';
  draft.results.set(task.taskId, event.result);
  const { step, plugin, mandatory, taskId, job } = task;
  const settled = replace(order, task, {
    ...{ status: 'completed', step, plugin, mandatory, taskId, job },
    attempt: event.attempt,
    entry: draft.entry,
  });
  return order.stage.stage === 'parallel' ? settled : { ...settled, payload: event.result };
}

function fail(order: RunningOrder, event: TaskFailed, draft: EntryDraft): RunningOrder | string {
  const task = openTask(order, event.taskId);
  if (task?.status !== 'inFlight') return 'the task is not in flight';
  if (task.attempt !== event.attempt) return 'the attempt is not the current one';
  return replace(order, task, afterFailure(order, task, event.error, event, draft));
}

function extend(
  order: RunningOrder,
  event: TaskHeartbeat,
  draft: EntryDraft,
): RunningOrder | string {
  const task = openTask(order, event.taskId);
  if (task?.status !== 'inFlight') return 'the task is not in flight';
  if (task.attempt !== event.attempt) return 'the attempt is not the current one';
  const heartbeatSeconds = draft.context.plugins.get(task.plugin)?.heartbeatSeconds;
  if (heartbeatSeconds === undefined) return 'the plugin declares no heartbeat';
  const silentAt = event.at + heartbeatSeconds * 1000;
  if (silentAt <= (task.silentAt ?? 0)) return 'a later heartbeat has come already';
  return replace(order, task, { ...task, silentAt });
}

/** The task after its attempt failed: backing off until the next one, or failed for good. */
function afterFailure(
  order: RunningOrder,
  task: InFlightTask,
  error: Failure,
  advice: RetryAdvice,
  draft: EntryDraft,
): StageTask {
  const entry = stepAt(draft.context.workflow, order.stage, task.step);
  const policy = policyOf(
    entry !== undefined && 'plugin' in entry ? entry : undefined,
    draft.context.plugins.get(task.plugin),
  );
  const failed = { ...task, orderId: order.orderId, at: draft.at };
  return failAttempt(task, error, retryAt(failed, advice, policy.retry), draft.entry);
}

/** The task as it backs off until the instant, or as it stays failed when there is none. */
export function failAttempt(
  task: InFlightTask | BackingOffTask,
  error: Failure,
  again: Instant | undefined,
  entry: number,
): StageTask {
  const { step, plugin, mandatory, taskId, job, attempt, input, giveUpAt } = task;
  const started = { step, plugin, mandatory, taskId, job, attempt, entry, error };
  if (again === undefined) return { ...started, status: 'failed' };
  const own = input === undefined ? {} : { input };
  return { ...started, ...own, status: 'backingOff', giveUpAt, retryAt: again };
}

function openTask(order: RunningOrder, taskId: string): InFlightTask | BackingOffTask | undefined {
  return order.stage.tasks.find(
    (task): task is InFlightTask | BackingOffTask =>
      (task.status === 'inFlight' || task.status === 'backingOff') && task.taskId === taskId,
  );
}

function replace(order: RunningOrder, old: StageTask, task: StageTask): RunningOrder {
  return withTasks(order, (one) => (one === old ? task : one));
}

/** The order with each task of its stage put through `change`; the same object when nothing changed. */
export function withTasks(
  order: RunningOrder,
  change: (task: StageTask) => StageTask,
): RunningOrder {
  const tasks = order.stage.tasks.map(change);
  const same = tasks.every((task, index) => task === order.stage.tasks[index]);
  return same ? order : { ...order, stage: { ...order.stage, tasks } };
}
