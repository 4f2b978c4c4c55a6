/**
 * An order may stop to wait for a task although an attempt of it may be at work: it is given up, skipped, cancelled or called off. And one
 * that has said that it failed is performed again if its message comes once more. What comes then counts no more, but if its plugin can
 * undo what it did, somebody has to remember that it did. This file keeps such tasks in mind until they have completed, or their order
 * plans its undoing: from then on that knows them, as `unknown` or as not done (see undo-plan.ts). An order that has ended may be undone
 * yet: with its parent, or when it is retried and fails again. So it keeps them in mind, too.
 */
import { mayCompleteYet } from './child-orders.ts';
import { defined } from './defined.ts';
import type { OrderEvent, TaskCompleted, TaskExpired, TaskFailed } from './event.ts';
import { isHeardOf } from './failed-attempt.ts';
import type {
  CompletedOrder,
  EndedOrder,
  FailedOrder,
  OrderState,
  StagedOrder,
  UnawaitedTask,
} from './order.ts';
import { endOf, hasEnded } from './order.ts';
import { isOpen } from './stage-tasks.ts';
import type { BackingOffTask, InFlightTask, ParkedTask } from './task.ts';
import { mayAnswer } from './task.ts';
import { isSettling, toUndoIfDone } from './undo-plan.ts';

/** The order with those tasks kept in mind for which it waits no longer since the decision. */
export function withUnawaited(
  before: OrderState,
  after: OrderState,
  applied: readonly OrderEvent[],
): OrderState {
  if (!('stage' in before) || hasEnded(before) || !mayBeUndone(after)) return after;
  const { unawaited = [] } = after;
  const left = before.stage.tasks
    .filter(isOpen)
    .filter((task) => mayComplete(task, applied) && isOver(task, after))
    .map((task) => named(task, applied));
  return left.length === 0 ? after : { ...after, unawaited: [...unawaited, ...left] };
}

/** An order that may be undone, by a plan that is yet to be made. */
type Undoable = StagedOrder | FailedOrder | CompletedOrder;

/** Whether there may be such a plan. */
function mayBeUndone(order: OrderState): order is Undoable {
  switch (order.status) {
    case 'accepted':
    case 'cancelled':
      return false;
    case 'completed':
      return order.parent !== undefined;
    case 'compensating':
      return isSettling(order);
    default:
      return true;
  }
}

type OpenTask = InFlightTask | BackingOffTask | ParkedTask;

/**
 * Whether the task may complete yet, with these events taken, and somebody might have to undo what comes of that. One that has expired
 * expires again. A child order that has failed may be retried by a person; one order does all attempts of a slice, and its parent knows it.
 */
function mayComplete(task: OpenTask, applied: readonly OrderEvent[]): boolean {
  if (task.compensates !== true) return false;
  if (applied.some((event) => isLast(event) && event.taskId === task.taskId)) return false;
  if (hasFailed(task, applied)) return task.byOrder !== true || mayBeRetried(task, applied);
  return task.status === 'inFlight' || task.mayHaveWorked === true;
}

function isLast(event: OrderEvent): event is TaskCompleted | TaskExpired {
  return event.type === 'TaskCompleted' || event.type === 'TaskExpired';
}

/** Whether a person may have the child order go on whose end has failed the task. */
function mayBeRetried(task: OpenTask, applied: readonly OrderEvent[]): boolean {
  const failure = failureOf(task, applied);
  return !task.slice && failure !== undefined && mayCompleteYet(failure.error, task.attempt);
}

/** Whether its latest attempt has said that it failed. */
function hasFailed(task: OpenTask, applied: readonly OrderEvent[]): boolean {
  const { error } = task as Partial<BackingOffTask>;
  if (error !== undefined) return isHeardOf(error);
  return failureOf(task, applied) !== undefined;
}

function failureOf({ taskId }: OpenTask, applied: readonly OrderEvent[]): TaskFailed | undefined {
  return applied
    .filter((event) => event.type === 'TaskFailed')
    .find((one) => one.taskId === taskId);
}

/** Whether the order no longer waits for the task, though somebody may have it begun again. */
function isOver({ taskId }: OpenTask, order: Undoable): boolean {
  if (order.status === 'completed') return true;
  const same = order.stage.tasks.find((task) =>
    task.status === 'planned'
      ? task.again?.taskId === taskId
      : 'taskId' in task && task.taskId === taskId,
  );
  return same === undefined || same.status === 'failed' || same.status === 'completed';
}

function named(task: OpenTask, applied: readonly OrderEvent[]): UnawaitedTask {
  const { taskId, plugin, byOrder, slice, attempt } = task;
  const failed = hasFailed(task, applied) || undefined;
  return { taskId, plugin, attempt, ...defined({ byOrder, slice, hasFailed: failed }) };
}

/** The order after the answer of a task that it kept in mind, or why that changes nothing; `undefined` if it keeps none such in mind. */
export function afterLateAnswer(
  order: StagedOrder,
  event: TaskCompleted | TaskFailed | TaskExpired,
): StagedOrder | string | undefined {
  const task = order.unawaited?.find(({ taskId }) => taskId === event.taskId);
  if (task === undefined || !mayBeUndone(order)) return undefined;
  const no = whyNotTaken(event, task);
  if (no !== undefined) return no;
  if (event.type === 'TaskCompleted') return withoutUnawaited(order, event.taskId);
  // A later one may be at work.
  if (event.attempt < task.attempt) return 'the attempt is not the current one';
  const isEnd =
    event.type === 'TaskExpired' || (task.byOrder && !mayCompleteYet(event.error, task.attempt));
  if (isEnd) return withoutUnawaited(order, event.taskId);
  return task.hasFailed ? 'it has failed already' : withFailed(order, event.taskId);
}

/** The ended order that has heard that such a task has completed, or why that changes nothing. Its end stays what it was. */
export function afterLateResult(
  order: EndedOrder,
  event: TaskCompleted,
): EndedOrder | string | undefined {
  const task = order.unawaited?.find(({ taskId }) => taskId === event.taskId);
  if (task === undefined || !mayBeUndone(order)) return undefined;
  const heard = { ...withoutUnawaited(order, event.taskId), endedIn: endOf(order) };
  return whyNotTaken(event, task) ?? heard;
}

function whyNotTaken(
  { by, attempt }: Pick<TaskCompleted, 'by' | 'attempt'>,
  task: UnawaitedTask,
): string | undefined {
  if (!mayAnswer(by, task)) return "the task is another plugin's";
  return attempt > task.attempt ? 'there was no such attempt yet' : undefined;
}

function withFailed(order: StagedOrder, failed: string): StagedOrder {
  const unawaited = order.unawaited?.map((one) =>
    one.taskId === failed ? { ...one, hasFailed: true as const } : one,
  );
  return { ...order, ...defined({ unawaited }) };
}

/** Whether the order does not wait for the task any more, and yet would take its result. */
export function wouldComeLate(state: OrderState, taskId: string): boolean {
  const { unawaited = [], ...planned } = state as Partial<FailedOrder>;
  return [...unawaited, ...toUndoIfDone(planned)].some((task) => task.taskId === taskId);
}

/** The order that has heard of the task. */
export function withoutUnawaited<Order extends StagedOrder | EndedOrder>(
  order: Order,
  answered: string,
): Order {
  const others = order.unawaited?.filter(({ taskId }) => taskId !== answered) ?? [];
  const { unawaited: _, ...heard } = order;
  return (others.length === 0 ? heard : { ...heard, unawaited: others }) as Order;
}
