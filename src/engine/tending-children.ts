import { asParent, childOf, childOrderId } from '../core/child-orders.ts';
import type { ActRequested, OrderEvent, OrderPlaced } from '../core/event.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { OrderState, ParentTask, StagedOrder } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { isOlderThanArrival } from '../core/repeats.ts';
import type { InFlightTask } from '../core/task.ts';
import type { Journal } from '../ports/journal.ts';
import { stateOrBroken } from '../ports/journal.ts';
import { actOn, actToEnd, wasCalledOff } from './acts-of-parent.ts';
import { lost } from './answers-to-parent.ts';
import type { BeginningPorts } from './begun-child.ts';
import { begun } from './begun-child.ts';
import type { DueEvent } from './due-event.ts';
import { answerOf } from './ended-child.ts';
import { endOfSlice } from './ended-slice.ts';
import { dueToUndoing, undoingBeside } from './undone-child.ts';

export interface ChildDue {
  /** The parent. */
  readonly orderId: string;
  readonly child: string;
  /** The parent waits for it no longer. */
  readonly calledOff?: true | undefined;
  /** The message has come before: whoever took it may have died. */
  readonly isAgain: boolean;
  /** When it was sent: nothing older was done because of it. */
  readonly sentAt: Instant;
}

/** To begin a child takes all that the rest takes, and more. */
export type ChildPorts = BeginningPorts;

/**
 * Places the child order if its parent awaits it and it is not there, and finds out what else is due to either: the child's end is an
 * answer to its parent's task, and the child pauses, goes on, is cancelled and is undone with its parent. Both journals say so: whoever
 * sends the message cannot make anything up, and to look twice is to look once.
 */
export async function tendChild(
  message: ChildDue,
  ports: ChildPorts,
): Promise<readonly DueEvent[]> {
  const due = await dueNow(message, ports);
  return message.isAgain ? [...due, ...(await takenBefore(message, ports))] : due;
}

async function dueNow(message: ChildDue, ports: ChildPorts): Promise<readonly DueEvent[]> {
  const { orderId, child: childId } = message;
  const parent = (await ports.journal.latest(orderId))?.state;
  if (parent === undefined) return [];
  const task = taskOf(parent, childId);
  const child = await stateOrBroken(childId, ports.journal);
  if (child === 'broken') return task === undefined ? [] : [lost(parent, task, ports)];
  if (child !== undefined && !isChildOf(child, orderId)) return [];
  if (task?.undoes !== undefined) return dueToUndoing(parent, task, child, ports);
  if (child === undefined) {
    if (task === undefined) return [];
    const due = await begun(parent as StagedOrder, task, ports);
    return due.length > 0 ? due : sincePlaced(parent, childId, ports);
  }
  if (hasEnded(child)) {
    if (child.slice) return endOfSlice(child, parent, task, ports);
    const beside = task === undefined ? await undoingBeside(child, parent, ports) : undefined;
    return beside ?? answerOf(child, parent, task, ports);
  }
  const isLeft = task === undefined && (await isLeftAlone(child, parent, message, ports));
  return dueToGoing(child, parent, task, isLeft, ports);
}

/** What a child that goes on is asked for by its parent. */
async function dueToGoing(
  child: OrderState,
  parent: OrderState,
  task: InFlightTask | undefined,
  isLeft: boolean,
  ports: ChildPorts,
): Promise<readonly DueEvent[]> {
  const act = isLeft
    ? await actToEnd(child, parent, ports)
    : await actOn(child, parent, task, ports);
  return act === undefined ? [] : [[child.orderId, act]];
}

/**
 * What is due to a child that has just been placed: its parent may have paused meanwhile, or wait for it no longer, and whoever was to
 * tell it found none. Should this process die before, its message comes again.
 */
async function sincePlaced(
  before: OrderState,
  childId: string,
  ports: ChildPorts,
): Promise<readonly DueEvent[]> {
  const parent = (await ports.journal.latest(before.orderId))?.state;
  if (parent === undefined) return [];
  if (parent.entry === before.entry && parent.status !== 'compensating') return [];
  const child = (await ports.journal.latest(childId))?.state;
  if (child === undefined || hasEnded(child)) return [];
  const task = taskOf(parent, childId);
  return dueToGoing(child, parent, task, task === undefined, ports);
}

/**
 * Whether nobody waits for the child any more. Its parent has none of its tasks then; but so it is, too, if a person has retried it after
 * it had ended.
 */
async function isLeftAlone(
  { orderId: childId }: OrderState,
  parent: OrderState,
  { calledOff, isAgain }: ChildDue,
  { journal }: ChildPorts,
): Promise<boolean> {
  if (calledOff && (await wasCalledOff(parent, childId, { journal }))) return true;
  return isAgain && !(await hasEverEnded(childId, journal));
}

async function hasEverEnded(orderId: string, journal: Journal): Promise<boolean> {
  for await (const { state } of journal.newestFirst(orderId)) if (hasEnded(state)) return true;
  return false;
}

/**
 * What the two have taken because of each other: the message may come again since whoever took it died before all was sent that their
 * entries commanded, which is sent again as for any event that comes again.
 */
async function takenBefore(
  { orderId, child, sentAt }: ChildDue,
  { journal }: ChildPorts,
): Promise<readonly DueEvent[]> {
  const acts = await actsTaken(child, orderId, sentAt, journal);
  const answers = await answersTaken(orderId, child, sentAt, journal);
  return [
    ...acts.map((act) => [child, act] as const),
    ...answers.map((answer) => [orderId, answer] as const),
  ];
}

/** The acts of its parent's that the child has taken, each of which the message may have been about. */
async function actsTaken(
  child: string,
  parent: string,
  sentAt: Instant,
  journal: Journal,
): Promise<readonly ActRequested[]> {
  const acts: ActRequested[] = [];
  for await (const entry of journal.newestFirst(child)) {
    if (isOlderThanArrival(entry, sentAt)) break;
    acts.push(...entry.events.filter(isActByParent));
  }
  return acts.reverse();

  function isActByParent(event: OrderPlaced | OrderEvent): event is ActRequested {
    return 'actor' in event && event.actor === asParent(parent);
  }
}

/** What has ended the tasks of the parent's that the child performed, or that undid it. */
async function answersTaken(
  parent: string,
  child: string,
  sentAt: Instant,
  journal: Journal,
): Promise<readonly OrderEvent[]> {
  const entries: JournalEntry[] = [];
  for await (const entry of journal.newestFirst(parent)) {
    entries.push(entry);
    const task = taskOf(entry.state, child);
    // It was performed before it was undone.
    if (task !== undefined && task.undoes === undefined) break;
    if (isOlderThanArrival(entry, sentAt)) break;
  }
  const tasks = entries.map(({ state }) => taskOf(state, child));
  const isTheirs = ({ taskId, attempt }: Pick<InFlightTask, 'taskId' | 'attempt'>) =>
    // An earlier attempt's child may answer when another attempt is under way, or none.
    childOrderId(parent, taskId, attempt) === child ||
    tasks.some((task) => task?.taskId === taskId && task.attempt === attempt);
  return entries.flatMap(({ events }) =>
    events.flatMap((event) => ('attempt' in event && isTheirs(event) ? [event] : [])),
  );
}

function isChildOf<Order extends OrderState>(
  order: Order,
  parent: string,
): order is Order & { readonly parent: ParentTask } {
  return order.parent?.orderId === parent;
}

/** The task of the parent's that the child performs, or that undoes it. Only an order that stands in a stage has one. */
function taskOf(parent: OrderState, childId: string): InFlightTask | undefined {
  if (!('stage' in parent) || hasEnded(parent)) return undefined;
  return parent.stage.tasks.find(
    (task): task is InFlightTask =>
      task.status === 'inFlight' && task.byOrder === true && childOf(parent, task) === childId,
  );
}
