import type { Order, OrderStatus } from '../messages.ts';

export type Act = 'retry' | 'resume' | 'pause' | 'skip' | 'cancel';

/** What may be done to an order in this state; the most likely first. */
const POSSIBLE: Readonly<Record<OrderStatus, readonly Act[]>> = {
  accepted: ['pause', 'cancel'],
  running: ['pause', 'skip', 'cancel'],
  waiting: ['pause', 'skip', 'cancel'],
  paused: ['resume', 'retry', 'skip', 'cancel'],
  compensating: [],
  completed: [],
  failed: ['retry', 'skip'],
  cancelled: [],
};

export function possibleActs({ status }: { readonly status: OrderStatus }): readonly Act[] {
  return POSSIBLE[status] ?? [];
}

/** The tasks that can be skipped: those that are open, and the one that failed. */
export function skippableJobs(order: Order): readonly string[] {
  return order.tasks.flatMap((task) =>
    'taskId' in task && ['inFlight', 'deferred', 'backingOff', 'failed'].includes(task.status)
      ? [task.job]
      : [],
  );
}

/** What the failed task was given, which a retry may change; undefined where more than one failed. */
export function failedInput({ tasks }: Order): { readonly input: unknown } | undefined {
  const failed = tasks.filter((task) => 'taskId' in task && task.status === 'failed');
  const [task] = failed;
  if (failed.length !== 1 || task === undefined || !('taskId' in task)) return undefined;
  return task.input === undefined ? undefined : { input: task.input };
}
