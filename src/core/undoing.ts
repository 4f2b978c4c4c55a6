import { childOrderId } from './child-orders.ts';
import type { Deciding } from './deciding.ts';
import { recallTasks } from './deciding.ts';
import { isDeferred } from './deferring.ts';
import { defined } from './defined.ts';
import { cancelledOrder, failedOrder, standingOf, withoutEnd } from './ending.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { TaskCompleted } from './event.ts';
import type {
  CancelledOrder,
  CompensatingOrder,
  CompletedOrder,
  EndingAfterUndo,
  FailedOrder,
  OrderFailure,
  RunningOrder,
  Standing,
  UndoableJob,
  UndoGroup,
  Undoing,
} from './order.ts';
import { isDueAgain } from './parking.ts';
import { failedJobsOf, isOpen, placeOf } from './stage-tasks.ts';
import { withStarted } from './starting.ts';
import type { FailedTask, StageTask } from './task.ts';
import { isSettled, mayAnswer } from './task.ts';
import { withoutUnawaited } from './unawaited.ts';
import { toUndoIfDone, undoPlan } from './undo-plan.ts';

/**
 * The order on its way to the ending. Where something of it may be undone, it first waits for what is in flight at plugins that
 * compensate: what completes is undone with the rest.
 */
export function endedOrUndone(
  order: RunningOrder,
  ending: EndingAfterUndo,
  undo: boolean,
  draft: EntryDraft,
): CompensatingOrder | FailedOrder | CancelledOrder {
  if (order.undoable !== true || !undo) return endedAs(order, ending, draft);
  const { resumedIn: _, ...standing } = order;
  // An order that fails keeps what it had planned: if nothing is to be undone after all, it can be retried.
  const tasks = ending.status === 'failed' ? order.stage.tasks : calledOff(order.stage.tasks);
  const stage = { ...order.stage, tasks };
  return {
    ...standing,
    status: 'compensating',
    stage,
    undoing: begun(ending, draft),
  };
}

/** The undoing as it begins: what there is to undo is looked up later. */
function begun(ending: EndingAfterUndo, { entry }: EntryDraft): Undoing {
  return { begunIn: entry, ending, unknown: [] };
}

/** The tasks of a cancelled order: those that may leave something to undo are awaited, and nothing is attempted any more. */
function calledOff(tasks: readonly StageTask[]): readonly StageTask[] {
  return tasks.map(taskCalledOff).filter((task) => task !== undefined);
}

function taskCalledOff(task: StageTask): StageTask | undefined {
  if (task.status === 'inFlight') return task.compensates === true ? task : undefined;
  if (isOpen(task)) {
    // It has not failed: it might have been tried again.
    return { status: 'skipped', ...placeOf(task), job: task.job };
  }
  // What has neither completed nor failed was never begun.
  return 'taskId' in task ? task : undefined;
}

function endedAs(
  order: RunningOrder | CompensatingOrder,
  ending: EndingAfterUndo,
  draft: EntryDraft,
): FailedOrder | CancelledOrder {
  return ending.status === 'failed'
    ? failedOrder(order, ending.error, draft)
    : cancelledOrder(order, defined({ reason: ending.reason }), draft);
}

/** The completed order as it begins to be undone, since its parent is. What there is to undo is looked up in its journal. */
export function undoneAfterAll(
  { endedAt: _, endedIn: __, result: payload, taskCount = 0, ...order }: CompletedOrder,
  act: { readonly reason?: string },
  draft: EntryDraft,
): CompensatingOrder {
  const { activities } = draft.context.workflow;
  const stage = { activity: activities.length - 1, stage: 'post', tasks: [] } as const;
  const undoing = begunForParent(act, draft);
  return { ...order, status: 'compensating', payload, taskCount, jobs: {}, stage, undoing };
}

/** The order that has done a part of its slice, and failed, as it begins to be undone with its parent. */
export function sliceUndone(
  order: FailedOrder,
  act: { readonly reason?: string },
  draft: EntryDraft,
): CompensatingOrder {
  return { ...withoutEnd(order), status: 'compensating', undoing: begunForParent(act, draft) };
}

function begunForParent({ reason }: { readonly reason?: string }, draft: EntryDraft): Undoing {
  return begun({ status: 'cancelled', ...defined({ reason }) }, draft);
}

/** Undoes the order, group by group, until it has to wait for an answer or has ended. */
export function* undone(
  order: CompensatingOrder,
  draft: EntryDraft,
): Deciding<CompensatingOrder | FailedOrder | CancelledOrder> {
  let current = order;
  for (;;) {
    const { stage, undoing } = current;
    if (undoing.groups === undefined) {
      if (stage.tasks.some(isAwaited)) return current;
      const plan = undoPlan(yield* recallTasks(current, draft));
      const tasks = stage.tasks.filter(({ status }) => status !== 'inFlight');
      current = { ...current, stage: { ...stage, tasks }, undoing: { ...undoing, ...plan } };
      continue;
    }
    if (stage.stage === 'undo') {
      const due = stage.tasks.filter((task) => isDue(task, current, draft));
      if (due.length > 0) {
        current = yield* withStarted(current, due, draft);
        continue;
      }
      if (!stage.tasks.every(isSettled)) return current;
      const failed = stage.tasks.find(hasFailedForGood);
      if (failed !== undefined) return notUndone(current, failed, draft);
    }
    const [next, ...groups] = undoing.groups;
    if (next === undefined) return allUndone(current, draft);
    const failedJobs = failedJobsOf(current);
    current = { ...current, failedJobs, stage: undoStage(next), undoing: { ...undoing, groups } };
  }
}

/** Whoever holds the token of a deferred attempt may take days: the undoing does not wait for that, and the job is `unknown`. */
function isAwaited(task: StageTask): boolean {
  return task.status === 'inFlight' && !isDeferred(task);
}

/**
 * The order after a task has completed of which nobody knew what it had done, or which had said that it failed: it is undone before the
 * rest, or when the undoing that failed is retried.
 */
export function lateToUndo(
  order: CompensatingOrder | FailedOrder | CancelledOrder,
  { taskId, attempt, by }: TaskCompleted,
): CompensatingOrder | undefined {
  const job = toUndoIfDone(order).find((one) => one.taskId === taskId);
  if (job === undefined || !mayAnswer(by, performerOf(job))) return undefined;
  // The plan names it.
  const { undoing, stage } = order as Planned;
  const heard = withoutUnawaited(order, taskId);
  const child = childOfAttempt(order, job, attempt);
  const late = { activity: stage.activity, jobs: [{ ...job, ...defined({ child }) }] };
  const { unknown, notDone = [], ...planned } = undoing;
  const others = notDone.filter((one) => one !== job);
  const more = {
    ...{ ...planned, groups: [late, ...undoing.groups] },
    unknown: unknown.filter((one) => one !== job),
    ...(others.length > 0 && { notDone: others }),
  };
  return { ...withoutEnd(heard as FailedOrder), status: 'compensating', undoing: more };
}

function performerOf({ plugin, child }: UndoableJob) {
  return { plugin, ...(child !== undefined && { byOrder: true as const }) };
}

/** Each attempt of a child is an order of its own, but those of a slice: one order does them all, and is called as the first. */
function childOfAttempt(
  { orderId }: Pick<FailedOrder, 'orderId'>,
  { taskId, child }: UndoableJob,
  attempt: number,
): string | undefined {
  const isFirst = child === undefined || child === childOrderId(orderId, taskId, 1);
  return isFirst ? child : childOrderId(orderId, taskId, attempt);
}

type Planned = Standing & { readonly undoing: Undoing & Required<Pick<Undoing, 'groups'>> };

function hasFailedForGood(task: StageTask): task is FailedTask {
  return task.status === 'failed';
}

function isDue(task: StageTask, order: CompensatingOrder, draft: EntryDraft): boolean {
  if (task.status === 'parked') return isDueAgain(task, order, draft);
  return task.status === 'planned' || (task.status === 'backingOff' && task.retryAt <= draft.at);
}

function undoStage({ activity, jobs }: UndoGroup): CompensatingOrder['stage'] {
  const tasks = jobs.map(
    ({ job, plugin, child }): StageTask => ({
      ...{ status: 'planned', step: 0, plugin, mandatory: true, undoes: job },
      ...(child !== undefined && { byOrder: true, undoneChild: child }),
    }),
  );
  return { activity, stage: 'undo', tasks };
}

/** Where nothing was undone, and nothing may have to be yet, the order has ended as if nothing could have been. */
function allUndone(order: CompensatingOrder, draft: EntryDraft): FailedOrder | CancelledOrder {
  const { undoing, stage } = order;
  const ended = endedAs(order, undoing.ending, draft);
  if (stage.stage !== 'undo' && toUndoIfDone(order).length === 0) return ended;
  return { ...ended, ...standingOf(order), undoing };
}

function notUndone(order: CompensatingOrder, task: FailedTask, draft: EntryDraft): FailedOrder {
  const { undoing } = order;
  const { ending } = undoing;
  const error = ending.status === 'failed' ? ending.error : failureOf(task);
  return { ...failedOrder(order, error, draft), undoing };
}

function failureOf({ undoes, job, plugin, attempt, error }: FailedTask): OrderFailure {
  const message = `${undoes ?? job} could not be undone: ${error.code}: ${error.message}`;
  return { code: 'COMPENSATION_FAILED', message, task: undoes ?? job, plugin, attempt };
}
