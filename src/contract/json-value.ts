import * as z from 'zod/mini';
import type { Json } from '../core/json.ts';

/** Any JSON value. `readJson` has read it, so that only its absence, and what YAML has beyond JSON, is wrong. */
export const jsonSchema: z.ZodMiniType<Json> = jsonMeaning('any JSON value').check(
  z.meta({ id: 'Json' }),
);

/** Any JSON value, with a meaning of its own. */
export function jsonMeaning(description: string): z.ZodMiniType<Json> {
  return z.custom<Json>(isJson, 'a JSON value is required').check(z.meta({ description }));
}

function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      if (value === null) return true;
      if (Array.isArray(value)) return value.every(isJson);
      return isPlain(value) && Object.values(value).every(isJson);
    case 'undefined':
    case 'bigint':
    case 'symbol':
    case 'function':
      return false;
  }
}

/** Not a `Date`, a `Map` or the like, whatever realm it comes from. */
function isPlain(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}
