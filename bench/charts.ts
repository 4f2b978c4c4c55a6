import type { Results } from './results.ts';
import { nameOf } from './tables.ts';

const WIDTH = 720;
const LABELS = 260;
const BAR = 14;
const GAP = 4;
const MARGIN = 16;

/** Legible on white and on black. */
const COLOURS = ['#2f81f7', '#8b949e', '#d29922', '#a371f7', '#f85149'] as const;
const TEXT = '#848d97';

interface Bars {
  readonly title: string;
  readonly series: readonly string[];
  readonly rows: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly format: (value: number) => string;
  /** Where values differ by orders of magnitude. */
  readonly logarithmic?: boolean;
}

/** The charts of `docs/performance.md`, by file name. */
export function charts({ cost }: Results): ReadonlyMap<string, string> {
  const drawn = new Map<string, string>();
  if (cost) {
    const rows = cost.rows.filter(({ load }) => load === 'saturated');
    drawn.set(
      'cost',
      bars({
        title: 'Dollars per 1M tasks, under load (logarithmic)',
        series: ['Baton', 'bare chain', 'Express, with logs', 'durable functions', 'Standard'],
        rows: rows.map((row) => {
          const { bareChain, express, durable, standard } = row.rivals;
          const values = [row.dollarsPerMillionTasks, bareChain, express, durable, standard];
          return { label: nameOf(row), values };
        }),
        format: (value) => `$${value.toFixed(2)}`,
        logarithmic: true,
      }),
    );
  }
  return drawn;
}

/** Horizontal bars, one colour a series. */
export function bars({ title, series, rows, format, logarithmic = false }: Bars): string {
  const all = rows.flatMap(({ values }) => values);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const room = WIDTH - LABELS - 90;
  const length = (value: number) =>
    logarithmic
      ? 4 + (room * Math.log(value / (least / 2))) / Math.log(most / (least / 2))
      : (room * value) / most;
  const rowHeight = series.length * BAR + 2 * GAP;
  const top = MARGIN + 20 + (series.length > 1 ? 22 : 0);
  const height = top + rows.length * (rowHeight + GAP) + MARGIN;
  const legend = series.length > 1 ? series.map((name, index) => swatch(name, index)) : [];
  const drawn = rows.flatMap(({ label, values }, row) => {
    const y = top + row * (rowHeight + GAP);
    return [
      text(LABELS - 8, y + rowHeight / 2, label, 'end'),
      ...values.flatMap((value, index) => {
        const barY = y + GAP + index * BAR;
        const width = length(value).toFixed(1);
        const colour = COLOURS[index % COLOURS.length];
        return [
          `<rect x="${LABELS}" y="${barY}" width="${width}" height="${BAR - 3}" rx="2" fill="${colour}"/>`,
          text(LABELS + length(value) + 6, barY + BAR / 2 + 2, format(value)),
        ];
      }),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="${TEXT}" role="img">`,
    `<title>${escaped(title)}</title>`,
    text(MARGIN, MARGIN + 4, title),
    ...legend,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}

function swatch(name: string, index: number): string {
  const x = MARGIN + index * 130;
  const colour = COLOURS[index % COLOURS.length];
  return `<rect x="${x}" y="${MARGIN + 16}" width="10" height="10" rx="2" fill="${colour}"/>${text(x + 15, MARGIN + 25, name)}`;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'end' = 'start'): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
