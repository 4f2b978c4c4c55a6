import { CHILD_NOT_UNDONE } from '../core/child-orders.ts';
import type { ActRequested } from '../core/event.ts';
import type { OrderState } from '../core/order.ts';
import { hasEnded } from '../core/order.ts';
import { holds } from '../core/repeats.ts';
import type { InFlightTask } from '../core/task.ts';
import { isUndoneInPart } from '../core/undo-plan.ts';
import { actOf, ownWorkflow } from './acts-of-parent.ts';
import { completed, failed, lost } from './answers-to-parent.ts';
import type { DueEvent } from './due-event.ts';
import type { EndedChild } from './ended-child.ts';
import type { EnginePorts } from './engine-ports.ts';

type UndoingPorts = Pick<EnginePorts, 'journal' | 'clock' | 'workflows'>;

/** The undoing of the child that the parent's task is, or the answer to that task. */
export async function dueToUndoing(
  parent: OrderState,
  task: InFlightTask,
  child: OrderState | undefined,
  ports: UndoingPorts,
): Promise<readonly DueEvent[]> {
  const { taskId, attempt, dispatchedAt } = task;
  if (child === undefined) return [lost(parent, task, ports)];
  if (!hasEnded(child)) return [];
  const actId = `undo-${parent.orderId}-${taskId}-${attempt}`;
  const act = actOf(parent, actId, dispatchedAt, ports);
  const undone: DueEvent = [parent.orderId, completed({ taskId, attempt }, null, ports.clock())];
  switch (child.status) {
    case 'completed':
      if (await staysAsItIs(child, ports)) return [undone];
      return [[child.orderId, { type: 'UndoRequested', ...act }]];
    case 'cancelled':
      return [undone];
    case 'failed': {
      // A slice that has failed leaves what it has done to its parent.
      if (child.undoing === undefined && child.slice) {
        return [[child.orderId, { type: 'UndoRequested', ...act }]];
      }
      if (!isUndoneInPart(child)) return [undone];
      const retry = { type: 'RetryRequested', ...act } as const;
      if (!(await hasTaken(child, [retry, { type: 'UndoRequested', ...act }], ports))) {
        return [[child.orderId, retry]];
      }
      const { code, message } = child.error;
      const why = `order ${child.orderId}: ${code}: ${message}`;
      return [failed(parent, task, CHILD_NOT_UNDONE, why, ports)];
    }
  }
}

/** Whether the child has completed past a pivot: its workflow says that nothing is undone from there on. */
async function staysAsItIs(child: OrderState, ports: UndoingPorts): Promise<boolean> {
  return (await ownWorkflow(child, ports))?.pivot !== undefined;
}

/**
 * The undoing of a child that has completed although its parent's task had completed by the child of another attempt: nobody takes its
 * result, and both have done the same. Its parent knows nothing of it, and need not be undone for it.
 */
export async function undoingBeside(
  child: EndedChild,
  parent: OrderState,
  ports: UndoingPorts,
): Promise<readonly DueEvent[] | undefined> {
  if (child.status !== 'completed') return undefined;
  const { taskId, attempt } = child.parent;
  const taken = await attemptTaken(parent, taskId, ports);
  if (taken === undefined || taken === attempt) return undefined;
  if (await staysAsItIs(child, ports)) return [];
  const act = actOf(parent, `beside-${child.orderId}`, child.endedAt, ports);
  return [[child.orderId, { type: 'UndoRequested', ...act, reason: 'another order has done it' }]];
}

/** The attempt by which the parent's task has completed. */
async function attemptTaken(
  { orderId }: OrderState,
  taskId: string,
  { journal }: UndoingPorts,
): Promise<number | undefined> {
  for await (const { events, state } of journal.newestFirst(orderId)) {
    for (const event of events) {
      if (event.type === 'TaskCompleted' && event.taskId === taskId) return event.attempt;
    }
    // Tasks are numbered as they start.
    if ('taskCount' in state && (state.taskCount ?? 0) < Number(taskId.slice(1))) return undefined;
  }
  return undefined;
}

/** Whether the child's journal holds one of these acts. */
async function hasTaken(
  { orderId }: OrderState,
  acts: readonly ActRequested[],
  { journal }: UndoingPorts,
): Promise<boolean> {
  for await (const entry of journal.newestFirst(orderId)) {
    if (acts.some((act) => holds(entry, act))) return true;
  }
  return false;
}
