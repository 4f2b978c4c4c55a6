import jsonata from 'jsonata';
import { findJsonLoss } from '../contract/json-loss.ts';
import { isTooDeep, MAX_JSON_DEPTH } from '../contract/message-text.ts';
import { MAX_RESULT_BYTES } from '../contract/size-limits.ts';
import type { Scope } from './scope.ts';
import { shownIn } from './shown-expression.ts';

/** The largest value of an expression is that of a result: either may be the next task's input. Characters of JSON. */
const LENGTH_LIMIT = MAX_RESULT_BYTES;

/** An error may be any text that an expression made. Characters. */
const LONGEST_ERROR = 1000;

/** What an expression comes to: its value as JSON text, or why it has none, and where in its value. */
export type Answer =
  | { readonly json: string }
  | { readonly error: string; readonly place?: string };

/** Evaluates one expression. Nothing here limits its time or its memory: see sandbox.ts. */
export async function evaluateExpression(
  source: string,
  { root, bindings }: Scope,
): Promise<Answer> {
  const answer = await answerOf(source, { root, bindings });
  return 'error' in answer ? { ...answer, error: `${answer.error}${shownIn(source)}` } : answer;
}

async function answerOf(source: string, { root, bindings }: Scope): Promise<Answer> {
  try {
    return answerWith(await jsonata(source).evaluate(root, bindings));
  } catch (error) {
    return { error: reasonOf(error, source) };
  }
}

function answerWith(value: unknown): Answer {
  // JSONata's nothing is JSON's null: a field that an order leaves out is no failure.
  if (value === undefined) return { json: 'null' };
  const loss = findJsonLoss(value, isFunction);
  if (loss !== undefined) return { error: `the value ${loss.what}, ${NO_JSON}`, place: loss.place };
  const json = JSON.stringify(value);
  if (json.length > LENGTH_LIMIT) return { error: 'the value is larger than 5 MiB of JSON' };
  if (isTooDeep(json)) return { error: `the value nests deeper than ${MAX_JSON_DEPTH} levels` };
  return { json };
}

/**
 * JSONata keeps functions in objects of these two forms. A payload that only looks like one of them is data: JSON holds no
 * JavaScript function.
 */
function isFunction(value: object): boolean {
  const { _jsonata_function, implementation } = value as Partial<Record<string, unknown>>;
  if (_jsonata_function === true) return typeof implementation === 'function';
  const { _jsonata_lambda, environment } = value as Partial<Record<string, unknown>>;
  const { lookup } = (environment ?? {}) as { lookup?: unknown };
  return _jsonata_lambda === true && typeof lookup === 'function';
}

const NO_JSON = 'which JSON does not keep';

/** JSONata's code for a call of a function that does not exist. Its message does not name the function. */
const NO_FUNCTION = 'T1006';

/** What JSONata or the engine said, in a line. */
function reasonOf(error: unknown, source: string): string {
  const { message, code, token } = (error ?? {}) as Partial<Record<string, unknown>>;
  if (error instanceof RangeError && error.message.includes('call stack')) {
    return 'the expression nests too deep';
  }
  if (code === NO_FUNCTION && typeof token === 'string') {
    const name = source.includes(`$${token}`) ? `$${token}` : token;
    return `${message}: ${name}`.slice(0, LONGEST_ERROR);
  }
  return String(message ?? error).slice(0, LONGEST_ERROR);
}
