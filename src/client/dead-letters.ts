import { type CallOptions, postOnce, read, remove } from './calls.ts';
import type { Connection } from './connection.ts';
import type { DeadLetter, DeadLetterList } from './messages.ts';
import * as paths from './paths.ts';

/** `baton.deadLetters`: messages that the orchestrator has given up on. */
export class DeadLetters {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Some of them, since SQS does not list all, and how many there are. @param limit how many are shown at most. Default 20 */
  async list({
    limit,
    ...options
  }: CallOptions & { readonly limit?: number } = {}): Promise<DeadLetterList> {
    const query = limit === undefined ? '' : `?limit=${limit}`;
    return read(this.#connection, `/dead-letters${query}`, options);
  }

  /** One of them. @throws {RefusedError} NOT_FOUND */
  async get(id: string, options: CallOptions = {}): Promise<DeadLetter> {
    return read(this.#connection, paths.deadLetter(id), options);
  }

  /** Sends one to the orchestrator again. */
  async redrive(id: string, options: CallOptions = {}): Promise<{ readonly id: string }> {
    return postOnce(this.#connection, paths.redrive(id), undefined, 'letter', options);
  }

  /** Takes one away for good. */
  async drop(id: string, options: CallOptions = {}): Promise<DeadLetter> {
    return remove(this.#connection, paths.deadLetter(id), options);
  }
}
