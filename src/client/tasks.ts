import type { Json } from '../core/json.ts';
import { type CallOptions, json } from './calls.ts';
import type { Connection } from './connection.ts';
import type { CallbackReceipt, TaskFailure } from './messages.ts';
import * as paths from './paths.ts';

/**
 * `baton.tasks`: finishes tasks that their plugins have deferred, in the plugin's stead. A task's token (`task.token` at its plugin) is the
 * authority for these calls: no other token is sent. To repeat a call changes nothing.
 */
export class Tasks {
  readonly #connection: Connection;

  /** Made by `Baton`, over a connection that sends no bearer token. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Completes a task.
   *
   * @param result JSON, up to 2.5 MiB. Default `null`.
   * @throws {RefusedError} INVALID_TASK_TOKEN, TASK_ANSWERED, ORDER_ENDED, … : docs/api.md lists them
   *
   * @example
   * import { Baton } from 'batonflow/client';
   *
   * const baton = new Baton({ url: 'http://localhost:3000' });
   * export const approve = (token: string) => baton.tasks.complete(token, { approved: true });
   */
  async complete(
    token: string,
    result: Json = null,
    options: CallOptions = {},
  ): Promise<CallbackReceipt> {
    return this.#call(token, 'complete', { result }, options);
  }

  /** Says that a task has failed; by default it is tried again as its retry policy says. @throws {RefusedError} as for `complete` */
  async fail(
    token: string,
    failure: TaskFailure,
    options: CallOptions = {},
  ): Promise<CallbackReceipt> {
    return this.#call(token, 'fail', failure, options);
  }

  /** Says that somebody is at work on a task. @throws {RefusedError} as for `complete` */
  async beat(token: string, options: CallOptions = {}): Promise<CallbackReceipt> {
    return this.#call(token, 'heartbeat', {}, options);
  }

  async #call(
    token: string,
    act: string,
    body: object,
    { signal }: CallOptions,
  ): Promise<CallbackReceipt> {
    const answer = await this.#connection.request<CallbackReceipt>({
      ...{ method: 'POST', path: paths.answerOfTask(token, act) },
      ...json(body, 'answer'),
      ...{ repeatable: true, signal },
    });
    return answer.body;
  }
}
