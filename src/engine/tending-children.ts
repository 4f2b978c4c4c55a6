import { childOf, childOrderId, MOST_DEPTH } from '../core/child-orders.ts';
import { defined } from '../core/defined.ts';
import type {
  ActRequested,
  OrderEvent,
  OrderPlaced,
  TaskCompleted,
  TaskFailed,
} from '../core/event.ts';
import type { Failure } from '../core/failure.ts';
import { inputOf } from '../core/for-each.ts';
import type { OrderState, ParentTask, StagedOrder } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { holds } from '../core/repeats.ts';
import type { InFlightTask } from '../core/task.ts';
import type { Journal } from '../ports/journal.ts';
import { BrokenJournalError } from '../ports/journal.ts';
import { TooLargeError } from '../ports/too-large.ts';
import type { EnginePorts } from './engine-ports.ts';
import { attemptName, handedOn } from './order-trace.ts';
import { place } from './placing.ts';

/** A child order that is not there after this long, its parent's pauses apart, has been placed and is lost: it is not begun once more. */
const PLACED_WITHIN_MS = 86_400_000;

/** As much of why a child order failed as its parent repeats. Characters. */
const MOST_REPEATED = 1000;

export interface ChildDue {
  /** The parent. */
  readonly orderId: string;
  readonly child: string;
  /** The parent waits for it no longer. */
  readonly calledOff?: true | undefined;
  /** The message has come before: whoever took it may have died. */
  readonly isAgain: boolean;
}

export type TendingPorts = Pick<
  EnginePorts,
  'journal' | 'activeOrders' | 'messenger' | 'clock' | 'workflows' | 'traces'
>;

/** What is due to an order. */
export type DueEvent = readonly [orderId: string, event: OrderEvent];

/**
 * Places the child order if its parent awaits it and it is not there, and finds out what else is due to either: the child's end is an
 * answer to its parent's task, and the child pauses, goes on, is cancelled and is undone with its parent. Both journals say so: whoever
 * sends the message cannot make anything up, and to look twice is to look once.
 */
export async function tendChild(
  message: ChildDue,
  ports: TendingPorts,
): Promise<readonly DueEvent[]> {
  const due = await dueNow(message, ports);
  return message.isAgain ? [...due, ...(await takenBefore(message, ports))] : due;
}

async function dueNow(
  { orderId, child: childId, calledOff }: ChildDue,
  ports: TendingPorts,
): Promise<readonly DueEvent[]> {
  const parent = (await ports.journal.latest(orderId))?.state;
  if (parent === undefined) return [];
  const task = taskOf(parent, childId);
  const child = await latestOf(childId, ports);
  if (child === 'broken') return task === undefined ? [] : [lost(parent, task, ports)];
  if (child !== undefined && child.parent?.orderId !== orderId) return [];
  if (task?.undoes !== undefined) return dueToUndoing(parent, task, child, ports);
  if (child === undefined) return task === undefined ? [] : begun(parent, task, ports);
  if (hasEnded(child)) return answerOf(child, parent, task, ports);
  const isLeft = task === undefined && calledOff && (await wasCalledOff(parent, childId, ports));
  const act = isLeft ? cancelled(parent, ports) : await actOn(child, parent, task, ports);
  return act === undefined ? [] : [[childId, act]];
}

/**
 * What the two have taken because of each other: the message may come again since whoever took it died before all was sent that their
 * entries commanded, which is sent again as for any event that comes again.
 */
async function takenBefore(
  { orderId, child }: ChildDue,
  { journal }: TendingPorts,
): Promise<readonly DueEvent[]> {
  const acts = await actsTaken(child, orderId, journal);
  const answers = await answersTaken(orderId, child, journal);
  return [
    ...acts.map((act) => [child, act] as const),
    ...answers.map((answer) => [orderId, answer] as const),
  ];
}

/** The acts of its parent's that the child has taken, each of which the message may have been about. */
async function actsTaken(
  child: string,
  parent: string,
  journal: Journal,
): Promise<readonly ActRequested[]> {
  const acts: ActRequested[] = [];
  for await (const { events } of journal.newestFirst(child)) {
    acts.push(...events.filter(isActByParent));
  }
  return acts.reverse();

  function isActByParent(event: OrderPlaced | OrderEvent): event is ActRequested {
    return 'actor' in event && event.actor === actor(parent);
  }
}

/** What has ended the tasks of the parent's that the child performed, or that undid it. */
async function answersTaken(
  parent: string,
  child: string,
  journal: Journal,
): Promise<readonly OrderEvent[]> {
  const answers: (TaskCompleted | TaskFailed)[] = [];
  const tasks: InFlightTask[] = [];
  for await (const { events, state } of journal.newestFirst(parent)) {
    const task = taskOf(state, child);
    if (task !== undefined) tasks.push(task);
    // It was performed before it was undone.
    if (task !== undefined && task.undoes === undefined) break;
    for (const event of events) {
      if (event.type === 'TaskCompleted' || event.type === 'TaskFailed') answers.push(event);
    }
  }
  return answers.filter(({ taskId, attempt }) =>
    tasks.some((task) => task.taskId === taskId && task.attempt === attempt),
  );
}

/** The task of the parent's that the child performs, or that undoes it. */
function taskOf(parent: OrderState, childId: string): InFlightTask | undefined {
  const tasks = 'stage' in parent && !hasEnded(parent) ? parent.stage.tasks : [];
  return tasks.find(
    (task): task is InFlightTask =>
      task.status === 'inFlight' && task.byOrder === true && childOf(parent, task) === childId,
  );
}

async function latestOf(
  orderId: string,
  { journal }: TendingPorts,
): Promise<OrderState | 'broken' | undefined> {
  try {
    return (await journal.latest(orderId))?.state;
  } catch (error) {
    if (error instanceof BrokenJournalError) return 'broken';
    throw error;
  }
}

/** Places the child order of the task, unless there is a reason not to. */
async function begun(
  parent: OrderState,
  task: InFlightTask,
  ports: TendingPorts,
): Promise<readonly DueEvent[]> {
  const no = (code: string, message: string) => [failed(parent, task, code, message, ports)];
  const { orderId, attributes, client, workflow } = parent;
  const { taskId, attempt, dispatchedAt, pausedMs = 0, plugin: name } = task;
  // It is looked after once more when its parent goes on.
  if (!('stage' in parent) || hasEnded(parent) || parent.status === 'paused') return [];
  if (parent.status === 'compensating') {
    return no('CHILD_CANCELLED', 'its parent was cancelled before it began');
  }
  const earlier = await beforeIt(orderId, task, ports);
  if (earlier !== undefined) return earlier;
  const at = ports.clock();
  if (at - dispatchedAt - pausedMs > PLACED_WITHIN_MS) return [lost(parent, task, ports)];
  const depth = (parent.parent?.depth ?? 0) + 1;
  if (depth > MOST_DEPTH) {
    return no(
      'CHILD_TOO_DEEP',
      `${MOST_DEPTH} orders are above it: does ${name} start ${workflow.name}?`,
    );
  }
  const latest = await ports.workflows.latest(name);
  if (latest === undefined) return no('UNKNOWN_WORKFLOW', `there is no workflow ${name}`);
  const { pauseOnFailure } = parent;
  const event: OrderPlaced = {
    ...({ type: 'OrderPlaced', at, orderId: childOrderId(orderId, taskId, attempt) } as const),
    ...{ input: inputOf(parent.stage, task, parent.payload).input, attributes },
    workflow: { name, version: latest.version },
    ...defined({
      client,
      pauseOnFailure,
      trace: handedOn(parent, attemptName(task), ports.traces),
    }),
    parent: { orderId, taskId, attempt, depth },
    fingerprint: 'child',
  };
  try {
    await place(event, ports);
    return [];
  } catch (error) {
    if (!(error instanceof TooLargeError)) throw error;
    return no('INPUT_TOO_LARGE', error.message);
  }
}

/**
 * What the child of the attempt before has come to since, if somebody has retried it: its result counts, and nothing is done beside it.
 */
async function beforeIt(
  orderId: string,
  { taskId, attempt }: InFlightTask,
  ports: TendingPorts,
): Promise<readonly DueEvent[] | undefined> {
  if (attempt === 1) return undefined;
  const id = childOrderId(orderId, taskId, attempt - 1);
  const child = (await ports.journal.latest(id))?.state;
  if (child?.parent === undefined) return undefined;
  const at = ports.clock();
  if (child.status === 'completed') return [[orderId, completed(child.parent, child.result, at)]];
  if (hasEnded(child)) return undefined;
  const message = `${id}, which performed the attempt before, goes on again: retry once it has ended`;
  return [[orderId, failure({ taskId, attempt }, { code: 'CHILD_GOES_ON', message }, at)]];
}

/** The end of the child is an answer to its parent's task. Its result may come when nobody waits for it: what was given up is undone then. */
function answerOf(
  child: Extract<OrderState, { readonly endedAt: unknown }>,
  parent: OrderState,
  task: InFlightTask | undefined,
  ports: TendingPorts,
): readonly DueEvent[] {
  const { orderId } = child;
  switch (child.status) {
    case 'completed':
      if (child.parent === undefined) return [];
      return [[parent.orderId, completed(child.parent, child.result, ports.clock())]];
    case 'failed': {
      if (task === undefined) return [];
      const { code, message, task: job } = child.error;
      const why = `order ${orderId} has failed: ${job}: ${code}: ${message}`;
      return [failed(parent, task, 'CHILD_FAILED', why, ports)];
    }
    case 'cancelled': {
      if (task === undefined) return [];
      const why = child.reason === undefined ? '' : `: ${child.reason}`;
      const message = `order ${orderId} was cancelled${why}`;
      return [failed(parent, task, 'CHILD_CANCELLED', message, ports)];
    }
  }
}

/** Whether the parent's journal says that it has stopped to wait for the child: the message alone is nobody's word. */
async function wasCalledOff(
  { orderId }: OrderState,
  child: string,
  { journal }: TendingPorts,
): Promise<boolean> {
  for await (const { calledOff = [] } of journal.newestFirst(orderId)) {
    if (calledOff.includes(child)) return true;
  }
  return false;
}

/** The end of a child for which its parent waits no longer. */
function cancelled(parent: OrderState, ports: TendingPorts): ActRequested {
  // An order that has a child is cancelled at once only where nothing is to be undone.
  const isLeft = parent.status === 'cancelled' && parent.undoing === undefined;
  const undo = isLeft ? { undo: false as const } : {};
  return { type: 'CancelRequested', ...becauseOf(parent, ports), ...undo };
}

/** What the child is asked for, since the parent that waits for it has paused, goes on, or is being undone. */
async function actOn(
  child: OrderState,
  parent: OrderState,
  task: InFlightTask | undefined,
  ports: TendingPorts,
): Promise<ActRequested | undefined> {
  if (task === undefined) return undefined;
  const act = becauseOf(parent, ports);
  switch ((parent as StagedOrder).status) {
    case 'paused':
      return child.status === 'paused' ? undefined : { type: 'PauseRequested', ...act };
    case 'running':
    case 'waiting':
      return (await isPausedBy(parent, child, ports))
        ? { type: 'ResumeRequested', ...act }
        : undefined;
    case 'compensating':
      return { type: 'CancelRequested', ...act };
  }
}

/** Who has paused the child resumes it: what a person has paused, or its own failure, stays paused. */
async function isPausedBy(
  parent: OrderState,
  child: OrderState,
  { journal }: TendingPorts,
): Promise<boolean> {
  if (child.status !== 'paused') return false;
  for await (const { number, events } of journal.newestFirst(child.orderId)) {
    if (number !== child.pausedIn) continue;
    return events.some(
      (event) => event.type === 'PauseRequested' && event.actor === actor(parent.orderId),
    );
  }
  return false;
}

/** The undoing of the child that the parent's task is, or the answer to that task. */
async function dueToUndoing(
  parent: OrderState,
  task: InFlightTask,
  child: OrderState | undefined,
  ports: TendingPorts,
): Promise<readonly DueEvent[]> {
  const { taskId, attempt, dispatchedAt } = task;
  if (child === undefined) return [lost(parent, task, ports)];
  if (!hasEnded(child)) return [];
  const actId = `undo-${parent.orderId}-${taskId}-${attempt}`;
  const act = actOf(parent, actId, dispatchedAt, ports);
  const undone: DueEvent = [parent.orderId, completed({ taskId, attempt }, null, ports.clock())];
  switch (child.status) {
    case 'completed':
      // Its workflow says that nothing is undone from there on.
      if (await hasPivot(child, ports)) return [undone];
      return [[child.orderId, { type: 'UndoRequested', ...act }]];
    case 'cancelled':
      return [undone];
    case 'failed': {
      const retry = { type: 'RetryRequested', ...act } as const;
      if (!(await hasTaken(child, [retry, { type: 'UndoRequested', ...act }], ports))) {
        return [[child.orderId, retry]];
      }
      const { code, message } = child.error;
      const why = `order ${child.orderId}: ${code}: ${message}`;
      return [failed(parent, task, 'CHILD_NOT_UNDONE', why, ports)];
    }
  }
}

async function hasPivot({ workflow }: OrderState, { workflows }: TendingPorts): Promise<boolean> {
  return (await workflows.get(workflow))?.pivot !== undefined;
}

/** Whether the child's journal holds one of these acts. */
async function hasTaken(
  { orderId }: OrderState,
  acts: readonly ActRequested[],
  { journal }: TendingPorts,
): Promise<boolean> {
  for await (const entry of journal.newestFirst(orderId)) {
    if (acts.some((act) => holds(entry, act))) return true;
  }
  return false;
}

function actor(parent: string): string {
  return `order ${parent}`;
}

/** As what the parent's latest entry says. */
function becauseOf(parent: OrderState, ports: TendingPorts) {
  return actOf(parent, `parent-${parent.orderId}-${parent.entry}`, 0, ports);
}

function actOf(parent: OrderState, actId: string, askedAt: number, { clock }: TendingPorts) {
  return { at: clock(), actId, askedAt, actor: actor(parent.orderId), reason: 'as its parent' };
}

type Attempted = Pick<ParentTask, 'taskId' | 'attempt'>;

function completed({ taskId, attempt }: Attempted, result: OrderPlaced['input'], at: number) {
  return { type: 'TaskCompleted', at, taskId, attempt, result } as const;
}

/** The child's own tasks have been tried again: the parent's is not, unless somebody asks for it. */
function failure({ taskId, attempt }: Attempted, { code, message }: Failure, at: number) {
  const error = { code, message: message.slice(0, MOST_REPEATED).toWellFormed() };
  return { type: 'TaskFailed', at, taskId, attempt, error, retry: 'never' } as const;
}

function failed(
  { orderId }: OrderState,
  task: InFlightTask,
  code: string,
  message: string,
  { clock }: TendingPorts,
): DueEvent {
  return [orderId, failure(task, { code, message }, clock())];
}

function lost(parent: OrderState, task: InFlightTask, ports: TendingPorts): DueEvent {
  const message = `the journal of order ${childOf(parent, task)} is gone`;
  return failed(parent, task, 'CHILD_LOST', message, ports);
}
