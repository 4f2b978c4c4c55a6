import { awaitEvent, awaitingTasks, isAwaiting } from './awaiting.ts';
import { childOf, tendingOf } from './child-orders.ts';
import type { Command, DispatchTask, OrderFact } from './command.ts';
import type { Context } from './deciding.ts';
import { defined } from './defined.ts';
import type { ActRequested } from './event.ts';
import { isAct } from './event.ts';
import { inputOf } from './for-each.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { EndedOrder, FailedJob, OrderState, StagedOrder } from './order.ts';
import { hasEnded } from './order.ts';
import { isSamePlace, parkedPlaces } from './parking.ts';
import { isInFlight } from './stage-tasks.ts';
import type { FailedTask, InFlightTask, PlannedTask, StageTask } from './task.ts';
import { nthName } from './task.ts';
import { isSameWait, placesInWait } from './turns.ts';
import { dueAt, timersOf } from './wake-up.ts';

/** The commands of the decision that made the journal entry: the same ones, however often they are asked for. */
export function commandsOf(
  entry: Pick<JournalEntry, 'state' | 'at' | 'events' | 'calledOff'>,
  context: Context,
): readonly Command[] {
  const { state, at, events } = entry;
  const { orderId } = state;
  if (hasEnded(state)) {
    // Its end has been told.
    if (state.endedIn !== undefined) return tendingOf(entry);
    const failed = failuresOf(state, failuresBesides(state));
    const ending = publish(state, endingOf(state));
    return [
      { type: 'DisarmDeadline', orderId, last: state.wakeUp },
      ...startOf(state),
      ...actsOf(state, events),
      ...failed,
      ending,
      ...tendingOf(entry),
    ];
  }
  if (state.status === 'accepted') return [];
  const recent = state.stage.tasks.filter(
    (task): task is Changed => 'entry' in task && task.entry === state.entry,
  );
  return [
    ...armingOf(state),
    ...startOf(state),
    ...actsOf(state, events),
    ...ownTroubleOf(state),
    ...failuresOf(state, state.failedJobs),
    ...recent.flatMap((task) => commandsOfTask(state, task, context)),
    ...tendingOf(entry),
    ...parkedPlaces(state)
      .filter((place) => place.entry === state.entry)
      .map((place): Command => ({ type: 'ListParked', ...place })),
    ...placesInWait(state)
      .filter((place) => place.entry === state.entry)
      .map((place): Command => ({ type: 'AwaitTurn', ...place })),
    ...timersOf(state, at).map((instant): Command => ({ type: 'SetTimer', orderId, at: instant })),
  ];
}

/** Jobs that failed, but for the one with which the order did: its end says that. */
function failuresBesides(state: EndedOrder): readonly FailedJob[] {
  const { failedJobs = [] } = state;
  const stage = 'stage' in state ? state.stage : undefined;
  const told = state.status === 'failed' ? state.error.task : undefined;
  const inStage = (stage?.tasks ?? []).flatMap((task) =>
    task.status === 'failed' && task.job !== told ? [task] : [],
  );
  return [...failedJobs, ...inStage];
}

/** Whether a command of an earlier decision still has work to do, now that the order is in this state. */
export function isStillDue(command: Command, state: OrderState): boolean {
  switch (command.type) {
    case 'DispatchTask':
      return isInFlight(state, command);
    case 'AwaitEvent':
      return awaitingTasks(state).some(
        ({ taskId, attempt }) => taskId === command.taskId && attempt === command.attempt,
      );
    case 'SetTimer':
      return 'stage' in state && state.stage.tasks.some((task) => dueAt(task) === command.at);
    case 'ListParked':
      return parkedPlaces(state).some((place) => isSamePlace(place, command));
    case 'AwaitTurn':
      return placesInWait(state).some((place) => isSameWait(place, command));
    case 'ArmDeadline':
      return !hasEnded(state) && state.wakeUp.entry === command.entry;
    case 'DisarmDeadline':
    case 'PublishLifecycle':
    case 'TendChild':
      return true;
  }
}

function armingOf(order: StagedOrder): Command[] {
  const { orderId, workflow, entry, wakeUp, wakeUpBefore: last } = order;
  if (wakeUp.entry !== entry || last === undefined) return [];
  return [{ type: 'ArmDeadline', orderId, workflow, at: wakeUp.at, entry, last }];
}

/** A task that says in which entry it came into its status. */
type Changed = Extract<StageTask, { readonly entry: number }>;

function commandsOfTask(order: StagedOrder, task: Changed, context: Context): Command[] {
  switch (task.status) {
    case 'inFlight':
      return isAwaiting(task)
        ? [awaitEvent(order.orderId, task)]
        : [dispatchOf(order, task, context)];
    case 'failed':
      return failuresOf(order, [task]);
    case 'backingOff':
    case 'parked':
    case 'waiting':
    case 'completed':
      return [];
  }
}

function dispatchOf(order: StagedOrder, task: InFlightTask, context: Context): Command {
  const { orderId, attributes, workflow, stage, payload, entry } = order;
  const { taskId, job, plugin, attempt, deadlineAt } = task;
  const registered = task.byOrder ? undefined : context.plugins.get(plugin);
  const { history = false, heartbeatSeconds } = registered ?? {};
  const { caught } = order;
  return {
    type: 'DispatchTask',
    ...{ orderId, taskId, job, plugin, attempt, deadlineAt, attributes, workflow, entry, history },
    ...defined({ heartbeatSeconds, caught, compensates: compensationOf(order, task) }),
    ...(task.byOrder && { child: childOf(order, task) }),
    ...(task.undoes === undefined ? inputOf(stage, task, payload) : OF_UNDONE_JOB),
    stage: stage.stage,
    done: doneJobs(order),
  };
}

/** What undoes a job gets that job's own input, which the order's state does not hold. */
const OF_UNDONE_JOB = { input: null, ownInput: true };

function compensationOf(
  order: StagedOrder,
  { undoes }: InFlightTask,
): DispatchTask['compensates'] | undefined {
  if (undoes === undefined || order.status !== 'compensating') return undefined;
  const { ending } = order.undoing;
  return { job: undoes, ending };
}

/** The jobs that are done: all that were named, without those that are still open or due again, that failed, or that were called off or skipped. */
function doneJobs(order: StagedOrder): readonly string[] {
  const { jobs, stage, failedJobs, calledOffJobs = [], skippedJobs = [] } = order;
  const names = Object.entries(jobs).flatMap(([plugin, count]) =>
    Array.from({ length: count }, (_, index) => nthName(plugin, index + 1)),
  );
  const failed = failedJobs.map(({ job }) => job);
  const notDone = new Set<string | undefined>([...failed, ...calledOffJobs, ...skippedJobs]);
  for (const task of stage.tasks) {
    const { job, again } = task as Partial<Pick<FailedTask, 'job'> & Pick<PlannedTask, 'again'>>;
    if (task.status !== 'completed') notDone.add(job ?? again?.job);
  }
  return names.filter((name) => !notDone.has(name));
}

/** An order starts in entry 1, unless it is cancelled there. */
function startOf(state: OrderState): Command[] {
  const { entry, status } = state;
  if (entry !== 1 || status === 'cancelled') return [];
  return [publish(state, { type: 'order.started', entry })];
}

/** What people asked for is a fact that others may want to know of. A cancelled order's end says it all. */
function actsOf(state: OrderState, events: JournalEntry['events']): Command[] {
  return events.flatMap((event) =>
    event.type !== 'OrderPlaced' && isAct(event) ? factsOfAct(state, event) : [],
  );
}

function factsOfAct(state: OrderState, act: ActRequested): Command[] {
  const about = { entry: state.entry, ...defined({ actor: act.actor, reason: act.reason }) };
  switch (act.type) {
    case 'CancelRequested':
      return [];
    case 'PauseRequested':
      return [publish(state, { type: 'order.paused', ...about })];
    case 'ResumeRequested':
      return [publish(state, { type: 'order.resumed', ...about })];
    case 'RetryRequested':
      return [publish(state, { type: 'order.retried', ...about })];
    case 'SkipRequested':
      return [publish(state, { type: 'task.skipped', task: act.job, ...about })];
    case 'TaskCancelRequested':
      return [publish(state, { type: 'task.cancelled', task: act.job, ...about })];
    case 'UndoRequested':
      return [];
  }
}

/** An order that pauses instead of failing, or begins to be undone, says why: nobody has asked for it. */
function ownTroubleOf(state: StagedOrder): Command[] {
  const { entry } = state;
  if (state.status === 'paused' && state.onFailure && state.pausedIn === entry) {
    const failed = state.stage.tasks.find((task) => task.status === 'failed' && task.mandatory);
    if (failed?.status !== 'failed') return [];
    const about = { task: failed.job, error: failed.error };
    return [publish(state, { type: 'order.paused', entry, ...about })];
  }
  if (state.status !== 'compensating' || state.undoing.begunIn !== entry) return [];
  const { ending } = state.undoing;
  if (ending.status === 'cancelled')
    return [
      publish(state, { type: 'order.compensating', entry, ...defined({ reason: ending.reason }) }),
    ];
  const { task, code, message } = ending.error;
  return [publish(state, { type: 'order.compensating', entry, task, error: { code, message } })];
}

function failuresOf(state: OrderState, failed: readonly FailedJob[]): Command[] {
  const { entry } = state;
  return failed
    .filter((one) => one.entry === entry)
    .map(({ job, error }) => publish(state, { type: 'task.failed', task: job, error, entry }));
}

function endingOf(state: OrderState): AboutFact {
  const { entry } = state;
  if (state.status === 'completed') return { type: 'order.completed', entry };
  if (state.status !== 'failed') return { type: 'order.cancelled', entry };
  const { task, code, message } = state.error;
  return { type: 'order.failed', entry, task, error: { code, message } };
}

type AboutFact = Omit<OrderFact, 'orderId' | 'workflow' | 'client' | 'parent'>;

function publish({ orderId, workflow, client, parent }: OrderState, about: AboutFact): Command {
  const fact = {
    ...{ ...about, orderId, workflow, ...defined({ client }) },
    ...(parent && { parent: { orderId: parent.orderId, taskId: parent.taskId } }),
  };
  return { type: 'PublishLifecycle', fact };
}
