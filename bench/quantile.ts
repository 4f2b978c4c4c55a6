/** @param share from 0 to 1: 0.5 is the median */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The one in the middle by its value; of an even number, the upper of the two. At least one is given. */
export function middleOf<T>(all: readonly T[], measure: (one: T) => number): T {
  const sorted = all.toSorted((a, b) => measure(a) - measure(b));
  return sorted[Math.floor(sorted.length / 2)] as T;
}
