/**
 * An order may stop to wait for a task although an attempt of it may be at work: it is given up, skipped, cancelled or called off. What
 * comes then counts no more, but if its plugin can undo what it did, somebody has to remember that it did. This file keeps such tasks in
 * mind until they have answered. When the undoing is planned, those that have not are `unknown`: see undo-plan.ts.
 */
import { TASK_CANCELLED } from './cancelling.ts';
import type { OrderEvent, TaskCompleted, TaskExpired, TaskFailed } from './event.ts';
import type {
  CancelledOrder,
  FailedOrder,
  OrderState,
  StagedOrder,
  UnansweredTask,
} from './order.ts';
import { hasEnded } from './order.ts';
import { isOpen } from './stage-tasks.ts';
import type { BackingOffTask, FailedTask, InFlightTask, ParkedTask, StageTask } from './task.ts';
import { isSettling } from './undo-plan.ts';

/** The order with those tasks kept in mind for which it waits no longer since the decision. */
export function withUnanswered(
  before: OrderState,
  after: OrderState,
  applied: readonly OrderEvent[],
): OrderState {
  if (!('stage' in before) || hasEnded(before) || !('stage' in after) || hasEnded(after)) {
    return after;
  }
  if (hasPlan(after)) return after;
  const { unanswered = [] } = after;
  const left = before.stage.tasks
    .filter(mayHaveWorked)
    .filter((task) => !isOver(task, before) && isOver(task, after))
    .filter((task) => !applied.some((event) => answers(event, task)));
  return left.length === 0 ? after : { ...after, unanswered: [...unanswered, ...left.map(named)] };
}

/** Whether its undoing is planned: who has not answered by then is `unknown` there. */
function hasPlan(order: StagedOrder): boolean {
  return order.status === 'compensating' && !isSettling(order);
}

type Started = InFlightTask | BackingOffTask | ParkedTask | FailedTask;

/** Failures of attempts that have not answered. */
const UNHEARD: readonly string[] = ['TASK_TIMED_OUT', 'HEARTBEAT_MISSED', TASK_CANCELLED];

/** Whether its latest attempt has not answered, and somebody might have to undo what that has done. */
function mayHaveWorked(task: StageTask): task is Started {
  if (!isOpen(task) && task.status !== 'failed') return false;
  if (task.status === 'inFlight') return task.compensates === true;
  return task.mayHaveWorked === true && UNHEARD.some((code) => code === task.error?.code);
}

function answers(event: OrderEvent, { taskId }: Started): boolean {
  const isAnswer =
    event.type === 'TaskCompleted' || event.type === 'TaskFailed' || event.type === 'TaskExpired';
  return isAnswer && event.taskId === taskId;
}

/** Whether the task will not be attempted again: a mandatory one that failed may be, as long as its order stands in its stage. */
function isOver({ taskId }: Started, order: StagedOrder): boolean {
  const same = order.stage.tasks.find((task) =>
    task.status === 'planned'
      ? task.again?.taskId === taskId
      : 'taskId' in task && task.taskId === taskId,
  );
  if (same === undefined) return true;
  if (same.status === 'failed') return !same.mandatory || order.status === 'compensating';
  return same.status === 'completed';
}

function named({ taskId, plugin, byOrder, attempt }: Started): UnansweredTask {
  return { taskId, plugin, attempt, ...(byOrder && { byOrder }) };
}

/** The order after the answer of a task that it kept in mind, or why that changes nothing; `undefined` if it keeps none such in mind. */
export function afterLateAnswer(
  order: StagedOrder,
  event: TaskCompleted | TaskFailed | TaskExpired,
): StagedOrder | string | undefined {
  const task = order.unanswered?.find(({ taskId }) => taskId === event.taskId);
  if (task === undefined || hasPlan(order)) return undefined;
  if (event.by !== undefined && (task.byOrder || task.plugin !== event.by)) {
    return "the task is another plugin's";
  }
  if (event.attempt > task.attempt) return 'there was no such attempt yet';
  // A later one may be at work.
  if (event.type !== 'TaskCompleted' && event.attempt < task.attempt) {
    return 'the attempt is not the current one';
  }
  return withoutUnanswered(order, event.taskId);
}

/** Whether the order does not wait for the task any more, and keeps it in mind, or lists it as unknown. */
export function isUnanswered(state: OrderState, taskId: string): boolean {
  const { unanswered, undoing } = state as Partial<Pick<FailedOrder, 'unanswered' | 'undoing'>>;
  return [unanswered, undoing?.unknown].some((tasks) =>
    tasks?.some((one) => one.taskId === taskId),
  );
}

/** The order that has heard of the task. */
export function withoutUnanswered<Order extends StagedOrder | FailedOrder | CancelledOrder>(
  order: Order,
  answered: string,
): Order {
  const others = order.unanswered?.filter(({ taskId }) => taskId !== answered) ?? [];
  const { unanswered: _, ...heard } = order;
  return (others.length === 0 ? heard : { ...heard, unanswered: others }) as Order;
}
