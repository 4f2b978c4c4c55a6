import { storedAnswerSchema } from '../../contract/messages.ts';
import type { PayloadRef, Payloads } from '../../contract/payloads.ts';
import { MissingPayloadError } from '../../contract/payloads.ts';
import { MAX_RESULT_BYTES } from '../../contract/size-limits.ts';
import type { TaskClaim } from '../../contract/task-token.ts';
import { readToken } from '../../contract/task-token.ts';
import type { Failure } from '../../core/failure.ts';
import type { AnswerReading, When } from './read-answers.ts';
import { readAnswer, refused } from './read-answers.ts';

/**
 * The order and the event of an answer. A result that lies in the bucket is put into its place, and the answer is read as if it had come
 * with it. One that is missing fails its attempt, and the next one may store it. While the bucket cannot be reached, the answer comes again.
 */
export async function readWholeAnswer(
  text: string,
  keysOf: (plugin: string) => readonly string[],
  when: When,
  payloads: Pick<Payloads, 'get'>,
): Promise<AnswerReading & { readonly fetchedBytes?: number }> {
  const answer = storedAnswerIn(text);
  if (answer === undefined) return readAnswer(text, keysOf, when);
  const { token, stored } = answer;
  const claim = readToken(token, keysOf);
  if (claim === undefined) return { complaint: 'it is forged' };
  if (stored.bytes > MAX_RESULT_BYTES) {
    const message = `the result has ${stored.bytes} bytes of JSON; at most ${MAX_RESULT_BYTES} are taken`;
    return refused(claim, { code: 'RESULT_TOO_LARGE', message }, 'never', when);
  }
  const fetched = await fetchResult(claim, stored, payloads);
  if (typeof fetched === 'string') return { complaint: fetched };
  if ('code' in fetched) {
    return refused(claim, fetched, fetched.code === 'RESULT_MISSING' ? 'policy' : 'never', when);
  }
  const { json } = fetched;
  const head = JSON.stringify({ ...answer, stored: undefined });
  const whole = `${head.slice(0, -1)},"result":${json}}`;
  return { ...readAnswer(whole, keysOf, when), fetchedBytes: stored.bytes };
}

/** The result's JSON, why it can never be had, or why not now. */
async function fetchResult(
  { orderId }: TaskClaim,
  stored: PayloadRef,
  payloads: Pick<Payloads, 'get'>,
): Promise<{ readonly json: string } | Failure | string> {
  let bytes: Uint8Array;
  try {
    bytes = await payloads.get(orderId, stored);
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof MissingPayloadError) return { code: 'RESULT_MISSING', message };
    return `its result could not be fetched: ${message}`;
  }
  try {
    const json = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    // What is no JSON by itself could say more than a result, once it stands in an answer.
    JSON.parse(json);
    return { json };
  } catch (error) {
    return { code: 'RESULT_NOT_JSON', message: (error as Error).message };
  }
}

function storedAnswerIn(text: string) {
  // Nearly every answer brings its result: it is not read twice to find that out.
  if (!text.includes('"stored"')) return undefined;
  return storedAnswerSchema.safeParse(JSON.parse(text)).data;
}
