import { formatInstant, formatMs } from '../durations.ts';
import type { OrderView, TaskView, TimelineView } from '../responses.ts';
import { formatStatus } from '../status-colours.ts';
import { table } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { foldLines } from '../text-width.ts';
import { formatWorkflow, oneLineJson, wholeJson } from '../value-pictures.ts';

/** Events in words. */
const EVENTS: Readonly<Record<string, string>> = {
  OrderPlaced: 'placed',
  OrderAccepted: 'started',
  TaskCompleted: 'completed',
  TaskFailed: 'failed',
  TaskHeartbeat: 'is at work',
  TaskExpired: 'waited past its deadline, is sent again',
  TaskPutOff: 'was stopped for want of time, comes again',
  TaskDeferred: 'waits for a callback',
  TaskDeadLettered: 'was given up by its queue',
  TaskParked: 'is parked',
  DeadlinePassed: 'it was looked after, and nothing was due',
  CancelRequested: 'cancel requested',
  PauseRequested: 'paused',
  ResumeRequested: 'resumed',
  RetryRequested: 'retried',
  SkipRequested: 'skipped',
  TaskCancelRequested: 'cancelled',
  TaskCalledOff: 'called off',
  UndoRequested: 'is undone with its parent',
};

/** An order on one screen. */
export function drawOrder(order: OrderView, terminal: Pick<Terminal, 'paint' | 'columns'>): string {
  const { paint, columns } = terminal;
  const { tasks, jobs, timeline, compensations = [] } = order;
  const title = (text: string) => paint('bold', text);
  const start = Date.parse(order.acceptedAt);
  const lines = [
    `${title(order.orderId)}  ${formatStatus(order.status, paint)}`,
    ...facts(order).map(([name, value]) => `${paint('dim', name.padEnd(10))} ${value}`),
    '',
    tasks.length === 0 ? 'no task has been dispatched' : drawTasks(tasks, jobs, terminal),
    '',
    ...(compensations.length === 0 ? [] : [drawCompensations(order, compensations, terminal), '']),
    ...timeline.map((one) => drawMoment(one, start, paint)),
  ];
  return foldLines(lines.join('\n'), columns);
}

function facts(order: OrderView): [string, string][] {
  const { workflow, client, parent, attributes, acceptedAt, endedAt } = order;
  const { input, result, error, reason } = order;
  const took =
    endedAt === undefined
      ? `, ${formatMs(Date.now() - Date.parse(acceptedAt))} so far`
      : `, took ${formatMs(Date.parse(endedAt) - Date.parse(acceptedAt))}`;
  const all: [string, string | undefined][] = [
    ['workflow', formatWorkflow(workflow)],
    ['client', client],
    ['parent', parent && shownParent(parent)],
    ['attributes', Object.keys(attributes).length === 0 ? undefined : oneLineJson(attributes)],
    ['accepted', `${formatInstant(acceptedAt)}${took}`],
    ['waits for', formatWaiting(order)],
    ['input', oneLineJson(input)],
    ['result', result === undefined ? undefined : oneLineJson(result)],
    ['error', error && `${error.code} at ${error.task}${attemptOf(error)}: ${error.message}`],
    ['reason', reason],
  ];
  return all.filter((fact): fact is [string, string] => fact[1] !== undefined);
}

/** None was possible where it is 0. */
function attemptOf({ attempt }: NonNullable<OrderView['error']>): string {
  return attempt === 0 ? '' : `, attempt ${attempt}`;
}

function formatWaiting({ waitingFor }: OrderView): string | undefined {
  if (waitingFor === undefined) return undefined;
  const { what, until, since, why } = waitingFor;
  return [
    what,
    ...(until === undefined ? [] : [`, until ${formatInstant(until)} at the latest`]),
    ...(since === undefined ? [] : [`, since ${formatInstant(since)}`]),
    ...(why === undefined ? [] : [`; ${why}`]),
  ].join('');
}

function drawCompensations(
  { endedAt }: OrderView,
  compensations: NonNullable<OrderView['compensations']>,
  terminal: Pick<Terminal, 'paint' | 'columns'>,
): string {
  const { paint } = terminal;
  // What was still to be undone when the order ended never will be, unless its undoing is retried.
  const formatUndoing = (status: string) =>
    status === 'pending' && endedAt !== undefined
      ? paint('red', 'not undone')
      : formatStatus(status, paint);
  return table(
    compensations,
    [
      { title: 'undone', value: ({ job }) => job },
      { title: 'status', value: ({ status }) => formatUndoing(status) },
      { title: 'attempts', value: ({ attempts }) => attempts.length, align: 'right' },
      {
        title: 'error',
        value: ({ error }) => error && `${error.code}: ${error.message}`,
        flexible: true,
      },
    ],
    terminal,
  );
}

function drawTasks(
  tasks: readonly TaskView[],
  jobs: OrderView['jobs'],
  terminal: Pick<Terminal, 'paint' | 'columns'>,
): string {
  const { paint } = terminal;
  return table(
    tasks,
    [
      { title: 'task', value: (task) => ('job' in task ? task.job : task.plugin) },
      { title: 'stage', value: formatStage, flexible: true },
      { title: 'status', value: ({ status }) => formatStatus(status, paint) },
      {
        title: 'attempts',
        value: (task) => ('attempts' in task ? task.attempts.length : undefined),
        align: 'right',
      },
      { title: 'queued', value: queued, align: 'right' },
      { title: 'took', value: took, align: 'right' },
      ...(tasks.some((task) => childOf(task) !== undefined)
        ? [{ title: 'order', value: childOf }]
        : []),
      {
        title: 'result',
        value: (task) => resultOf(task, jobs),
        flexible: true,
      },
    ],
    terminal,
  );
}

function formatStage({ activity, stage, round }: TaskView): string {
  return `${activity}.${stage}${round === undefined ? '' : `, round ${round}`}`;
}

/** A slice of a list says where in it it begins. */
function shownParent({ orderId, taskId, from }: NonNullable<OrderView['parent']>): string {
  const place = from === undefined ? '' : `, from element ${from} of its list`;
  return `order ${orderId}, task ${taskId}${place}`;
}

/** The child order that performs the task. */
function childOf(task: TaskView): string | undefined {
  return 'child' in task ? task.child : undefined;
}

function resultOf(task: TaskView, jobs: OrderView['jobs']): string | undefined {
  if (task.reason !== undefined) return task.reason;
  if (!('job' in task)) return undefined;
  const { job, error, nextAttemptAt, parkedFor } = task;
  if (parkedFor === 'turn') return 'it waits for its turn';
  const next = nextAttemptAt === undefined ? '' : `; next attempt ${formatInstant(nextAttemptAt)}`;
  if (error !== undefined) return `${error.code}: ${error.message}${next}`;
  return wholeJson(jobs[job]?.result);
}

/** How long the last attempt waited in its plugin's queue, where its plugin says when it began. */
function queued(task: TaskView): string | undefined {
  const last = 'attempts' in task ? task.attempts.at(-1) : undefined;
  if (last?.startedAt === undefined) return undefined;
  return formatMs(Date.parse(last.startedAt) - Date.parse(last.dispatchedAt));
}

function took(task: TaskView): string | undefined {
  if (!('dispatchedAt' in task)) return undefined;
  const { dispatchedAt, endedAt } = task;
  return endedAt === undefined
    ? `${formatMs(Date.now() - Date.parse(dispatchedAt))} so far`
    : formatMs(Date.parse(endedAt) - Date.parse(dispatchedAt));
}

function drawMoment(moment: TimelineView, start: number, paint: Terminal['paint']): string {
  const { at, task, attempt, error, reason, late } = moment;
  const since = paint('dim', `+${formatMs(Date.parse(at) - start)}`.padStart(12));
  const words = late ? 'completed late: it counts only if it is undone' : momentInWords(moment);
  const what = task === undefined ? words : `${task} ${words}`;
  const which = attempt === undefined || attempt === 1 ? '' : `, attempt ${attempt}`;
  const why = error === undefined ? (reason ?? '') : `${error.code}: ${error.message}`;
  return `${since}  ${what}${which}${why === '' ? '' : `: ${why}`}`;
}

function momentInWords({ event, task, attempt = 1, error, parkedFor }: TimelineView): string {
  if (event === 'TaskParked') {
    return parkedFor === 'turn' ? 'waits for its turn' : 'is parked: its plugin is held back';
  }
  if (event !== 'DeadlinePassed' || task === undefined) return eventInWords(event);
  if (error !== undefined) return 'failed';
  return attempt > 1 ? 'was sent again' : 'was sent: a wait was over';
}

/** An event that this program does not know yet: `OrderArchived` is "order archived". */
function eventInWords(event: string): string {
  const known = EVENTS[event];
  if (known !== undefined) return known;
  return event.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}
