import { defined } from './defined.ts';
import { withoutEnd } from './ending.ts';
import type { RetryRequested } from './event.ts';
import { isInDoubt } from './failed-attempt.ts';
import type { Json } from './json.ts';
import type {
  CompensatingOrder,
  FailedOrder,
  RunningOrder,
  StagedOrder,
  StageProgress,
  Undoing,
} from './order.ts';
import type { Refusal } from './refusal.ts';
import { isRefusal, refusal } from './refusal.ts';
import { choiceIn } from './route.ts';
import type { RunPosition } from './stage.ts';
import { activityAt, mayRepeatAfter, stepsAt } from './stage.ts';
import { placeOf, withSkippedJobs, withTasks } from './stage-tasks.ts';
import type {
  FailedTask,
  PlannedChoice,
  PlannedRepeat,
  PlannedTask,
  PlannedWait,
  StageTask,
} from './task.ts';
import { withoutUnawaited } from './unawaited.ts';
import type { Step, TaskStep, Workflow } from './workflow.ts';
import { isTaskStep } from './workflow.ts';

/**
 * The order with the mandatory tasks that have failed for good planned once more, under the names that they had. A choice or a wait has a
 * name only because it has failed: it is no job that anybody does.
 */
export function begunAgain<Order extends StagedOrder>(order: Order, input?: Json): Order {
  const nobodys = order.stage.tasks.flatMap((task) => ('of' in task ? [task.job] : []));
  // Whatever its attempts come to counts again.
  const due = order.stage.tasks.filter(isDueOnceMore);
  const awaited = due.reduce((one, { taskId }) => withoutUnawaited(one, taskId), order);
  return withTasks(withSkippedJobs(awaited, nobodys), (task) =>
    isDueOnceMore(task) ? plannedAgain(task, input) : task,
  );
}

/**
 * Whether the order, which has failed, takes the result of the task if it is retried: a person may have retried its child order before. One
 * that was given up is not waited for.
 */
export function wouldTakeIfRetried({ stage }: FailedOrder, taskId: string): boolean {
  const task = stage.tasks.filter(isDueOnceMore).find((one) => one.taskId === taskId);
  return task?.byOrder === true && !isInDoubt(task.error);
}

function isDueOnceMore(task: StageTask): task is FailedTask {
  return task.status === 'failed' && task.mandatory;
}

function plannedAgain(
  task: FailedTask,
  input: Json | undefined,
): PlannedTask | PlannedChoice | PlannedRepeat | PlannedWait {
  const { step, taskId, job, attempt, mayHaveWorked, undoes, undoneChild, each, of } = task;
  const names = { taskId, job, attempt };
  if (of === 'choice') return { status: 'plannedChoice', step, again: names };
  if (of === 'repeat') return { status: 'plannedRepeat', step, again: names };
  if (of === 'wait') return { status: 'plannedWait', step, again: names };
  const again = { ...names, ...defined({ input, mayHaveWorked }) };
  const planned = { status: 'planned', ...placeOf(task), again } as const;
  return { ...planned, ...defined({ undoes, undoneChild, each }) };
}

/** The failed order as it goes on from the tasks that failed it, or its undoing, where that failed. */
export function retried(
  order: FailedOrder,
  { input, version, forAttempt }: RetryRequested,
  versions: Versions,
): RunningOrder | CompensatingOrder | Refusal {
  const failed = order.stage.tasks.filter(isDueOnceMore);
  if (order.stage.stage === 'undo') {
    if (failed.length === 0) {
      return refusal('ALREADY_UNDONE', 'what it had done has been undone: place a new order');
    }
    if (input !== undefined || version !== undefined) {
      const why = 'its undoing is retried as it was: leave `input` and `version` out';
      return refusal('RETRY_NOT_POSSIBLE', why);
    }
    return forParent(begunAgain(undoingAgain(order)), forAttempt);
  }
  if (failed.length === 0 && version === undefined) {
    const why = 'its `onFailure` has been done, and fails it: place a new order';
    return refusal('RETRY_NOT_POSSIBLE', why);
  }
  if (input !== undefined) {
    const why = whyNoInput(failed);
    if (why !== undefined) return refusal('RETRY_NOT_POSSIBLE', why);
  }
  const moved = movedTo(reopened(order), versions);
  return isRefusal(moved) ? moved : forParent(begunAgain(moved, input), forAttempt);
}

/** The order that does a slice as it goes on for another attempt of its parent's task. */
function forParent<Order extends StagedOrder>(order: Order, attempt: number | undefined): Order {
  const { parent } = order;
  return attempt === undefined || parent === undefined
    ? order
    : { ...order, parent: { ...parent, attempt } };
}

/** Why the input that a person gives is for none of the tasks that have failed, if so. */
export function whyNoInput(failed: readonly StageTask[]): string | undefined {
  const [task, ...others] = failed;
  if (task === undefined) return 'no task is begun again that might get the input';
  if (others.length > 0) {
    return `${failed.length} tasks have failed: for which of them is the input?`;
  }
  const { of, slice } = task as FailedTask;
  if (slice) return 'it has failed at a slice of a list, whose elements keep their inputs';
  return of && `it has failed at a ${of}, which takes no input`;
}

/** The order's own workflow version, and the one that it is to move to; the same where it stays. */
export interface Versions {
  readonly from: Workflow;
  readonly to: Workflow;
}

/** The order under another version of its workflow, if the stage that it stands in is the same there. */
function movedTo(order: RunningOrder, { from, to }: Versions): RunningOrder | Refusal {
  const { activity: index, stage: name } = order.stage;
  const { name: activity } = activityAt(from, index);
  const no = (why: string) =>
    refusal('VERSION_DOES_NOT_FIT', `it does not fit version ${to.version}: ${why}`);
  const place = to.activities.findIndex((one) => one.name === activity);
  if (place < 0) return no(`it stands in the activity ${activity}, which is gone`);
  const { choice: number, ...standing } = order.stage;
  const choice = number === undefined ? undefined : choiceIn({ from, to }, number);
  if (number !== undefined && choice === undefined) {
    return no(`it stands at a choice before the activity ${activity}, which is gone`);
  }
  const stage = { ...standing, activity: place, ...defined({ choice }) };
  const before = shownStage(from, order.stage);
  const after = shownStage(to, stage);
  if (before !== after) {
    return no(`it stands in ${activity}.${name}, which was ${before} and is ${after}`);
  }
  const workflow = { name: to.name, version: to.version };
  return { ...order, workflow, stage };
}

function shownStage(
  workflow: Workflow,
  position: RunPosition & Pick<StageProgress, 'choice'>,
): string {
  if (position.choice !== undefined) {
    const branches = workflow.choices?.[position.choice]?.choose ?? [];
    return `a choice of ${branches.map(({ activities }) => activities).join(' or ')} activities`;
  }
  const steps = stepsAt(workflow, position).map(shown);
  const all = [...steps, ...(mayRepeatAfter(workflow, position) ? ['a repeat'] : [])];
  return all.join(', ') || 'nothing';
}

function shown(step: Step): string {
  if ('choose' in step) {
    const branches = step.choose.map(({ steps }) => `${steps.length}`);
    return `a choice of ${branches.join(' or ')} steps`;
  }
  if (isTaskStep(step)) {
    return step.forEach === undefined ? whatOf(step) : `${whatOf(step)} for each`;
  }
  if ('everyone' in step) return '*';
  return 'waitUntil' in step ? 'a wait until an instant' : 'a wait';
}

function whatOf(step: TaskStep): string {
  if ('plugin' in step) return step.plugin;
  return 'workflow' in step ? `an order of ${step.workflow}` : `the event ${step.waitFor.event}`;
}

/** The failed order where it stood, with nothing begun again yet. */
export function reopened(order: FailedOrder): RunningOrder {
  const { undoing: _, ...standing } = withoutEnd(order);
  return { ...standing, status: 'running' };
}

function undoingAgain(order: FailedOrder): CompensatingOrder {
  // Who stands in the undoing of a stage is being undone.
  const undoing = order.undoing as Undoing;
  return { ...withoutEnd(order), status: 'compensating', undoing };
}
