import { useState } from 'preact/hooks';
import { Loading } from '../elements/loading.tsx';
import { api } from '../reading/api.ts';
import { usePolled } from '../reading/use-polled.ts';
import { BarChart } from './bar-chart.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { type Span, shortTimeText, whenText } from './chart-words.ts';
import { type QueuePoint, queuePoints, queueText } from './queue-points.ts';
import { SpanChips } from './span-chips.tsx';

/** A plugin's tasks over time: at work, in its queue, and parked. */
export function QueueChart({ name }: { readonly name: string }) {
  const [span, setSpan] = useState<Span>('minute');
  const history = usePolled(`history ${name} ${span}`, (signal) =>
    api.pluginHistory(name, { per: span }, signal),
  );
  return (
    <section class="card">
      <div class="title">
        <h2>Tasks over time</h2>
        <SpanChips spans={['minute', 'hour']} span={span} choose={setSpan} />
      </div>
      {history.value === undefined ? (
        <Loading of={history} />
      ) : (
        <Queue points={queuePoints(history.value)} span={span} />
      )}
    </section>
  );
}

const LAYERS = [
  { part: 'inFlight', name: 'at work', color: '--live' },
  { part: 'queued', name: 'in its queue', color: '--queue' },
  { part: 'parked', name: 'parked', color: '--warn' },
] as const;

function Queue({ points, span }: { readonly points: readonly QueuePoint[]; readonly span: Span }) {
  const [pointed, point] = useState<number | undefined>();
  const shown = LAYERS.filter(({ part }) => part !== 'parked' || points.some((one) => one.parked));
  const at = pointed === undefined ? undefined : points[pointed];
  return (
    <>
      <BarChart
        times={points.map(({ at }) => at)}
        layers={shown.map(({ part, color }) => ({
          color,
          values: points.map((one) => one[part]),
        }))}
        timeText={(ms) => shortTimeText(ms, span)}
        hover={point}
      />
      <ChartLegend
        layers={shown.map(({ part, ...layer }) => ({ ...layer, value: at?.[part] }))}
        when={at && whenText(at, span)}
      />
      <p>
        {queueText(points, span)}{' '}
        {span === 'hour' && <span class="dim">Of each hour, the most is shown.</span>}
      </p>
    </>
  );
}
