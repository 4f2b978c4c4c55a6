import { CHILD_NOT_UNDONE, mayCompleteYet } from './child-orders.ts';
import { defined } from './defined.ts';
import { isHeardOf } from './failed-attempt.ts';
import type { Failure } from './failure.ts';
import type {
  CompensatingOrder,
  FailedOrder,
  StagedOrder,
  UndoableJob,
  UndoGroup,
  Undoing,
} from './order.ts';
import type { RunPosition } from './stage.ts';
import { positionOf } from './stage.ts';
import type { TaskRecord } from './task-records.ts';

/** Whether the order waits until what is in flight has answered, and only then is undone. */
export function isSettling(order: StagedOrder): order is CompensatingOrder {
  return order.status === 'compensating' && order.undoing.groups === undefined;
}

/** What is to be undone of an order with these tasks, of which of them nobody knows what they did, and which have not been done. */
export function undoPlan(
  tasks: readonly TaskRecord[],
): Required<Pick<Undoing, 'groups' | 'unknown'>> & Pick<Undoing, 'notDone'> {
  const undoable = tasks.filter(({ compensates }) => compensates === true);
  const done = undoable.filter(hasWorked);
  const others = undoable.filter((task) => !done.includes(task));
  const unknown = others.filter(mayHaveWorked);
  const notDone = others.filter((task) => !unknown.includes(task) && hasFailed(task));
  return {
    ...{ groups: groupsOf(done), unknown: unknown.map(named) },
    ...(notDone.length > 0 && { notDone: notDone.map(named) }),
  };
}

/** The jobs that are to be undone if they complete after all. */
export function toUndoIfDone({ undoing }: { readonly undoing?: Undoing }): readonly UndoableJob[] {
  const { unknown = [], notDone = [] } = undoing ?? {};
  return [...unknown, ...notDone];
}

/** Whether its undoing has failed: of what it had done, something is left. */
export function isUndoneInPart({ stage }: FailedOrder): boolean {
  return stage.stage === 'undo' && stage.tasks.some(({ status }) => status === 'failed');
}

/**
 * Whether it has been done, if only in part, though perhaps when nobody waited for it any more. Of a slice that has failed some elements may have completed:
 * its order knows which.
 */
function hasWorked({ status, bySkip, late, partly, error }: TaskRecord): boolean {
  if (error?.code === CHILD_NOT_UNDONE) return true;
  return (status === 'completed' && !bySkip) || late !== undefined || partly === true;
}

/** A deferred task is still in somebody's hands: nobody has waited for its end. */
function mayHaveWorked({ mayHaveWorked: isInDoubt, status, unanswered }: TaskRecord): boolean {
  return isInDoubt === true || unanswered === true || status === 'deferred';
}

/**
 * Whether its plugin has performed an attempt, which failed: if the message comes once more, it is performed again. One that expired
 * expires again. A child order that has failed may be retried.
 */
function hasFailed({ attempts, child }: TaskRecord): boolean {
  const mayBeDone = (error: Failure, attempt: number) =>
    child === undefined ? isHeardOf(error) : mayCompleteYet(error, attempt);
  return attempts.some(({ error, attempt }) => error !== undefined && mayBeDone(error, attempt));
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
