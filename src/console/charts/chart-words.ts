import { numberText } from '../words/numbers.ts';
import { endedIn, type Interval } from './intervals.ts';

/** How far back a chart looks. */
export type Span = 'minute' | 'hour' | 'day';

export const SPANS: Readonly<Record<Span, string>> = {
  minute: 'the last hour',
  hour: 'the last day',
  day: 'the last 30 days',
};

/** When most ended: `most, 40, at 08:12`. Undefined where nothing did. */
export function mostText(intervals: readonly Interval[], span: Span): string | undefined {
  const [most] = intervals.toSorted((a, b) => endedIn(b) - endedIn(a));
  if (most === undefined || endedIn(most) === 0) return undefined;
  return `most, ${numberText(endedIn(most))}, ${whenText(most, span)}`;
}

/** So many whole minutes show how fast things go now. */
const LATELY = 5;

/** How many ended a minute in the latest whole minutes: `2.4 a minute lately`. Undefined of longer intervals, which say nothing of now. */
export function paceText(intervals: readonly Interval[], span: Span): string | undefined {
  if (span !== 'minute') return undefined;
  // The last one is not over yet.
  const whole = intervals.slice(0, -1).slice(-LATELY);
  const ended = whole.reduce((sum, interval) => sum + endedIn(interval), 0);
  if (ended === 0) return undefined;
  return `${numberText(Math.round((10 * ended) / whole.length) / 10)} a minute lately`;
}

/** An interval by its beginning, in the reader's own time. */
export function whenText({ at }: Pick<Interval, 'at'>, span: Span): string {
  switch (span) {
    case 'minute':
      return `at ${timeText(at)}`;
    case 'hour':
      return `on ${dayText(at)} from ${timeText(at)}`;
    case 'day':
      return `on ${dayText(at)}`;
  }
}

/** The same below a bar. */
export function shortTimeText(at: number, span: Span): string {
  return span === 'day' ? dayText(at) : timeText(at);
}

const dayText = (at: number) =>
  new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'short' });

const timeText = (at: number) =>
  new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
