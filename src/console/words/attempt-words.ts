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

/** One attempt in words: queue and work apart, as far as its plugin has said when it began. */
export function attemptWords(attempt: Attempt): AttemptWords {
  const { dispatchedAt, startedAt, endedAt, error, instance, logUrl } = attempt;
  const time = timeText(dispatchedAt, startedAt, endedAt);
  return { time, why: error?.message, where: instance, logUrl };
}

function timeText(
  dispatchedAt: string,
  startedAt: string | undefined,
  endedAt: string | undefined,
): string {
  const between = (from: string, to: string) =>
    durationText(Math.max(0, Date.parse(to) - Date.parse(from)));
  if (startedAt === undefined) {
    return endedAt === undefined
      ? 'not ended yet'
      : `${between(dispatchedAt, endedAt)} in the queue and at work`;
  }
  const queue = `${between(dispatchedAt, startedAt)} in the queue`;
  return endedAt === undefined
    ? `${queue}, then at work until now`
    : `${queue}, ${between(startedAt, endedAt)} at work`;
}
