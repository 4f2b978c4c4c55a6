import type { Command, DispatchTask, OrderFact } from './command.ts';
import type { Context } from './deciding.ts';
import type { OrderEvent } from './event.ts';
import type { Instant } from './json.ts';
import type {
  EndedOrder,
  FailedJob,
  InFlightTask,
  OrderState,
  RunningOrder,
  StageTask,
} from './order.ts';
import { hasEnded, nthName } from './order.ts';
import { dueAt } from './wake-up.ts';

/** The sweeper comes once a minute: attempts that may last no longer than this get a timer of their own. */
const SWEEP_SECONDS = 60;

/**
 * The commands of the decision that made the given journal entry, told from a state at or after it. What later entries
 * have settled since is left out: its commands have done their work.
 */
export function commandsOf(state: OrderState, entry: number, context: Context): readonly Command[] {
  const { orderId } = state;
  if (hasEnded(state)) {
    if (state.entry !== entry) return startOf(state, entry);
    const failed = state.status === 'completed' ? failuresOf(state, state.failedJobs, entry) : [];
    const ending = publish(state, endingOf(state));
    return [{ type: 'DisarmDeadline', orderId }, ...startOf(state, entry), ...failed, ending];
  }
  if (state.status === 'accepted') return [];
  const armed: Command[] =
    state.wakeUp.entry === entry
      ? [{ type: 'ArmDeadline', orderId, at: state.wakeUp.at, by: 'sweeper', entry }]
      : [];
  const recent = state.stage.tasks.filter((task) => 'entry' in task && task.entry === entry);
  return [
    ...armed,
    ...startOf(state, entry),
    ...failuresOf(state, state.failedJobs, entry),
    ...recent.flatMap((task) => commandsOfTask(state, task, context)),
  ];
}

/**
 * The commands that events which changed nothing once led to. Each is told by the entry that took the event: the task's,
 * or, when the task's stage is over, the one that entered the present stage.
 */
export function commandsAgain(
  state: OrderState,
  events: readonly OrderEvent[],
  context: Context,
): readonly Command[] {
  if (events.length === 0) return [];
  const entries = new Set(events.map((event) => entryThatTook(state, event)));
  return [...entries].flatMap((entry) =>
    entry === undefined ? [] : commandsOf(state, entry, context),
  );
}

function entryThatTook(state: OrderState, event: OrderEvent): number | undefined {
  if (event.type === 'OrderAccepted') return 1;
  if (hasEnded(state)) return isYounger(event, state) ? undefined : state.entry;
  if (state.status === 'accepted') return undefined;
  switch (event.type) {
    case 'TaskCompleted':
    case 'TaskFailed': {
      const task = state.stage.tasks.find((one) => 'taskId' in one && one.taskId === event.taskId);
      if (task === undefined) return state.stage.enteredIn;
      if (!('entry' in task)) return undefined;
      if (task.status !== 'inFlight') return task.entry;
      return task.atOnce && event.attempt === task.attempt - 1 ? task.entry : undefined;
    }
    case 'DeadlinePassed':
      // A decision that a deadline led to has set the wake-up anew: the one before had gone by.
      return event.armedFor === state.wakeUp.armedFor ? state.wakeUp.entry : undefined;
    case 'TaskHeartbeat':
    case 'TaskExpired':
    case 'TaskDeadLettered':
    case 'CancelRequested':
      return undefined;
  }
}

/** Whether the event is a timer's that cannot have ended the order: it was armed for later. */
function isYounger(event: OrderEvent, { endedAt }: EndedOrder): boolean {
  return event.type === 'DeadlinePassed' && (event.armedFor ?? endedAt) > endedAt;
}

/** Whether a command of an earlier decision still has work to do. */
export function isStillDue(command: Command, state: OrderState): boolean {
  switch (command.type) {
    case 'DispatchTask':
      return 'stage' in state && state.stage.tasks.some((task) => isAttempt(task, command));
    case 'ArmDeadline':
      return !hasEnded(state);
    case 'DisarmDeadline':
    case 'PublishLifecycle':
      return true;
  }
}

function isAttempt(task: StageTask, { taskId, attempt }: DispatchTask): boolean {
  return task.status === 'inFlight' && task.taskId === taskId && task.attempt === attempt;
}

function commandsOfTask(order: RunningOrder, task: StageTask, context: Context): Command[] {
  const { orderId } = order;
  const at = dueAt(task);
  switch (task.status) {
    case 'inFlight': {
      const isShort = at !== undefined && at - task.dispatchedAt <= SWEEP_SECONDS * 1000;
      return [dispatchOf(order, task, context), ...(isShort ? [timer(orderId, at, task)] : [])];
    }
    case 'backingOff':
    case 'waiting':
      return at === undefined ? [] : [timer(orderId, at, task)];
    case 'failed':
      return failuresOf(order, [task], task.entry);
    case 'planned':
    case 'plannedWait':
    case 'completed':
    case 'skipped':
    case 'waited':
      return [];
  }
}

function timer(orderId: string, at: Instant, { entry }: { readonly entry: number }): Command {
  return { type: 'ArmDeadline', orderId, at, by: 'timer', entry };
}

function dispatchOf(order: RunningOrder, task: InFlightTask, context: Context): Command {
  const { orderId, attributes, workflow, stage, payload } = order;
  const { taskId, job, plugin, attempt, deadlineAt, entry } = task;
  return {
    type: 'DispatchTask',
    ...{ orderId, taskId, job, plugin, attempt, deadlineAt, attributes, workflow, entry },
    input: task.input === undefined ? payload : task.input,
    ownInput: task.input !== undefined,
    stage: stage.stage,
    history: context.plugins.get(plugin)?.history ?? false,
    done: doneJobs(order, entry),
  };
}

/** All jobs that were named by the given entry, without those that were still open then and those that failed. */
function doneJobs({ jobs, stage, failedJobs }: RunningOrder, entry: number): readonly string[] {
  const names = Object.entries(jobs).flatMap(([plugin, count]) =>
    Array.from({ length: count }, (_, index) => nthName(plugin, index + 1)),
  );
  const notDone = new Set(failedJobs.map(({ job }) => job));
  for (const task of stage.tasks) {
    if (!('job' in task)) continue;
    if (task.status !== 'completed' || task.entry > entry) notDone.add(task.job);
  }
  return names.filter((name) => !notDone.has(name));
}

/** An order starts in entry 1, unless it is cancelled there. */
function startOf(state: OrderState, entry: number): Command[] {
  if (entry !== 1 || (state.status === 'cancelled' && state.entry === 1)) return [];
  return [publish(state, { type: 'order.started', entry })];
}

function failuresOf(state: OrderState, failed: readonly FailedJob[], entry: number): Command[] {
  return failed
    .filter((one) => one.entry === entry)
    .map(({ job, error }) => publish(state, { type: 'task.failed', task: job, error, entry }));
}

function endingOf(state: OrderState): Pick<OrderFact, 'type' | 'entry' | 'task' | 'error'> {
  const { entry } = state;
  if (state.status === 'completed') return { type: 'order.completed', entry };
  if (state.status !== 'failed') return { type: 'order.cancelled', entry };
  const { task, code, message } = state.error;
  return { type: 'order.failed', entry, task, error: { code, message } };
}

function publish(
  { orderId, workflow, client }: OrderState,
  about: Pick<OrderFact, 'type' | 'entry' | 'task' | 'error'>,
): Command {
  const sender = client === undefined ? {} : { client };
  return { type: 'PublishLifecycle', fact: { ...about, orderId, workflow, ...sender } };
}
