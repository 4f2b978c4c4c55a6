/**
 * A step with `forEach` is one task per element of a list, or one per slice of a long one (slices.ts). The list is made when the stage is
 * entered, and recorded in it; each task says where its element stands there. This file says which of these tasks may begin, which failures they may have, and what they come
 * to together; all else is as with other tasks of a parallel stage.
 */
import { defined } from './defined.ts';
import { enoughOf, mayHaveEnough } from './enough.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { StageProgress } from './order.ts';
import type { SliceOfList } from './slices.ts';
import { elementsOfSlice, failuresIn, isCut, listAt, SLICE, shareOf, slicesFor } from './slices.ts';
import { positionOf, taskStepAt } from './stage.ts';
import { isOpen, placeOf } from './stage-tasks.ts';
import type { FailedTask, PlannedTask, SkippedTask, StageTask } from './task.ts';
import { isSettled } from './task.ts';
import type { Workflow } from './workflow.ts';

/** How many elements the lists of a stage may have, all of them together. */
export const MOST_ELEMENTS = 10_000;

/** A task that stands for one task per element, whose list is still to be made. */
export interface TaskOfEach extends PlannedTask {
  readonly each: true;
}

export function awaitsList(task: StageTask): task is TaskOfEach {
  return task.status === 'planned' && task.each === true;
}

/** The tasks in the place of one that stood for them all. Where one is begun again, the first of them gets its names. */
function tasksOfList(
  { again, ...task }: PlannedTask,
  list: readonly Json[],
  staysWhole = false,
): readonly (PlannedTask | SkippedTask)[] {
  const place = placeOf(task);
  if (list.length === 0) return [{ status: 'skipped', ...place }];
  const isInSlices = isCut(list) && !staysWhole;
  const own = isInSlices ? asSlice(place) : place;
  const count = isInSlices ? slicesFor(list.length) : list.length;
  return Array.from({ length: count }, (_, element) => {
    const names = again && element === 0 ? { again: withoutInput(again) } : {};
    return { status: 'planned', ...own, element, ...names };
  });
}

/** Whoever performs its elements, a child order performs the slice. */
function asSlice({ awaits: _, ...place }: ReturnType<typeof placeOf>) {
  return { ...place, byOrder: true, slice: true } as const;
}

/** What a person gave it was the list. */
function withoutInput({ input: _, ...again }: NonNullable<PlannedTask['again']>) {
  return again;
}

/** The element that the task is for, or the elements of its slice; `undefined` where its step has no list. */
export function elementOf(
  stage: StageProgress,
  { step, element, slice }: Pick<PlannedTask, 'step' | 'element' | 'slice'>,
): Json | undefined {
  if (element === undefined) return undefined;
  const list = listAt(stage, step);
  return slice ? elementsOfSlice(list, element) : list[element];
}

/** What a started task gets: its own input, or its element, or else the payload. */
export function inputOf(
  stage: StageProgress,
  task: Pick<FailedTask, 'step' | 'element' | 'slice' | 'input'>,
  payload: Json,
): { readonly input: Json; readonly ownInput: boolean } {
  const { input = elementOf(stage, task) } = task;
  return input === undefined ? { input: payload, ownInput: false } : { input, ownInput: true };
}

/**
 * Of the tasks that are due, those that begin now: choices and lists are made before anything begins; a step has no more tasks under way than its
 * `concurrency`; and none begins once its failures fail the order.
 */
export function beginningNow(
  stage: StageProgress,
  due: readonly StageTask[],
  workflow: Workflow,
): readonly StageTask[] {
  const awaiting = due.filter((task) => awaitsList(task) || task.status === 'plannedChoice');
  if (awaiting.length > 0) return awaiting;
  const room = new Map<number, number>();
  return due.filter((task) => {
    if (task.status !== 'planned' || task.element === undefined) return true;
    const left = room.get(task.step) ?? roomOf(stage, task, workflow);
    room.set(task.step, left - 1);
    return left > 0;
  });
}

/** How many tasks of the task's step may begin now. */
function roomOf(stage: StageProgress, { step, slice }: PlannedTask, workflow: Workflow): number {
  if (beginsNoMore(stage, step, workflow)) return 0;
  const { concurrency } = taskStepAt(workflow, stage, step) ?? {};
  const { length } = listAt(stage, step);
  const most = slice ? shareOf(concurrency, length).slices : (concurrency ?? Infinity);
  return most - stage.tasks.filter((task) => task.step === step && isOpen(task)).length;
}

/** Whether nothing more will happen to the task in this stage. */
export function isOverIn(task: StageTask, stage: StageProgress, workflow: Workflow): boolean {
  if (isSettled(task)) return true;
  const isOfList = task.status === 'planned' && task.element !== undefined;
  return isOfList && beginsNoMore(stage, task.step, workflow);
}

/** Once more of its tasks have failed than it tolerates, no other of the step begins; unless enough may yet complete in its stage. */
function beginsNoMore(stage: StageProgress, step: number, workflow: Workflow): boolean {
  return hasFailedTooOften(stage, step, workflow) && !mayHaveEnough(stage, workflow);
}

/** Whether the failure of the task fails its order. */
export function failsOrder(
  task: StageTask,
  stage: StageProgress,
  workflow: Workflow,
): task is FailedTask {
  if (task.status !== 'failed' || !task.mandatory) return false;
  if (task.element === undefined) return true;
  const { ofSlice } = taskStepAt(workflow, stage, task.step) ?? {};
  return ofSlice === true || hasFailedTooOften(stage, task.step, workflow);
}

function hasFailedTooOften(stage: StageProgress, step: number, workflow: Workflow): boolean {
  const list = listAt(stage, step);
  const failures = stage.tasks.reduce(
    (sum, task) =>
      task.step === step && task.status === 'failed' && task.mandatory
        ? sum + failuresIn(task, list)
        : sum,
    0,
  );
  const { tolerate = 0 } = taskStepAt(workflow, stage, step) ?? {};
  return failures > tolerated(tolerate, list.length);
}

/** How many of so many tasks may fail. A share is rounded down. */
export function tolerated(tolerate: number | string, count: number): number {
  if (typeof tolerate === 'number') return tolerate;
  return Math.floor((count * Number.parseInt(tolerate, 10)) / 100);
}

/** What the child order that performs the task does of its step's list. */
export function sliceOf(
  stage: StageProgress,
  { step, element = 0 }: Pick<PlannedTask, 'step' | 'element'>,
  workflow: Workflow,
): SliceOfList {
  const { length } = listAt(stage, step);
  const { concurrency, tolerate = 0 } = taskStepAt(workflow, stage, step) ?? {};
  const { each } = shareOf(concurrency, length);
  return {
    ...{ activity: stage.activity, step, from: element * SLICE },
    // Until enough is out of reach no failure counts, and a slice knows nothing of the others.
    tolerated: enoughOf(stage, workflow) === Infinity ? tolerated(tolerate, length) : length,
    ...defined({ atOnce: each }),
  };
}

/** The stage with a list for each of these tasks. */
export function withLists(
  stage: StageProgress,
  lists: ReadonlyMap<StageTask, readonly Json[]>,
  { leftOut, context }: EntryDraft,
): StageProgress {
  if (lists.size === 0) return stage;
  for (const [task, list] of lists) {
    if (list.length > 0 || !awaitsList(task)) continue;
    const reason = 'the list of its `forEach` is empty';
    leftOut.push({ plugin: task.plugin, status: 'skipped', ...positionOf(stage), reason });
  }
  return {
    ...stage,
    tasks: stage.tasks.flatMap((task): readonly StageTask[] => {
      const list = lists.get(task);
      return list === undefined || !awaitsList(task)
        ? [task]
        : tasksOfList(task, list, context.listsStayWhole);
    }),
    lists: {
      ...stage.lists,
      ...Object.fromEntries([...lists].map(([{ step }, list]) => [step, list])),
    },
  };
}
