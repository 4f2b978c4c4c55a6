import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { RetryAdvice } from './event.ts';
import type { Instant } from './json.ts';
import type { BackingOffTask, Failure, InFlightTask, RunningOrder, StageTask } from './order.ts';
import type { TaskPolicy } from './retry.ts';
import { backoffMs, policyOf, retryAt } from './retry.ts';
import { pluginStepAt } from './stage.ts';

/** The task after an attempt failed: it backs off, or has failed for good. */
export function afterFailure(
  order: RunningOrder,
  task: InFlightTask,
  error: Failure,
  advice: RetryAdvice,
  draft: EntryDraft,
): StageTask {
  const { retry } = policyFor(order, task, draft);
  const failed = { ...task, orderId: order.orderId, at: draft.at };
  return backingOffOrFailed(task, error, retryAt(failed, advice, retry), draft.entry);
}

/**
 * The task after an attempt that never began: it is sent again, as often as the total budget allows. After a pause, unless the attempt
 * only `waitedMs` in its plugin's queue, past its deadline.
 */
export function givenBack(
  order: RunningOrder,
  task: InFlightTask,
  error: Failure,
  draft: EntryDraft,
  { waitedMs }: { readonly waitedMs?: number } = {},
): StageTask {
  const { retry } = policyFor(order, task, draft);
  const failed = { ...task, orderId: order.orderId, at: draft.at };
  const at = waitedMs === undefined ? draft.at + backoffMs(failed, retry) : draft.at;
  const again = at < task.giveUpAt ? at : undefined;
  const unbegun = { ...task, givenBack: (task.givenBack ?? 0) + 1 };
  const after = backingOffOrFailed(unbegun, error, again, draft.entry);
  return after.status === 'backingOff' ? { ...after, ...defined({ waitedMs }) } : after;
}

/** The task as it backs off until the instant, or as it has failed for good when there is none. */
export function backingOffOrFailed(
  task: InFlightTask | BackingOffTask,
  error: Failure,
  again: Instant | undefined,
  entry: number,
): StageTask {
  const { step, plugin, mandatory, taskId, job, attempt, input, giveUpAt, givenBack: back } = task;
  const started = { step, plugin, mandatory, taskId, job, attempt, entry, error };
  if (again === undefined) return { ...started, status: 'failed' };
  const kept = defined({ input, givenBack: back });
  return { ...started, ...kept, status: 'backingOff', giveUpAt, retryAt: again };
}

/** The policy of a task: what its step says, then its plugin, then the defaults. */
export function policyFor(
  order: RunningOrder,
  { step: index, plugin }: { readonly step: number; readonly plugin: string },
  { context }: EntryDraft,
): TaskPolicy {
  const step = pluginStepAt(context.workflow, order.stage, index);
  return policyOf(step, context.plugins.get(plugin));
}
