/** How long the intervals are for which counts and gauges are kept. */
export type IntervalLength = 'minute' | 'hour';
