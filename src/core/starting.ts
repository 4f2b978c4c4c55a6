import { firstAttempt, retriedAttempt, unparkedAttempt } from './attempts.ts';
import { CHOICE, choicesOf, failedChoice, withChoices } from './choosing.ts';
import type { Deciding } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import { withLists } from './for-each.ts';
import type { Json } from './json.ts';
import type { CompensatingOrder, RunningOrder } from './order.ts';
import { placeOf, withTasks } from './stage-tasks.ts';
import { evaluateSteps } from './step-expressions.ts';
import type { StageTask } from './task.ts';
import { nthName } from './task.ts';
import type { WaitEnd } from './waiting.ts';
import { endsOfWaits, failedWait, WAIT, waitBegun } from './waiting.ts';

/** The order with each due task attempted, waited for, skipped, or told apart into one task per element; and with each due choice made. */
export function* withStarted<Order extends RunningOrder | CompensatingOrder>(
  order: Order,
  due: readonly StageTask[],
  draft: EntryDraft,
): Deciding<Order> {
  const outcomes = yield* evaluateSteps(order, due, draft);
  const ends = yield* endsOfWaits(order, due, draft);
  const choices = yield* choicesOf(order, due, draft);
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
  const lists = new Map<StageTask, readonly Json[]>();
  const started = withTasks(order, (task) => {
    if (!due.includes(task)) return task;
    if (task.status === 'plannedWait') {
      const end = ends.get(task) as WaitEnd;
      if (typeof end === 'number') return waitBegun(task, end, draft);
      const { taskId, job } = task.again ?? { taskId: nextId(), job: nextJob(WAIT) };
      return failedWait(task, { taskId, job }, end, draft);
    }
    if (task.status === 'plannedChoice') {
      const choice = choices.get(task);
      if (choice === undefined || !('error' in choice)) return task;
      const { taskId, job } = task.again ?? { taskId: nextId(), job: nextJob(CHOICE) };
      return failedChoice(task, { taskId, job }, choice.error, draft);
    }
    if (task.status === 'backingOff') return retriedAttempt(order, task, draft);
    if (task.status === 'parked') return unparkedAttempt(order, task, draft);
    if (task.status !== 'planned') return task;
    const outcome = outcomes.get(task);
    const { plugin, again, undoes } = task;
    if (outcome !== undefined && 'skipped' in outcome) {
      const { activity, stage } = order.stage;
      draft.leftOut.push({ plugin, status: 'skipped', activity, stage, reason: outcome.skipped });
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
  const isUndoable = started.stage.tasks.some((task) => 'compensates' in task);
  return {
    ...{ ...started, jobs: Object.fromEntries(jobs), taskCount },
    stage: withLists(withChoices(started.stage, choices, draft), lists, draft),
    ...(isUndoable && { undoable: true }),
  };
}

/** What the undoing of a job is called: no plugin's name holds a space. */
function undoingOf(job: string): string {
  return `undo ${job}`;
}
