import type { AttemptRecord } from './attempt-records.ts';
import { attemptsAfterEvent, attemptsWithFailure, attemptsWithTask } from './attempt-records.ts';
import { childOf, childOrderId } from './child-orders.ts';
import { defined } from './defined.ts';
import type { OrderEvent, TaskCompleted } from './event.ts';
import { isInDoubt, undoTraits } from './failed-attempt.ts';
import type { Failure } from './failure.ts';
import { inputOf } from './for-each.ts';
import type { JournalEntry } from './journal-entry.ts';
import { placedEvent } from './journal-entry.ts';
import type { Instant, Json } from './json.ts';
import type { FailedJob, OrderState, StageProgress, Standing } from './order.ts';
import { hasEnded } from './order.ts';
import { listAt, SLICE, sizeOfSlice } from './slices.ts';
import { positionOf } from './stage.ts';
import { takesBack } from './taken-back.ts';
import type { FailedTask } from './task.ts';
import type { RunStage } from './workflow.ts';

/** A task as its order's journal tells of it. */
export interface TaskRecord {
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
  /** The activity's index in the workflow. */
  readonly activity: number;
  readonly stage: RunStage;
  /** Of an activity that is repeated: in which round, from 2. Absent in the first. */
  readonly round?: number;
  /** Where its element stands in the list of its step, from 0. */
  readonly element?: number;
  /** Of a slice of the list: which elements it holds. */
  readonly elements?: { readonly from: number; readonly count: number };
  readonly status:
    | 'inFlight'
    | 'deferred'
    | 'awaiting'
    | 'backingOff'
    | 'parked'
    | 'completed'
    | 'failed'
    | 'skipped'
    | 'calledOff'
    | 'abandoned';
  /** Those that were sent, the first one first. An attempt that could not be sent is among them, with why. */
  readonly attempts: readonly AttemptRecord[];
  readonly dispatchedAt: Instant;
  readonly endedAt?: Instant;
  readonly input: Json;
  readonly result?: Json;
  readonly error?: Failure;
  /** The child order that performs it, in its latest attempt. */
  readonly child?: string;
  /** What it waits for, or has waited for. */
  readonly awaited?: { readonly event: string; readonly key?: string };
  /** The job that it undoes. */
  readonly undoes?: string;
  /** Its plugin compensates. */
  readonly compensates?: true;
  /** An attempt ended without an answer: what it has done nobody knows. */
  readonly mayHaveWorked?: true;
  /** It was skipped or called off while an attempt was under way, which has not answered yet. */
  readonly unanswered?: true;
  /** What it came to when nobody waited for it any more: that counts only where it is to be undone. */
  readonly late?: { readonly result: Json };
  /** It has answered then, well or not. */
  readonly answeredLate?: true;
  /** Why it was called off. */
  readonly reason?: string;
  /** A person gave its result. */
  readonly bySkip?: true;
  /** Of a slice that has failed: some of its elements may have completed. */
  readonly partly?: true;
}

/** What earlier journal entries know of one job. */
export interface Job {
  readonly input: Json;
  readonly result?: Json;
}

/** What earlier journal entries know of an order. */
export interface History {
  /** The order's own input. */
  readonly input: Json;
  readonly jobs: Readonly<Record<string, Job>>;
}

/**
 * What the entries tell about the order's input and jobs, and the events that are about to make the next entry.
 * @param without jobs that are left out
 */
export function historyOf(
  entries: readonly JournalEntry[],
  applied: readonly OrderEvent[] = [],
  without: readonly string[] = [],
): History {
  const last = entries.at(-1);
  const next = last && { ...last, number: last.number + 1, events: applied };
  const jobs = tasksOf(next ? [...entries, next] : entries).flatMap(
    ({ job, input, result, undoes }) =>
      result === undefined || undoes !== undefined || without.includes(job)
        ? []
        : [[job, { input, result }] as const],
  );
  return { input: placedEvent(entries).input, jobs: Object.fromEntries(jobs) };
}

/** Every task that was ever dispatched, in the order in which they were named. */
export function tasksOf(entries: readonly JournalEntry[]): readonly TaskRecord[] {
  const records = new Map<string, TaskRecord>();
  for (const entry of entries) {
    recordResults(entry, records);
    recordTasks(entry, records);
    recordCalledOff(entry, records);
    recordFailures(entry, records);
  }
  return [...records.values()];
}

function recordResults(
  { orderId, events, at }: JournalEntry,
  records: Map<string, TaskRecord>,
): void {
  for (const event of events) {
    if (event.type === 'SkipRequested') {
      const record = [...records.values()].find(({ job }) => job === event.job);
      if (record !== undefined) records.set(record.taskId, skipped(record, event.result, at));
      continue;
    }
    if (!('taskId' in event)) continue;
    const known = records.get(event.taskId);
    if (known === undefined) continue;
    const record = { ...known, attempts: attemptsAfterEvent(known.attempts, event, at) };
    records.set(event.taskId, record);
    if (isOver(known)) {
      records.set(event.taskId, answeredLate(record, orderId, event));
      continue;
    }
    if (event.type === 'TaskFailed' && takesBack(event)) {
      const { result: _, ...rest } = record;
      records.set(event.taskId, { ...rest, status: 'failed', error: event.error, endedAt: at });
    }
    if (event.type === 'TaskDeferred') records.set(event.taskId, { ...record, status: 'deferred' });
    if (event.type === 'TaskFailed' && event.ofSlice) {
      records.set(event.taskId, { ...record, result: event.ofSlice.results, partly: true });
    }
    if (event.type === 'TaskCompleted') {
      records.set(event.taskId, completed(withChild(record, orderId, event), event.result, at));
    }
  }
}

/** Whichever of its child orders has completed. */
function withChild(
  record: TaskRecord,
  orderId: string,
  { taskId, attempt }: TaskCompleted,
): TaskRecord {
  const isOne = record.undoes !== undefined || record.elements !== undefined;
  if (record.child === undefined || isOne) return record;
  return { ...record, child: childOrderId(orderId, taskId, attempt) };
}

function completed(record: TaskRecord, result: Json, endedAt: Instant): TaskRecord {
  const { error: _, late: __, ...rest } = record;
  return { ...rest, status: 'completed', result, endedAt };
}

function skipped(record: TaskRecord, result: Json | undefined, endedAt: Instant): TaskRecord {
  const known = left(record);
  // What it came to late is to be undone all the same.
  const { late } = known;
  if (result !== undefined) {
    return { ...completed(known, result, endedAt), bySkip: true, ...defined({ late }) };
  }
  // What some elements of a slice have given counts no longer.
  const { result: _, ...without } = known;
  return { ...without, status: 'skipped', endedAt };
}

/** The task when its order stops to wait for it. */
function left(record: TaskRecord): TaskRecord {
  const isAtWork = record.status === 'inFlight' || record.status === 'deferred';
  return isAtWork && record.compensates === true ? { ...record, unanswered: true } : record;
}

/** Whether its order waits for it no longer, though it has not completed. */
function isOver({ status, bySkip }: TaskRecord): boolean {
  return status === 'failed' || status === 'skipped' || status === 'calledOff' || bySkip === true;
}

/** What is heard then changes nothing but what there is to undo. */
function answeredLate(record: TaskRecord, orderId: string, event: OfTask): TaskRecord {
  const { unanswered: _, ...before } = record;
  const answered: TaskRecord = { ...before, answeredLate: true };
  if (event.type === 'TaskCompleted') {
    return { ...withChild(answered, orderId, event), late: { result: event.result } };
  }
  if (event.type !== 'TaskFailed') return answered;
  // Some elements of the slice have completed.
  if (event.ofSlice) return { ...answered, late: { result: event.ofSlice.results } };
  return { ...answered, ...(isInDoubt(event.error) && { mayHaveWorked: true }) };
}

/** An event about a task. */
type OfTask = Extract<OrderEvent, { readonly taskId: string }>;

function recordCalledOff(
  { calledOffTasks = [], at }: JournalEntry,
  records: Map<string, TaskRecord>,
): void {
  for (const { taskId, reason } of calledOffTasks) {
    const record = records.get(taskId);
    if (record === undefined) continue;
    const { error: _, ...known } = left(record);
    records.set(taskId, { ...known, status: 'calledOff', reason, endedAt: at });
  }
}

function recordTasks({ state, number, at }: JournalEntry, records: Map<string, TaskRecord>): void {
  const { stage, payload } = state as Partial<Standing>;
  if (stage === undefined) return;
  for (const task of stage.tasks) {
    if (!('taskId' in task) || task.entry !== number || task.status === 'completed') continue;
    const { taskId, job, plugin } = task;
    const known = records.get(taskId);
    const own = task.awaits ? (task.input ?? null) : inputOf(stage, task, payload ?? null).input;
    const { undoneChild: _, ...traits } = undoTraits(task);
    // Once it has failed, the task holds its input no longer.
    const input = task.status === 'failed' && known !== undefined ? known.input : own;
    const base = {
      ...{ taskId, job, plugin, ...positionOf(stage) },
      attempts: attemptsWithTask(known?.attempts ?? [], task, at),
      ...{ ...traits, ...elementsOf(task, stage) },
      ...(task.byOrder && { child: childOf(state, task) }),
      ...(task.awaits && { awaited: awaitedUnder(plugin, input) }),
      input,
      dispatchedAt: known?.dispatchedAt ?? at,
      // It was begun again though it had been done.
      ...defined({ late: known?.late }),
    };
    if (task.status === 'inFlight') {
      // Until now it had been parked, or its expressions had failed.
      const isFirst = known?.attempts.length === 0;
      const dispatchedAt = isFirst ? at : base.dispatchedAt;
      const status = task.awaits ? 'awaiting' : 'inFlight';
      records.set(taskId, { ...base, dispatchedAt, status });
    } else if (task.status === 'parked') {
      records.set(taskId, { ...base, ...defined({ error: task.error }), status: 'parked' });
    } else if (task.status === 'failed') {
      const given = known?.partly ? { result: known.result ?? null, partly: true as const } : {};
      records.set(taskId, { ...base, ...given, status: 'failed', error: task.error, endedAt: at });
    } else records.set(taskId, { ...base, status: 'backingOff', error: task.error });
  }
}

/** Which elements of its list the task is for. */
function elementsOf(
  { step, element, slice }: Pick<FailedTask, 'step' | 'element' | 'slice'>,
  stage: StageProgress,
): Pick<TaskRecord, 'element' | 'elements'> {
  if (!slice || element === undefined) return defined({ element });
  return {
    elements: { from: element * SLICE, count: sizeOfSlice(listAt(stage, step), element) },
  };
}

function awaitedUnder(event: string, key: Json): NonNullable<TaskRecord['awaited']> {
  return key === null ? { event } : { event, key: String(key) };
}

/** Failures whose stage ended in the same entry, and what was open when its order ended. */
function recordFailures({ state, at }: JournalEntry, records: Map<string, TaskRecord>): void {
  const failures = failuresIn(state);
  for (const [taskId, record] of records) {
    if (!isUnderWay(record)) continue;
    const failure = failures.get(record.job);
    if (failure !== undefined) {
      const { error, mayHaveWorked } = failure;
      const attempts = attemptsWithFailure(record.attempts, error, at);
      const doubt = defined({ mayHaveWorked });
      records.set(taskId, { ...record, attempts, error, ...doubt, status: 'failed', endedAt: at });
    } else if (hasEnded(state)) {
      records.set(taskId, { ...record, status: 'abandoned', endedAt: at });
    }
  }
}

function isUnderWay({ status }: TaskRecord): boolean {
  return ['inFlight', 'deferred', 'awaiting', 'backingOff', 'parked'].includes(status);
}

function failuresIn(
  state: OrderState,
): ReadonlyMap<string, Pick<FailedJob, 'error' | 'mayHaveWorked'>> {
  const { failedJobs = [] } = state as Partial<Pick<Standing, 'failedJobs'>>;
  const failures = new Map(
    failedJobs.map((failed): [string, Pick<FailedJob, 'error' | 'mayHaveWorked'>] => [
      failed.job,
      failed,
    ]),
  );
  if (state.status !== 'failed') return failures;
  const { task, code, message } = state.error;
  return failures.set(task, { ...failures.get(task), error: { code, message } });
}

/** What the job that is to be undone took and gave; `undefined` if the order had no such job. */
export function undoneJob(entries: readonly JournalEntry[], job: string): Job | undefined {
  const record = tasksOf(entries).find((one) => one.job === job);
  return (
    record && { input: record.input, ...defined({ result: record.late?.result ?? record.result }) }
  );
}
