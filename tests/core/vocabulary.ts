import type { OrderEvent, TaskFailed } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import type { Participation, Plugin } from '../../src/core/plugin.ts';
import { DEFAULT_POLICY } from '../../src/core/retry.ts';
import type { Activity, Step, Todo, Workflow } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';

/** The instant so many seconds after the order was placed. */
export const seconds = (count: number): number => count * 1000;

type Entry = string | Step;
export type Stages = { readonly [stage in 'pre' | 'parallel' | 'post']?: readonly Entry[] | '*' };

/** A workflow of activities a1, a2, …; a name stands for its plugin, `*` for everyone. */
export function workflow(...activities: readonly Stages[]): Workflow {
  const entriesOf = (entries: readonly Entry[] | '*' = []): Step[] =>
    [...entries].map((entry) => {
      if (typeof entry !== 'string') return entry;
      return entry === '*' ? { everyone: true } : { plugin: entry };
    });
  const toActivity = (stages: Stages, index: number): Activity => ({
    name: `a${index + 1}`,
    pre: entriesOf(stages.pre),
    parallel: entriesOf(stages.parallel),
    post: entriesOf(stages.post),
  });
  return { name: 'w', version: 1, on: [], activities: activities.map(toActivity) };
}

export const todo = (...places: Todo): Workflow => ({
  name: 'todo',
  version: 1,
  on: [],
  activities: activitiesOf(places),
});

/** A registered plugin with every default, but for what is given. */
export function plugin(name: string, differing: Partial<Plugin> = {}): Plugin {
  return {
    name,
    joins: [],
    history: false,
    compensates: false,
    ...DEFAULT_POLICY,
    concurrency: { base: 10, ceiling: 10 },
    owner: 'stack',
    queueUrl: `queue/${name}`,
    queueArn: `arn:${name}`,
    registeredAt: 0,
    ...differing,
  };
}

export const plugins = (...names: readonly string[]): Plugin[] => names.map((name) => plugin(name));

export const joins = (differing: Partial<Participation> = {}): { joins: Participation[] } => ({
  joins: [{ activity: 'a1', stage: 'parallel', order: 100, mandatory: true, ...differing }],
});

/** Retried at once, and never more often than that. */
export const retriedAtOnce = (maxAttempts: number) => ({
  retry: { maxAttempts, backoffSeconds: 0, maxBackoffSeconds: 0 },
});

export const accepted = (at = 0): OrderEvent => ({ type: 'OrderAccepted', at });

export const completed = (taskId: string, result: Json, at = 0, attempt = 1): OrderEvent => ({
  type: 'TaskCompleted',
  at,
  taskId,
  attempt,
  result,
});

export const failed = (
  taskId: string,
  differing: { at?: number; attempt?: number; retry?: 'never' | 'policy' } = {},
): TaskFailed => ({
  type: 'TaskFailed',
  at: 0,
  taskId,
  attempt: 1,
  error: { code: 'BROKEN', message: 'it broke' },
  retry: 'policy',
  ...differing,
});

/** Failed, and not to be tried again. */
export const failedForGood = (taskId: string, at = 0): TaskFailed =>
  failed(taskId, { at, retry: 'never' });

export const failedUntil = (taskId: string, afterSeconds: number, at = 0): TaskFailed => ({
  ...failed(taskId, { at }),
  retry: 'later',
  afterSeconds,
});

/** Read at once, unless it is said when it was sent. */
export const heartbeat = (taskId: string, at: number, attempt = 1, sentAt = at): OrderEvent => ({
  type: 'TaskHeartbeat',
  ...{ at, sentAt, taskId, attempt },
});

export const expired = (taskId: string, at: number, attempt = 1): OrderEvent => ({
  type: 'TaskExpired',
  ...{ at, taskId, attempt },
});

/** Read at once, unless it is said when it was sent. */
export const putOff = (taskId: string, at: number, attempt = 1, sentAt = at): OrderEvent => ({
  type: 'TaskPutOff',
  ...{ at, sentAt, taskId, attempt },
});

/** Read at once, unless it is said when it was sent. */
export const deferred = (taskId: string, at = 0, attempt = 1, sentAt = at): OrderEvent => ({
  type: 'TaskDeferred',
  ...{ at, sentAt, taskId, attempt },
});

/** Said by whoever holds the attempt's token. */
export const beatByCallback = (taskId: string, at: number, attempt = 1): OrderEvent => ({
  type: 'TaskHeartbeat',
  ...{ at, sentAt: at, taskId, attempt, byCallback: true },
});

export const deadLettered = (taskId: string, at: number, attempt = 1): OrderEvent => ({
  type: 'TaskDeadLettered',
  ...{ at, taskId, attempt },
});

/** Said by the sweeper, of the wake-up that it found. */
export const deadlinePassed = (at: number, armedFor = at): OrderEvent => ({
  type: 'DeadlinePassed',
  ...{ at, armedFor },
});

/** Said by the timer that was armed for the instant; it may come late. */
export const timerPassed = (armedFor: number, at = armedFor): OrderEvent => ({
  type: 'DeadlinePassed',
  at,
  armedFor,
});

/** Each act of a test is another one, unless it has the same name, kind and instant. */
const act = (type: string, at: number) => ({ at, askedAt: at, actId: `${type} at ${at}` });

export const cancelRequested = (
  at = 0,
  reason?: string,
  more: { undo?: false } = {},
): OrderEvent => ({
  type: 'CancelRequested',
  ...act('cancel', at),
  ...(reason === undefined ? {} : { reason }),
  ...more,
});

export const pauseRequested = (at = 0): OrderEvent => ({
  type: 'PauseRequested',
  ...act('pause', at),
});

export const resumeRequested = (at = 0): OrderEvent => ({
  type: 'ResumeRequested',
  ...act('resume', at),
});

export const retryRequested = (
  at = 0,
  more: { input?: Json; version?: number } = {},
): OrderEvent => ({ type: 'RetryRequested', ...act('retry', at), ...more });

export const skipRequested = (job: string, at = 0, more: { result?: Json } = {}): OrderEvent => ({
  type: 'SkipRequested',
  ...act('skip', at),
  job,
  ...more,
});

/** A parent asks it of its child. */
export const undoRequested = (at = 0): OrderEvent => ({
  type: 'UndoRequested',
  ...act('undo', at),
});

export const taskCancelRequested = (
  job: string,
  at = 0,
  more: { actor?: string; reason?: string } = {},
): OrderEvent => ({ type: 'TaskCancelRequested', ...act('cancel-task', at), job, ...more });

export const dispatch = (job: string, more: object = {}) => ({
  type: 'DispatchTask',
  job,
  ...more,
});
export const arm = (at: number) => ({ type: 'ArmDeadline', at });
export const timer = (at: number) => ({ type: 'SetTimer', at });
export const disarm = { type: 'DisarmDeadline' };
export const publish = (type: string, more: object = {}) => ({
  type: 'PublishLifecycle',
  fact: { type, ...more },
});
