import { findJsonLoss } from '../contract/json-loss.ts';
import { BatonError } from './errors.ts';

/** What was given is no JSON: it would change on its way. Nothing was sent. */
export class NotJsonError extends BatonError {
  override readonly name = 'NotJsonError';
  readonly code = 'NOT_JSON';
}

/** A value as JSON. @throws {NotJsonError} for what JSON would drop or change: NaN, a bigint, a function, a map, a circle */
export function writeJson(value: object, what: string): string {
  const loss = findJsonLoss(value);
  if (loss === undefined) return JSON.stringify(value);
  throw new NotJsonError(`${what}${loss.place} ${loss.what}, which JSON does not keep`);
}
