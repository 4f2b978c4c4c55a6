import { CHILD_FAILED, CHILD_NOT_UNDONE } from '../core/child-orders.ts';
import type { EndedOrder, OrderState, ParentTask } from '../core/order.ts';
import type { InFlightTask } from '../core/task.ts';
import { isUndoneInPart } from '../core/undo-plan.ts';
import { completed, failed } from './answers-to-parent.ts';
import type { DueEvent } from './due-event.ts';
import type { EnginePorts } from './engine-ports.ts';

export type EndedChild = EndedOrder & { readonly parent: ParentTask };

/** The end of the child is an answer to its parent's task. Its result may come when nobody waits for it: what was given up is undone then. */
export function answerOf(
  child: EndedChild,
  parent: OrderState,
  task: InFlightTask | undefined,
  ports: Pick<EnginePorts, 'clock'>,
): readonly DueEvent[] {
  const { orderId } = child;
  switch (child.status) {
    case 'completed':
      return [[parent.orderId, completed(child.parent, child.result, ports.clock())]];
    case 'failed': {
      if (task === undefined) return [];
      const { code, message, task: job } = child.error;
      const isLeft = isUndoneInPart(child);
      const left = isLeft ? '; what it had done could not be undone' : '';
      const why = `order ${orderId} has failed${left}: ${job}: ${code}: ${message}`;
      return [failed(parent, task, isLeft ? CHILD_NOT_UNDONE : CHILD_FAILED, why, ports)];
    }
    case 'cancelled': {
      if (task === undefined) return [];
      const why = child.reason === undefined ? '' : `: ${child.reason}`;
      const message = `order ${orderId} was cancelled${why}`;
      return [failed(parent, task, 'CHILD_CANCELLED', message, ports)];
    }
  }
}
