import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import { drawBars } from './draw-bars.ts';

/** What lies upon each other in a bar. */
export interface Layer {
  /** The name of one of the page's colours: `--good`. */
  readonly color: string;
  readonly values: readonly number[];
}

/** Bars over time, on a canvas, which says nothing to a screen reader: whoever shows one says the same in words. */
export function BarChart({
  times,
  layers,
  timeText,
  hover,
}: {
  /** When each interval begins, at least two of them. Milliseconds since 1970. */
  readonly times: readonly number[];
  /** The lowest first. */
  readonly layers: readonly Layer[];
  readonly timeText: (ms: number) => string;
  readonly hover: (index: number | undefined) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [first = 0, second = 0] = times;
  const step = (second - first) / 1000;
  const latest = useRef({ hover, timeText });
  latest.current = { hover, timeText };

  useEffect(() => {
    const { current: element } = place;
    if (element === null) return;
    let chart: uPlot | undefined;
    let isGone = false;
    const bars = {
      ...{ data: stacked(times, layers), step },
      colors: layers.map(({ color }) => color).toReversed(),
      timeText: (ms: number) => latest.current.timeText(ms),
      hover: (index: number | undefined) => latest.current.hover(index),
    };
    drawBars(element, bars).then(
      (drawn) => {
        if (isGone) drawn.destroy();
        else chart = drawn;
      },
      // What draws it could not be loaded: words and table say the same, and the next figures try again.
      () => undefined,
    );
    const fit = new ResizeObserver(() =>
      chart?.setSize({ width: element.clientWidth, height: chart.height }),
    );
    fit.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => chart?.redraw();
    scheme.addEventListener('change', redraw);
    return () => {
      isGone = true;
      chart?.destroy();
      fit.disconnect();
      scheme.removeEventListener('change', redraw);
    };
  }, [JSON.stringify([times, layers])]);

  return <div ref={place} class="chart" aria-hidden="true" />;
}

/** The times in seconds, and the top of each layer, the tallest first. */
function stacked(times: readonly number[], layers: readonly Layer[]): uPlot.AlignedData {
  const tops = layers.map((_, top) =>
    times.map((_, index) =>
      layers.slice(0, top + 1).reduce((sum, { values }) => sum + (values[index] ?? 0), 0),
    ),
  );
  return [times.map((ms) => ms / 1000), ...tops.toReversed()];
}
