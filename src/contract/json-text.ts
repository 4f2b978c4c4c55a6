import type { Json } from '../core/json.ts';
import { isTooDeep, MAX_JSON_DEPTH } from './message-text.ts';
import { Problem } from './problem.ts';

/** The JSON value that a text holds. @throws {Problem} MALFORMED_BODY, or INVALID_REQUEST for a value nested too deep. */
export function readJson(text: string, maxDepth: number = MAX_JSON_DEPTH): Json {
  checkDepth(text, maxDepth);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Problem('MALFORMED_BODY', (error as SyntaxError).message);
  }
}

/** @throws {Problem} INVALID_REQUEST for JSON text that nests too deep. */
export function checkDepth(text: string, maxDepth: number = MAX_JSON_DEPTH): void {
  if (!isTooDeep(text, maxDepth)) return;
  throw new Problem('INVALID_REQUEST', `the value nests deeper than ${maxDepth} levels`);
}

/** The bytes as UTF-8 text. @throws {Problem} MALFORMED_BODY for bytes that are none. */
export function readText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Problem('MALFORMED_BODY', 'the body is not UTF-8 text');
  }
}

/** The bytes that a value takes as JSON text. */
export const jsonBytes = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

/** The same text for the same value, whatever the order of its keys. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, one: Json) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}
