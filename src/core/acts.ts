import { afterTaskCancel } from './cancelling.ts';
import { isByParent } from './child-orders.ts';
import { defined } from './defined.ts';
import { cancelledOrder } from './ending.ts';
import { inFirstStage } from './entering.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { ActRequested, CancelRequested, RetryRequested, SkipRequested } from './event.ts';
import { isPastPivot } from './failing.ts';
import type {
  AcceptedOrder,
  CancelledOrder,
  CompensatingOrder,
  EndedOrder,
  FailedOrder,
  OrderState,
  PausedOrder,
  RunningOrder,
  StagedOrder,
  StageProgress,
} from './order.ts';
import { hasEnded } from './order.ts';
import { paused, resumed } from './pausing.ts';
import type { Refusal } from './refusal.ts';
import { refusal } from './refusal.ts';
import type { Versions } from './retrying.ts';
import { begunAgain, reopened, retried, whyNoInput } from './retrying.ts';
import { withNeverSent } from './sessions.ts';
import { isOpen, placeOf, withSkippedJobs, withTask } from './stage-tasks.ts';
import type { StageTask } from './task.ts';
import { endedOrUndone, sliceUndone, undoneAfterAll } from './undoing.ts';

/** The order after an act, the reason why it changes nothing, or why it is refused. */
export function afterAct(
  state: OrderState,
  act: ActRequested,
  draft: EntryDraft,
  versions: Versions,
): StagedOrder | EndedOrder | string | Refusal {
  if (isCancelled(state) && act.type === 'CancelRequested') {
    return 'the order has been cancelled already';
  }
  if (act.type === 'UndoRequested') {
    if (state.status === 'completed') return undoneAfterAll(state, act, draft);
    return state.status === 'failed' && state.slice && state.undoing === undefined
      ? sliceUndone(state, act, draft)
      : `only what has completed is undone: ${state.status}`;
  }
  if (state.status === 'compensating') {
    return refusal('ORDER_COMPENSATING', 'it is being undone, and ends by itself');
  }
  if (act.type === 'RetryRequested') return afterRetry(state, act, draft, versions);
  if (act.type === 'SkipRequested') return afterSkip(state, act, draft);
  if (hasEnded(state)) return refusal('ORDER_ENDED', `the order has ended: ${state.status}`);
  switch (act.type) {
    case 'TaskCancelRequested':
      return afterTaskCancel(state, act, draft);
    case 'CancelRequested':
      return afterCancel(state, act, draft);
    case 'PauseRequested':
      return afterPause(state, act, draft);
    case 'ResumeRequested':
      if (state.status === 'paused') return resumed(state, draft);
      return refusal('ORDER_NOT_PAUSED', `it is not paused: ${state.status}`);
  }
}

function isCancelled(state: OrderState): boolean {
  if (state.status === 'cancelled') return true;
  return state.status === 'compensating' && state.undoing.ending.status === 'cancelled';
}

/** An order that neither has ended nor is being undone. */
type GoingOn = AcceptedOrder | RunningOrder | PausedOrder;

function afterCancel(
  state: GoingOn,
  { reason, undo }: CancelRequested,
  draft: EntryDraft,
): CancelledOrder | CompensatingOrder | FailedOrder | Refusal {
  if (state.status === 'accepted') return cancelledOrder(state, defined({ reason }), draft);
  const order = state.status === 'paused' ? resumed(state, draft) : state;
  if (undo !== false && isPastPivot(order, draft.context.workflow)) {
    const { pivot } = draft.context.workflow;
    const message = `it is past its pivot, ${pivot}: cancel it with \`undo: false\``;
    return refusal('PAST_PIVOT', message);
  }
  const ending = { status: 'cancelled', ...defined({ reason }) } as const;
  return endedOrUndone(order, ending, undo !== false, draft);
}

function afterPause(state: GoingOn, act: ActRequested, draft: EntryDraft): PausedOrder | string {
  const byParent = isByParent(act, state) || undefined;
  const { actId, actor, reason } = act;
  const pausedBy = { actId, ...defined({ actor, reason }) };
  if (state.status === 'paused') {
    // What its parent has paused goes on with it, unless somebody else wants it to stay.
    if (!state.byParent || byParent) return 'the order is paused already';
    const { byParent: _, ...kept } = state;
    return { ...kept, pausedBy };
  }
  const order = state.status === 'accepted' ? inFirstStage(state, draft) : state;
  return paused(order, draft, { pausedBy, ...defined({ byParent }) });
}

function afterRetry(
  state: GoingOn | EndedOrder,
  act: RetryRequested,
  draft: EntryDraft,
  versions: Versions,
): RunningOrder | CompensatingOrder | Refusal {
  if (state.slice !== undefined && act.version !== undefined) {
    const why = 'it does a slice of a list, and keeps the version of the order that has the list';
    return refusal('RETRY_NOT_POSSIBLE', why);
  }
  if (state.status === 'failed') return retried(state, act, versions);
  if (state.status === 'paused' && state.stage.tasks.some(hasFailedOrder)) {
    if (act.version !== undefined) {
      const why = 'it is paused: only a failed order moves to another version';
      return refusal('RETRY_NOT_POSSIBLE', why);
    }
    const failed = state.stage.tasks.filter(hasFailedOrder);
    const why = act.input === undefined ? undefined : whyNoInput(failed);
    if (why !== undefined) return refusal('RETRY_NOT_POSSIBLE', why);
    const { onFailure: _, ...paused } = state;
    return begunAgain(resumed(paused, draft), act.input);
  }
  return refusal('ORDER_NOT_FAILED', `it has not failed: ${state.status}`);
}

function hasFailedOrder(task: StageTask): boolean {
  return task.status === 'failed' && task.mandatory;
}

function afterSkip(
  state: GoingOn | EndedOrder,
  { job, result }: SkipRequested,
  draft: EntryDraft,
): StagedOrder | Refusal {
  const order = state.status === 'failed' ? notUndoneYet(state) : state;
  const task =
    'stage' in order ? order.stage.tasks.find((one) => isSkippable(one, job)) : undefined;
  if (task === undefined || !('stage' in order) || hasEnded(order)) {
    const message = `it has no task ${job} that is open or has failed`;
    return refusal('TASK_NOT_OPEN', message);
  }
  const { taskId, attempt } = task;
  const place = placeOf(task);
  const noted = withNeverSent(order, [task]);
  if (result === undefined) {
    return withTask(withSkippedJobs(noted, [job]), task, { status: 'skipped', ...place, job });
  }
  draft.results.set(taskId, result);
  const { entry } = draft;
  const completed = { status: 'completed', ...place, taskId, job, attempt, entry } as const;
  const after = withTask(noted, task, completed);
  const handsOn = order.stage.stage !== 'parallel' && !isOvertaken(order.stage, task);
  return handsOn ? { ...after, payload: result } : after;
}

/**
 * Whether a later task of the row is under way with the payload as it was, or has handed on a result of its own: what a person gives
 * this one is then too late to be its input, or to take that result's place. One that has failed gets it if it is begun again.
 */
function isOvertaken({ tasks }: StageProgress, task: StageTask): boolean {
  return tasks
    .slice(tasks.indexOf(task) + 1)
    .some((later) => isOpen(later) || later.status === 'completed');
}

/** A failed order goes on where it stood; one that was undone has nothing to go on from. */
function notUndoneYet(order: FailedOrder): RunningOrder | FailedOrder {
  return order.stage.stage === 'undo' ? order : reopened(order);
}

type Skippable = Extract<
  StageTask,
  { readonly status: 'inFlight' | 'backingOff' | 'parked' | 'failed' }
>;

function isSkippable(task: StageTask, job: string): task is Skippable {
  return (isOpen(task) || task.status === 'failed') && task.job === job;
}
