/**
 * A parallel stage whose activity has `enough` ends as soon as so many of its tasks have completed: the others are called off. This file
 * says whether that has come, whether it may come yet, and what is called off; what becomes of attempts that were under way, unawaited.ts.
 * Of a slice of a long list, each element counts as a task, once the slice has ended: until then nobody but its own order knows.
 */
import type { EntryDraft } from './entry-draft.ts';
import type { RunningOrder, StageProgress } from './order.ts';
import { withNeverSent } from './sessions.ts';
import { failuresIn, listAt, sizeOfSlice } from './slices.ts';
import { positionOf } from './stage.ts';
import { isOpen, placeOf, withTasks } from './stage-tasks.ts';
import type {
  CalledOffTask,
  CompletedTask,
  EndedWait,
  FailedTask,
  PlannedTask,
  StageTask,
} from './task.ts';
import { isSettled } from './task.ts';
import type { Workflow } from './workflow.ts';

/** How many completed tasks end the stage; `Infinity` where all have to end. */
export function enoughOf(
  { activity, stage }: Pick<StageProgress, 'activity' | 'stage'>,
  { activities }: Workflow,
): number {
  return (stage === 'parallel' ? activities[activity]?.enough : undefined) ?? Infinity;
}

/** Whether the stage ends by its `enough`. */
export function hasEnough(stage: StageProgress, workflow: Workflow): boolean {
  return completedIn(stage) >= enoughOf(stage, workflow);
}

/**
 * Whether the stage may yet end by its `enough`: until that is out of reach, no failure counts. Nothing has failed before the choices and
 * the lists of the stage are made, so that all tasks are known that it may have.
 */
export function mayHaveEnough(stage: StageProgress, workflow: Workflow): boolean {
  const going = stage.tasks.filter((task) => task.status === 'planned' || isOpen(task));
  return completedIn(stage) + elementsOf(going, stage) >= enoughOf(stage, workflow);
}

/** Of a slice that has failed some elements may have completed; of one that need not be done, some may have failed though it has completed. */
function completedIn(stage: StageProgress): number {
  const ended = stage.tasks.filter(
    (task): task is CompletedTask | FailedTask =>
      task.status === 'completed' || task.status === 'failed',
  );
  const failures = ended.reduce((sum, task) => sum + failuresIn(task, listAt(stage, task.step)), 0);
  return elementsOf(ended, stage) - failures;
}

/** As how many tasks these count. */
function elementsOf(tasks: readonly StageTask[], stage: StageProgress): number {
  return tasks.reduce((sum, task) => sum + countOf(task, stage), 0);
}

function countOf(task: StageTask, stage: StageProgress): number {
  if (!('slice' in task)) return 1;
  return sizeOfSlice(listAt(stage, task.step), task.element ?? 0);
}

/** The order with all that has not ended in its stage called off; the entry says what, and why. */
export function withRestCalledOff(order: RunningOrder, draft: EntryDraft): RunningOrder {
  const { stage } = order;
  const reason = reasonOf(stage, draft.context.workflow);
  const begun = stage.tasks.map(namesOf).filter((names) => names !== undefined);
  draft.calledOffTasks.push(...begun.map(({ taskId }) => ({ taskId, reason })));
  noteUnbegun(stage, reason, draft);
  const calledOffJobs = [...(order.calledOffJobs ?? []), ...begun.map(({ job }) => job)];
  const noted = withNeverSent(order, stage.tasks.filter(isOpen));
  return {
    ...withTasks(noted, (task) => (isSettled(task) ? task : calledOff(task))),
    ...(calledOffJobs.length > 0 && { calledOffJobs }),
  };
}

/** What a task that has begun, and has not ended, goes by; and what is begun again after it has failed. */
function namesOf(task: StageTask): { readonly taskId: string; readonly job: string } | undefined {
  if (isOpen(task)) return task;
  return 'again' in task ? task.again : undefined;
}

function reasonOf(stage: StageProgress, workflow: Workflow): string {
  const enough = enoughOf(stage, workflow);
  return enough === 1
    ? 'one completed task of its stage was enough'
    : `${enough} completed tasks of its stage were enough`;
}

/** Its place is kept, which that of its result is told by. */
function calledOff(task: StageTask): CalledOffTask | EndedWait {
  if ('plugin' in task) return { status: 'calledOff', ...placeOf(task) };
  return { status: 'waited', step: task.step };
}

/** Tasks that never began have no name, and are those of a list: all others begin at once. Those of one list are told together. */
function noteUnbegun(stage: StageProgress, reason: string, { leftOut }: EntryDraft): void {
  const unbegun = stage.tasks.filter(
    (task): task is PlannedTask => task.status === 'planned' && task.again === undefined,
  );
  for (const [step, tasks] of Map.groupBy(unbegun, (task) => task.step)) {
    const [{ plugin }] = tasks as [PlannedTask];
    const count = elementsOf(tasks, stage);
    const why = `${reason}; ${count} of its ${listAt(stage, step).length} never began`;
    leftOut.push({ plugin, status: 'calledOff', ...positionOf(stage), reason: why });
  }
}
