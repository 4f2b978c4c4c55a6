import type uPlot from 'uplot';
import { numberText } from '../words/numbers.ts';

const HEIGHT = 180;

/** Steps of whole numbers: half an order never ends. */
const STEPS = Array.from({ length: 7 }, (_, power) =>
  [1, 2, 5].map((one) => one * 10 ** power),
).flat();

export interface Bars {
  /** Times in seconds, then the heights, the tallest of each bar first: one is drawn over the other. */
  readonly data: uPlot.AlignedData;
  /** How long an interval is. Seconds. */
  readonly step: number;
  /** Of the heights, by names of the page's colours: `--good`. */
  readonly colors: readonly string[];
  /** Below the bars. */
  readonly timeText: (ms: number) => string;
  /** Which bar the pointer is at. */
  readonly hover: (index: number | undefined) => void;
}

/** Draws bars into an element as wide as it is. The library is read with the first chart. */
export async function drawBars(element: HTMLElement, bars: Bars): Promise<uPlot> {
  const { default: UPlot } = await import('uplot');
  const width = element.clientWidth;
  return new UPlot(
    { width, height: HEIGHT, ...optionsOf(element, bars, UPlot) },
    [...bars.data],
    element,
  );
}

function optionsOf(
  element: HTMLElement,
  { step, colors, timeText, hover }: Bars,
  { paths }: typeof uPlot,
): Omit<uPlot.Options, 'width' | 'height'> {
  // Asked for at each drawing, so that a change between light and dark is followed.
  const color = (name: string) => () => getComputedStyle(element).getPropertyValue(name);
  const axis: uPlot.Axis = {
    stroke: color('--dim'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui, sans-serif',
  };
  const shape = paths.bars?.({ size: [0.72, 26], align: 1 });
  return {
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: {
      x: { range: (_chart, first, last) => [first, last + step] },
      y: { range: (_chart, _least, most) => [0, Math.max(most, 4)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        values: (_chart, at) => at.map((s) => timeText(s * 1000)),
      },
      { ...axis, size: 46, incrs: STEPS, values: (_chart, at) => at.map(numberText) },
    ],
    series: [
      {},
      ...colors.map((name) => ({
        ...{ fill: color(name), width: 0, points: { show: false } },
        ...(shape && { paths: shape }),
      })),
    ],
    hooks: { setCursor: [({ cursor }) => hover(cursor.idx ?? undefined)] },
  };
}
