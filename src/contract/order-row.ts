import type { Json } from '../core/json.ts';
import { readJson } from './json-text.ts';
import { Problem } from './problem.ts';

/** One order of a request that holds many: what its line says, or why the line cannot be read. */
export type OrderRow = { readonly line: number } & (
  | { readonly value: Json }
  | { readonly problem: Problem }
);

/** The elements of a JSON array; an element's line is its place, from 1. */
export function rowsOfArray(elements: readonly Json[]): OrderRow[] {
  return elements.map((value, index) => ({ line: index + 1, value }));
}

/** NDJSON: one JSON value a line; blank lines do not count as orders. */
export function rowsOfLines(text: string): OrderRow[] {
  return text.split('\n').flatMap((line, index): OrderRow[] => {
    if (line.trim() === '') return [];
    return [rowOf(index + 1, () => readJson(line))];
  });
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
