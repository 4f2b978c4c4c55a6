import { rowBlocks } from './row-blocks.ts';
import type { Terminal } from './terminal.ts';
import { cutTo, onOneLine, padTo, textWidth } from './text-width.ts';

export interface Column<Row> {
  readonly title: string;
  /** Nothing and an empty text are shown as a dash. */
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'right';
  /** Its values are cut where the terminal is too narrow; `NARROWEST` columns of them are shown at least. */
  readonly flexible?: true;
  /** It is left out where no row has a value. */
  readonly optional?: true;
}

const GAP = '  ';
const NARROWEST = 16;

/**
 * Rows for people: a line of titles, then a line for each row. Where the terminal is too narrow, flexible columns are cut; where that is
 * not enough, each row is a block of lines. Elsewhere than on a terminal values are whole. Colours do not count as width.
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { paint, columns: room = Number.POSITIVE_INFINITY }: Pick<Terminal, 'paint' | 'columns'>,
): string {
  const shown = columns.filter(
    ({ optional, value }) => !optional || rows.some((row) => !isEmpty(value(row))),
  );
  const cells = rows.map((row) => shown.map(({ value }) => textOf(value(row))));
  const wanted = shown.map(({ title }, index) =>
    Math.max(textWidth(title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const widths = fitted(wanted, shown, room);
  if (widths === undefined) return rowBlocks(cells, shown, { paint, room });
  const line = (texts: readonly string[], style = (text: string) => text) =>
    texts
      .map((text, index) => cutTo(text, widths[index] ?? 0))
      .map((text, index) => style(padTo(text, widths[index] ?? 0, shown[index]?.align)))
      .join(GAP)
      .trimEnd();
  const titles = shown.map(({ title }) => title);
  return [line(titles, (text) => paint('bold', text)), ...cells.map((row) => line(row))].join('\n');
}

/** The last flexible column gives way first. @returns nothing if the columns do not fit all the same */
function fitted(
  wanted: readonly number[],
  columns: readonly Column<never>[],
  room: number,
): readonly number[] | undefined {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room;
  for (let index = columns.length - 1; index >= 0 && excess > 0; index -= 1) {
    if (columns[index]?.flexible !== true) continue;
    const given = Math.min(excess, Math.max(0, (widths[index] ?? 0) - NARROWEST));
    widths[index] = (widths[index] ?? 0) - given;
    excess -= given;
  }
  return excess > 0 ? undefined : widths;
}

function isEmpty(value: string | number | undefined): boolean {
  return value === undefined || value === '';
}

function textOf(value: string | number | undefined): string {
  return isEmpty(value) ? '-' : onOneLine(String(value));
}
