import type { EntryDraft } from './entry-draft.ts';
import type {
  CancelledOrder,
  CompensatingOrder,
  FailedOrder,
  OrderFailure,
  PausedOrder,
  RunningOrder,
} from './order.ts';
import { paused } from './pausing.ts';
import { plannedFor, positionOf } from './stage.ts';
import { failedJobsOf } from './stage-tasks.ts';
import type { FailedTask } from './task.ts';
import { endedOrUndone } from './undoing.ts';
import type { Workflow } from './workflow.ts';

/**
 * What becomes of an order whose task has failed for good. In this order: it pauses, if its workflow says so; its activity's
 * `onFailure` runs; what was done is undone; it has failed.
 */
export function afterFinalFailure(
  order: RunningOrder,
  task: FailedTask,
  draft: EntryDraft,
): RunningOrder | PausedOrder | CompensatingOrder | FailedOrder | CancelledOrder {
  const { workflow } = draft.context;
  if (workflow.pauseOnFailure || order.pauseOnFailure)
    return paused(order, draft, { onFailure: true });
  const error = failureOf(task);
  if (order.stage.stage === 'onFailure') return uncaught(order, order.caught ?? error, draft);
  const { activity, stage: failed } = order.stage;
  // A choice stands before the activity, and is none of its stages.
  const onFailure = failed === 'choose' ? undefined : workflow.activities[activity]?.onFailure;
  if (onFailure === undefined) return uncaught(order, error, draft);
  const tasks = onFailure.plugins.map(plannedFor);
  const failedJobs = failedJobsOf(order);
  const stage = { ...positionOf(order.stage), stage: 'onFailure', tasks } as const;
  return { ...order, failedJobs, caught: error, stage };
}

/** The order once its `onFailure` has been done: it goes on, or fails as it would have. */
export function afterCatch(
  order: RunningOrder,
  draft: EntryDraft,
): RunningOrder | CompensatingOrder | FailedOrder | CancelledOrder {
  const { caught, ...goingOn } = order;
  const { onFailure } = draft.context.workflow.activities[order.stage.activity] ?? {};
  if (caught === undefined || onFailure?.then === 'continue') return goingOn;
  return uncaught(order, caught, draft);
}

function uncaught(order: RunningOrder, error: OrderFailure, draft: EntryDraft) {
  // What a slice has done is undone if its parent is.
  const undo = order.slice === undefined && !isPastPivot(order, draft.context.workflow);
  return endedOrUndone(order, { status: 'failed', error }, undo, draft);
}

/** Whether the workflow's pivot has ended: from then on nothing is undone. */
export function isPastPivot(
  { stage }: Pick<RunningOrder, 'stage'>,
  { activities, pivot }: Workflow,
): boolean {
  if (pivot === undefined) return false;
  return stage.activity > activities.findIndex(({ name }) => name === pivot);
}

function failureOf({ job, plugin, attempt, error }: FailedTask): OrderFailure {
  return { ...error, task: job, plugin, attempt };
}
