import type { Json } from '../core/json.ts';
import { readJson } from './json-text.ts';
import { pathDetail } from './parse.ts';
import { Problem } from './problem.ts';

/** What a header may say of its column's cells: `input.price:number`. */
export const CELL_TYPES = ['number', 'string', 'boolean', 'json'] as const;
export type CellType = (typeof CELL_TYPES)[number];

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The value of a cell.
 * @param path where it stands: problems name it.
 * @param type what the header says of the column. Without one, the cell itself tells.
 * @throws {Problem} INVALID_REQUEST or MALFORMED_BODY for a cell that does not fit the type, or JSON that would change.
 */
export function readCell(cell: string, path: string, type?: CellType): Json {
  switch (type) {
    case undefined:
      return guessValue(cell, path);
    case 'string':
      return cell;
    case 'json':
      return jsonIn(cell, path);
    case 'number':
      if (NUMBER.test(cell.trim())) return jsonIn(cell, path);
      throw unfit(path, cell, 'is not a number as JSON writes it');
    case 'boolean': {
      const word = cell.trim().toLowerCase();
      if (word === 'true' || word === 'false') return word === 'true';
      throw unfit(path, cell, 'is neither true nor false');
    }
  }
}

/**
 * A cell that prints back as it was is the number, `true`, `false` or `null` that it says; `1.10`, `007` and `1e3` stay text. A
 * list, an object or a quoted string is read as JSON if it parses. All else is text.
 */
function guessValue(cell: string, path: string): Json {
  const scalar = scalarIn(cell);
  if (scalar !== undefined) return scalar;
  if (!BEGINS_JSON.test(cell)) return cell;
  try {
    return jsonIn(cell, path);
  } catch (error) {
    if (error instanceof Problem && error.code === 'MALFORMED_BODY') return cell;
    throw error;
  }
}

const BEGINS_JSON = /^\s*["[{]/;

/** The number, `true`, `false` or `null` that a text is, if it prints back as it was. */
export function scalarIn(text: string): number | boolean | null | undefined {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  return NUMBER.test(text) && String(value) === text ? value : undefined;
}

function jsonIn(cell: string, path: string): Json {
  try {
    return readJson(cell, undefined, [path]);
  } catch (error) {
    throw located(error, path);
  }
}

function unfit(path: string, cell: string, reason: string): Problem {
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  return new Problem('INVALID_REQUEST', [pathDetail([path], `${shown} ${reason}`)]);
}

/** The error, as far as it is a problem that does not say where it is. */
function located(error: unknown, path: string): unknown {
  if (!(error instanceof Problem) || error.errors[0]?.path !== undefined) return error;
  return new Problem(
    error.code,
    error.errors.map(({ message }) => pathDetail([path], message)),
  );
}
