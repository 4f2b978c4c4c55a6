import { CsvError, parse } from 'csv-parse/sync';
import type { Lines } from './csv-lines.ts';
import { firstFilled, lineAt, linesOf, lineText } from './csv-lines.ts';
import { separatorNamedBy, separatorWithin } from './csv-separator.ts';

/** A row as the parser found it, or what the parser said of a row that it could not read. */
export type CsvRecord = {
  /** The physical line on which the row begins, from 1. */
  readonly line: number;
} & ({ readonly cells: readonly string[] } | { readonly broken: string });

export interface CsvLimits {
  /** A longer row is broken. This also bounds how far a quote that nobody closes is followed. Bytes. */
  readonly maxRowBytes: number;
  /** Reading stops with the first row above it. The header counts. */
  readonly maxRows?: number;
}

/** Mixed ends of lines are taken too; CRLF comes first, or it would be two ends. */
const ENDS_OF_LINES = ['\r\n', '\n', '\r'];

const BYTE_ORDER_MARK = '\ufeff';

/** DOS ends a text with Ctrl-Z, and some programs fill the last block with it. */
const END_OF_FILE = 0x1a;

/**
 * The rows of a CSV, the header first. An empty line is no row, nor is a row below the header whose cells are all blank.
 * The parser gives up at a row that it cannot read: that row is taken out, and the rest is read from the next line on, so
 * that a quote that nobody closes costs its own line, not the remainder of the file. A quote within an unquoted cell is a
 * character like any other. A Ctrl-Z at the end is no part of the file.
 * @throws {Problem} when nobody can tell what separates the columns.
 */
export function csvRecords(bytes: Buffer, limits: CsvLimits): readonly CsvRecord[] {
  const lines = linesOf(withoutEndOfFile(bytes));
  const records: CsvRecord[] = [];
  const { separator, headerLine } = separatorOf(lines, limits);
  let line = headerLine;
  while (line < lines.starts.length && records.length <= (limits.maxRows ?? Infinity)) {
    const width = records.find((record) => 'cells' in record)?.cells.length;
    line = readUntilBroken(lines, { line, width, separator, ...limits }, records);
  }
  return records;
}

function withoutEndOfFile(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === END_OF_FILE) end -= 1;
  return bytes.subarray(0, end);
}

function separatorOf(lines: Lines, { maxRowBytes }: CsvLimits) {
  const first = firstFilled(lines, 0);
  const named = separatorNamedBy(lineText(lines, first).replace(BYTE_ORDER_MARK, ''));
  if (named !== undefined) return { separator: named, headerLine: first + 1 };
  const header = headerText(lines.bytes.subarray(lines.starts[first], maxRowBytes).toString());
  return { separator: separatorWithin(header, first + 1), headerLine: first };
}

/** The text to the first end of a line that is not quoted. */
function headerText(text: string): string {
  return /^(?:[^"\r\n]|"[^"]*(?:"|$))*/.exec(text)?.[0] ?? '';
}

interface Reading extends CsvLimits {
  /** Where to begin, from 0. */
  readonly line: number;
  /** The header's number of cells, if it has been read. */
  readonly width: number | undefined;
  readonly separator: string;
}

/** Adds the rows up to the first broken one, and that one. The line that comes after it, from 0. */
function readUntilBroken(lines: Lines, from: Reading, records: CsvRecord[]): number {
  const offset = lines.starts[from.line] ?? 0;
  let { width } = from;
  let line = firstFilled(lines, from.line);
  try {
    parse(lines.bytes.subarray(offset), {
      bom: true,
      delimiter: from.separator,
      record_delimiter: ENDS_OF_LINES,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: from.maxRowBytes,
      on_record(cells: string[], { bytes: consumed }) {
        const next = lineAt(lines, offset + consumed);
        width ??= cells.length;
        // A quote that the next row's first quote closes swallows rows: only the row that opened it is broken.
        if (cells.length !== width && next - line > 1) throw new SwallowedRows();
        if (records.length === 0 || !isBlank(cells))
          records.push({ line: line + 1, ...rowOf(cells, records[0]) });
        if (records.length > (from.maxRows ?? Infinity)) throw new RowsEnough();
        line = firstFilled(lines, next);
        return null;
      },
    });
    return lines.starts.length;
  } catch (error) {
    if (error instanceof RowsEnough) return lines.starts.length;
    if (!(error instanceof CsvError) && !(error instanceof SwallowedRows)) throw error;
    const cells = hasInnerQuote(error) ? cellsOfLine(lineText(lines, line), from.separator) : [];
    const isRow = cells.length > 0 && cells.length === (width ?? cells.length);
    const broken = error.message.replace(/ (at|on) line \d+/, '');
    records.push({ line: line + 1, ...(isRow ? { cells } : { broken }) });
    return line + 1;
  }
}

/** Whether a quote stands within an unquoted cell: `5" pipe`. */
function hasInnerQuote(error: Error): boolean {
  return error instanceof CsvError && error.code === 'INVALID_OPENING_QUOTE';
}

/** The cells of a line by itself, with the quotes within unquoted cells kept; none if it does not read. */
function cellsOfLine(text: string, separator: string): readonly string[] {
  try {
    const rows: string[][] = parse(text, { delimiter: separator, relax_quotes: true });
    return rows[0] ?? [];
  } catch {
    return [];
  }
}

/** No order is made of what programs leave between rows: padding, and the head of a file that was put behind another. */
function rowOf(cells: readonly string[], header: CsvRecord | undefined) {
  if (header === undefined || !('cells' in header)) return { cells };
  if (cells.every((cell) => INVISIBLE.test(cell))) {
    return { broken: 'the row has nothing but characters that do not show' };
  }
  const [first = '', ...others] = cells;
  const isRepeated = [first.replace(BYTE_ORDER_MARK, ''), ...others].every(
    (cell, index) => cell.trim() === header.cells[index]?.trim(),
  );
  if (isRepeated && cells.length === header.cells.length) {
    return { broken: 'the row repeats the header; were several files put together?' };
  }
  if (first.startsWith(BYTE_ORDER_MARK)) {
    return { broken: 'the row begins with a byte-order mark; were several files put together?' };
  }
  return { cells };
}

/** Control characters, and others without a shape of their own. */
const INVISIBLE = /^[\p{Cc}\p{Cf}\s]*$/u;

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

class RowsEnough extends Error {}

class SwallowedRows extends Error {
  constructor() {
    super('a quote is opened in this row and not closed');
  }
}
