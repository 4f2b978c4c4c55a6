import type { Dispatch, Trial } from '../../trial/try-workflow.ts';
import { formatSeconds } from '../durations.ts';
import type { TaskView } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { LEFT_OUT, oneLineJson } from '../value-pictures.ts';

const LONGEST_CELL = 48;

/** A trial on one screen: every attempt in turn, who took no part and why, and how it ended. */
export function drawTrial(
  { order, dispatched, seconds }: Trial,
  { paint }: Pick<Terminal, 'paint'>,
): string {
  const title = (text: string) => paint('bold', text);
  const leftOut = order.tasks.filter((task) => 'reason' in task);
  const tasks = order.tasks.filter((task) => 'job' in task);
  return [
    `${title(order.workflow.name)}  ${formatStatus(order.status, paint)} after ${formatSeconds(seconds)} (simulated)`,
    '',
    dispatched.length === 0
      ? 'no task was dispatched'
      : table(
          dispatched,
          [
            {
              title: 'at',
              value: ({ atSeconds }) => `+${formatSeconds(atSeconds)}`,
              align: 'right',
            },
            { title: 'task', value: whichTask },
            { title: 'stage', value: ({ job }) => stageOf(tasks.find((task) => task.job === job)) },
            { title: 'input', value: ({ input }) => oneLineJson(input, LONGEST_CELL) },
            { title: 'outcome', value: (one) => outcomeOf(one, order) },
          ],
          title,
        ),
    ...leftOut.map(
      (task) => `${stageOf(task)}: ${task.plugin} ${LEFT_OUT[task.status]}: ${task.reason}`,
    ),
    '',
    ending(order),
  ].join('\n');
}

function whichTask({ job, attempt, undoes }: Dispatch): string {
  const which = undoes === undefined ? job : `undo ${undoes}`;
  return attempt === 1 ? which : `${which}, attempt ${attempt}`;
}

function stageOf(task: TaskView | undefined): string | undefined {
  return task && `${task.activity}.${task.stage}`;
}

/** What the attempt came to, as the timeline tells it. */
function outcomeOf(
  { job, attempt }: Dispatch,
  { timeline, jobs, tasks }: Trial['order'],
): string | undefined {
  const end = timeline.find(
    (one) =>
      one.task === job &&
      one.attempt === attempt &&
      ['TaskCompleted', 'TaskFailed'].includes(one.event),
  );
  if (end?.event === 'TaskCompleted') return oneLineJson(jobs[job]?.result, LONGEST_CELL);
  if (end?.error !== undefined) return `${end.error.code}: ${end.error.message}`;
  const task = tasks.find((one) => 'job' in one && one.job === job);
  const error = task !== undefined && 'error' in task ? task.error : undefined;
  return error === undefined ? 'no answer' : `no answer: ${error.code}`;
}

function ending({ result, error, status, waitingFor }: Trial['order']): string {
  if (error !== undefined) {
    return `error     ${error.code} at ${error.task}, attempt ${error.attempt}: ${error.message}`;
  }
  if (status === 'paused') return `paused    ${waitingFor?.what ?? 'for somebody'}`;
  return `result    ${oneLineJson(result)}`;
}
