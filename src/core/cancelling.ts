/** Somebody cancels one task alone: it has failed for good, and its order does what it does about any task that has. */
import type { EntryDraft } from './entry-draft.ts';
import type { TaskCancelRequested } from './event.ts';
import { undoTraits, withDoubt } from './failed-attempt.ts';
import type { Failure } from './failure.ts';
import type { AcceptedOrder, PausedOrder, RunningOrder } from './order.ts';
import type { Refusal } from './refusal.ts';
import { refusal } from './refusal.ts';
import { withNeverSent } from './sessions.ts';
import { isOpen, placeOf, withTask } from './stage-tasks.ts';
import type {
  BackingOffTask,
  FailedTask,
  InFlightTask,
  ParkedTask,
  StageTask,
  Wait,
} from './task.ts';
import { nthName } from './task.ts';
import { WAIT } from './waiting.ts';

/** The failure of a task that somebody has cancelled. */
export const TASK_CANCELLED = 'TASK_CANCELLED';

/** The order after that: its clocks go on or stand still as they did. */
export function afterTaskCancel(
  state: AcceptedOrder | StandingOrder,
  act: TaskCancelRequested,
  draft: EntryDraft,
): StandingOrder | Refusal {
  if (!('stage' in state)) return refusal('TASK_NOT_OPEN', whyNot(act.job, []));
  const { tasks } = state.stage;
  const task = tasks.filter(isOpen).find(({ job }) => job === act.job);
  if (task !== undefined) {
    const noted = withNeverSent(state, [task]);
    return withTask(noted, task, cancelled(task, errorOf(act), draft));
  }
  const wait = waitCalled(act.job, state);
  if (wait !== undefined) return withoutWait(state, wait, act, draft);
  return refusal('TASK_NOT_OPEN', whyNot(act.job, tasks));
}

type StandingOrder = RunningOrder | PausedOrder;

function whyNot(job: string, tasks: readonly StageTask[]): string {
  const same = tasks.find((one) => 'job' in one && one.job === job);
  if (same === undefined) return `it has no task ${job} that is open`;
  return `its task ${job} is not open: it is ${same.status}`;
}

function errorOf({ actor = 'somebody', reason }: TaskCancelRequested): Failure {
  const why = reason === undefined ? '' : `: ${reason}`;
  return { code: TASK_CANCELLED, message: `${actor} cancelled it${why}` };
}

function cancelled(
  task: InFlightTask | BackingOffTask | ParkedTask,
  error: Failure,
  { entry }: EntryDraft,
): FailedTask {
  const { taskId, job, attempt } = task;
  const traits = undoTraits(task.status === 'inFlight' ? withDoubt(task, error) : task);
  return { status: 'failed', ...placeOf(task), taskId, job, attempt, entry, error, ...traits };
}

/** A wait has a name among the jobs only once it has failed. `wait` is also the one that would end first. */
function waitCalled(job: string, order: StandingOrder): Wait | undefined {
  const [first] = order.stage.tasks
    .filter((task) => task.status === 'waiting')
    .toSorted((a, b) => a.until - b.until);
  return first !== undefined && [WAIT, nameOf(first, order)].includes(job) ? first : undefined;
}

function nameOf({ again }: Wait, { jobs }: StandingOrder): string {
  return again?.job ?? nthName(WAIT, (jobs[WAIT] ?? 0) + 1);
}

function withoutWait(
  order: StandingOrder,
  wait: Wait,
  act: TaskCancelRequested,
  { entry }: EntryDraft,
): StandingOrder {
  const { step, again } = wait;
  const { taskId = `t${order.taskCount + 1}`, attempt = 0 } = again ?? {};
  const names = { taskId, job: nameOf(wait, order), attempt };
  const about = { plugin: WAIT, of: 'wait', mandatory: true, entry, error: errorOf(act) } as const;
  const failed: FailedTask = { status: 'failed', step, ...about, ...names };
  const after = withTask(order, wait, failed);
  if (again !== undefined) return after;
  const jobs = { ...order.jobs, [WAIT]: (order.jobs[WAIT] ?? 0) + 1 };
  return { ...after, jobs, taskCount: order.taskCount + 1 };
}
