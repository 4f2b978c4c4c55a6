import { isAwaiting } from './awaiting.ts';
import type { Deciding } from './deciding.ts';
import { completedOrder } from './ending.ts';
import { hasEnough, withRestCalledOff } from './enough.ts';
import { stageEntered } from './entering.ts';
import type { EntryDraft } from './entry-draft.ts';
import { afterCatch, afterFinalFailure } from './failing.ts';
import { beginningNow, failsOrder, isOverIn } from './for-each.ts';
import type { EndedOrder, RunningOrder, StagedOrder } from './order.ts';
import { isDueAgain } from './parking.ts';
import { payloadAfter } from './payload-after.ts';
import { nextRound } from './rounds.ts';
import { stageAfter } from './route.ts';
import { isSequential } from './stage.ts';
import { failedJobsOf } from './stage-tasks.ts';
import { withStarted } from './starting.ts';
import type { FailedTask, StageTask } from './task.ts';
import { isSettled } from './task.ts';
import { undone } from './undoing.ts';

/** Moves the order on, stage by stage, until it has to wait for something or has ended. */
export function* progress(
  order: RunningOrder,
  draft: EntryDraft,
): Deciding<StagedOrder | EndedOrder> {
  let current: StagedOrder | EndedOrder = order;
  while (isGoing(current)) {
    const due: readonly StageTask[] = dueTasks(current, draft);
    const failed = failedForOrder(current, draft);
    const isOver = current.stage.tasks.every(isSettled);
    if (!isOver && hasEnough(current.stage, draft.context.workflow)) {
      current = withRestCalledOff(current, draft);
    } else if (failed !== undefined) {
      current = afterFinalFailure(current, failed, draft);
    } else if (due.length > 0) {
      current = yield* withStarted(current, due, draft);
    } else if (!isOver) {
      return withStatus(current);
    } else {
      current = yield* afterStage(current, draft);
    }
  }
  return current.status === 'compensating' ? yield* undone(current, draft) : current;
}

function isGoing(order: StagedOrder | EndedOrder): order is RunningOrder {
  return order.status === 'running' || order.status === 'waiting';
}

/** The order in its next stage, or as it ends. */
function* afterStage(order: RunningOrder, draft: EntryDraft): Deciding<StagedOrder | EndedOrder> {
  const payload = yield* payloadAfter(order, draft);
  const ended = { ...order, payload, failedJobs: failedJobsOf(order) };
  const after = order.stage.stage === 'onFailure' ? afterCatch(ended, draft) : ended;
  if (!isGoing(after)) return after;
  const next = nextRound(after.stage) ?? stageAfter(draft.context.workflow, after.stage);
  if (next === undefined) return completedOrder(after, draft);
  return { ...after, stage: stageEntered(after, next, draft) };
}

/** A mandatory failure ends a pre or post stage at once, and a parallel one when all of its tasks have ended and not enough completed. */
function failedForOrder(
  { stage }: RunningOrder,
  { context: { workflow } }: EntryDraft,
): FailedTask | undefined {
  if (!isSequential(stage.stage)) {
    if (!stage.tasks.every((task) => isOverIn(task, stage, workflow))) return undefined;
    if (hasEnough(stage, workflow)) return undefined;
  }
  return stage.tasks.find((task): task is FailedTask => failsOrder(task, stage, workflow));
}

/** The tasks whose turn has come: in a stage that runs one after another, the first that has not ended. */
function dueTasks(order: RunningOrder, draft: EntryDraft): readonly StageTask[] {
  const { stage } = order;
  const first = stage.tasks.find((one) => !isSettled(one));
  const due = stage.tasks.filter((task) => {
    if (isSequential(stage.stage) && task !== first) return false;
    if (task.status === 'backingOff') return task.retryAt <= draft.at;
    if (task.status === 'parked') return isDueAgain(task, order, draft);
    return isPlanned(task);
  });
  return beginningNow(stage, due, draft.context.workflow);
}

/** Whether it has yet to begin. */
function isPlanned({ status }: StageTask): boolean {
  return (
    status === 'planned' ||
    status === 'plannedWait' ||
    status === 'plannedChoice' ||
    status === 'plannedRepeat'
  );
}

function withStatus(order: RunningOrder): RunningOrder {
  const open = order.stage.tasks.filter((task) => !isSettled(task) && !isPlanned(task));
  const isWaiting = open.every((task) => task.status === 'waiting' || isAwaiting(task));
  return { ...order, status: isWaiting ? 'waiting' : 'running' };
}
