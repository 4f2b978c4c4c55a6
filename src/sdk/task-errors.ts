import { MAX_DURATION_SECONDS } from '../contract/longest-duration.ts';

/**
 * Says of which kind an error is. A class would not do: a worker's command may have another copy of the SDK than the plugin that it runs, and
 * so may a package that a plugin shares with others.
 */
const KIND = Symbol.for('batonflow.task-error');

/** Seen by no one who lists what an error has. */
function mark(error: Error, kind: 'permanent' | 'later'): void {
  Object.defineProperty(error, KIND, { value: kind });
}

function kindOf(thrown: unknown): unknown {
  return thrown instanceof Error && KIND in thrown ? thrown[KIND] : undefined;
}

export function isPermanentError(thrown: unknown): thrown is PermanentError {
  return kindOf(thrown) === 'permanent';
}

export function isRetryLaterError(thrown: unknown): thrown is RetryLaterError {
  return kindOf(thrown) === 'later';
}

/**
 * Thrown by a plugin whose task can never succeed: the task fails at once, whatever its retry policy.
 *
 * @example
 * import { definePlugin, PermanentError } from 'batonflow/sdk';
 *
 * export const handler = definePlugin(async (amount: number) => {
 *   if (amount < 0) throw new PermanentError('NEGATIVE_AMOUNT', 'an amount is 0 or more');
 *   return { charged: amount };
 * });
 */
export class PermanentError extends Error {
  /** Why, for programs: UPPER_SNAKE, at most 100 characters. */
  readonly code: string;

  /**
   * @param code stable and UPPER_SNAKE, at most 100 characters; it becomes the task's `error.code`
   * @param message for people, at most 4096 characters; it becomes the task's `error.message`
   */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    mark(this, 'permanent');
    this.name = 'PermanentError';
    this.code = code;
  }
}

/**
 * Thrown by a plugin that knows when it is worth trying again, as after `429 Too Many Requests`. The next attempt starts
 * after that pause instead of the policy's backoff. The attempt counts; when it was the last one, or when the pause would
 * outlast the task's total budget, the task fails.
 *
 * @example
 * import { definePlugin, RetryLaterError } from 'batonflow/sdk';
 *
 * export const handler = definePlugin(async (url: string, task) => {
 *   const response = await fetch(url, { signal: task.signal });
 *   if (response.status === 429) {
 *     throw new RetryLaterError(Number(response.headers.get('retry-after') ?? 60), 'the bank is busy');
 *   }
 *   return { status: response.status };
 * });
 */
export class RetryLaterError extends Error {
  /** The task's `error.code` while it waits. */
  readonly code = 'RETRY_LATER';
  /** Seconds until the next attempt. */
  readonly afterSeconds: number;

  /**
   * @param afterSeconds seconds until the next attempt, 0 to 31 536 000 (a year)
   * @param message for people, at most 4096 characters
   * @throws {RangeError} when `afterSeconds` is not such a number
   */
  constructor(afterSeconds: number, message: string, options?: ErrorOptions) {
    if (!(afterSeconds >= 0 && afterSeconds <= MAX_DURATION_SECONDS)) {
      throw new RangeError(
        `afterSeconds is a number from 0 to ${MAX_DURATION_SECONDS}, not ${afterSeconds} (${message})`,
      );
    }
    super(message, options);
    mark(this, 'later');
    this.name = 'RetryLaterError';
    this.afterSeconds = afterSeconds;
  }
}
