import { defined } from './defined.ts';
import type { Occurrence, Run } from './event.ts';
import type { Failure } from './failure.ts';
import type { Instant } from './json.ts';
import type { BackingOffTask, FailedTask, InFlightTask, ParkedTask } from './task.ts';

/**
 * One attempt of a task. Between `dispatchedAt` and `startedAt` it waited in its plugin's queue, between `startedAt` and `endedAt` it was
 * at work.
 */
export interface AttemptRecord {
  /** From 1. */
  readonly attempt: number;
  readonly dispatchedAt: Instant;
  /** As its plugin says, or else by its first heartbeat. */
  readonly startedAt?: Instant;
  /** Since when it waits, or waited, for whoever holds its token. */
  readonly deferredAt?: Instant;
  /** As its plugin says, or else when Baton learned of it. Absent while it is in flight, and where nobody ever learned of its end. */
  readonly endedAt?: Instant;
  readonly error?: Failure;
  /** The instance of the function that performed it. */
  readonly instance?: string;
}

type Attempts = readonly AttemptRecord[];

/** Where the next attempt began in the entry in which this one ended. */
const UNANSWERED: Failure = { code: 'TASK_TIMED_OUT', message: 'no answer came in time' };

/** The attempts after an event about their task, in an entry made at that instant. */
export function attemptsAfterEvent(
  attempts: Attempts,
  event: Extract<Occurrence, { readonly taskId: string }>,
  at: Instant,
): Attempts {
  return attempts.map((one) => (one.attempt === event.attempt ? afterEvent(one, event, at) : one));
}

function afterEvent(
  attempt: AttemptRecord,
  event: Extract<Occurrence, { readonly taskId: string }>,
  at: Instant,
): AttemptRecord {
  switch (event.type) {
    case 'TaskCompleted': {
      // It had been given up, and completes all the same.
      const { error: _, ...rest } = attempt;
      return { ...rest, ...timesOf(rest, event.ran, at) };
    }
    case 'TaskFailed':
      return { ...attempt, ...timesOf(attempt, event.ran, at), error: event.error };
    case 'TaskHeartbeat':
      return { ...attempt, startedAt: attempt.startedAt ?? event.sentAt };
    case 'TaskPutOff': {
      const { startedAt: _, ...unbegun } = attempt;
      return unbegun;
    }
    case 'TaskDeferred': {
      const { endedAt: _, ...begun } = timesOf(attempt, event.ran, at);
      return { ...attempt, ...begun, deferredAt: between(attempt.dispatchedAt, event.sentAt, at) };
    }
    case 'TaskExpired':
    case 'TaskDeadLettered':
      // The task says why.
      return { ...attempt, endedAt: at };
  }
}

/** Clocks differ: nothing starts before it was sent, or ends after its end was known. */
function timesOf({ dispatchedAt }: AttemptRecord, ran: Run | undefined, at: Instant) {
  if (ran === undefined) return { endedAt: at };
  const startedAt = between(dispatchedAt, ran.startedAt, at);
  const { instance } = ran;
  return { startedAt, endedAt: between(startedAt, ran.endedAt, at), ...defined({ instance }) };
}

function between(least: Instant, instant: Instant, most: Instant): Instant {
  return Math.max(least, Math.min(instant, most));
}

/** The attempts of a task that came into its status in an entry made at that instant. */
export function attemptsWithTask(
  attempts: Attempts,
  task: InFlightTask | BackingOffTask | ParkedTask | FailedTask,
  at: Instant,
): Attempts {
  const isKnown = attempts.some(({ attempt }) => attempt === task.attempt);
  // An expression failed before there was any.
  const isNone = task.attempt === 0;
  const sent = { attempt: task.attempt, dispatchedAt: at };
  const all =
    isKnown || isNone ? attempts : [...attemptsWithFailure(attempts, UNANSWERED, at), sent];
  const error = 'error' in task ? task.error : undefined;
  return error === undefined ? all : attemptsWithFailure(all, error, at);
}

/** The attempts, the last of which failed in an entry made at that instant. */
export function attemptsWithFailure(attempts: Attempts, error: Failure, at: Instant): Attempts {
  return attempts.map((one, index) =>
    index === attempts.length - 1 ? failedAt(one, error, at) : one,
  );
}

/** One that failed before did so for a reason of its own. */
function failedAt(attempt: AttemptRecord, error: Failure, at: Instant): AttemptRecord {
  if (attempt.error !== undefined) return attempt;
  return { ...attempt, endedAt: attempt.endedAt ?? at, error };
}
