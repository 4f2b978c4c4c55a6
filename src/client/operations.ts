import { type CallOptions, items, post, type RepeatableOptions, read } from './calls.ts';
import type { Connection } from './connection.ts';
import { lastOf, looks, type WaitOptions } from './follow.ts';
import type { NewOperation, Operation, OperationPreview, OperationReceipt } from './messages.ts';
import * as paths from './paths.ts';

/** `baton.operations`: the same asked of all orders that match a filter, in the background. */
export class Operations {
  readonly #connection: Connection;

  /** Made by `Baton`. */
  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Begins one. It goes on by itself; `get` says how far it has come, and `wait` when it has ended.
   *
   * @example
   * import { Baton } from 'batonflow/client';
   *
   * const baton = new Baton({ url: 'http://localhost:3000' });
   * const { operationId } = await baton.operations.start({
   *   action: 'retry',
   *   filter: { status: 'failed', plugin: 'resize' },
   *   reason: 'the disk is mended',
   * });
   * const { done, refused } = await baton.operations.wait(operationId);
   * console.log(done, refused);
   */
  async start(operation: NewOperation, options: RepeatableOptions = {}): Promise<OperationReceipt> {
    return post(this.#connection, '/operations', operation, 'operation', options);
  }

  /** How many orders match, and some of them. Nothing is done. */
  async preview(operation: NewOperation, options: CallOptions = {}): Promise<OperationPreview> {
    const asked = { ...operation, dryRun: true };
    return post(this.#connection, '/operations', asked, 'operation', options);
  }

  /** Who asked for it, when and why, and how far it has come. @throws {RefusedError} NOT_FOUND */
  async get(operationId: string, options: CallOptions = {}): Promise<Operation> {
    return read(this.#connection, paths.operation(operationId), options);
  }

  /** The operation when it has ended: `done` or `stopped`. @throws {WaitedTooLongError} after `timeoutMs` */
  async wait(operationId: string, options: WaitOptions = {}): Promise<Operation> {
    return lastOf(looks(() => this.get(operationId, options), 'operation', options));
  }

  /** All of them, newest first. */
  list(options: CallOptions = {}): AsyncGenerator<Operation, void> {
    return items(this.#connection, '/operations', 'operations', options);
  }

  /** Ends one after the orders that are under way; what is done stays done. */
  async stop(operationId: string, options: CallOptions = {}): Promise<Operation> {
    return post(
      this.#connection,
      paths.stopOfOperation(operationId),
      undefined,
      'operation',
      options,
    );
  }
}
