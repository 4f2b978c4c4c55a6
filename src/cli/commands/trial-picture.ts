import type { Dispatch, Trial } from '../../trial/try-workflow.ts';
import { formatSeconds } from '../durations.ts';
import type { TaskView } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { LEFT_OUT, oneLineJson, wholeJson } from '../value-pictures.ts';

/** A trial on one screen: every attempt in turn, who took no part and why, and how it ended. */
export function drawTrial(
  { order, dispatched, seconds }: Trial,
  terminal: Pick<Terminal, 'paint' | 'columns'>,
): string {
  const { paint, columns } = terminal;
  const leftOut = order.tasks.filter(tookNoPart);
  const tasks = order.tasks.filter(isTask);
  const lines = [
    `${paint('bold', order.workflow.name)}  ${formatStatus(order.status, paint)} after ${formatSeconds(seconds)} (simulated)`,
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
            { title: 'input', value: ({ input }) => wholeJson(input), flexible: true },
            { title: 'outcome', value: (one) => outcomeOf(one, order), flexible: true },
          ],
          terminal,
        ),
    ...leftOut.map(
      (task) => `${stageOf(task)}: ${task.plugin} ${LEFT_OUT[task.status]}: ${task.reason}`,
    ),
    '',
    ending(order),
  ];
  return foldLines(lines.join('\n'), columns);
}

function isTask(task: TaskView): task is Extract<TaskView, { readonly job: string }> {
  return 'job' in task;
}

function tookNoPart(task: TaskView): task is Exclude<TaskView, { readonly job: string }> {
  return !isTask(task);
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
  if (end?.event === 'TaskCompleted') return wholeJson(jobs[job]?.result);
  if (end?.error !== undefined) return `${end.error.code}: ${end.error.message}`;
  const task = tasks.find((one) => 'job' in one && one.job === job);
  if (task?.status === 'calledOff') return 'called off';
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
