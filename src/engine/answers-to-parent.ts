import { childOf } from '../core/child-orders.ts';
import type { Failure } from '../core/failure.ts';
import type { Json } from '../core/json.ts';
import type { OrderState, ParentTask } from '../core/order.ts';
import type { InFlightTask } from '../core/task.ts';
import type { DueEvent } from './due-event.ts';
import type { EnginePorts } from './engine-ports.ts';

type ClockPort = Pick<EnginePorts, 'clock'>;

/** As much of why a child order failed as its parent repeats. Characters. */
const MOST_REPEATED = 1000;

type Attempted = Pick<ParentTask, 'taskId' | 'attempt'>;

export function completed({ taskId, attempt }: Attempted, result: Json, at: number) {
  return { type: 'TaskCompleted', at, taskId, attempt, result } as const;
}

/** The child's own tasks have been tried again: the parent's is not, unless somebody asks for it. */
export function failure({ taskId, attempt }: Attempted, { code, message }: Failure, at: number) {
  const error = { code, message: message.slice(0, MOST_REPEATED).toWellFormed() };
  return { type: 'TaskFailed', at, taskId, attempt, error, retry: 'never' } as const;
}

export function failed(
  { orderId }: OrderState,
  task: InFlightTask,
  code: string,
  message: string,
  { clock }: ClockPort,
): DueEvent {
  return [orderId, failure(task, { code, message }, clock())];
}

export function lost(parent: OrderState, task: InFlightTask, ports: ClockPort): DueEvent {
  const message = `the journal of order ${childOf(parent, task)} is gone`;
  return failed(parent, task, 'CHILD_LOST', message, ports);
}
