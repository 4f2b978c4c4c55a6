import type { BackingOffTask, InFlightTask, OrderState, RunningOrder, StageTask } from './order.ts';

/** The order with each task of its stage put through `change`. */
export function withTasks(
  order: RunningOrder,
  change: (task: StageTask) => StageTask,
): RunningOrder {
  return { ...order, stage: { ...order.stage, tasks: order.stage.tasks.map(change) } };
}

/** The order with one task of its stage replaced. */
export function withTask(order: RunningOrder, old: StageTask, task: StageTask): RunningOrder {
  return withTasks(order, (one) => (one === old ? task : one));
}

/** The task while an attempt of it is in flight or it backs off. */
export function openTask(
  { stage }: RunningOrder,
  taskId: string,
): InFlightTask | BackingOffTask | undefined {
  return stage.tasks.find(
    (task): task is InFlightTask | BackingOffTask =>
      (task.status === 'inFlight' || task.status === 'backingOff') && task.taskId === taskId,
  );
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
