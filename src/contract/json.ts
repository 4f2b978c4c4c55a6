import * as z from 'zod';
import type { Json } from '../core/json.ts';
import type { Attributes } from '../core/order.ts';

/** Any JSON value. `readJson` has read it, so that only its absence, and what YAML has beyond JSON, is wrong. */
export const jsonSchema: z.ZodType<Json> = z
  .custom<Json>(isJson, 'a JSON value is required')
  .meta({ id: 'Json', description: 'any JSON value' });

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

/** Names of workflows, activities, clients: letters, digits, `-` and `_`, beginning with a letter. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
    'a name has 1 to 64 letters, digits, "-" or "_", and begins with a letter',
  );

/** Plugins name SQS queues of at most 80 characters, prefix and suffix included, hence the 40. */
export const pluginNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
    'a plugin name has 1 to 40 letters, digits, "-" or "_", and begins with a letter',
  );

export const orderIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_:-]{0,63}$/,
    'an order id has 1 to 64 letters, digits, "-", "_" or ":"',
  );

/** At most 50 attributes; a value is a string, a number, a boolean or a list of strings. */
export const attributesSchema: z.ZodType<Attributes> = z
  .record(
    z.string().min(1).max(100),
    z.union(
      [z.string().max(1024), z.number(), z.boolean(), z.array(z.string().max(256)).max(50)],
      'an attribute is a string, a number, a boolean or a list of strings',
    ),
  )
  .refine((attributes) => Object.keys(attributes).length <= 50, 'at most 50 attributes');
