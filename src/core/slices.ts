/**
 * A list that is longer than a stage should be wide is cut into slices. A slice is one task of the order, which a child order performs:
 * there each of its elements is a task of the same step. So no entry of either grows with the whole list, and what ends many answers at
 * once waits for no other. The inputs of all elements are made before the first begins, since the child knows nothing of its parent's
 * jobs; failures are counted by the parent, who alone knows how many are tolerated.
 */
import { defined } from './defined.ts';
import type { Json } from './json.ts';
import type { OrderState, StageProgress } from './order.ts';
import { stepAt } from './stage.ts';
import type { CompletedTask, FailedTask } from './task.ts';
import type { Activity, TaskStep, Workflow } from './workflow.ts';

/** How many elements a slice has at most; a list that has no more of them is not cut. */
export const SLICE = 50;

/** The part of a list that a child order does, as the child itself knows it: the elements are its input. */
export interface SliceOfList {
  /** Where the step stands in its workflow, in a parallel stage. */
  readonly activity: number;
  readonly step: number;
  /** Where its first element stands in the list, from 0. */
  readonly from: number;
  /** So many of its elements are under way at once. Absent: all. */
  readonly atOnce?: number;
  /** None of its elements begins any more once more of them have failed. */
  readonly tolerated: number;
}

/** The list of a step that has been told apart into its tasks. */
export function listAt({ lists }: Pick<StageProgress, 'lists'>, step: number): readonly Json[] {
  return lists?.[step] ?? [];
}

export function isCut(list: readonly Json[]): boolean {
  return list.length > SLICE;
}

/** How many slices a list of so many elements is cut into. */
export function slicesFor(count: number): number {
  return Math.ceil(count / SLICE);
}

/** The elements of the task's slice. */
export function elementsOfSlice(list: readonly Json[], slice: number): readonly Json[] {
  return list.slice(slice * SLICE, (slice + 1) * SLICE);
}

/** How many elements the slice has. */
export function sizeOfSlice(list: readonly Json[], slice: number): number {
  return Math.max(0, Math.min(SLICE, list.length - slice * SLICE));
}

/**
 * How many slices are under way at once, and how many elements of each, so that together they are no more than the step says. Many slices
 * with few elements each come first: so a slow element keeps few others waiting.
 */
export function shareOf(
  concurrency: number | undefined,
  count: number,
): { readonly slices: number; readonly each?: number } {
  if (concurrency === undefined) return { slices: Infinity };
  const each = Math.ceil(concurrency / slicesFor(count));
  return { slices: Math.floor(concurrency / each), each };
}

/** How many elements of the task have failed: of a slice that has, all, where its child order has not said which. */
export function failuresIn(task: CompletedTask | FailedTask, list: readonly Json[]): number {
  if (task.status === 'completed') return task.failures ?? 0;
  if (!task.slice) return 1;
  return task.failures ?? sizeOfSlice(list, task.element ?? 0);
}

/** The results of a slice, one for each element: `null` stands for those that gave nothing. */
export function resultsOfSlice(result: Json | undefined, elements: number): readonly Json[] {
  if (Array.isArray(result) && result.length === elements) return result;
  // A person may have given a result in its stead.
  return Array.from({ length: elements }, () => result ?? null);
}

/** The workflow that the order goes through: one that does a slice does one step of its workflow, and nothing else. */
export function workflowOf({ slice }: Pick<OrderState, 'slice'>, workflow: Workflow): Workflow {
  return slice === undefined ? workflow : workflowOfSlice(slice, workflow);
}

/** The activities keep their places, so that what is told of the order by their numbers stays true. */
function workflowOfSlice(slice: SliceOfList, workflow: Workflow): Workflow {
  const place = { activity: slice.activity, stage: 'parallel' } as const;
  const step = stepAt(workflow, place, slice.step) as TaskStep;
  const { name, version } = workflow;
  return {
    ...{ name, version, on: [] },
    activities: workflow.activities.map(
      (activity, index): Activity => ({
        name: activity.name,
        pre: [],
        parallel: index === slice.activity ? [forSlice(step, slice)] : [],
        post: [],
      }),
    ),
  };
}

/** What its expressions came to is in the list already. */
function forSlice(step: TaskStep, { atOnce, tolerated }: SliceOfList): TaskStep {
  const { when: _, concurrency: __, ...own } = step;
  const terms = { forEach: 'payload', tolerate: tolerated, ofSlice: true } as const;
  const each = { ...terms, ...defined({ concurrency: atOnce }) };
  if ('waitFor' in own) {
    const { event, key } = own.waitFor;
    const waitFor = { event, ...defined({ key: key && '$element' }) };
    return { ...own, ...each, waitFor };
  }
  const { input: ___, ...rest } = own;
  return { ...rest, ...each };
}
