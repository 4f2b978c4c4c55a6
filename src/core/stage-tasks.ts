import { defined } from './defined.ts';
import type { FailedJob, FailedOrder, OrderState, StagedOrder, Standing } from './order.ts';
import type { BackingOffTask, InFlightTask, ParkedTask, StageTask } from './task.ts';

/** The order with each task of its stage put through `change`. */
export function withTasks<Order extends StagedOrder | FailedOrder>(
  order: Order,
  change: (task: StageTask) => StageTask,
): Order {
  return { ...order, stage: { ...order.stage, tasks: order.stage.tasks.map(change) } };
}

/** What a task is in its stage, whatever becomes of it. */
export function placeOf({
  step,
  plugin,
  byOrder,
  awaits,
  mandatory,
  element,
  slice,
}: Pick<
  InFlightTask,
  'step' | 'plugin' | 'byOrder' | 'awaits' | 'mandatory' | 'element' | 'slice'
>) {
  return { step, plugin, mandatory, ...defined({ byOrder, awaits, element, slice }) };
}

/** The order with one task of its stage replaced. */
export function withTask<Order extends StagedOrder | FailedOrder>(
  order: Order,
  old: StageTask,
  task: StageTask,
): Order {
  return withTasks(order, (one) => (one === old ? task : one));
}

/** The task while an attempt of it is in flight, or it backs off, or is parked. */
export function openTask(
  { stage }: StagedOrder,
  taskId: string,
): InFlightTask | BackingOffTask | ParkedTask | undefined {
  return stage.tasks.find(
    (task): task is InFlightTask | BackingOffTask | ParkedTask =>
      isOpen(task) && task.taskId === taskId,
  );
}

/** Whether the task may still be attempted, and has been given its names. */
export function isOpen(task: StageTask): task is InFlightTask | BackingOffTask | ParkedTask {
  return task.status === 'inFlight' || task.status === 'backingOff' || task.status === 'parked';
}

/** Whether the order still awaits an answer to this attempt. */
export function isInFlight(
  state: OrderState,
  attempt: { readonly taskId: string; readonly attempt: number; readonly plugin: string },
): boolean {
  if (!('stage' in state)) return false;
  return state.stage.tasks.some(
    (task) =>
      task.status === 'inFlight' &&
      task.taskId === attempt.taskId &&
      task.attempt === attempt.attempt &&
      task.plugin === attempt.plugin,
  );
}

/** The order's failed jobs, with those of the stage that ends now. */
export function failedJobsOf({
  stage,
  failedJobs,
}: Pick<Standing, 'stage' | 'failedJobs'>): readonly FailedJob[] {
  const failed = stage.tasks.flatMap((task) =>
    task.status === 'failed'
      ? [
          {
            ...{ job: task.job, entry: task.entry, error: task.error },
            ...defined({ mayHaveWorked: task.mayHaveWorked }),
          },
        ]
      : [],
  );
  return [...failedJobs, ...failed];
}

/** The order, which remembers that nobody does these jobs. */
export function withSkippedJobs<Order extends Standing>(
  order: Order,
  jobs: readonly string[],
): Order {
  const { skippedJobs = [] } = order;
  const more = jobs.filter((job) => !skippedJobs.includes(job));
  return more.length === 0 ? order : { ...order, skippedJobs: [...skippedJobs, ...more] };
}
