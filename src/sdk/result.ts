import { findJsonLoss } from '../contract/json-loss.ts';
import { isTooDeep, MAX_JSON_DEPTH, messageText } from '../contract/message-text.ts';
import { MAX_RESULT_BYTES as LIMIT } from '../contract/size-limits.ts';
import { isPermanentError, PermanentError } from './task-errors.ts';

/**
 * The largest result, in bytes of UTF-8 JSON: 5 MiB. Larger things are files: `task.store.put` stores them, and the result names them.
 *
 * @example
 * import { definePlugin, MAX_RESULT_BYTES } from 'batonflow/sdk';
 *
 * export const handler = definePlugin((text: string) => {
 *   const fits = Buffer.byteLength(JSON.stringify(text)) <= MAX_RESULT_BYTES;
 *   return fits ? text : text.slice(0, 1000);
 * });
 */
export const MAX_RESULT_BYTES = LIMIT;

/**
 * What is larger goes into the bucket. A result is the next plugin's input, and a parallel stage's input travels over SNS, whose messages
 * hold 256 KiB with everything around the input: up to 50 attributes of 1 KB, the list of tasks, the invitations. 200 KiB leaves 56 for
 * that.
 * @see https://docs.aws.amazon.com/general/latest/gr/sns.html
 */
export const MAX_INLINE_RESULT_BYTES = 200 * 1024;

/**
 * The result as JSON text; what returns nothing has the result `null`.
 * @throws {PermanentError} RESULT_NOT_JSON for what JSON would drop or change (NaN, BigInt, functions, maps, circles), RESULT_TOO_LARGE, RESULT_TOO_DEEP
 */
export function writeResult(result: unknown): string {
  const text = messageText(stringify(result === undefined ? null : result));
  const bytes = Buffer.byteLength(text);
  if (isTooDeep(text)) {
    const message = `the result nests deeper than ${MAX_JSON_DEPTH} levels`;
    throw new PermanentError('RESULT_TOO_DEEP', message);
  }
  if (bytes <= MAX_RESULT_BYTES) return text;
  throw new PermanentError(
    'RESULT_TOO_LARGE',
    `the result has ${bytes} bytes of JSON; at most ${MAX_RESULT_BYTES} are taken. Store it with task.store.put, and return the reference.`,
  );
}

function stringify(result: unknown): string {
  try {
    const loss = findJsonLoss(result);
    // Nothing comes of what is undefined in its own JSON form: it counts as nothing here, too.
    if (loss === undefined) return JSON.stringify(result) ?? 'null';
    const part = loss.place === '' ? 'the result' : `result${loss.place}`;
    throw notJson(`${part} ${loss.what}`);
  } catch (error) {
    if (isPermanentError(error)) throw error;
    throw notJson(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function notJson(reason: string): PermanentError {
  return new PermanentError('RESULT_NOT_JSON', `a result is JSON, but ${reason}`);
}
