import type { Instant } from '../core/json.ts';

/** How long the intervals are into which time is cut, in milliseconds. Days are those of UTC. */
export const INTERVAL_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

export type PeriodLength = keyof typeof INTERVAL_MS;

/** When the interval began in which the instant lies. */
export function beginningOf(at: Instant, lengthMs: number): Instant {
  return Math.floor(at / lengthMs) * lengthMs;
}

/** A stretch of time as the API writes it. */
export interface Period {
  readonly per: PeriodLength;
  readonly from: string;
  readonly to: string;
}

/** When each interval of a period begins, also of those that nothing is known of. */
export function beginningsOf({ per, from, to }: Period): readonly Instant[] {
  const length = INTERVAL_MS[per];
  const first = Date.parse(from);
  const count = Math.max(0, Math.ceil((Date.parse(to) - first) / length));
  return Array.from({ length: count }, (_, index) => first + index * length);
}
