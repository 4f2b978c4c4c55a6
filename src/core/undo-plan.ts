import { defined } from './defined.ts';
import type { CompensatingOrder, StagedOrder, UndoableJob, UndoGroup } from './order.ts';
import type { RunPosition } from './stage.ts';
import { positionOf } from './stage.ts';
import type { TaskRecord } from './task-records.ts';

/** Whether the order waits until what is in flight has answered, and only then is undone. */
export function isSettling(order: StagedOrder): order is CompensatingOrder {
  return order.status === 'compensating' && order.undoing.groups === undefined;
}

/** What is to be undone of an order with these tasks, and of which of them nobody knows what they did. */
export function undoPlan(tasks: readonly TaskRecord[]): {
  readonly groups: readonly UndoGroup[];
  readonly unknown: readonly UndoableJob[];
} {
  const undoable = tasks.filter(({ compensates }) => compensates === true);
  const done = undoable.filter(hasWorked);
  const unknown = undoable.filter((task) => !done.includes(task) && mayHaveWorked(task));
  return { groups: groupsOf(done), unknown: unknown.map(named) };
}

/**
 * Whether it has been done, though perhaps when nobody waited for it any more. Of a slice that has failed some elements may have completed:
 * its order knows which.
 */
function hasWorked({ status, bySkip, late, partly }: TaskRecord): boolean {
  return (status === 'completed' && !bySkip) || late !== undefined || partly === true;
}

/** A deferred task is still in somebody's hands: nobody has waited for its end. */
function mayHaveWorked({ mayHaveWorked: isInDoubt, status, unanswered }: TaskRecord): boolean {
  return isInDoubt === true || unanswered === true || status === 'deferred';
}

/** In reverse order of their beginning; those that ran in parallel together. */
function groupsOf(done: readonly TaskRecord[]): readonly UndoGroup[] {
  const groups: (RunPosition & { jobs: UndoableJob[] })[] = [];
  for (const task of done.toSorted((a, b) => numberOf(b) - numberOf(a))) {
    const last = groups.at(-1);
    if (last !== undefined && ranTogether(last, task)) last.jobs.push(named(task));
    else groups.push({ ...positionOf(task), jobs: [named(task)] });
  }
  return groups.map(({ activity, jobs }) => ({ activity, jobs }));
}

function ranTogether(one: RunPosition, other: RunPosition): boolean {
  return (
    one.stage === 'parallel' &&
    one.stage === other.stage &&
    one.activity === other.activity &&
    one.round === other.round
  );
}

/** Tasks are numbered as they start. */
function numberOf({ taskId }: TaskRecord): number {
  return Number(taskId.slice(1));
}

function named({ taskId, job, plugin, child }: TaskRecord): UndoableJob {
  return { taskId, job, plugin, ...defined({ child }) };
}
