/**
 * A parallel stage whose activity has `enough` ends as soon as so many of its tasks have completed: the others are called off. This file
 * says whether that has come, whether it may come yet, and what is called off; what becomes of attempts that were under way, unanswered.ts.
 * Of a slice of a long list, each element counts as a task, once the slice has ended: until then nobody but its own order knows.
 */
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { RunningOrder, StageProgress } from './order.ts';
import { failuresIn, sizeOfSlice } from './slices.ts';
import { positionOf } from './stage.ts';
import { isOpen, placeOf, withTasks } from './stage-tasks.ts';
import type { CalledOffTask, EndedWait, MadeChoice, PlannedTask, StageTask } from './task.ts';
import { isSettled } from './task.ts';
import type { Workflow } from './workflow.ts';

/** How many completed tasks end the stage; `undefined` where all have to end. */
export function enoughOf(
  { activity, stage }: Pick<StageProgress, 'activity' | 'stage'>,
  { activities }: Workflow,
): number | undefined {
  return stage === 'parallel' ? activities[activity]?.enough : undefined;
}

/** Whether the stage ends by its `enough`. */
export function hasEnough(stage: StageProgress, workflow: Workflow): boolean {
  const enough = enoughOf(stage, workflow);
  return enough !== undefined && completedIn(stage) >= enough;
}

/** Whether the stage may yet end by its `enough`: until that is out of reach, no failure counts. */
export function mayHaveEnough(stage: StageProgress, workflow: Workflow): boolean {
  const enough = enoughOf(stage, workflow);
  if (enough === undefined) return false;
  const { tasks } = stage;
  // How many tasks it stands for is not known yet.
  const isUnknown = tasks.some(
    (task) => task.status === 'plannedChoice' || (task.status === 'planned' && task.each),
  );
  const going = tasks.filter((task) => task.status === 'planned' || isOpen(task));
  return isUnknown || completedIn(stage) + elementsOf(going, stage) >= enough;
}

function completedIn(stage: StageProgress): number {
  const completed = stage.tasks.filter(({ status }) => status === 'completed');
  const inFailed = stage.tasks.map((task) => completedInFailed(task, stage));
  return elementsOf(completed, stage) + inFailed.reduce((sum, count) => sum + count, 0);
}

/** Some elements of a slice that has failed have completed. */
function completedInFailed(task: StageTask, stage: StageProgress): number {
  if (task.status !== 'failed' || !task.slice) return 0;
  return elementsOf([task], stage) - failuresIn(task, listOf(task, stage));
}

/** As how many tasks these count. */
function elementsOf(tasks: readonly StageTask[], stage: StageProgress): number {
  return tasks.reduce((sum, task) => sum + countOf(task, stage), 0);
}

function countOf(task: StageTask, stage: StageProgress): number {
  if (!('slice' in task) || !task.slice) return 1;
  return sizeOfSlice(listOf(task, stage), task.element ?? 0);
}

function listOf({ step }: StageTask, { lists }: StageProgress): readonly Json[] {
  return lists?.[step] ?? [];
}

/** The order with all that has not ended in its stage called off; the entry says what, and why. */
export function withRestCalledOff(order: RunningOrder, draft: EntryDraft): RunningOrder {
  const { stage } = order;
  const reason = reasonOf(stage, draft.context.workflow);
  const begun = stage.tasks.map(namesOf).filter((names) => names !== undefined);
  draft.calledOffTasks.push(...begun.map(({ taskId }) => ({ taskId, reason })));
  noteUnbegun(stage, reason, draft);
  const calledOffJobs = [...(order.calledOffJobs ?? []), ...begun.map(({ job }) => job)];
  return {
    ...withTasks(order, (task) => (isSettled(task) ? task : calledOff(task))),
    ...(calledOffJobs.length > 0 && { calledOffJobs }),
  };
}

/** What a task that has begun, and has not ended, goes by. */
function namesOf(task: StageTask): { readonly taskId: string; readonly job: string } | undefined {
  if (isOpen(task)) return task;
  return task.status === 'planned' ? task.again : undefined;
}

function reasonOf(stage: StageProgress, workflow: Workflow): string {
  const enough = enoughOf(stage, workflow);
  return enough === 1
    ? 'one completed task of its stage was enough'
    : `${enough} completed tasks of its stage were enough`;
}

function calledOff(task: StageTask): CalledOffTask | MadeChoice | EndedWait {
  if (isOpen(task) || task.status === 'planned') {
    return { status: 'calledOff', ...placeOf(task), ...defined({ job: namesOf(task)?.job }) };
  }
  const { step } = task;
  return task.status === 'plannedChoice' ? { status: 'chosen', step } : { status: 'waited', step };
}

/** Tasks that never began have no name. Those of one list are told together. */
function noteUnbegun(stage: StageProgress, reason: string, { leftOut }: EntryDraft): void {
  const unbegun = stage.tasks.filter(
    (task): task is PlannedTask => task.status === 'planned' && task.again === undefined,
  );
  for (const [step, [first, ...others]] of Map.groupBy(unbegun, (task) => task.step)) {
    if (first === undefined) continue;
    const count = elementsOf([first, ...others], stage);
    const of = stage.lists?.[step]?.length;
    const why = of === undefined ? reason : `${reason}; ${count} of its ${of} never began`;
    const about = { plugin: first.plugin, status: 'calledOff', ...positionOf(stage) } as const;
    leftOut.push({ ...about, reason: why });
  }
}
