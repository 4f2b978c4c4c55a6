import type { Json } from '../core/json.ts';
import { elementsOf } from './json-scan.ts';
import { parseJson, readJson } from './json-text.ts';
import { Problem } from './problem.ts';

/** One order of a request that holds many: what its line says, or why the line cannot be read. */
export type OrderRow = { readonly line: number } & (
  | { readonly value: Json }
  | { readonly problem: Problem }
);

/** Two writes a row have to be done within the 29 seconds that a call may take, with the table at its initial throughput. */
export const MAX_ROWS = 1000;

/** @throws {Problem} TOO_LARGE */
export function checkRowCount(rows: number): void {
  if (rows <= MAX_ROWS) return;
  throw new Problem('TOO_LARGE', `the body holds more than ${MAX_ROWS} orders`);
}

/**
 * The orders of JSON text that is an array, each read by itself; an element's line is its place, from 1. `undefined` for any
 * other JSON, which is one order.
 * @throws {Problem} MALFORMED_BODY, TOO_LARGE
 */
export function rowsOfArray(text: string): OrderRow[] | undefined {
  if (!/^\s*\[/.test(text)) return undefined;
  // How deep each order may nest is its own matter: one that is too deep is rejected by its line, beside the others.
  const value = parseJson(text, Number.POSITIVE_INFINITY) as readonly Json[];
  checkRowCount(value.length);
  return elementsOf(text).map((element, index) => rowOf(index + 1, () => readJson(element)));
}

/** NDJSON: one JSON value a line; blank lines do not count as orders. @throws {Problem} TOO_LARGE */
export function rowsOfLines(text: string): OrderRow[] {
  const lines = text.split('\n').map((content, index) => ({ content, line: index + 1 }));
  const filled = lines.filter(({ content }) => content.trim() !== '');
  checkRowCount(filled.length);
  return filled.map(({ content, line }) => rowOf(line, () => readJson(content)));
}

/** The row that `read` gives; what it refuses becomes the row's problem. */
export function rowOf(line: number, read: () => Json): OrderRow {
  try {
    return { line, value: read() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { line, problem: error };
  }
}
