import type { JournalEntry } from '../../src/core/journal-entry.ts';
import { hasEnded, type OrderState, type StageProgress } from '../../src/core/order.ts';
import type { StageTask } from '../../src/core/task.ts';
import { tasksOf } from '../../src/core/task-records.ts';
import type { Aftermath } from './world.ts';

/** The jobs of which the journal says that they were called off. */
export function calledOffJobs(journal: readonly JournalEntry[]): ReadonlySet<string> {
  return new Set(
    tasksOf(journal).flatMap(({ job, status }) => (status === 'calledOff' ? [job] : [])),
  );
}

/** What is wrong about the end of stages before all of their tasks have ended. */
export function wrongCallingOff(
  journal: readonly JournalEntry[],
  { scenario: { workflow } }: Pick<Aftermath, 'scenario'>,
): readonly string[] {
  const wrong: string[] = [];
  const gone = new Set<string>();
  for (const [index, entry] of journal.entries()) {
    const before = stageOf(journal[index - 1]?.state);
    for (const { taskId } of entry.calledOffTasks ?? []) {
      const enough = before && enoughOf(before);
      const done = before === undefined ? 0 : completedBy(before, entry);
      if (enough === undefined)
        wrong.push(`entry ${index} calls off ${taskId}, and all were needed`);
      else if (done < enough)
        wrong.push(`entry ${index} calls off ${taskId} after ${done} of ${enough}`);
      gone.add(taskId);
    }
    const stage = stageOf(entry.state);
    if (stage === undefined) continue;
    const again = stage.tasks.filter((task) => isOpen(task) && gone.has(task.taskId));
    for (const { taskId } of again.filter(isOpen))
      wrong.push(`entry ${index} goes on with ${taskId}`);
    const enough = enoughOf(stage);
    const done = stage.tasks.filter(({ status }) => status === 'completed').length;
    if (enough === undefined || done < enough) continue;
    const { status } = entry.state;
    const isLeft = stage.tasks.some((task) => isOpen(task) || task.status === 'planned');
    if ((status === 'running' || status === 'waiting') && isLeft) {
      wrong.push(`entry ${index} waits for more than ${enough}, which are enough`);
    }
    if (status === 'failed')
      wrong.push(`entry ${index} fails although ${done} of ${enough} are done`);
  }
  return wrong;

  function enoughOf({ activity, stage }: StageProgress): number | undefined {
    return stage === 'parallel' ? workflow.activities[activity]?.enough : undefined;
  }
}

function stageOf(state: OrderState | undefined): StageProgress | undefined {
  if (state === undefined || !('stage' in state)) return undefined;
  return hasEnded(state) && state.status !== 'failed' ? undefined : state.stage;
}

/** How many tasks of the stage had completed once the entry had taken its events. */
function completedBy({ tasks }: StageProgress, { events }: JournalEntry): number {
  return tasks.filter((task) => {
    if (task.status === 'completed') return true;
    if (!('taskId' in task)) return false;
    return events.some(
      (event) =>
        (event.type === 'TaskCompleted' && event.taskId === task.taskId) ||
        (event.type === 'SkipRequested' && event.job === task.job && event.result !== undefined),
    );
  }).length;
}

type OpenTask = Extract<StageTask, { readonly status: 'inFlight' | 'backingOff' | 'parked' }>;

function isOpen(task: StageTask): task is OpenTask {
  return task.status === 'inFlight' || task.status === 'backingOff' || task.status === 'parked';
}
