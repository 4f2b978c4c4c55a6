import { defined } from '../../core/defined.ts';
import type { ActRequested } from '../../core/event.ts';
import type { Failure } from '../../core/failure.ts';
import type { JournalEntry } from '../../core/journal-entry.ts';
import type { Standing } from '../../core/order.ts';
import type { ParkedTask, StageTask } from '../../core/task.ts';
import { awaitsTurn } from '../../core/task.ts';
import type { TaskRecord } from '../../core/task-records.ts';
import { operationOf } from '../../ports/order-filter.ts';
import { iso } from '../http/iso.ts';

/** What an entry tells: its events, and what became of tasks in it without an event of their own. */
export function timelineOf(
  entry: JournalEntry,
  before: JournalEntry | undefined,
  tasks: readonly TaskRecord[],
): object[] {
  const { number, at, events, calledOffTasks = [] } = entry;
  const failed = failedSilently(entry, tasks);
  const parked = parkedIn(entry, before);
  const hasDeadline = events.some(({ type }) => type === 'DeadlinePassed');
  const late = hasDeadline ? failed.filter(({ error }) => BY_CLOCK.has(error.code)) : [];
  const others = failed.filter((one) => !late.includes(one) && !one.goesOn);
  const told = (event: string, fields: object) => ({
    at: iso(at),
    entry: number,
    event,
    ...fields,
  });
  return [
    ...events.flatMap((event) => {
      const moments =
        event.type === 'DeadlinePassed'
          ? dueIn(entry, late, others.length + parked.length > 0)
          : [detailsOf(event, tasks)];
      return moments.map((details) => ({ ...told(event.type, { at: iso(event.at) }), ...details }));
    }),
    ...others.map(({ job, attempt, error }) =>
      told('TaskFailed', { task: job, ...defined({ attempt }), error }),
    ),
    ...parked.map((task) =>
      told('TaskParked', {
        ...{ task: task.job, plugin: task.plugin },
        parkedFor: awaitsTurn(task) ? 'turn' : 'quarantine',
      }),
    ),
    ...calledOffTasks.map(({ taskId, reason }) =>
      told('TaskCalledOff', { task: jobOf(taskId, tasks), reason }),
    ),
  ];
}

/** Codes of attempts that a deadline has ended. */
const BY_CLOCK: ReadonlySet<string> = new Set([
  ...['TASK_TIMED_OUT', 'HEARTBEAT_MISSED', 'EVENT_TIMEOUT'],
]);

interface SilentFailure {
  readonly job: string;
  /** Absent where none was possible. */
  readonly attempt: number | undefined;
  readonly error: Failure;
  /** It is attempted again. */
  readonly goesOn: boolean;
}

/** What failed in the entry, and none of its events says so: its time was up, or it could not even be sent. */
function failedSilently(
  { number, events, state }: JournalEntry,
  tasks: readonly TaskRecord[],
): readonly SilentFailure[] {
  const named = new Set(
    events.flatMap((event) => {
      if ('taskId' in event) return [jobOf(event.taskId, tasks)];
      return 'job' in event ? [event.job] : [];
    }),
  );
  const { stage, failedJobs = [] } = state as Partial<Standing>;
  const inStage = (stage?.tasks ?? []).filter(hasFailed).filter(({ entry }) => entry === number);
  const earlier = failedJobs.filter(({ entry }) => entry === number);
  return [
    ...inStage.map(({ job, attempt, error, status }) => ({
      ...{ job, error, goesOn: status === 'backingOff' },
      attempt: attempt === 0 ? undefined : attempt,
    })),
    ...earlier.map(({ job, error }) => ({
      ...{ job, error, goesOn: false },
      attempt: recordOf(job, tasks)?.attempts.at(-1)?.attempt,
    })),
  ].filter(({ job }) => !named.has(job));
}

function hasFailed(
  task: StageTask,
): task is Extract<StageTask, { status: 'failed' | 'backingOff' }> {
  return task.status === 'failed' || task.status === 'backingOff';
}

function recordOf(job: string, tasks: readonly TaskRecord[]): TaskRecord | undefined {
  return tasks.find((task) => task.job === job);
}

/** The tasks that were parked in the entry: they had not been before. */
function parkedIn(
  { number, state }: JournalEntry,
  before: JournalEntry | undefined,
): readonly ParkedTask[] {
  const isParked = (task: StageTask): task is ParkedTask => task.status === 'parked';
  const tasksOf = (one: JournalEntry | undefined) =>
    ((one?.state ?? {}) as Partial<Standing>).stage?.tasks ?? [];
  const known = new Set(
    tasksOf(before)
      .filter(isParked)
      .map(({ taskId }) => taskId),
  );
  return tasksOf({ state } as JournalEntry).filter(
    (task): task is ParkedTask =>
      isParked(task) && task.entry === number && !known.has(task.taskId),
  );
}

/** What came of a deadline: the attempts that it ended, or else what was sent. @param isElse something else came of it */
function dueIn(
  { number, state }: JournalEntry,
  late: readonly SilentFailure[],
  isElse: boolean,
): readonly object[] {
  if (late.length > 0) {
    return late.map(({ job, attempt, error }) => ({ task: job, ...defined({ attempt }), error }));
  }
  const { stage } = state as Partial<Standing>;
  const sent = (stage?.tasks ?? []).flatMap((task) =>
    task.status === 'inFlight' && task.entry === number
      ? [{ task: task.job, attempt: task.attempt }]
      : [],
  );
  return sent.length > 0 || isElse ? sent : [{}];
}

function detailsOf(event: JournalEntry['events'][number], tasks: readonly TaskRecord[]): object {
  switch (event.type) {
    case 'TaskCompleted':
      return {
        ...{ task: jobOf(event.taskId, tasks), attempt: event.attempt },
        ...(cameLate(event.taskId, tasks) && { late: true }),
        ...defined({ eventId: event.event?.id }),
      };
    case 'TaskHeartbeat':
    case 'TaskExpired':
    case 'TaskPutOff':
    case 'TaskDeferred':
      return { task: jobOf(event.taskId, tasks), attempt: event.attempt };
    case 'TaskDeadLettered': {
      const { taskId, attempt } = event;
      const attempts = tasks.find((task) => task.taskId === taskId)?.attempts;
      const error = attempts?.find((one) => one.attempt === attempt)?.error;
      return { task: jobOf(taskId, tasks), attempt, ...defined({ error }) };
    }
    case 'TaskFailed': {
      const { taskId, attempt, error } = event;
      return { task: jobOf(taskId, tasks), attempt, error };
    }
    case 'CancelRequested':
    case 'PauseRequested':
    case 'ResumeRequested':
    case 'UndoRequested':
      return actOf(event);
    case 'TaskReleased':
      return {
        ...{ plugin: event.plugin, ...defined({ canary: event.canary }) },
        ...(event.task !== undefined && { task: jobOf(event.task, tasks), turn: true }),
      };
    case 'RetryRequested':
      return { ...actOf(event), ...defined({ version: event.version }) };
    case 'SkipRequested':
    case 'TaskCancelRequested':
      return { ...actOf(event), task: event.job };
    case 'OrderPlaced':
      return defined({ eventId: event.eventId });
    case 'EventReceived':
    case 'OrderAccepted':
    case 'DeadlinePassed':
      return {};
  }
}

function actOf({ actor, reason, actId }: ActRequested): object {
  return defined({ actor, reason, operation: operationOf({ actId }) });
}

/** Whether nobody waited for its result any more. */
function cameLate(taskId: string, tasks: readonly TaskRecord[]): boolean {
  return tasks.some((task) => task.taskId === taskId && task.late !== undefined);
}

function jobOf(taskId: string, tasks: readonly TaskRecord[]): string {
  return tasks.find((task) => task.taskId === taskId)?.job ?? taskId;
}
