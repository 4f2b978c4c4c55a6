import { asParent } from '../core/child-orders.ts';
import type { ActRequested } from '../core/event.ts';
import { isPastPivot } from '../core/failing.ts';
import type { OrderState, PausedOrder } from '../core/order.ts';
import { workflowOf } from '../core/slices.ts';
import type { InFlightTask } from '../core/task.ts';
import type { Workflow } from '../core/workflow.ts';
import type { EnginePorts } from './engine-ports.ts';

type ClockPort = Pick<EnginePorts, 'clock'>;
type JournalPort = Pick<EnginePorts, 'journal'>;
type WorkflowsPort = Pick<EnginePorts, 'workflows'>;
type EndingPorts = ClockPort & WorkflowsPort;

/** Whether the parent's journal says that it no longer waits for the child. The message alone proves nothing. */
export async function wasCalledOff(
  { orderId }: OrderState,
  child: string,
  { journal }: JournalPort,
): Promise<boolean> {
  for await (const { calledOff } of journal.newestFirst(orderId)) {
    if (calledOff?.includes(child)) return true;
  }
  return false;
}

/**
 * What the child is asked for, since its parent waits for it no longer, or is being undone: to be cancelled. That it refuses once it is past
 * its pivot, and ends by itself: where it has paused with its parent, it is to go on.
 */
export async function actToEnd(
  child: OrderState,
  parent: OrderState,
  ports: EndingPorts,
): Promise<ActRequested> {
  const act = becauseOf(parent, ports);
  // An order that has a child is cancelled at once only where nothing is to be undone.
  const isLeft = parent.status === 'cancelled' && parent.undoing === undefined;
  if (isLeft) return { type: 'CancelRequested', ...act, undo: false };
  const goesOn = isPausedByParent(child) && (await isPastItsPivot(child, ports));
  return { type: goesOn ? 'ResumeRequested' : 'CancelRequested', ...act };
}

async function isPastItsPivot(child: PausedOrder, ports: WorkflowsPort): Promise<boolean> {
  const workflow = await ownWorkflow(child, ports);
  return workflow !== undefined && isPastPivot(child, workflow);
}

/** The workflow that the child goes through, of a slice its own part of it. */
export async function ownWorkflow(
  child: OrderState,
  { workflows }: WorkflowsPort,
): Promise<Workflow | undefined> {
  const workflow = await workflows.get(child.workflow);
  return workflow && workflowOf(child, workflow);
}

/** What the child is asked for, since the parent that waits for it has paused, goes on, or is being undone. */
export async function actOn(
  child: OrderState,
  parent: OrderState,
  task: InFlightTask | undefined,
  ports: EndingPorts,
): Promise<ActRequested | undefined> {
  if (task === undefined) return undefined;
  if (parent.status === 'compensating') return actToEnd(child, parent, ports);
  const act = becauseOf(parent, ports);
  if (parent.status === 'paused') {
    return child.status === 'paused' ? undefined : { type: 'PauseRequested', ...act };
  }
  return isPausedByParent(child) ? { type: 'ResumeRequested', ...act } : undefined;
}

/** What a person has paused, or its own failure, stays paused. */
function isPausedByParent(child: OrderState): child is PausedOrder {
  return child.status === 'paused' && child.byParent === true;
}

/** As what the parent's latest entry says. */
function becauseOf(parent: OrderState, ports: ClockPort) {
  return actOf(parent, `parent-${parent.orderId}-${parent.entry}`, 0, ports);
}

export function actOf(parent: OrderState, actId: string, askedAt: number, { clock }: ClockPort) {
  return { at: clock(), actId, askedAt, actor: asParent(parent.orderId), reason: 'as its parent' };
}
