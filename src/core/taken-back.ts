import type { EntryDraft } from './entry-draft.ts';
import type { TaskFailed } from './event.ts';
import { withDoubt } from './failed-attempt.ts';
import type { StagedOrder } from './order.ts';
import { withTask } from './stage-tasks.ts';
import type { CompletedTask, FailedTask } from './task.ts';

/** Failures with this code that no plugin sent are about results for which an order has no room. */
export const RESULT_TOO_LARGE = 'RESULT_TOO_LARGE';

/** Whether Baton itself takes a result back. No plugin can do so, since its answers say by whom they are. */
export function takesBack({ by, error }: TaskFailed): boolean {
  return by === undefined && error.code === RESULT_TOO_LARGE;
}

/**
 * The order after a task that has completed failed after all: what its stage hands on would not fit into the order with its result.
 * `undefined` if the event takes nothing back.
 */
export function afterTakingBack(
  order: StagedOrder,
  event: TaskFailed,
  { entry }: EntryDraft,
): StagedOrder | undefined {
  if (!takesBack(event)) return undefined;
  const { taskId, attempt, error } = event;
  const task = order.stage.tasks.find(
    (one): one is CompletedTask =>
      one.status === 'completed' && one.taskId === taskId && one.attempt === attempt,
  );
  if (task === undefined) return undefined;
  const failed: FailedTask = { ...withDoubt(task, error), status: 'failed', entry, error };
  return withTask(order, task, failed);
}
