import type { Json } from '../core/json.ts';
import { lossesIn, pathBelow } from './json-scan.ts';
import { isTooDeep, MAX_JSON_DEPTH } from './message-text.ts';
import { pathDetail } from './parse.ts';
import { Problem } from './problem.ts';

/**
 * The JSON value that a text holds, unchanged: what JavaScript would change without a word is refused.
 * @param within where the value stands: the paths of problems begin with it.
 * @throws {Problem} MALFORMED_BODY for a text that is not JSON; INVALID_REQUEST for a value that is nested too deep, or that
 * names each place whose content would change.
 */
export function readJson(
  text: string,
  maxDepth: number = MAX_JSON_DEPTH,
  within: readonly PropertyKey[] = [],
): Json {
  const value = parseJson(text, maxDepth, within);
  const losses = lossesIn(text);
  if (losses.length === 0) return value;
  throw new Problem(
    'INVALID_REQUEST',
    losses.map(({ path, reason }) => pathDetail([...within, ...path], reason)),
  );
}

/**
 * The value as JavaScript reads it: `JSON.parse` takes any depth, since it does not recurse.
 * @throws {Problem} MALFORMED_BODY, or INVALID_REQUEST for a value that is nested too deep.
 */
export function parseJson(
  text: string,
  maxDepth: number = MAX_JSON_DEPTH,
  within: readonly PropertyKey[] = [],
): Json {
  checkDepth(text, maxDepth, within);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Problem('MALFORMED_BODY', (error as SyntaxError).message);
  }
}

/** How much of the path to a place that lies too deep is named: the rest would hide the reason. */
const KEYS_SHOWN = 4;

/** @throws {Problem} INVALID_REQUEST for JSON text that nests too deep. */
export function checkDepth(
  text: string,
  maxDepth: number = MAX_JSON_DEPTH,
  within: readonly PropertyKey[] = [],
): void {
  if (!isTooDeep(text, maxDepth)) return;
  const path = [...within, ...(pathBelow(text, maxDepth) ?? [])].slice(0, KEYS_SHOWN);
  const reason = `the value nests deeper than ${maxDepth} levels`;
  throw new Problem('INVALID_REQUEST', [pathDetail(path, reason)]);
}

const utf8 = new TextEncoder();

/** The bytes that a value takes as JSON text. Without Node's globals: the types of the contract are read in browsers, too. */
export const jsonBytes = (value: Json): number => utf8.encode(JSON.stringify(value)).length;

/** The same text for the same value, whatever the order of its keys. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, one: Json) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
