import { CsvError, parse } from 'csv-parse/sync';
import type { Json } from '../core/json.ts';
import { readJson } from './json-text.ts';
import type { OrderRow } from './order-row.ts';
import { checkRowCount, MAX_ROWS, rowOf } from './order-row.ts';
import { Problem } from './problem.ts';

const COLUMNS: readonly string[] = ['workflow', 'todo', 'client', 'orderId', 'input'];
const PREFIXES = ['input.', 'attributes.'] as const;

/** A row as the parser found it, or what it said of one that it could not read. */
type CsvRecord = { readonly line: number } & (
  | { readonly cells: readonly string[] }
  | { readonly broken: string }
);

/**
 * The orders of a CSV text, one a row below the header. A broken row does not stop the others: reading goes on at the
 * next line.
 * @param maxRowBytes a row that is longer is broken; this also bounds how far a quote that nobody closes is followed.
 * @throws {Problem} when the header is missing or has a column that is not known: then no row can be understood; or when
 * there are too many rows.
 */
export function rowsOfCsv(text: string, maxRowBytes: number): OrderRow[] {
  const [header, ...records] = recordsOf(Buffer.from(text), maxRowBytes);
  const columns = columnsOf(header);
  return records.map((record) => rowOf(record.line, () => orderOf(record, columns)));
}

function columnsOf(header: CsvRecord | undefined): readonly string[] {
  if (header === undefined) {
    throw new Problem('INVALID_REQUEST', [{ line: 1, message: 'the CSV has no header row' }]);
  }
  const { line } = header;
  if ('broken' in header) throw new Problem('MALFORMED_BODY', [{ line, message: header.broken }]);
  const columns = header.cells;
  const errors = columns.flatMap((column, index) => {
    if (columns.indexOf(column) < index) {
      return [{ path: column, line, message: `${column}: this column stands there twice` }];
    }
    if (COLUMNS.includes(column)) return [];
    if (PREFIXES.some((prefix) => column.startsWith(prefix) && column !== prefix)) return [];
    const known = [...COLUMNS, 'input.<name>', 'attributes.<name>'].join(', ');
    const message = `${column}: this column is not known; there are ${known}`;
    return [{ path: column, line, message }];
  });
  const nested = columns.find((column) => column.startsWith('input.'));
  if (columns.includes('input') && nested !== undefined) {
    errors.push({ path: nested, line, message: `${nested}: there is a column input as well` });
  }
  if (errors.length > 0) throw new Problem('INVALID_REQUEST', errors);
  return columns;
}

/** The order that a row describes, as `POST /orders` would take it. An empty cell says nothing. */
function orderOf(record: CsvRecord, columns: readonly string[]): Json {
  if ('broken' in record) throw new Problem('MALFORMED_BODY', record.broken);
  const { cells } = record;
  if (cells.length !== columns.length) {
    const message = `the row has ${cells.length} cells, the header ${columns.length}`;
    throw new Problem('MALFORMED_BODY', message);
  }
  const filled = columns.map((column, index) => [column, cells[index] ?? ''] as const);
  const present = filled.filter(([, cell]) => cell !== '');
  const under = (prefix: (typeof PREFIXES)[number]) =>
    Object.fromEntries(
      present
        .filter(([column]) => column.startsWith(prefix))
        .map(([column, cell]) => [column.slice(prefix.length), jsonOrText(cell)]),
    );
  const plain = present.filter(([column]) => COLUMNS.includes(column));
  const inputs = columns.some((column) => column.startsWith('input.'));
  return {
    ...Object.fromEntries(plain.map(([column, cell]) => [column, plainValue(column, cell)])),
    ...(inputs ? { input: under('input.') } : {}),
    attributes: under('attributes.'),
  };
}

function plainValue(column: string, cell: string): Json {
  if (column === 'input') return jsonOrText(cell);
  return column === 'todo' ? todoOf(cell) : cell;
}

/** JSON if it is some, else the text itself. */
function jsonOrText(cell: string): Json {
  try {
    return readJson(cell);
  } catch (error) {
    if (error instanceof Problem && error.code === 'MALFORMED_BODY') return cell;
    throw error;
  }
}

/** `["A", ["B", "C"]]`, or the same as `A;B|C`. */
function todoOf(cell: string): Json {
  if (cell.startsWith('[')) {
    const todo = jsonOrText(cell);
    if (typeof todo === 'string') throw new Problem('MALFORMED_BODY', 'todo: this is no JSON list');
    return todo;
  }
  return cell.split(';').map((place) => {
    const names = place.split('|').map((name) => name.trim());
    return names.length > 1 ? names : (names[0] ?? '');
  });
}

/**
 * The parser gives up at a row that it cannot read. That row is taken out, and the rest is read from the next line on:
 * a quote that nobody closes costs its own line, not the remainder of the file.
 */
function recordsOf(bytes: Buffer, maxRowBytes: number): CsvRecord[] {
  const starts = lineStarts(bytes);
  const records: CsvRecord[] = [];
  let line = 0;
  let width: number | undefined;
  while (line < starts.length) {
    const read = readUntilBroken(bytes, starts, line, maxRowBytes, width);
    for (const record of read.records) records.push(record);
    checkRowCount(records.length - 1);
    width ??= read.width;
    line = read.nextLine;
  }
  return records;
}

function readUntilBroken(
  bytes: Buffer,
  starts: readonly number[],
  from: number,
  maxRowBytes: number,
  headerWidth: number | undefined,
) {
  const offset = starts[from] ?? 0;
  const records: CsvRecord[] = [];
  let width = headerWidth;
  let line = firstFilled(bytes, starts, from);
  try {
    parse(bytes.subarray(offset), {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: maxRowBytes,
      // The header, and one more than there may be.
      to: MAX_ROWS + 2,
      on_record(cells: string[], { bytes: consumed }) {
        const next = lineAt(starts, offset + consumed);
        width ??= cells.length;
        // A quote that is closed by the next row's first one swallows rows: then this row alone is broken.
        if (cells.length !== width && next - line > 1) throw new SwallowedRows();
        records.push({ line: line + 1, cells });
        line = firstFilled(bytes, starts, next);
        return null;
      },
    });
    return { records, width, nextLine: starts.length };
  } catch (error) {
    if (!(error instanceof CsvError) && !(error instanceof SwallowedRows)) throw error;
    const broken = error.message.replace(/ (at|on) line \d+/, '');
    records.push({ line: line + 1, broken });
    return { records, width, nextLine: line + 1 };
  }
}

class SwallowedRows extends Error {
  constructor() {
    super('a quote is opened in this row and not closed');
  }
}

/** Where each physical line begins. */
function lineStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (let index = 0; index < bytes.length; index += 1) {
    const ends = bytes[index] === LF || (bytes[index] === CR && bytes[index + 1] !== LF);
    if (ends && index + 1 < bytes.length) starts.push(index + 1);
  }
  return starts;
}

const LF = 0x0a;
const CR = 0x0d;

/** The line that begins at the offset or is the first after it. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstFilled(bytes: Buffer, starts: readonly number[], from: number): number {
  let line = from;
  while (line < starts.length) {
    const text = bytes.subarray(starts[line], starts[line + 1]).toString();
    if (text.trim() !== '') return line;
    line += 1;
  }
  return line;
}
