import { formatInstant, formatMs } from '../durations.ts';
import type { OrderView, TaskView, TimelineView } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { formatWorkflow, oneLineJson } from '../value-pictures.ts';

/** Events in words. An event that this program does not know yet keeps its name. */
const EVENTS: Readonly<Record<string, string>> = {
  OrderPlaced: 'placed',
  OrderAccepted: 'started',
  TaskCompleted: 'completed',
  TaskFailed: 'failed',
  TaskHeartbeat: 'is at work',
  TaskExpired: 'waited past its deadline, is sent again',
  TaskPutOff: 'was stopped for want of time, comes again',
  TaskDeadLettered: 'was given up by its queue',
  DeadlinePassed: 'deadline passed',
  CancelRequested: 'cancel requested',
  PauseRequested: 'paused',
  ResumeRequested: 'resumed',
  RetryRequested: 'retried',
  SkipRequested: 'skipped',
};

/** An order on one screen. */
export function drawOrder(order: OrderView, { paint }: Pick<Terminal, 'paint'>): string {
  const { tasks, jobs, timeline } = order;
  const title = (text: string) => paint('bold', text);
  const start = Date.parse(order.acceptedAt);
  return [
    `${title(order.orderId)}  ${formatStatus(order.status, paint)}`,
    ...facts(order).map(([name, value]) => `${paint('dim', name.padEnd(10))} ${value}`),
    '',
    tasks.length === 0 ? 'no task has been dispatched' : drawTasks(tasks, jobs, paint),
    '',
    ...timeline.map((one) => drawMoment(one, start, paint)),
  ].join('\n');
}

function facts(order: OrderView): [string, string][] {
  const { workflow, client, attributes, acceptedAt, endedAt, input, result, error, reason } = order;
  const took =
    endedAt === undefined ? '' : `, took ${formatMs(Date.parse(endedAt) - Date.parse(acceptedAt))}`;
  const all: [string, string | undefined][] = [
    ['workflow', formatWorkflow(workflow)],
    ['client', client],
    ['attributes', Object.keys(attributes).length === 0 ? undefined : oneLineJson(attributes)],
    ['accepted', `${formatInstant(acceptedAt)}${took}`],
    ['input', oneLineJson(input)],
    ['result', result === undefined ? undefined : oneLineJson(result)],
    [
      'error',
      error && `${error.code} at ${error.task}, attempt ${error.attempt}: ${error.message}`,
    ],
    ['reason', reason],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

function drawTasks(
  tasks: readonly TaskView[],
  jobs: OrderView['jobs'],
  paint: Terminal['paint'],
): string {
  return table(
    tasks,
    [
      { title: 'task', value: (task) => ('job' in task ? task.job : task.plugin) },
      { title: 'status', value: ({ status }) => formatStatus(status, paint) },
      {
        title: 'attempts',
        value: (task) => ('attempts' in task ? task.attempts : undefined),
        align: 'right',
      },
      { title: 'took', value: took, align: 'right' },
      {
        title: 'result',
        value: (task) => resultOf(task, jobs),
      },
    ],
    (text) => paint('bold', text),
  );
}

function resultOf(task: TaskView, jobs: OrderView['jobs']): string | undefined {
  if ('reason' in task) return task.reason;
  const { job, error } = task;
  if (error !== undefined) return `${error.code}: ${error.message}`;
  return oneLineJson(jobs[job]?.result, 60);
}

function took(task: TaskView): string | undefined {
  if (!('dispatchedAt' in task) || task.endedAt === undefined) return undefined;
  return formatMs(Date.parse(task.endedAt) - Date.parse(task.dispatchedAt));
}

function drawMoment(moment: TimelineView, start: number, paint: Terminal['paint']): string {
  const { at, event, task, attempt, error, reason } = moment;
  const since = paint('dim', `+${formatMs(Date.parse(at) - start)}`.padStart(12));
  const words = EVENTS[event] ?? event;
  const what = task === undefined ? words : `${task} ${words}`;
  const which = attempt === undefined || attempt === 1 ? '' : `, attempt ${attempt}`;
  const why = error === undefined ? (reason ?? '') : `${error.code}: ${error.message}`;
  return `${since}  ${what}${which}${why === '' ? '' : `: ${why}`}`;
}
