import type { Attempt, Order, SentTask } from '../messages.ts';
import type { TaskStatus } from '../words/status-words.ts';
import { listIdOf } from './lists.ts';

/** What a stretch of time was spent on. `answer`: it waited for a callback. `unknown`: the plugin has not said when it began, so queue and work are one. */
export type Spent = 'queue' | 'work' | 'answer' | 'failed' | 'pause' | 'unknown';

export interface Bar {
  readonly spent: Spent;
  readonly attempt: number;
  /** Of the whole width, from 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly ms: number;
}

export interface Row {
  readonly job: string;
  readonly plugin: string;
  readonly status: TaskStatus;
  readonly bars: readonly Bar[];
  /** Over all attempts. */
  readonly queueMs: number;
  readonly workMs: number;
  readonly answerMs: number;
  /** The list that its task is an element of. */
  readonly listId?: string | undefined;
}

export interface Waterfall {
  readonly rows: readonly Row[];
  /** From when the order was accepted to its end, or to now. */
  readonly totalMs: number;
}

interface Stretch {
  readonly spent: Spent;
  readonly attempt: number;
  readonly from: number;
  readonly to: number;
}

/** Each task of an order on one axis of time: how long each attempt lay in the queue, how long it worked, how long it paused between. */
export function waterfallOf(order: Order, nowMs: number): Waterfall {
  const start = Date.parse(order.acceptedAt);
  const end = order.endedAt === undefined ? nowMs : Date.parse(order.endedAt);
  const stretches = order.tasks.flatMap((task) =>
    'taskId' in task ? [{ task, parts: stretchesOf(task, end) }] : [],
  );
  // What was undone, or answered late, lies behind the end.
  const last = Math.max(end, ...stretches.flatMap(({ parts }) => parts.map(({ to }) => to)));
  const totalMs = Math.max(1, last - start);
  const share = (ms: number) => Math.min(1, Math.max(0, ms / totalMs));
  const rows = stretches.map(({ task, parts }) => ({
    ...{ job: task.job, plugin: task.plugin, status: task.status },
    bars: parts.map(({ spent, attempt, from, to }) => ({
      ...{ spent, attempt, ms: to - from },
      ...{ left: share(from - start), width: share(to - from) },
    })),
    queueMs: sum(parts, ['queue']),
    workMs: sum(parts, ['work', 'failed', 'unknown']),
    answerMs: sum(parts, ['answer']),
    listId: listIdOf(task),
  }));
  return { rows, totalMs };
}

function sum(parts: readonly Stretch[], spent: readonly Spent[]): number {
  return parts
    .filter((part) => spent.includes(part.spent))
    .reduce((ms, { from, to }) => ms + to - from, 0);
}

function stretchesOf(task: SentTask, end: number): readonly Stretch[] {
  const { attempts } = task;
  return attempts.flatMap((one, index): readonly Stretch[] => {
    const { attempt, startedAt, deferredAt } = one;
    const dispatched = Date.parse(one.dispatchedAt);
    const next = attempts[index + 1];
    const isOpen = one.endedAt === undefined;
    const ended = Math.max(
      dispatched,
      isOpen ? (next ? Date.parse(next.dispatchedAt) : end) : Date.parse(String(one.endedAt)),
    );
    const hasFailed = one.error !== undefined || (task.status === 'failed' && next === undefined);
    const begun =
      startedAt === undefined ? undefined : clamp(Date.parse(startedAt), dispatched, ended);
    const left =
      deferredAt === undefined
        ? undefined
        : clamp(Date.parse(deferredAt), begun ?? dispatched, ended);
    // The time after it was left open is nobody's work, and whether it failed was found out later.
    const isOwn = left === undefined && task.awaited === undefined;
    const spent = isOwn && hasFailed ? 'failed' : spentBy(task, begun);
    const own: Stretch[] = [
      ...(begun === undefined
        ? []
        : [{ spent: 'queue', attempt, from: dispatched, to: begun } as const]),
      { spent, attempt, from: begun ?? dispatched, to: left ?? ended },
      ...(left === undefined ? [] : [{ spent: 'answer', attempt, from: left, to: ended } as const]),
    ];
    const paused = pauseBehind(task, ended, next, end);
    return paused === undefined ? own : [...own, { spent: 'pause', attempt, ...paused }];
  });
}

/** An event that is waited for is nobody's work, and lies in no queue. */
function spentBy({ awaited }: SentTask, begun: number | undefined): Spent {
  if (awaited !== undefined) return 'answer';
  return begun === undefined ? 'unknown' : 'work';
}

/** Between an attempt and the next one, which may be still to come. */
function pauseBehind(
  { status }: SentTask,
  ended: number,
  next: Attempt | undefined,
  end: number,
): { readonly from: number; readonly to: number } | undefined {
  const to = next ? Date.parse(next.dispatchedAt) : status === 'backingOff' ? end : ended;
  return to > ended ? { from: ended, to } : undefined;
}

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** What a person may conclude from queue and work; nothing while there is too little of either. */
export function verdictOf({ rows, totalMs }: Waterfall): string | undefined {
  const queueMs = rows.reduce((ms, row) => ms + row.queueMs, 0);
  const workMs = rows.reduce((ms, row) => ms + row.workMs, 0);
  const answerMs = rows.reduce((ms, row) => ms + row.answerMs, 0);
  const all = queueMs + workMs;
  if (totalMs < 2000) return undefined;
  if (answerMs > all && answerMs >= totalMs / 2) {
    return 'Most of the time somebody was awaited: whoever answers sets the pace.';
  }
  // Where pauses, waits or a quarantine have taken most of it, queue and work say little.
  if (queueMs === 0 || all < totalMs / 2) return undefined;
  const share = Math.round((100 * queueMs) / all);
  if (share >= 60)
    return `${share} % of the time was spent in queues: if that is usual, more instances would help.`;
  if (share <= 20)
    return `${100 - share} % of the time was spent at work: the plugins set the pace.`;
  return undefined;
}
