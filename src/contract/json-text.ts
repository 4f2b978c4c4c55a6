import type { Json } from '../core/json.ts';
import { Problem } from './problem.ts';

/** Deeper values would exhaust the stack of whoever walks them: validation, serialisation, expressions. */
export const MAX_JSON_DEPTH = 64;

/** The JSON value that a text holds. @throws {Problem} MALFORMED_BODY, or INVALID_REQUEST for a value nested too deep. */
export function readJson(text: string): Json {
  checkDepth(text);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new Problem('MALFORMED_BODY', (error as SyntaxError).message);
  }
}

/** @throws {Problem} INVALID_REQUEST for JSON text that nests too deep. */
export function checkDepth(text: string): void {
  if (!isTooDeep(text)) return;
  throw new Problem('INVALID_REQUEST', `the value nests deeper than ${MAX_JSON_DEPTH} levels`);
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

/** Looks at each character once, and stops as soon as the answer is known. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') inString = !inString;
    else if (inString) index += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > MAX_JSON_DEPTH) return true;
  }
  return false;
}
