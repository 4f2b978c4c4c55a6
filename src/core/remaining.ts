import type { OrderState, StageProgress, Standing } from './order.ts';
import { hasEnded } from './order.ts';
import type { Plugins } from './plugin.ts';
import { stageAfter } from './route.ts';
import { plan } from './stage.ts';
import type { StageTask } from './task.ts';
import { isSettled } from './task.ts';
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
    return later + state.stage.tasks.filter((task) => !isSettled(task)).length;
  }
  const open = stage?.tasks.filter((task) => isTask(task) && !isSettled(task)).length ?? 0;
  return open + laterTasks(state, stage, workflow, plugins);
}

function laterTasks(
  state: Planning,
  stage: StageProgress | undefined,
  workflow: Workflow,
  plugins: Plugins,
): number {
  let later = 0;
  for (let next = stageAfter(workflow, stage); next; next = stageAfter(workflow, next)) {
    later += plan(state, next, workflow, plugins).filter(isTask).length;
  }
  return later;
}

/** How many of an order's tasks are over, and how many there are in all, as far as that can be known now. */
export interface TaskProgress {
  readonly done: number;
  readonly total: number;
}

/** `undefined` where it says nothing: what is undone, or was cancelled, does not go on. */
export function taskProgress(
  state: OrderState,
  workflow: Workflow,
  plugins: Plugins,
): TaskProgress | undefined {
  switch (state.status) {
    case 'accepted':
      return { done: 0, total: laterTasks(state, undefined, workflow, plugins) };
    case 'completed':
      return state.taskCount === undefined
        ? undefined
        : { done: state.taskCount, total: state.taskCount };
    case 'failed':
      return state.stage.stage === 'undo' ? undefined : standingAt(state, workflow, plugins);
    case 'running':
    case 'waiting':
    case 'paused':
      return standingAt(state, workflow, plugins);
    case 'cancelled':
    case 'compensating':
      return undefined;
  }
}

function standingAt(
  state: Planning & Pick<Standing, 'stage' | 'taskCount'>,
  workflow: Workflow,
  plugins: Plugins,
): TaskProgress {
  const { stage, taskCount } = state;
  const isOpen = (task: StageTask) =>
    isTask(task) && (!isSettled(task) || (task.status === 'failed' && task.mandatory));
  const open = stage.tasks.filter(isOpen);
  // Tasks are counted as they begin.
  const done = taskCount - open.filter((task) => 'taskId' in task).length;
  return { done, total: done + open.length + laterTasks(state, stage, workflow, plugins) };
}

type Planning = Pick<OrderState, 'attributes' | 'workflow'>;

/** Whether it is more than a wait. */
function isTask(task: StageTask): boolean {
  return 'plugin' in task;
}
