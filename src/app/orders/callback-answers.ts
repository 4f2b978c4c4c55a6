import { canonicalJson } from '../../contract/json-text.ts';
import type { ProblemCode } from '../../contract/problem.ts';
import { Problem } from '../../contract/problem.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import { TASK_CANCELLED } from '../../core/cancelling.ts';
import type { TaskCompleted, TaskFailed, TaskHeartbeat } from '../../core/event.ts';
import type { JournalEntry } from '../../core/journal-entry.ts';
import type { Json } from '../../core/json.ts';
import { hasEnded } from '../../core/order.ts';
import type { TaskRecord } from '../../core/task-records.ts';
import { tasksOf } from '../../core/task-records.ts';

/** What finishes a task in its plugin's stead: a result, a failure, or a sign of life. */
export type CallbackEvent = TaskCompleted | TaskFailed | TaskHeartbeat;

/**
 * What is said to a callback that has not counted. Whoever repeats one, since its answer was lost or a button was pressed twice, hears
 * that it was taken; any other hears why it was not.
 * @throws {Problem} FOREIGN_TASK, TASK_ANSWERED, TASK_NOT_OPEN, ORDER_ENDED, ORDER_COMPENSATING, ATTEMPT_OVER, NOT_FOUND
 */
export function answerToUncounted(
  event: CallbackEvent,
  claim: TaskClaim,
  entries: readonly JournalEntry[],
): { readonly repeated: true } {
  const { taskId, attempt, plugin } = claim;
  const task = tasksOf(entries).find((one) => one.taskId === taskId);
  if (task === undefined) throw new Problem('NOT_FOUND', 'the task is gone');
  if (task.plugin !== plugin) {
    throw new Problem('FOREIGN_TASK', `the task is ${task.plugin}'s, and the token ${plugin}'s`);
  }
  const answer = answerIn(entries, claim);
  const isRepeated = answer !== undefined && saysTheSame(answer, event);
  if (isRepeated && !task.answeredLate) return { repeated: true };
  const [code, why] = reasonOf(task, isRepeated ? undefined : answer, entries.at(-1)!);
  throw new Problem(code, `${task.job}, attempt ${attempt}: ${why}`);
}

/** What the journal holds of the attempt's end, by its plugin or by a callback: one that has failed may complete after that. */
function answerIn(
  entries: readonly JournalEntry[],
  { taskId, attempt }: TaskClaim,
): TaskCompleted | TaskFailed | undefined {
  return entries
    .flatMap(({ events }) => events)
    .findLast(
      (event): event is TaskCompleted | TaskFailed =>
        (event.type === 'TaskCompleted' || event.type === 'TaskFailed') &&
        event.taskId === taskId &&
        event.attempt === attempt,
    );
}

function saysTheSame(answer: TaskCompleted | TaskFailed, event: CallbackEvent): boolean {
  if (answer.type === 'TaskCompleted') {
    return event.type === 'TaskCompleted' && isSame(answer.result, event.result);
  }
  if (event.type !== 'TaskFailed') return false;
  return answer.error.code === event.error.code && answer.error.message === event.error.message;
}

function isSame(one: Json, other: Json): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Whether what the callback said has come when nobody waited for it any more. */
export function cameLate({ taskId }: TaskClaim, entries: readonly JournalEntry[]): boolean {
  return tasksOf(entries).some((task) => task.taskId === taskId && task.answeredLate === true);
}

/** Whether its order was told to wait for it no longer, or needed it no longer. */
function wasLeft({ status, bySkip, error }: TaskRecord): boolean {
  return (
    bySkip === true ||
    status === 'skipped' ||
    status === 'calledOff' ||
    (status === 'failed' && error?.code === TASK_CANCELLED)
  );
}

function whyLeft({ status, reason, error }: TaskRecord): string {
  if (status === 'calledOff') return `it was called off: ${reason}`;
  return status === 'failed' ? (error?.message ?? '') : 'somebody skipped it';
}

function reasonOf(
  task: TaskRecord,
  answer: TaskCompleted | TaskFailed | undefined,
  { state }: JournalEntry,
): readonly [ProblemCode, string] {
  const isDone = task.status === 'completed' && !task.bySkip;
  if (answer !== undefined || isDone) {
    return ['TASK_ANSWERED', 'it has been answered already, and otherwise'];
  }
  if (wasLeft(task)) return ['TASK_NOT_OPEN', whyLeft(task)];
  if (hasEnded(state)) return ['ORDER_ENDED', `its order has ended: ${state.status}`];
  if (state.status === 'compensating') return ['ORDER_COMPENSATING', 'its order is being undone'];
  return ['ATTEMPT_OVER', 'it has run out of time, or another attempt has taken its place'];
}
