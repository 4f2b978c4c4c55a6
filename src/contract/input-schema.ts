import * as z from 'zod';
import { jsonMeaning } from './json-value.ts';

/** One call lists up to 1,000 plugins' schemas, and a program reads them whole. Bytes of JSON. */
export const MAX_INPUT_SCHEMA_BYTES = 8 * 1024;

/** Whether a plugin may declare the schema. */
export function isSmallEnough(schema: object): boolean {
  return new TextEncoder().encode(JSON.stringify(schema)).length <= MAX_INPUT_SCHEMA_BYTES;
}

/** What a plugin's input looks like, as a JSON Schema; its `$schema` names the draft. */
export const inputSchemaSchema = z
  .record(z.string(), jsonMeaning('as JSON Schema has it'))
  .refine(isSmallEnough, `a schema has at most ${MAX_INPUT_SCHEMA_BYTES} bytes of JSON`);
