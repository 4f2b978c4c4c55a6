import type { Instant } from '../core/json.ts';

/** How long the intervals are for which counts and gauges are kept. */
export type IntervalLength = 'minute' | 'hour';

export const INTERVAL_MS: Readonly<Record<IntervalLength, number>> = {
  minute: 60_000,
  hour: 3_600_000,
};

/** When the interval began in which the instant lies. Hours are those of UTC. */
export function beginningOf(at: Instant, lengthMs: number): Instant {
  return Math.floor(at / lengthMs) * lengthMs;
}
