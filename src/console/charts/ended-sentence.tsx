import { to } from '../router.ts';
import { countText, numberText } from '../words/numbers.ts';
import { mostText, paceText, SPANS, type Span } from './chart-words.ts';
import { type Interval, sumOf } from './intervals.ts';

/** A chart in which something ended, in a sentence, also for those who do not see it. Of orders, each figure leads to what it counts. */
export function EndedSentence({
  intervals,
  span,
  noun,
}: {
  readonly intervals: readonly Interval[];
  readonly span: Span;
  readonly noun: 'order' | 'attempt';
}) {
  const { completed, failed, cancelled } = sumOf(intervals);
  const from = new Date(intervals[0]?.at ?? 0).toISOString();
  const figure = (status: string, text: string) =>
    noun === 'order' ? <a href={to('/orders', { status, from })}>{text}</a> : text;
  return (
    <p>
      In {SPANS[span]} {figure('completed', `${countText(completed, noun)} completed`)},{' '}
      {figure('failed', `${numberText(failed)} failed`)}
      {cancelled > 0 && <>, {figure('cancelled', `${numberText(cancelled)} were cancelled`)}</>};{' '}
      {[mostText(intervals, span), paceText(intervals, span)].filter(Boolean).join('; ')}.{' '}
      <span class="dim">Counted approximately, and up to a minute later.</span>
    </p>
  );
}
