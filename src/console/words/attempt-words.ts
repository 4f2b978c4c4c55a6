import type { Attempt } from '../messages.ts';
import { durationText } from './durations.ts';

export interface AttemptWords {
  /** Where its time went. */
  readonly time: string;
  /** Why it failed. */
  readonly why?: string | undefined;
  /** Which instance of the plugin performed it. */
  readonly where?: string | undefined;
  /** What was written meanwhile. */
  readonly logUrl?: string | undefined;
}

/**
 * One attempt in words: queue and work apart, as far as its plugin has said when it began.
 * @param isOver nobody waits for its task any more
 * @param isEvent it waited for an event from outside
 */
export function attemptWords(attempt: Attempt, isOver = false, isEvent = false): AttemptWords {
  const { error, instance, logUrl } = attempt;
  const time = isEvent ? awaitedText(attempt) : timeText(attempt, isOver);
  return { time, why: error?.message, where: instance, logUrl };
}

/** An event lies in no queue, and nobody is at work on it. */
function awaitedText({ dispatchedAt, endedAt }: Attempt): string {
  return endedAt === undefined
    ? 'waited for until now'
    : `${between(dispatchedAt, endedAt)} of waiting`;
}

function timeText(
  { dispatchedAt, startedAt, deferredAt, endedAt }: Attempt,
  isOver: boolean,
): string {
  if (startedAt === undefined && deferredAt === undefined && endedAt === undefined) {
    return isOver ? 'no answer yet, and none is waited for' : 'not ended yet';
  }
  const left = deferredAt ?? endedAt;
  const parts = [
    ...(startedAt === undefined
      ? [left && `${between(dispatchedAt, left)} in the queue and at work`]
      : [
          `${between(dispatchedAt, startedAt)} in the queue`,
          left === undefined ? 'then at work until now' : `${between(startedAt, left)} at work`,
        ]),
    deferredAt &&
      (endedAt === undefined
        ? 'then left open for a callback'
        : `${between(deferredAt, endedAt)} until the callback`),
  ];
  return parts.filter(Boolean).join(', ');
}

const between = (from: string, to: string) =>
  durationText(Math.max(0, Date.parse(to) - Date.parse(from)));
