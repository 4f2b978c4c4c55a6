import { useState } from 'preact/hooks';
import { Empty } from '../elements/empty.tsx';
import { Loading } from '../elements/loading.tsx';
import type { Counts } from '../messages.ts';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { BarChart } from './bar-chart.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { SPANS, type Span, shortTimeText, whenText } from './chart-words.ts';
import { EndedSentence } from './ended-sentence.tsx';
import { EndedTable } from './ended-table.tsx';
import { endedIn, type Interval, intervalsOf, sumOf } from './intervals.ts';
import { SpanChips } from './span-chips.tsx';

/** What completed and failed over time: as bars, in a sentence, and as a table. */
export function EndedChart({
  title,
  by,
  name,
}: {
  readonly title: string;
  readonly by: Counts['by'];
  /** Of the one workflow or plugin that is meant; without it, all. */
  readonly name?: string;
}) {
  const [span, setSpan] = useState<Span>('minute');
  const query = { by, per: span, name };
  const counts = usePolled(`counts ${by} ${name} ${span}`, (signal) => api.counts(query, signal));
  const noun = by === 'plugin' ? 'attempt' : 'order';
  return (
    <section class="card">
      <div class="title">
        <h2>{title}</h2>
        <SpanChips spans={['minute', 'hour', 'day']} span={span} choose={setSpan} />
      </div>
      {counts.value === undefined ? (
        <Loading of={counts} />
      ) : (
        <Ended intervals={intervalsOf(counts.value)} span={span} noun={noun} />
      )}
    </section>
  );
}

const LAYERS = [
  { ending: 'completed', color: '--good' },
  { ending: 'failed', color: '--bad' },
  { ending: 'cancelled', color: '--dim' },
] as const;

interface EndedProps {
  readonly intervals: readonly Interval[];
  readonly span: Span;
  readonly noun: 'order' | 'attempt';
}

function Ended({ intervals, span, noun }: EndedProps) {
  const [pointed, point] = useState<number | undefined>();
  const total = sumOf(intervals);
  const shown = LAYERS.filter(({ ending }) => ending !== 'cancelled' || total.cancelled > 0);
  const at = pointed === undefined ? undefined : intervals[pointed];
  if (endedIn(total) === 0) return <Empty title={`In ${SPANS[span]} no ${noun} ended.`} />;
  return (
    <>
      <BarChart
        times={intervals.map(({ at }) => at)}
        layers={shown.map(({ ending, color }) => ({
          color,
          values: intervals.map((interval) => interval[ending]),
        }))}
        timeText={(ms) => shortTimeText(ms, span)}
        hover={point}
      />
      <ChartLegend
        layers={shown.map(({ ending, color }) => ({ name: ending, color, value: at?.[ending] }))}
        when={at && whenText(at, span)}
      />
      <EndedSentence intervals={intervals} span={span} noun={noun} />
      <details>
        <summary>As a table</summary>
        <EndedTable intervals={intervals} span={span} noun={noun} />
      </details>
    </>
  );
}
