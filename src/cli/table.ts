import { cutTo, textWidth } from './text-width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'right';
  /** Its values are cut where the terminal is too narrow; `NARROWEST` columns of them are shown at least. */
  readonly flexible?: true;
}

const GAP = '  ';
const NARROWEST = 12;

/**
 * A plain table: a line of titles, then a line for each row. An unknown value is a dash. Colours do not count as width.
 * @param room the terminal's width, where there is one
 */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  title: (text: string) => string = (text) => text,
  room?: number,
): string {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(value(row))));
  const wanted = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const widths = fitted(wanted, columns, room);
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => cutTo(text, widths[index] ?? 0))
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align))
      .join(GAP)
      .trimEnd();
  const titles = columns.map((column, index) =>
    title(pad(column.title, widths[index] ?? 0, column.align)),
  );
  return [titles.join(GAP).trimEnd(), ...cells.map(line)].join('\n');
}

/** The last flexible column gives way first. */
function fitted(
  wanted: readonly number[],
  columns: readonly Column<never>[],
  room = Number.POSITIVE_INFINITY,
): readonly number[] {
  const widths = [...wanted];
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - room;
  for (let index = columns.length - 1; index >= 0 && excess > 0; index -= 1) {
    if (columns[index]?.flexible !== true) continue;
    const given = Math.min(excess, Math.max(0, (widths[index] ?? 0) - NARROWEST));
    widths[index] = (widths[index] ?? 0) - given;
    excess -= given;
  }
  return widths;
}

function oneLine(value: string | number | undefined): string {
  return value === undefined || value === '' ? '-' : String(value).replaceAll(/\s*\n\s*/g, ' ');
}

function pad(text: string, to: number, align?: 'right'): string {
  const space = ' '.repeat(Math.max(0, to - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}
