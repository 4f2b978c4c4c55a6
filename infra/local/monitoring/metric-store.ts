/** A metric of CloudWatch. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Readonly<Record<string, string>>;
}

/** Samples of a stretch of time, as CloudWatch keeps them. */
export interface StatisticSet {
  /** When the last of them was taken, in ms. */
  at: number;
  count: number;
  sum: number;
  minimum: number;
  maximum: number;
}

export type Statistic = 'Average' | 'Maximum' | 'Minimum' | 'SampleCount' | 'Sum';

/** Samples that are kept one by one; older ones are folded together, a minute each. */
const RECENT = 600;
/** The longest that anyone looks back: `switchOffAfterIdle` may be a day. */
const KEPT_MS = 24 * 60 * 60 * 1000;
const FOLD_MS = 60_000;

/** The data points of the local CloudWatch, in memory: they are gone with the process. */
export class MetricStore {
  readonly #series = new Map<string, StatisticSet[]>();

  /** Records one sample. Samples come in order of time. */
  record(metric: Metric, value: number, at: number): void {
    const key = keyOf(metric);
    const points = this.#series.get(key) ?? [];
    this.#series.set(key, points);
    points.push({ at, count: 1, sum: value, minimum: value, maximum: value });
    if (points.length % RECENT === 0) this.#series.set(key, folded(points, at));
  }

  /** The last sample up to `to`, if it was taken after `from`. */
  newest(metric: Metric, from: number, to: number): StatisticSet | undefined {
    return this.#series.get(keyOf(metric))?.findLast(({ at }) => at <= to && at > from);
  }

  /** `count` periods of `lengthMs` up to `to`, the newest first; undefined where there was no sample. */
  periods(
    metric: Metric,
    { to, lengthMs, count }: { to: number; lengthMs: number; count: number },
  ): (StatisticSet | undefined)[] {
    const periods: (StatisticSet | undefined)[] = new Array(count).fill(undefined);
    for (const point of this.#series.get(keyOf(metric)) ?? []) {
      const index = Math.floor((to - point.at) / lengthMs);
      if (index >= 0 && index < count) periods[index] = merged(periods[index], point);
    }
    return periods;
  }
}

/** One number of a set. */
export function statistic(set: StatisticSet, of: Statistic): number {
  switch (of) {
    case 'Average':
      return set.sum / set.count;
    case 'Maximum':
      return set.maximum;
    case 'Minimum':
      return set.minimum;
    case 'SampleCount':
      return set.count;
    case 'Sum':
      return set.sum;
  }
}

function keyOf({ namespace, name, dimensions }: Metric): string {
  const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, sorted]);
}

/** Folds the older half of the samples that are still single. */
function folded(points: StatisticSet[], now: number): StatisticSet[] {
  const kept = points.filter(({ at }) => at > now - KEPT_MS);
  const older = kept.slice(0, -RECENT / 2);
  const minutes = new Map<number, StatisticSet>();
  for (const point of older) {
    const minute = Math.floor(point.at / FOLD_MS);
    minutes.set(minute, merged(minutes.get(minute), point));
  }
  return [...minutes.values(), ...kept.slice(-RECENT / 2)];
}

function merged(a: StatisticSet | undefined, b: StatisticSet): StatisticSet {
  if (!a) return b;
  return {
    at: Math.max(a.at, b.at),
    count: a.count + b.count,
    sum: a.sum + b.sum,
    minimum: Math.min(a.minimum, b.minimum),
    maximum: Math.max(a.maximum, b.maximum),
  };
}
