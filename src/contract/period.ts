import * as z from 'zod';
import type { PeriodLength } from './intervals.ts';

/** The most intervals of a length that one answer spans. */
export const MOST_INTERVALS: Readonly<Record<PeriodLength, number>> = {
  minute: 1440,
  hour: 744,
  day: 92,
};

/** Of a query: an instant with its offset. */
const bound = (description: string) =>
  z.iso.datetime({ offset: true }).optional().meta({ description });

export const PERIOD = {
  from: bound('the first interval is the one in which it lies'),
  to: bound('the last interval is the one in which it lies, or that ends then. Default: now'),
};

/** What is kept how long, and how much of it one answer holds. */
export const KEPT =
  'Minutes are kept for three days, hours for a hundred days. One answer spans at most 1,440 minutes, 744 hours or 92 days, and by default the last 60 minutes, 24 hours or 30 days';
