/**
 * The child orders for which an order waits no longer, since it has given their task up, or another one has done it. A task may have several:
 * each of its attempts is an order of its own, and a person may retry those that have failed.
 */
import { childOf, childOrderId, tasksOfChildren } from './child-orders.ts';
import type { TaskCompleted } from './event.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { FailedOrder, OrderState, Standing } from './order.ts';
import type { InFlightTask } from './task.ts';
import { toUndoIfDone } from './undo-plan.ts';

/** The children for which the order waits no longer, though they have not said that they have ended. */
export function childrenCalledOff(
  before: OrderState,
  after: OrderState,
  events: JournalEntry['events'],
): readonly string[] {
  const beside = events.flatMap((event) =>
    event.type === 'TaskCompleted' ? childrenBeside(before, event) : [],
  );
  return [...new Set([...childrenLeft(before, after, events), ...beside])];
}

/** Those of the other attempts of a task that has completed: a person may have retried them. One order does all attempts of a slice. */
function childrenBeside(before: OrderState, { taskId, attempt }: TaskCompleted): readonly string[] {
  const latest = latestAttempt(before, taskId);
  return Array.from({ length: latest }, (_, index) => index + 1)
    .filter((one) => one !== attempt)
    .map((one) => childOrderId(before.orderId, taskId, one));
}

/** The latest attempt of a task that child orders perform, if the order waits for it, or would have to undo what it did; else 0. */
function latestAttempt(order: OrderState, taskId: string): number {
  const { unawaited = [] } = order as Partial<Standing>;
  const known = [...tasksOfChildren(order), ...unawaited].find((task) => task.taskId === taskId);
  if (known !== undefined) return known.byOrder && !known.slice ? known.attempt : 0;
  const { child } =
    toUndoIfDone(order as Partial<FailedOrder>).find((job) => job.taskId === taskId) ?? {};
  if (child === undefined) return 0;
  // It is called as the first one, and numbered from the second on.
  const { length } = childOrderId(order.orderId, taskId, 1);
  return Number(child.slice(length + 1)) || 1;
}

function childrenLeft(
  before: OrderState,
  after: OrderState,
  events: JournalEntry['events'],
): readonly string[] {
  const waitsFor = new Set(tasksOfChildren(after).map((task) => childOf(after, task)));
  // It has, or that of an earlier attempt instead.
  const hasAnswered = ({ taskId }: InFlightTask) =>
    events.some((event) => 'taskId' in event && event.taskId === taskId);
  return tasksOfChildren(before)
    .filter((task) => !hasAnswered(task))
    .map((task) => childOf(before, task))
    .filter((child) => !waitsFor.has(child));
}
