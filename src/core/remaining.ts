import type { OrderState, StageTask } from './order.ts';
import { hasEnded, isSettled } from './order.ts';
import type { Plugins } from './plugin.ts';
import { plan, stageAfter } from './stage.ts';
import type { Workflow } from './workflow.ts';

/**
 * Tasks that the order has yet to get done, those that wait or are in flight included. It is what can be known now: `*`
 * stands for who is registered now, and a task with a `when` counts.
 */
export function remainingTasks(state: OrderState, workflow: Workflow, plugins: Plugins): number {
  if (hasEnded(state)) return 0;
  const stage = 'stage' in state ? state.stage : undefined;
  if (state.status === 'compensating') {
    const later = state.undoing.groups?.reduce((sum, { jobs }) => sum + jobs.length, 0) ?? 0;
    return later + state.stage.tasks.filter((task) => isTask(task) && !isSettled(task)).length;
  }
  let remaining = stage?.tasks.filter((task) => isTask(task) && !isSettled(task)).length ?? 0;
  for (let next = stageAfter(workflow, stage); next; next = stageAfter(workflow, next)) {
    remaining += plan(state, next, workflow, plugins).filter(isTask).length;
  }
  return remaining;
}

/** Whether it is more than a wait. */
function isTask(task: StageTask): boolean {
  return 'plugin' in task;
}
