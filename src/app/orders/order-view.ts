import type { AttemptRecord } from '../../core/attempt-records.ts';
import { childOrderId } from '../../core/child-orders.ts';
import { defined } from '../../core/defined.ts';
import type { JournalEntry, LeftOut } from '../../core/journal-entry.ts';
import { placedEvent } from '../../core/journal-entry.ts';
import type { Instant } from '../../core/json.ts';
import type { OrderState, StagedOrder, WorkflowRef } from '../../core/order.ts';
import { hasEnded } from '../../core/order.ts';
import type { Plugins } from '../../core/plugin.ts';
import { taskProgress } from '../../core/remaining.ts';
import { workflowOf } from '../../core/slices.ts';
import { awaitsTurn } from '../../core/task.ts';
import type { TaskRecord } from '../../core/task-records.ts';
import { historyOf, tasksOf } from '../../core/task-records.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { OrderSummary } from '../../ports/order-list.ts';
import { iso } from '../http/iso.ts';
import type { LogUrlOf } from './attempt-logs.ts';
import { compensationsOf } from './compensations-view.ts';
import { onlyMovesWakeUp } from './moved-wake-up.ts';
import { timelineOf } from './timeline-view.ts';
import { waitingFor } from './waiting-for.ts';

/** Lambda answers with 6 MB at most, in which every quote of this JSON is escaped once more. */
const MAX_VIEW_BYTES = 3 * 1024 * 1024;

/** An order as its journal shows it. One that is too large to be shown leaves out what its tasks took and gave, then its result and its input. */
export function viewOrder(
  entries: readonly JournalEntry[],
  workflow: Workflow | undefined,
  logUrlOf: LogUrlOf = () => undefined,
): object {
  const whole = wholeView(entries, workflow, logUrlOf);
  if (Buffer.byteLength(JSON.stringify(whole)) <= MAX_VIEW_BYTES) return whole;
  const tasks = whole.tasks.map((task) => ({ ...task, input: undefined, result: undefined }));
  const lean = { ...whole, tasks, abridged: true };
  if (Buffer.byteLength(JSON.stringify(lean)) <= MAX_VIEW_BYTES) return lean;
  const leaner = { ...lean, jobs: {} };
  if (Buffer.byteLength(JSON.stringify(leaner)) <= MAX_VIEW_BYTES) return leaner;
  const withInput = { ...leaner, result: undefined };
  if (Buffer.byteLength(JSON.stringify(withInput)) <= MAX_VIEW_BYTES) return withInput;
  return { ...withInput, input: undefined };
}

function wholeView(
  entries: readonly JournalEntry[],
  definition: Workflow | undefined,
  logUrlOf: LogUrlOf,
) {
  const { orderId, workflow, input, attributes, client, parent, slice, at } = placedEvent(entries);
  const tasks = tasksOf(entries);
  const children = tasks.flatMap((task) => childrenOf(orderId, task, workflow));
  const compensations = compensationsOf(entries.at(-1)?.state, tasks);
  const state = entries.at(-1)?.state;
  const leftOut = entries.flatMap((entry) => entry.leftOut ?? []);
  return {
    ...{ orderId, status: state?.status, ...defined({ client }), workflow, input, attributes },
    acceptedAt: iso(at),
    ...(parent && {
      parent: { orderId: parent.orderId, taskId: parent.taskId, ...defined({ from: slice?.from }) },
    }),
    ...(children.length > 0 && { children }),
    ...endingOf(state),
    jobs: historyOf(entries).jobs,
    tasks: [
      ...tasks
        .filter(({ undoes }) => undoes === undefined)
        .map((task) => viewTask(withLogs(task, logUrlOf), definition, state)),
      ...leftOut.map((one) => viewLeftOut(one, definition)),
    ],
    ...(compensations.length > 0 && {
      compensations: compensations.map((one) => viewInstants(withLogs(one, logUrlOf))),
    }),
    ...defined({ waitingFor: state && viewWaiting(state, entries) }),
    timeline: entries.flatMap((entry, index) => {
      const before = entries[index - 1];
      return onlyMovesWakeUp(entry, before) ? [] : timelineOf(entry, before, tasks);
    }),
  };
}

/** The child orders that have performed attempts of the task, or were to. */
function childrenOf(
  orderId: string,
  { taskId, job, plugin: workflow, child, undoes, attempts, elements }: TaskRecord,
  own: WorkflowRef,
): object[] {
  if (child === undefined || undoes !== undefined) return [];
  // One order does all attempts of a slice, in the workflow of its parent.
  if (elements) return [{ orderId: child, workflow: own.name, job, attempt: attempts.length }];
  return attempts.map(({ attempt }) => ({
    orderId: childOrderId(orderId, taskId, attempt),
    ...{ workflow, job, attempt },
  }));
}

/** An order as a list shows it, where its workflow is at hand: with its activity and round, and how many of its tasks are done. */
export function viewRow(
  summary: OrderSummary,
  definition: Workflow | undefined,
  plugins: Plugins,
): object {
  const { state } = summary;
  if (state === undefined || definition === undefined) return viewSummary(summary);
  const workflow = workflowOf(state, definition);
  const stage = 'stage' in state && !isOver(state) ? state.stage : undefined;
  const activity = stage && activityName(stage, workflow);
  const tasks = taskProgress(state, workflow, plugins);
  return { ...viewSummary(summary), ...defined({ activity, round: stage?.round, tasks }) };
}

/** A failed order stands where it failed. */
function isOver({ status }: OrderState): boolean {
  return status === 'completed' || status === 'cancelled';
}

/** An order as a list shows it. */
export function viewSummary({
  state: _,
  acceptedAt,
  endedAt,
  paused,
  stuck,
  ...summary
}: OrderSummary): object {
  return {
    ...summary,
    acceptedAt: iso(acceptedAt),
    ...defined({
      endedAt: endedAt === undefined ? undefined : iso(endedAt),
      paused: paused && { ...paused, since: iso(paused.since) },
      stuck: stuck && { ...stuck, since: iso(stuck.since) },
    }),
  };
}

function endingOf(state: OrderState | undefined): object {
  if (state === undefined || !hasEnded(state)) return {};
  const endedAt = iso(state.endedAt);
  switch (state.status) {
    case 'completed':
      return { endedAt, result: state.result };
    case 'failed':
      return { endedAt, error: state.error };
    case 'cancelled':
      return { endedAt, ...defined({ reason: state.reason }) };
  }
}

function withLogs<Attempted extends Pick<TaskRecord, 'plugin' | 'attempts'>>(
  record: Attempted,
  logUrlOf: LogUrlOf,
): Attempted {
  const attempts = record.attempts.map((attempt) => ({
    ...attempt,
    ...defined({ logUrl: logUrlOf(record.plugin, attempt) }),
  }));
  return { ...record, attempts };
}

function viewTask(
  record: TaskRecord,
  workflow: Workflow | undefined,
  state: OrderState | undefined,
): object {
  const { compensates, mayHaveWorked, unanswered, bySkip, late, answeredLate, partly, ...task } =
    record;
  const dues = 'stage' in (state ?? {}) ? duesOfTask(task.taskId, state as StagedOrder) : {};
  return { ...viewInstants({ ...task, ...dues }), activity: activityName(task, workflow) };
}

/** When the task is attempted again, or must have answered; or what it is parked for. The clocks of a paused order stand still. */
function duesOfTask(taskId: string, { status, stage }: StagedOrder) {
  const task = stage?.tasks.find((one) => 'taskId' in one && one.taskId === taskId);
  if (task === undefined || status === 'paused') return {};
  if (task.status === 'parked') return { parkedFor: awaitsTurn(task) ? 'turn' : 'quarantine' };
  if (task.status === 'backingOff') return { nextAttemptAt: task.retryAt };
  if (task.status !== 'inFlight') return {};
  return { deadlineAt: task.byOrder ? task.giveUpAt : task.deadlineAt };
}

const INSTANTS = [
  ...['dispatchedAt', 'startedAt', 'deferredAt', 'endedAt'],
  ...['nextAttemptAt', 'deadlineAt', 'until', 'since'],
];

/** With every instant as people and programs read it, those of its attempts too. */
function viewInstants(record: object): object {
  const instants = Object.entries(record).filter(([key]) => INSTANTS.some((one) => one === key));
  const { attempts } = record as { readonly attempts?: readonly AttemptRecord[] };
  return {
    ...record,
    ...Object.fromEntries(instants.map(([key, at]) => [key, iso(at as Instant)])),
    ...defined({ attempts: attempts?.map(viewInstants) }),
  };
}

function viewWaiting(state: OrderState, entries: readonly JournalEntry[]): object | undefined {
  const paused = state.status === 'paused' ? state.pausedIn : undefined;
  const events = entries.find(({ number }) => number === paused)?.events ?? [];
  const waiting = waitingFor(
    state,
    events.find((event) => event.type === 'PauseRequested'),
  );
  return waiting && viewInstants(waiting);
}

function viewLeftOut(leftOut: LeftOut, workflow: Workflow | undefined): object {
  return { ...leftOut, activity: activityName(leftOut, workflow) };
}

/** An activity without a name in reach is called by its number, as those of ad-hoc orders are. */
function activityName(
  { activity }: { readonly activity: number },
  workflow: Workflow | undefined,
): string {
  return workflow?.activities[activity]?.name ?? String(activity + 1);
}
