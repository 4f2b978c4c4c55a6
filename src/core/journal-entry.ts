import type { History, Job } from './deciding.ts';
import type { OrderEvent, OrderPlaced } from './event.ts';
import type { Instant, Json } from './json.ts';
import type { Failure, OrderState } from './order.ts';
import { hasEnded } from './order.ts';

/** One decision: the events that it took, and the state after them. Entries are numbered from 0 without gaps. */
export interface JournalEntry {
  readonly orderId: string;
  readonly number: number;
  readonly at: Instant;
  readonly events: readonly (OrderPlaced | OrderEvent)[];
  readonly state: OrderState;
}

/** A task as its order's journal tells of it. */
export interface TaskRecord {
  readonly taskId: string;
  readonly job: string;
  readonly plugin: string;
  readonly status: 'inFlight' | 'backingOff' | 'completed' | 'failed' | 'abandoned';
  readonly attempts: number;
  readonly dispatchedAt: Instant;
  readonly endedAt?: Instant;
  readonly input: Json;
  readonly result?: Json;
  readonly error?: Failure;
}

/** The event with which the order began; the journal's first entry holds it. */
export function placedEvent(entries: readonly JournalEntry[]): OrderPlaced {
  const first = entries[0]?.events[0];
  if (first?.type !== 'OrderPlaced') throw new Error('a journal begins with OrderPlaced');
  return first;
}

/** What the entries tell about the order's input and jobs, and the events that are about to make the next entry. */
export function historyOf(
  entries: readonly JournalEntry[],
  applied: readonly OrderEvent[] = [],
): History {
  const jobs: Record<string, Job> = {};
  const last = entries.at(-1);
  const next = last && { ...last, number: last.number + 1, events: applied };
  for (const { job, input, result } of tasksOf(next ? [...entries, next] : entries)) {
    if (result !== undefined) jobs[job] = { input, result };
  }
  return { input: placedEvent(entries).input, jobs };
}

/** Every task that was ever dispatched, in the order in which they were named. */
export function tasksOf(entries: readonly JournalEntry[]): readonly TaskRecord[] {
  const records = new Map<string, TaskRecord>();
  for (const entry of entries) {
    recordResults(entry, records);
    recordTasks(entry, records);
    recordFailures(entry, records);
  }
  return [...records.values()];
}

function recordResults({ events, at }: JournalEntry, records: Map<string, TaskRecord>): void {
  for (const event of events) {
    if (event.type !== 'TaskCompleted') continue;
    const record = records.get(event.taskId);
    if (record === undefined) continue;
    const { error: _, ...rest } = record;
    const completed = { status: 'completed', result: event.result, endedAt: at } as const;
    records.set(event.taskId, { ...rest, ...completed });
  }
}

function recordTasks({ state, number, at }: JournalEntry, records: Map<string, TaskRecord>): void {
  if (hasEnded(state) || state.status === 'accepted') return;
  for (const task of state.stage.tasks) {
    if (!('taskId' in task) || task.entry !== number || task.status === 'completed') continue;
    const { taskId, job, plugin, attempt: attempts } = task;
    const known = records.get(taskId);
    const own = 'input' in task && task.input !== undefined ? task.input : state.payload;
    const input = known === undefined ? own : known.input;
    const base = { taskId, job, plugin, attempts, input, dispatchedAt: known?.dispatchedAt ?? at };
    if (task.status === 'inFlight') records.set(taskId, { ...base, status: 'inFlight' });
    else if (task.status === 'failed') {
      records.set(taskId, { ...base, status: 'failed', error: task.error, endedAt: at });
    } else records.set(taskId, { ...base, status: 'backingOff', error: task.error });
  }
}

/**
 * Failures whose stage ended in the same entry, and what was open when its order ended: an order fails when all of its
 * tasks have ended, so that whatever was open has failed as well.
 */
function recordFailures(
  { state, number, at, events }: JournalEntry,
  records: Map<string, TaskRecord>,
): void {
  const failures = failuresIn(state, number);
  for (const [taskId, record] of records) {
    if (record.status !== 'inFlight' && record.status !== 'backingOff') continue;
    const told = events.find((event) => event.type === 'TaskFailed' && event.taskId === taskId);
    const error =
      failures.get(record.job) ?? (told?.type === 'TaskFailed' ? told.error : undefined);
    if (failures.has(record.job) || state.status === 'failed') {
      const why = error === undefined ? {} : { error };
      records.set(taskId, { ...record, ...why, status: 'failed', endedAt: at });
    } else if (hasEnded(state)) {
      records.set(taskId, { ...record, status: 'abandoned', endedAt: at });
    }
  }
}

function failuresIn(state: OrderState, number: number): ReadonlyMap<string, Failure> {
  if (state.status === 'failed') {
    const { task, code, message } = state.error;
    return new Map([[task, { code, message }]]);
  }
  if (!('failedJobs' in state)) return new Map();
  const recent = state.failedJobs.filter(({ entry }) => entry === number);
  return new Map(recent.map(({ job, error }) => [job, error]));
}
