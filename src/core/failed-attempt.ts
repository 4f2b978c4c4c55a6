import { awaitPolicy } from './awaiting.ts';
import { childPolicy } from './child-orders.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { RetryAdvice } from './event.ts';
import type { Failure } from './failure.ts';
import type { Instant } from './json.ts';
import type { StagedOrder } from './order.ts';
import type { TaskPolicy } from './retry.ts';
import { backoffMs, policyOf, retryAt } from './retry.ts';
import { taskStepAt } from './stage.ts';
import { placeOf } from './stage-tasks.ts';
import type { BackingOffTask, InFlightTask, StageTask } from './task.ts';
import { isSettling } from './undo-plan.ts';
import type { PluginStep } from './workflow.ts';

/**
 * The task after an attempt failed: it backs off, or has failed for good. While its order waits to be undone, nothing is tried again. A
 * canary goes where others may not: what it meets there costs its task no attempt.
 */
export function afterFailure(
  order: StagedOrder,
  task: InFlightTask,
  error: Failure,
  advice: RetryAdvice,
  draft: EntryDraft,
): StageTask {
  const { retry } = policyFor(order, task, draft);
  if (task.canary && advice.retry === 'policy') {
    return givenBack(order, withDoubt(task, error), error, draft);
  }
  const failed = { ...withDoubt(task, error), orderId: order.orderId, at: draft.at };
  const again = isSettling(order) ? undefined : retryAt(failed, advice, retry);
  return keepingTurn(order, backingOffOrFailed(failed, error, again, draft.entry), task, draft);
}

/**
 * Where the message of an attempt keeps its place in an ordered plugin's queue, its task is in the plugin's hands until it is tried again;
 * but for a paused order's, whose messages the plugin drops.
 */
function keepingTurn(
  { status }: StagedOrder,
  after: StageTask,
  { plugin, turn }: InFlightTask,
  { context }: EntryDraft,
): StageTask {
  const isOrdered = context.plugins.get(plugin)?.ordered !== undefined;
  if (after.status !== 'backingOff' || !isOrdered || status === 'paused') return after;
  return { ...after, ...defined({ turn }) };
}

/** Codes of attempts that may have done their work, or a part of it: they were cut off, or their result could not be taken. */
const IN_DOUBT: readonly string[] = [
  ...['TASK_TIMED_OUT', 'LAMBDA_TIMEOUT', 'HEARTBEAT_MISSED', 'DEAD_LETTERED', 'TASK_CANCELLED'],
  ...['RESULT_TOO_LARGE', 'RESULT_TOO_DEEP', 'RESULT_NOT_JSON'],
];

export function isInDoubt({ code }: Failure): boolean {
  return IN_DOUBT.includes(code);
}

/** The task, with a note if nobody knows what its attempt has done, and somebody might have to undo it. */
export function withDoubt<Task extends { readonly compensates?: true }>(
  task: Task,
  error: Failure,
): Task & { readonly mayHaveWorked?: true } {
  return task.compensates === true && isInDoubt(error) ? { ...task, mayHaveWorked: true } : task;
}

/**
 * The task after an attempt that never began: it is sent again, as often as the total budget allows. After a pause, unless the attempt
 * only `waitedMs` in its plugin's queue, past its deadline.
 */
export function givenBack(
  order: StagedOrder,
  task: InFlightTask,
  error: Failure,
  draft: EntryDraft,
  { waitedMs }: { readonly waitedMs?: number } = {},
): StageTask {
  const { retry } = policyFor(order, task, draft);
  const failed = { ...task, orderId: order.orderId, at: draft.at };
  const at = waitedMs === undefined ? draft.at + backoffMs(failed, retry) : draft.at;
  const again = at < task.giveUpAt && !isSettling(order) ? at : undefined;
  const unbegun = { ...task, givenBack: (task.givenBack ?? 0) + 1 };
  const unkept = backingOffOrFailed(unbegun, error, again, draft.entry);
  const after = keepingTurn(order, unkept, task, draft);
  return after.status === 'backingOff' ? { ...after, ...defined({ waitedMs }) } : after;
}

/** The task as it backs off until the instant, or as it has failed for good when there is none. */
export function backingOffOrFailed(
  task: InFlightTask | BackingOffTask,
  error: Failure,
  again: Instant | undefined,
  entry: number,
): StageTask {
  const { taskId, job, attempt, input, giveUpAt, givenBack: back } = task;
  const { heldSince } = task;
  const names = { ...placeOf(task), taskId, job, attempt, entry, error };
  const started = { ...names, ...undoTraits(task) };
  if (again === undefined) {
    return { ...started, ...(isSent(error) ? {} : defined({ input })), status: 'failed' };
  }
  const kept = defined({ input, givenBack: back, heldSince });
  return { ...started, ...kept, status: 'backingOff', giveUpAt, retryAt: again };
}

/** Codes of attempts that never reached their plugin. */
const NEVER_SENT: readonly string[] = ['PLUGIN_NOT_REGISTERED', 'PLUGIN_DRAINING'];

/** Whether the attempt that failed so had reached its plugin's queue. */
export function isSent({ code }: Failure): boolean {
  return !NEVER_SENT.includes(code);
}

/** Codes of attempts whose time ran out before anything was heard of their end. */
const GIVEN_UP: readonly string[] = ['TASK_TIMED_OUT', 'HEARTBEAT_MISSED'];

/** Whether the attempt that failed so was sent, and was not given up before its end was heard of. */
export function isHeardOf(error: Failure): boolean {
  return isSent(error) && !GIVEN_UP.includes(error.code);
}

/** What a started task keeps, whatever becomes of it. */
export function undoTraits({
  compensates,
  mayHaveWorked,
  undoes,
  undoneChild,
}: Pick<InFlightTask, 'compensates' | 'mayHaveWorked' | 'undoes' | 'undoneChild'>) {
  return defined({ compensates, mayHaveWorked, undoes, undoneChild });
}

type Performed = Pick<InFlightTask, 'step' | 'plugin' | 'byOrder' | 'awaits' | 'slice'>;

/** The policy of a task: what its step says, then its plugin, then the defaults. */
export function policyFor(
  order: StagedOrder,
  { step: index, plugin, byOrder, awaits, slice }: Performed,
  { context }: EntryDraft,
): TaskPolicy {
  const step = taskStepAt(context.workflow, order.stage, index);
  // What the step says of time is said of an element.
  if (byOrder) return childPolicy(slice ? undefined : step);
  if (awaits) return awaitPolicy(step);
  // What a plugin performs has a step that names the plugin, or none.
  return policyOf(step as PluginStep | undefined, context.plugins.get(plugin));
}
