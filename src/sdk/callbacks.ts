import { openConnection } from '../client/connection.ts';
import type { CallbackReceipt, TaskFailure } from '../client/messages.ts';
import { Tasks } from '../client/tasks.ts';
import type { Json } from '../core/json.ts';

/**
 * Where a callback goes, and how long it may take.
 *
 * @example
 * import { type CallbackTarget, completeTask } from 'batonflow/sdk';
 *
 * const target: CallbackTarget = { apiUrl: 'https://baton.example' };
 * export const approve = (token: string) => completeTask(token, { approved: true }, target);
 */
export interface CallbackTarget {
  /** The address of Baton's API. Default: the variable BATON_API_URL, which every plugin's function has. */
  readonly apiUrl?: string;
  readonly signal?: AbortSignal;
}

/**
 * Completes a task that its plugin has deferred with `task.later()`. Any process may, if it has the task's token; it needs no other. To
 * repeat the call changes nothing. It is tried five times in all while Baton does not respond.
 *
 * @param token `task.token` at the plugin
 * @param result JSON, up to 2.5 MiB
 * @throws {Error} whose `code` says why the result is not taken: INVALID_TASK_TOKEN, TASK_ANSWERED, ORDER_ENDED, ATTEMPT_OVER, …; or
 * UNREACHABLE
 *
 * @example
 * import { completeTask } from 'batonflow/sdk';
 *
 * // Behind the button in the mail that the plugin has sent.
 * export const handler = async ({ token }: { token: string }) => {
 *   const { orderStatus } = await completeTask(token, { approved: true });
 *   return { orderStatus };
 * };
 */
export async function completeTask(
  token: string,
  result: Json = null,
  target: CallbackTarget = {},
): Promise<CallbackReceipt> {
  return tasksAt(target).complete(token, result, target);
}

/**
 * Says that a task has failed that its plugin has deferred: like what a plugin throws, it is tried again by the retry policy unless
 * `retry` says otherwise.
 *
 * @throws {Error} as `completeTask`
 *
 * @example
 * import { failTask } from 'batonflow/sdk';
 *
 * export const reject = (token: string) =>
 *   failTask(token, { code: 'REJECTED', message: 'too dear', retry: 'never' });
 */
export async function failTask(
  token: string,
  failure: TaskFailure,
  target: CallbackTarget = {},
): Promise<CallbackReceipt> {
  return tasksAt(target).fail(token, failure, target);
}

/**
 * Says that somebody is at work on a task that its plugin has deferred. Where the plugin declares `heartbeatSeconds`, the attempt fails when
 * that many seconds pass after the last such call.
 *
 * @throws {Error} as `completeTask`
 *
 * @example
 * import { beatTask } from 'batonflow/sdk';
 *
 * export const stillAtIt = (token: string) => beatTask(token);
 */
export async function beatTask(
  token: string,
  target: CallbackTarget = {},
): Promise<CallbackReceipt> {
  return tasksAt(target).beat(token, target);
}

const TRIES = 5;

function tasksAt({ apiUrl = process.env.BATON_API_URL }: CallbackTarget): Tasks {
  if (!apiUrl) throw new Error('where is Baton? Give `apiUrl`, or set BATON_API_URL');
  return new Tasks(openConnection({ url: apiUrl, tries: TRIES, retriesUnreachable: true }));
}
