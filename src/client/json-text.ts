import { findJsonLoss } from '../contract/json-loss.ts';
import { BatonError } from './errors.ts';

/** What was given is no JSON: it would change on its way. Nothing was sent. */
export class NotJsonError extends BatonError {
  override readonly name = 'NotJsonError';
  readonly code = 'NOT_JSON';
}

/** A value as JSON. @throws {NotJsonError} for what JSON would drop or change: NaN, a bigint, a function, a map, a circle; and for what nests too deep */
export function writeJson(value: object, what: string): string {
  const loss = findJsonLoss(value);
  if (loss === undefined) return stringify(value, what);
  throw new NotJsonError(`${what}${loss.place} ${loss.what}, which JSON does not keep`);
}

function stringify(value: object, what: string): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // `JSON.stringify` recurses on the stack.
    if (error instanceof RangeError) throw new NotJsonError(`${what} nests too deep`);
    throw error;
  }
}
