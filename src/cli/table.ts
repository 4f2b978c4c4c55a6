import { textWidth } from './text-width.ts';

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number | undefined;
  readonly align?: 'right';
}

const GAP = '  ';

/** A plain table: a line of titles, then a line for each row. An unknown value is a dash. Colours do not count as width. */
export function table<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  title: (text: string) => string = (text) => text,
): string {
  const cells = rows.map((row) => columns.map(({ value }) => oneLine(value(row))));
  const widths = columns.map((column, index) =>
    Math.max(textWidth(column.title), ...cells.map((row) => textWidth(row[index] ?? ''))),
  );
  const line = (texts: readonly string[]) =>
    texts
      .map((text, index) => pad(text, widths[index] ?? 0, columns[index]?.align))
      .join(GAP)
      .trimEnd();
  const titles = columns.map((column, index) =>
    title(pad(column.title, widths[index] ?? 0, column.align)),
  );
  return [titles.join(GAP).trimEnd(), ...cells.map(line)].join('\n');
}

function oneLine(value: string | number | undefined): string {
  return value === undefined || value === '' ? '-' : String(value).replaceAll(/\s*\n\s*/g, ' ');
}

function pad(text: string, to: number, align?: 'right'): string {
  const space = ' '.repeat(Math.max(0, to - textWidth(text)));
  return align === 'right' ? space + text : text + space;
}
