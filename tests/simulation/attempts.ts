import type { Failure } from '../../src/core/failure.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { OrderState } from '../../src/core/order.ts';
import { takesBack } from '../../src/core/taken-back.ts';
import type { CompletedTask, StageTask } from '../../src/core/task.ts';

/** An attempt that a journal says has failed. */
export interface FailedAttempt {
  readonly orderId: string;
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
  readonly attempt: number;
  readonly dispatchedAt: Instant;
  readonly deadlineAt: Instant;
  readonly failedAt: Instant;
  /** It does not count: its task may be tried as often as before. */
  readonly isGivenBack: boolean;
  /** For how long its order was paused meanwhile. */
  readonly pausedMs: number;
  /** As far as the journal says it. */
  readonly error?: Failure;
  /** The number of the entry that dispatched it. */
  readonly dispatchedIn: number;
  /** The entry that holds the failure. */
  readonly entry: JournalEntry;
}

type Dispatched = Extract<StageTask, { status: 'inFlight' }>;

const tasksIn = (state: OrderState): readonly StageTask[] =>
  'stage' in state ? (state.stage?.tasks ?? []) : [];

/** Every attempt that was dispatched and failed, in the journal's order. */
export function failedAttempts(journal: readonly JournalEntry[]): readonly FailedAttempt[] {
  const failed: FailedAttempt[] = [];
  let inFlight: readonly Dispatched[] = [];
  let completed = new Map<string, CompletedTask>();
  for (const entry of journal) {
    failed.push(...takenBackIn(entry, completed));
    const now = new Map(
      tasksIn(entry.state).flatMap((task) =>
        'taskId' in task ? [[task.taskId, task] as const] : [],
      ),
    );
    for (const task of inFlight) {
      const error = failureOf(task, now.get(task.taskId), entry);
      if (error === undefined) continue;
      const { taskId, job, plugin, attempt, dispatchedAt, deadlineAt, entry: dispatchedIn } = task;
      const { pausedMs = 0 } = task;
      const { orderId, at: failedAt } = entry;
      const isGivenBack = timesGivenBack(now.get(taskId)) > timesGivenBack(task);
      const about = {
        isGivenBack,
        ...{ orderId, taskId, job, plugin, attempt, dispatchedAt, deadlineAt, dispatchedIn },
        ...{ failedAt, pausedMs, entry },
      };
      failed.push(error === 'unsaid' ? about : { ...about, error });
    }
    inFlight = [...now.values()].filter((task): task is Dispatched => task.status === 'inFlight');
    completed = new Map(
      [...now].flatMap(([id, task]) => (task.status === 'completed' ? [[id, task]] : [])),
    );
  }
  return failed;
}

/** Tasks that had completed and failed after all, since their stage's results did not fit together. */
function takenBackIn(
  entry: JournalEntry,
  completed: ReadonlyMap<string, CompletedTask>,
): readonly FailedAttempt[] {
  return entry.events.flatMap((event): FailedAttempt[] => {
    const task = event.type === 'TaskFailed' ? completed.get(event.taskId) : undefined;
    if (event.type !== 'TaskFailed' || task === undefined || !takesBack(event)) return [];
    const { taskId, job, plugin, attempt, entry: dispatchedIn } = task;
    const { orderId, at } = entry;
    const instants = { dispatchedAt: at, deadlineAt: at, failedAt: at };
    const { error } = event;
    return [
      {
        orderId,
        taskId,
        job,
        plugin,
        attempt,
        dispatchedIn,
        ...instants,
        entry,
        error,
        isGivenBack: false,
        pausedMs: 0,
      },
    ];
  });
}

function timesGivenBack(task: StageTask | undefined): number {
  return (task !== undefined && 'givenBack' in task && task.givenBack) || 0;
}

/** Why the attempt is over in the entry: nothing if it goes on, or ended otherwise than by a failure of its own. */
function failureOf(
  task: Dispatched,
  after: StageTask | undefined,
  { events, state, calledOffTasks = [] }: JournalEntry,
): Failure | 'unsaid' | undefined {
  for (const event of events) {
    if (event.type === 'SkipRequested' && event.job === task.job) return undefined;
    if (!('taskId' in event) || event.taskId !== task.taskId) continue;
    if (event.type === 'TaskCompleted') return undefined;
    if (event.type === 'TaskFailed' && event.attempt === task.attempt) return event.error;
  }
  if (calledOffTasks.some(({ taskId }) => taskId === task.taskId)) return undefined;
  if (after !== undefined && 'taskId' in after) {
    if (after.status === 'inFlight') return after.attempt === task.attempt ? undefined : 'unsaid';
    return 'error' in after ? after.error : undefined;
  }
  if (state.status === 'failed' && state.error.task === task.job) return state.error;
  const failedJobs = 'failedJobs' in state ? state.failedJobs : [];
  const error = failedJobs.find(({ job }) => job === task.job)?.error;
  // An order fails when all that was in flight beside the failed task has ended.
  return error ?? (state.status === 'failed' ? 'unsaid' : undefined);
}
