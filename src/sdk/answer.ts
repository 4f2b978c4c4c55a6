import { MAX_CODE_LENGTH, MAX_MESSAGE_LENGTH } from '../contract/failure-limits.ts';
import type { AnsweredRun, TaskAnswer } from '../contract/messages.ts';
import type { PayloadRef } from '../contract/payloads.ts';
import { isPermanentError, isRetryLaterError } from './task-errors.ts';

type TaskFailed = Extract<TaskAnswer, { type: 'TaskFailed' }>;

/** What an answer says beside the result. */
export interface AboutAnswer {
  readonly token: string;
  readonly ran: AnsweredRun;
  /** What the invitation had: the answer brings it back. */
  readonly sealed?: string;
}

/** The answer of a task that came to a result, as JSON text: the result has been serialized already, to measure it. */
export function completed(resultText: string, about: AboutAnswer): string {
  const head = JSON.stringify({ type: 'TaskCompleted', ...about });
  return `${head.slice(0, -1)},"result":${resultText}}`;
}

/** The answer of a task whose result lies in the bucket. */
export function completedElsewhere(stored: PayloadRef, about: AboutAnswer): string {
  return JSON.stringify({ type: 'TaskCompleted', ...about, stored });
}

/** Says that the attempt has begun, or goes on. */
export function heartbeat(token: string): TaskAnswer {
  return { type: 'TaskHeartbeat', token };
}

/** The answer to an attempt that was over before it began: the task is sent again, and no attempt is lost. */
export function expired(token: string): TaskAnswer {
  return { type: 'TaskExpired', token };
}

/** Says that the plugin has done its part of the task: whoever holds the token finishes it. */
export function deferred(token: string, ran: AnsweredRun): TaskAnswer {
  return { type: 'TaskDeferred', token, ran };
}

/** Says that an attempt that had begun is no longer under way: its message comes again. */
export function putOff(token: string): TaskAnswer {
  return { type: 'TaskPutOff', token };
}

/** The answer of an attempt that failed. */
export function failed(token: string, thrown: unknown, ran: AnsweredRun): TaskFailed {
  return { type: 'TaskFailed', token, ...failureOf(thrown), ran };
}

/** What an attempt failed with: the kind of error says what happens next. */
export function failureOf(thrown: unknown): Pick<TaskFailed, 'error' | 'retry' | 'afterSeconds'> {
  try {
    const message = messageOf(thrown).slice(0, MAX_MESSAGE_LENGTH).toWellFormed();
    const error = { code: codeOf(thrown), message };
    if (isPermanentError(thrown)) return { error, retry: 'never' };
    if (isRetryLaterError(thrown)) {
      return { error, retry: 'later', afterSeconds: thrown.afterSeconds };
    }
    return { error, retry: 'policy' };
  } catch {
    // Anything can be thrown, also what refuses to be read. It fails its own task, and not the batch.
    const message = 'what was thrown cannot be read';
    return { error: { code: NO_CODE, message }, retry: 'policy' };
  }
}

/** Where it was thrown, if it says so. */
export function stackOf(thrown: unknown): string | undefined {
  try {
    const stack = thrown instanceof Error ? thrown.stack : undefined;
    return typeof stack === 'string' ? stack : undefined;
  } catch {
    return undefined;
  }
}

/** The code of what has neither a code nor a name of its own, such as `new Error('…')`. */
const NO_CODE = 'UNEXPECTED_ERROR';

/** An error's `code`, or else its name, in UPPER_SNAKE: `ECONNRESET`, `TYPE_ERROR`, `NO_SUCH_KEY`. */
function codeOf(thrown: unknown): string {
  const { code, name } = (thrown ?? {}) as { code?: unknown; name?: unknown };
  const word = [code, name].find((one): one is string => typeof one === 'string' && one !== '');
  if (word === undefined || word === 'Error') return NO_CODE;
  const snake = word
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();
  return snake.slice(0, MAX_CODE_LENGTH);
}

/** Its message, also where it is no error but looks like one. */
function messageOf(thrown: unknown): string {
  const { message } = (thrown ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(message ?? thrown);
}
