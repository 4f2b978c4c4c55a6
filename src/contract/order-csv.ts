import type { Json } from '../core/json.ts';
import { readCell } from './csv-cell.ts';
import type { Column } from './csv-columns.ts';
import { columnsOf } from './csv-columns.ts';
import type { CsvRecord } from './csv-records.ts';
import { csvRecords } from './csv-records.ts';
import type { OrderRow } from './order-row.ts';
import { checkRowCount, MAX_ROWS, rowOf } from './order-row.ts';
import { pathDetail } from './parse.ts';
import { Problem } from './problem.ts';

/**
 * The orders of a CSV text, one a row below the header. A broken row does not stop the others.
 * @param maxRowBytes a row that is longer is broken.
 * @throws {Problem} when the header is missing or has a column that is not known: then no row can be understood; or when
 * there are too many rows.
 */
export function rowsOfCsv(text: string, maxRowBytes: number): OrderRow[] {
  // The header counts.
  const limits = { maxRowBytes, maxRows: MAX_ROWS + 1 };
  const [header, ...records] = csvRecords(Buffer.from(text), limits);
  checkRowCount(records.length);
  if (header === undefined) {
    throw new Problem('INVALID_REQUEST', [{ line: 1, message: 'the CSV has no header row' }]);
  }
  const { line } = header;
  if ('broken' in header) throw new Problem('MALFORMED_BODY', [{ line, message: header.broken }]);
  const columns = columnsOf(header.cells, line);
  return records.map((record) => rowOf(record.line, () => orderOf(record, columns)));
}

/** The order that a row describes, as `POST /orders` would take it. An empty cell says nothing. */
function orderOf(record: CsvRecord, columns: readonly Column[]): Json {
  if ('broken' in record) throw new Problem('MALFORMED_BODY', record.broken);
  const { cells } = record;
  const filled = cells.findLastIndex((cell) => cell !== '') + 1;
  if (cells.length < columns.length || filled > columns.length) {
    const message = `the row has ${cells.length} cells, the header ${columns.length}`;
    throw new Problem('MALFORMED_BODY', message);
  }
  const order = new Map<string, Json>();
  const groups = { input: new Map<string, Json>(), attributes: new Map<string, Json>() };
  columns.forEach((column, index) => {
    const cell = cells[index] ?? '';
    if (cell === '') return;
    const { path, type } = column;
    switch (column.holds) {
      case 'workflow':
      case 'client':
      case 'orderId':
        if (cell.trim() !== '') order.set(column.holds, cell.trim());
        return;
      case 'todo':
        if (cell.trim() !== '') order.set('todo', todoOf(cell.trim()));
        return;
      case 'input':
        order.set('input', readCell(cell, path, type));
        return;
      case 'field':
        groups[column.of].set(column.name, readCell(cell, path, type));
        return;
      case 'nothing':
        if (cell.trim() === '') return;
        throw new Problem('INVALID_REQUEST', [pathDetail([path], 'this column has no name')]);
    }
  });
  if (columns.some((column) => column.holds === 'field' && column.of === 'input')) {
    order.set('input', Object.fromEntries(groups.input));
  }
  order.set('attributes', Object.fromEntries(groups.attributes));
  return Object.fromEntries(order);
}

/** `["A", ["B", "C"]]`, or the same as `A;B|C`. */
function todoOf(cell: string): Json {
  if (cell.startsWith('[')) return readCell(cell, 'todo', 'json');
  return cell.split(';').map((place) => {
    const names = place.split('|').map((name) => name.trim());
    return names.length > 1 ? names : (names[0] ?? '');
  });
}
