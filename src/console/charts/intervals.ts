import type { Counts } from '../messages.ts';

const LENGTH_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** A stretch of time, cut into intervals of one length. */
export interface Period {
  readonly per: string;
  readonly from: string;
  readonly to: string;
}

/** When each interval of a period begins, also of those that nothing is known of. Milliseconds since 1970. */
export function beginningsOf({ per, from, to }: Period): readonly number[] {
  const length = LENGTH_MS[per];
  if (length === undefined) return [];
  const first = Date.parse(from);
  const count = Math.ceil((Date.parse(to) - first) / length);
  return Array.from({ length: Math.max(0, count) }, (_, index) => first + index * length);
}

/** What ended in one interval. */
export interface Interval {
  /** When it begins. Milliseconds since 1970. */
  readonly at: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

/** All series of the counts in one, interval by interval; those in which nothing ended are there as well, with zeros. */
export function intervalsOf(counts: Counts): readonly Interval[] {
  const points = Map.groupBy(
    counts.series.flatMap((one) => one.points),
    ({ at }) => Date.parse(at),
  );
  return beginningsOf(counts).map((at) => ({ at, ...sumOf(points.get(at) ?? []) }));
}

/** How many ended in an interval, however they did. */
export const endedIn = ({ completed, failed, cancelled }: Omit<Interval, 'at'>): number =>
  completed + failed + cancelled;

/** What ended in all of them. */
export function sumOf(intervals: readonly Omit<Interval, 'at'>[]): Omit<Interval, 'at'> {
  const sum = (name: 'completed' | 'failed' | 'cancelled') =>
    intervals.reduce((all, interval) => all + interval[name], 0);
  return { completed: sum('completed'), failed: sum('failed'), cancelled: sum('cancelled') };
}
