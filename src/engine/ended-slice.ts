import { defined } from '../core/defined.ts';
import type { TaskFailed } from '../core/event.ts';
import { elementOf } from '../core/for-each.ts';
import type { Json } from '../core/json.ts';
import type { FailedOrder, OrderState, StagedOrder } from '../core/order.ts';
import type { InFlightTask } from '../core/task.ts';
import { tasksOf } from '../core/task-records.ts';
import { actOf } from './acts-of-parent.ts';
import { completed, failure } from './answers-to-parent.ts';
import type { DueEvent } from './due-event.ts';
import type { EndedChild } from './ended-child.ts';
import { answerOf } from './ended-child.ts';
import type { EnginePorts } from './engine-ports.ts';

type SlicePorts = Pick<EnginePorts, 'clock' | 'journal'>;

/**
 * The end of an order that does a slice of its parent's list: its results are an answer to its parent's task. One that has failed goes on from
 * the elements that did, if its parent has begun the task again since.
 */
export async function endOfSlice(
  child: EndedChild,
  parent: OrderState,
  task: InFlightTask | undefined,
  ports: SlicePorts,
): Promise<readonly DueEvent[]> {
  const { attempt } = child.parent;
  if (child.status === 'completed') {
    const answered = { ...child.parent, attempt: task?.attempt ?? attempt };
    const [results = null] = Object.values((child.result ?? {}) as object);
    const failures = child.failedJobs.length || undefined;
    const answer = { ...completed(answered, results, ports.clock()), ...defined({ failures }) };
    return [[parent.orderId, answer]];
  }
  if (child.status === 'cancelled' || task === undefined) {
    return answerOf(child, parent, task, ports);
  }
  if (task.attempt > attempt) return [[child.orderId, retryFor(parent, task, ports)]];
  const elements = elementsOf(parent as StagedOrder, task);
  return [[parent.orderId, await failureOf(child, task, elements, ports)]];
}

function retryFor(
  parent: OrderState,
  { taskId, attempt, dispatchedAt }: InFlightTask,
  ports: SlicePorts,
) {
  const act = actOf(parent, `retry-${parent.orderId}-${taskId}-${attempt}`, dispatchedAt, ports);
  return { type: 'RetryRequested', ...act, forAttempt: attempt } as const;
}

/** How many elements the slice has. */
function elementsOf({ stage }: StagedOrder, task: InFlightTask): number {
  const list = elementOf(stage, task);
  return Array.isArray(list) ? list.length : 0;
}

/** Why the first of its elements failed, how many did, and what the others have given. */
async function failureOf(
  { orderId, error: { code, message }, undoing, stage }: FailedOrder,
  task: InFlightTask,
  elements: number,
  { journal, clock }: SlicePorts,
): Promise<TaskFailed> {
  const failed = failure(task, { code, message: `${message} (in order ${orderId})` }, clock());
  const given = new Map<number | undefined, Json | undefined>();
  const ofSlice = (failures: number) => ({
    failures,
    results: Array.from({ length: elements }, (_, element) => given.get(element) ?? null),
  });
  // What has been undone, if only in part, gives nothing.
  if (undoing !== undefined) return { ...failed, ofSlice: ofSlice(elements) };
  const failures = stage.tasks.filter(({ status }) => status === 'failed').length;
  for (const { element, result } of tasksOf(await journal.entries(orderId))) {
    given.set(element, result);
  }
  return { ...failed, ofSlice: ofSlice(failures) };
}
