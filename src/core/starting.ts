import { firstAttempt, retriedAttempt, unparkedAttempt } from './attempts.ts';
import { CHOICE, choicesOf, withChoices } from './choosing.ts';
import type { Deciding } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Failure } from './failure.ts';
import { withLists } from './for-each.ts';
import type { Json } from './json.ts';
import type { CompensatingOrder, RunningOrder } from './order.ts';
import { REPEAT, repeatOf } from './rounds.ts';
import { positionOf } from './stage.ts';
import { placeOf, withSkippedJobs, withTasks } from './stage-tasks.ts';
import { evaluateSteps } from './step-expressions.ts';
import type { FailedTask, PlannedChoice, PlannedRepeat, PlannedWait, StageTask } from './task.ts';
import { nthName } from './task.ts';
import { withTurns } from './turns.ts';
import type { WaitEnd } from './waiting.ts';
import { endsOfWaits, WAIT, waitBegun } from './waiting.ts';

/** The order with each due task attempted, waited for, skipped, or told apart into one task per element; and with what is due decided. */
export function* withStarted<Order extends RunningOrder | CompensatingOrder>(
  order: Order,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<Order> {
  const outcomes = yield* evaluateSteps(order, due, draft);
  const ends = yield* endsOfWaits(order, due, draft);
  const choices = yield* choicesOf(order, due, draft);
  const repeat = yield* repeatOf(order, due, draft);
  const jobs = new Map(Object.entries(order.jobs));
  let taskCount = order.taskCount;
  const nextId = () => {
    taskCount += 1;
    return `t${taskCount}`;
  };
  const nextJob = (plugin: string) => {
    const n = (jobs.get(plugin) ?? 0) + 1;
    jobs.set(plugin, n);
    return nthName(plugin, n);
  };
  /** A step without a plugin has a name among the jobs only once it has failed. */
  const failedStep = (
    { step, again }: PlannedWait | PlannedChoice | PlannedRepeat,
    what: Pick<FailedTask, 'plugin' | 'of'>,
    error: Failure,
  ): FailedTask => {
    const named = again ?? { taskId: nextId(), job: nextJob(what.plugin), attempt: 0 };
    const { taskId, job, attempt } = named;
    const { entry } = draft;
    return { status: 'failed', step, ...what, mandatory: true, taskId, job, attempt, entry, error };
  };
  const lists = new Map<StageTask, readonly Json[]>();
  const needless: string[] = [];
  const started = withTasks(order, (task) => {
    if (!due.includes(task)) return task;
    if (task.status === 'plannedWait') {
      const end = ends.get(task) as WaitEnd;
      if (typeof end === 'number') return waitBegun(task, end, draft);
      return failedStep(task, { plugin: WAIT, of: 'wait' }, end);
    }
    if (task.status === 'plannedChoice') {
      const choice = choices.get(task);
      if (choice === undefined || !('error' in choice)) return task;
      return failedStep(task, { plugin: CHOICE, of: 'choice' }, choice.error);
    }
    if (task.status === 'plannedRepeat') {
      if (repeat === undefined || 'status' in repeat) return repeat ?? task;
      return failedStep(task, { plugin: REPEAT, of: 'repeat' }, repeat);
    }
    if (task.status === 'backingOff') return retriedAttempt(order, task, draft);
    if (task.status === 'parked') return unparkedAttempt(order, task, draft);
    if (task.status !== 'planned') return task;
    const outcome = outcomes.get(task);
    const { plugin, again, undoes } = task;
    if (outcome !== undefined && 'skipped' in outcome) {
      const reason = outcome.skipped;
      draft.leftOut.push({ plugin, status: 'skipped', ...positionOf(order.stage), reason });
      if (again !== undefined) needless.push(again.job);
      return { status: 'skipped', ...placeOf(task) };
    }
    if (outcome !== undefined && 'list' in outcome) {
      lists.set(task, outcome.list);
      return task;
    }
    const taskId = again?.taskId ?? nextId();
    const job = again?.job ?? (undoes === undefined ? nextJob(plugin) : undoingOf(undoes));
    return firstAttempt(order, task, { taskId, job }, outcome, draft);
  });
  const going = yield* withTurns(order, started, draft);
  const isUndoable = going.stage.tasks.some((task) => 'compensates' in task);
  return {
    ...{ ...withSkippedJobs(going, needless), jobs: Object.fromEntries(jobs), taskCount },
    stage: withLists(withChoices(going, choices, draft), lists, draft),
    ...(isUndoable && { undoable: true }),
  };
}

/** What the undoing of a job is called: no plugin's name holds a space. */
function undoingOf(job: string): string {
  return `undo ${job}`;
}
