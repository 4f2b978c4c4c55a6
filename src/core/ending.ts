import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type {
  AcceptedOrder,
  CancelledOrder,
  CompensatingOrder,
  CompletedOrder,
  FailedOrder,
  OrderFailure,
  RunningOrder,
  StagedOrder,
  Standing,
} from './order.ts';

export function completedOrder(order: RunningOrder, draft: EntryDraft): CompletedOrder {
  const { failedJobs, taskCount, payload, parent, unawaited } = order;
  const ended = { ...identityOf(order, draft), failedJobs, taskCount };
  return {
    ...{ status: 'completed', ...ended, result: payload },
    ...(parent !== undefined && defined({ unawaited })),
  };
}

export function failedOrder(
  order: RunningOrder | CompensatingOrder,
  error: OrderFailure,
  draft: EntryDraft,
): FailedOrder {
  return { status: 'failed', ...identityOf(order, draft), ...standingOf(order), error };
}

/** The failed order as it goes on: without its end. */
export function withoutEnd({ endedAt: _, endedIn: __, error: ___, ...order }: FailedOrder) {
  return order;
}

/** What the order needs to go on from where it stands. */
export function standingOf(order: Standing): Standing {
  const { payload, stage, taskCount, jobs, failedJobs, caught, undoable } = order;
  const { calledOffJobs, skippedJobs, neverSentJobs, unawaited } = order;
  return {
    ...{ payload, stage, taskCount, jobs, failedJobs },
    ...defined({ caught, undoable, calledOffJobs, skippedJobs, neverSentJobs, unawaited }),
  };
}

export function cancelledOrder(
  order: AcceptedOrder | RunningOrder | CompensatingOrder,
  { reason }: { readonly reason?: string },
  draft: EntryDraft,
): CancelledOrder {
  return { status: 'cancelled', ...identityOf(order, draft), ...defined({ reason }) };
}

/** What an ended order keeps of the order that it was. */
function identityOf(order: AcceptedOrder | StagedOrder, { entry, at }: EntryDraft) {
  const { orderId, workflow, attributes, acceptedAt, client, trace, parent, slice } = order;
  const { wakeUp } = order;
  const identity = { orderId, workflow, attributes, acceptedAt };
  return { ...identity, ...defined({ client, trace, parent, slice }), entry, endedAt: at, wakeUp };
}
