import type { Order, OrderStatus } from '../messages.ts';

export type Act = 'retry' | 'resume' | 'pause' | 'skip' | 'cancelTask' | 'cancel';

/** What may be done to an order in this state; the most likely first. */
const POSSIBLE: Readonly<Record<OrderStatus, readonly Act[]>> = {
  accepted: ['pause', 'cancel'],
  running: ['pause', 'skip', 'cancelTask', 'cancel'],
  waiting: ['pause', 'skip', 'cancelTask', 'cancel'],
  paused: ['resume', 'retry', 'skip', 'cancelTask', 'cancel'],
  compensating: [],
  completed: [],
  failed: ['retry', 'skip'],
  cancelled: [],
};

/** @param error why it has failed, or has paused instead: without it, nothing of a paused order can be begun again */
export function possibleActs({
  status,
  error,
}: {
  readonly status: OrderStatus;
  readonly error?: object | undefined;
}): readonly Act[] {
  const acts = POSSIBLE[status] ?? [];
  const canRetry = status !== 'paused' || error !== undefined;
  return canRetry ? acts : acts.filter((act) => act !== 'retry');
}

/** The same where the whole order is known: no wait is skipped, and what was undone is not gone on with, only its undoing where that failed. */
export function actsOf(order: Order): readonly Act[] {
  const { status, waitingFor } = order;
  const failed = waitingFor?.task === undefined ? undefined : { task: waitingFor.task };
  return possibleActs({ status, error: order.error ?? failed }).filter((act) => {
    if (act === 'skip') return !isUndone(order) && skippableJobs(order).length > 0;
    if (act === 'cancelTask') return cancellableJobs(order).length > 0;
    if (act === 'retry') return !isUndone(order) || hasFailedUndoing(order);
    return true;
  });
}

/** It has failed, and what it had done was undone, as far as that went. */
export function isUndone({ status, compensations = [] }: Order): boolean {
  return status === 'failed' && compensations.length > 0;
}

function hasFailedUndoing({ compensations = [] }: Order): boolean {
  return compensations.some(({ status }) => status === 'failed');
}

const OPEN = ['inFlight', 'deferred', 'awaiting', 'backingOff', 'parked'];
const CANCELLABLE: ReadonlySet<string> = new Set(OPEN);
const SKIPPABLE: ReadonlySet<string> = new Set([...OPEN, 'failed']);

/** The tasks that can be skipped: those that are open, and the one that failed. */
export function skippableJobs(order: Order): readonly string[] {
  return order.tasks.flatMap((task) =>
    'taskId' in task && SKIPPABLE.has(task.status) ? [task.job] : [],
  );
}

/** The tasks that can be cancelled alone: those that are open, and a wait. */
export function cancellableJobs({ tasks, waitingFor }: Order): readonly string[] {
  const open = tasks.flatMap((task) =>
    'taskId' in task && CANCELLABLE.has(task.status) ? [task.job] : [],
  );
  return waitingFor?.job === undefined ? open : [...open, waitingFor.job];
}

/** What the failed task was given, which a retry may change; undefined where more than one failed. */
export function failedInput({ tasks }: Order): { readonly input: unknown } | undefined {
  const failed = tasks.filter((task) => 'taskId' in task && task.status === 'failed');
  const [task] = failed;
  if (failed.length !== 1 || task === undefined || !('taskId' in task)) return undefined;
  return task.input === undefined ? undefined : { input: task.input };
}
