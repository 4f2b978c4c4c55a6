import { defined } from './defined.ts';
import { cancelledOrder } from './ending.ts';
import { inFirstStage } from './entering.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { ActRequested, CancelRequested, RetryRequested, SkipRequested } from './event.ts';
import { isPastPivot } from './failing.ts';
import type {
  CancelledOrder,
  CompensatingOrder,
  EndedOrder,
  FailedOrder,
  OrderState,
  PausedOrder,
  RunningOrder,
  StagedOrder,
  StageTask,
} from './order.ts';
import { hasEnded } from './order.ts';
import { paused, resumed } from './pausing.ts';
import type { Refusal } from './refusal.ts';
import { refusal } from './refusal.ts';
import type { Versions } from './retrying.ts';
import { begunAgain, reopened, retried } from './retrying.ts';
import { withTask } from './stage-tasks.ts';
import { endedOrUndone } from './undoing.ts';

/** The order after an act, the reason why it changes nothing, or why it is refused. */
export function afterAct(
  state: OrderState,
  act: ActRequested,
  draft: EntryDraft,
  versions: Versions,
): StagedOrder | EndedOrder | string | Refusal {
  const refused = refusalOf(state, act);
  if (refused !== undefined) return refused;
  switch (act.type) {
    case 'CancelRequested':
      return afterCancel(state, act, draft);
    case 'PauseRequested':
      return afterPause(state, draft);
    case 'ResumeRequested':
      if (state.status === 'paused') return resumed(state, draft);
      return refusal('ORDER_NOT_PAUSED', `it is not paused: ${state.status}`);
    case 'RetryRequested':
      return afterRetry(state, act, draft, versions);
    case 'SkipRequested':
      return afterSkip(state, act, draft);
  }
}

/** What holds for every act. A failed order can be retried, and a task of it skipped; else an order that has ended has ended. */
function refusalOf(state: OrderState, { type }: ActRequested): Refusal | string | undefined {
  const { status } = state;
  const isCancelled =
    status === 'cancelled' ||
    (status === 'compensating' && state.undoing.ending.status === 'cancelled');
  if (isCancelled && type === 'CancelRequested') return 'the order has been cancelled already';
  const goesOn = type === 'RetryRequested' || type === 'SkipRequested';
  if (status === 'compensating') {
    return refusal('ORDER_COMPENSATING', 'it is being undone, and ends by itself');
  }
  if (!hasEnded(state) || goesOn) return undefined;
  return refusal('ORDER_ENDED', `the order has ended: ${status}`);
}

function afterCancel(
  state: OrderState,
  { reason, undo }: CancelRequested,
  draft: EntryDraft,
): CancelledOrder | CompensatingOrder | FailedOrder | string | Refusal {
  if (state.status === 'accepted') return cancelledOrder(state, defined({ reason }), draft);
  const order = goingOn(state, draft);
  if (order === undefined) return `the order has ended: ${state.status}`;
  if (undo !== false && isPastPivot(order, draft.context.workflow)) {
    const { pivot } = draft.context.workflow;
    const message = `it is past its pivot, ${pivot}: cancel it with \`undo: false\``;
    return refusal('PAST_PIVOT', message);
  }
  const ending = { status: 'cancelled', ...defined({ reason }) } as const;
  return endedOrUndone(order, ending, undo !== false, draft);
}

/** The order with its clocks going. */
function goingOn(state: OrderState, draft: EntryDraft): RunningOrder | undefined {
  if (state.status === 'running' || state.status === 'waiting') return state;
  return state.status === 'paused' ? resumed(state, draft) : undefined;
}

function afterPause(state: OrderState, draft: EntryDraft): PausedOrder | string {
  switch (state.status) {
    case 'accepted':
      return paused(inFirstStage(state, draft), draft);
    case 'running':
    case 'waiting':
      return paused(state, draft);
    case 'paused':
      return 'the order is paused already';
    case 'compensating':
    case 'completed':
    case 'failed':
    case 'cancelled':
      return `the order cannot be paused: ${state.status}`;
  }
}

function afterRetry(
  state: OrderState,
  act: RetryRequested,
  draft: EntryDraft,
  versions: Versions,
): RunningOrder | CompensatingOrder | Refusal {
  if (state.status === 'failed') return retried(state, act, versions);
  if (state.status === 'paused' && state.stage.tasks.some(hasFailedOrder)) {
    if (act.version !== undefined) {
      const why = 'it is paused: only a failed order moves to another version';
      return refusal('RETRY_NOT_POSSIBLE', why);
    }
    const { onFailure: _, ...paused } = state;
    return begunAgain(resumed(paused, draft), act.input);
  }
  return refusal('ORDER_NOT_FAILED', `it has not failed: ${state.status}`);
}

function hasFailedOrder(task: StageTask): boolean {
  return task.status === 'failed' && task.mandatory;
}

function afterSkip(
  state: OrderState,
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
  const { step, plugin, mandatory, taskId, attempt } = task;
  const inStage = { step, plugin, mandatory };
  if (result === undefined) return withTask(order, task, { status: 'skipped', ...inStage, job });
  draft.results.set(taskId, result);
  const { entry } = draft;
  const completed = { status: 'completed', ...inStage, taskId, job, attempt, entry } as const;
  const after = withTask(order, task, completed);
  return order.stage.stage === 'parallel' ? after : { ...after, payload: result };
}

/** A failed order goes on where it stood; one that was undone has nothing to go on from. */
function notUndoneYet(order: FailedOrder): RunningOrder | FailedOrder {
  return order.stage.stage === 'undo' ? order : reopened(order);
}

type Skippable = Extract<StageTask, { readonly status: 'inFlight' | 'backingOff' | 'failed' }>;

function isSkippable(task: StageTask, job: string): task is Skippable {
  const { status } = task;
  const isOpen = status === 'inFlight' || status === 'backingOff' || status === 'failed';
  return isOpen && task.job === job;
}
