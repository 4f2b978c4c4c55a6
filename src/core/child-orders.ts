/**
 * A child order performs a task of its parent. The parent knows its id before it exists, so that placing it twice is placing it once;
 * the task is in flight until the child has ended, and who looks after both reads their journals. This file says which child is whose,
 * and when a parent and its children have to hear of each other; all else is as with other orders and other tasks.
 */
import type { TendChild } from './command.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { ActRequested } from './event.ts';
import type { Failure } from './failure.ts';
import type { JournalEntry } from './journal-entry.ts';
import { millisecondsOf } from './json.ts';
import type { OrderState } from './order.ts';
import { hasEnded } from './order.ts';
import type { TaskPolicy } from './retry.ts';
import { DEFAULT_POLICY } from './retry.ts';
import type { InFlightTask, StageTask } from './task.ts';
import type { TaskStep } from './workflow.ts';

/** So many orders may stand above a child order. */
export const MOST_DEPTH = 10;

/** The code of a task whose child order has failed. */
export const CHILD_FAILED = 'CHILD_FAILED';

/** The code of a task whose child order has failed, and could not undo what it had done. */
export const CHILD_NOT_UNDONE = 'CHILD_NOT_UNDONE';

/** Whether a child order of a task whose attempt has failed so may complete yet, that one's or an earlier one's: somebody may retry it, or has. */
export function mayCompleteYet({ code }: Failure, attempt: number): boolean {
  return attempt > 1 || code === CHILD_FAILED;
}

/** A parent looks after a child that long after it has heard of it last: should the child be lost, the parent is not. Seconds. */
const LOOKS_AFTER_SECONDS = 3600;

/** A child order may last that long, unless its step says less. Seconds. */
const LASTS_SECONDS = 365 * 86_400;

/** The order that performs the attempt. Nobody else can have its id: whoever places an order may choose no `~` (src/contract/order-id.ts). */
export function childOrderId(orderId: string, taskId: string, attempt: number): string {
  const first = `${orderId}~${taskId}`;
  return attempt === 1 ? first : `${first}~${attempt}`;
}

/** As whom the parent asks its child for something. People have other names: see `actorOf` of src/app/orders/acts-api.ts. */
export function asParent(orderId: string): string {
  return `order ${orderId}`;
}

/** Whether the order's parent asks for it, and no person. */
export function isByParent({ actor }: ActRequested, { parent }: OrderState): boolean {
  return parent !== undefined && actor === asParent(parent.orderId);
}

/** The child order that performs the task, or that it undoes. */
export function childOf(
  { orderId }: Pick<OrderState, 'orderId'>,
  { taskId, attempt, slice, undoneChild }: Performed,
): string {
  return undoneChild ?? childOrderId(orderId, taskId, slice ? 1 : attempt);
}

/** One order performs all attempts of a slice: it goes on from the elements that have failed. */
type Performed = Pick<InFlightTask, 'taskId' | 'attempt' | 'slice' | 'undoneChild'>;

/** Its deadline is when its parent looks after it. Its time ends with its only attempt, since its own tasks are attempted again. */
export function childPolicy(step: TaskStep | undefined): TaskPolicy {
  const { timeoutSeconds = LASTS_SECONDS } = step ?? {};
  return {
    ...DEFAULT_POLICY,
    timeoutSeconds: Math.min(LOOKS_AFTER_SECONDS, timeoutSeconds),
    totalSeconds: timeoutSeconds,
  };
}

/** The task once its parent has looked after its child order, which may go on. */
export function lookedAfter(task: InFlightTask, { at, entry }: EntryDraft): InFlightTask {
  const next = at + millisecondsOf(LOOKS_AFTER_SECONDS);
  return { ...task, entry, deadlineAt: Math.min(next, task.giveUpAt) };
}

/** The tasks that child orders perform now. */
export function tasksOfChildren(state: OrderState): readonly InFlightTask[] {
  if (hasEnded(state) || state.status === 'accepted') return [];
  return state.stage.tasks.filter(isPerformedByChild);
}

function isPerformedByChild(task: StageTask): task is InFlightTask {
  return task.status === 'inFlight' && task.byOrder === true && task.undoes === undefined;
}

/** What a parent and its children have to hear of each other after the entry. */
export function tendingOf({
  state,
  calledOff = [],
}: Pick<JournalEntry, 'state' | 'calledOff'>): readonly TendChild[] {
  const { orderId, parent } = state;
  const tend = { type: 'TendChild', orderId } as const;
  const reached = reachesDown(state) ? tasksOfChildren(state) : [];
  return [
    ...(parent && tellsParent(state) ? [{ ...tend, parent: parent.orderId, child: orderId }] : []),
    ...reached.map((task) => ({ ...tend, parent: orderId, child: childOf(state, task) })),
    ...calledOff.map((child) => ({ ...tend, parent: orderId, child, calledOff: true as const })),
  ];
}

/** Its end is an answer. When it pauses, its parent may have gone on meanwhile. */
function tellsParent(state: OrderState): boolean {
  if ('endedAt' in state) return state.endedIn === undefined;
  return state.status === 'paused' && state.pausedIn === state.entry;
}

/** Whether the order has paused, gone on, or begun to be undone: its children do as it does. */
function reachesDown(state: OrderState): boolean {
  const { status, entry } = state;
  if (status === 'paused') return state.pausedIn === entry;
  if (status === 'compensating') return state.undoing.begunIn === entry;
  return 'resumedIn' in state && state.resumedIn === entry;
}
