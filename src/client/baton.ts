import { MAX_WAIT_SECONDS } from '../contract/longest-wait.ts';
import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import {
  type CallOptions,
  items,
  newKey,
  post,
  type Query,
  type RepeatableOptions,
  read,
  readBy,
} from './calls.ts';
import { checkTimeout } from './check-arguments.ts';
import { Clients } from './clients.ts';
import type { Connection, TraceOptions } from './connection.ts';
import { openConnection } from './connection.ts';
import { DeadLetters } from './dead-letters.ts';
import { Events } from './events.ts';
import { lastOf, looks, type WaitOptions } from './follow.ts';
import type {
  Counts,
  CountsFilter,
  HistoryFilter,
  Me,
  NewOrder,
  Order,
  OrderFilter,
  OrderSummary,
  Receipt,
  SystemHistory,
  SystemStatus,
} from './messages.ts';
import { Operations } from './operations.ts';
import * as paths from './paths.ts';
import { type Placed, type PlaceManyOptions, placeMany } from './place-many.ts';
import { Plugins } from './plugins.ts';
import { Schedules } from './schedules.ts';
import { Tasks } from './tasks.ts';
import { Workflows } from './workflows.ts';

export interface BatonOptions {
  /** The API's address, such as `http://localhost:3000`. */
  readonly url: string;
  /** A bearer token, or a function that gives one at each request. Default: none, which a local Baton accepts. */
  readonly token?: string | (() => string | Promise<string>);
  /** How often a request is tried in all while Baton does not respond, is busy or restarts. Default 5, which takes up to 6 seconds. */
  readonly tries?: number;
  /** Default: the global one. */
  readonly fetch?: typeof globalThis.fetch;
}

export interface PlaceOptions extends RepeatableOptions, TraceOptions {}

/** Of an act of an operator on one order. */
export interface ActOptions extends RepeatableOptions {
  /** Why; the order's timeline shows it. */
  readonly reason?: string;
}

/**
 * A Baton system, over its HTTP API. Runs wherever there is `fetch`: Node, Deno, Bun, a browser.
 *
 * A request that fails for a passing reason is sent again. It has a key under which Baton knows it again, so that no order is placed twice.
 * All calls reject with a {@link BatonError}: `RefusedError` with the API's problem document, `UnreachableError`, `NotJsonError` or
 * `ArgumentError`, with which the constructor throws, too; and with the reason of `signal`, if it is aborted.
 *
 * @example
 * import { Baton } from 'batonflow/client';
 *
 * const baton = new Baton({ url: 'http://localhost:3000' });
 * const { orderId } = await baton.place({ input: 5, todo: ['A', 'B'] });
 * const order = await baton.wait(orderId);
 * console.log(order.status, order.result);
 */
export class Baton {
  readonly events: Events;
  readonly workflows: Workflows;
  readonly plugins: Plugins;
  readonly operations: Operations;
  readonly clients: Clients;
  readonly schedules: Schedules;
  readonly deadLetters: DeadLetters;
  readonly tasks: Tasks;
  readonly #connection: Connection;

  constructor({ url, token, tries = 5, fetch }: BatonOptions) {
    const address = { url, tries, fetch, retriesUnreachable: true };
    const connection = openConnection({ ...address, token });
    this.#connection = connection;
    this.events = new Events(connection, (orderId, options) => this.get(orderId, options));
    this.workflows = new Workflows(connection);
    this.plugins = new Plugins(connection);
    this.operations = new Operations(connection);
    this.clients = new Clients(connection);
    this.schedules = new Schedules(connection);
    this.deadLetters = new DeadLetters(connection);
    this.tasks = new Tasks(openConnection(address));
  }

  /** Places an order. It is stored and on its way when this resolves. */
  async place(order: NewOrder, options: PlaceOptions = {}): Promise<Receipt> {
    return post(this.#connection, '/orders', order, 'order', options);
  }

  /**
   * Places an order, and gives it when it has ended: the direct call of short flows. The call that places it waits for up to 25 seconds,
   * if the deployment lets it (`direct-answers`); from then on, the order is looked at as by {@link wait}.
   * @throws {WaitedTooLongError} after `timeoutMs`; the order goes on
   */
  async placeAndWait(
    order: NewOrder,
    { timeoutMs = Number.POSITIVE_INFINITY, ...options }: PlaceOptions & WaitOptions = {},
  ): Promise<Order> {
    checkTimeout(timeoutMs);
    const since = performance.now();
    const seconds = Math.min(timeoutMs / 1000, MAX_WAIT_SECONDS);
    const path = seconds > 0 ? `/orders?wait=${seconds}` : '/orders';
    const placed = await post<Order | Receipt>(this.#connection, path, order, 'order', options);
    if ('timeline' in placed) return placed;
    const { signal } = options;
    const read = () => this.get(placed.orderId, defined({ signal }));
    return lastOf(looks(read, 'order', { timeoutMs, ...defined({ signal }) }, since));
  }

  /**
   * Places many orders, however many, in requests of up to 200. Wrong ones are listed in `rejected`, the others are placed.
   * @throws {PlacementError} if not all could be sent; it holds those that were, and the key under which to send all of them again
   */
  async placeMany(
    orders: Iterable<NewOrder> | AsyncIterable<NewOrder>,
    options: PlaceManyOptions = {},
  ): Promise<Placed> {
    return placeMany(this.#connection, orders, { idempotencyKey: newKey(), ...options });
  }

  /** An order: where it stands, its tasks, its result or error. @throws {RefusedError} NOT_FOUND */
  async get(orderId: string, options: CallOptions = {}): Promise<Order> {
    return read(this.#connection, paths.order(orderId), options);
  }

  /** The order when it has ended: completed, failed or cancelled. @throws {WaitedTooLongError} after `timeoutMs` */
  async wait(orderId: string, options: WaitOptions = {}): Promise<Order> {
    return lastOf(looks(() => this.get(orderId, options), 'order', options));
  }

  /**
   * Cancels an order, and undoes what it has done. To cancel it again changes nothing.
   * @param options `undo: false` leaves what it has done as it is
   * @throws {RefusedError} ORDER_ENDED, ORDER_COMPENSATING, PAST_PIVOT, NOT_FOUND
   */
  async cancel(
    orderId: string,
    { undo, ...options }: ActOptions & { readonly undo?: boolean } = {},
  ): Promise<Receipt> {
    return this.#act(orderId, 'cancel', { undo }, options);
  }

  /** Stops an order's clocks; nothing new of it begins until it is resumed. @throws {RefusedError} ORDER_ENDED, NOT_FOUND */
  async pause(orderId: string, options: ActOptions = {}): Promise<Receipt> {
    return this.#act(orderId, 'pause', {}, options);
  }

  /** Lets a paused order go on; what it paused for is tried again. @throws {RefusedError} ORDER_NOT_PAUSED, NOT_FOUND */
  async resume(orderId: string, options: ActOptions = {}): Promise<Receipt> {
    return this.#act(orderId, 'resume', {}, options);
  }

  /**
   * Lets a failed order go on from the task that failed it.
   * @param options `input` for that task instead of the one that it had; `version` of the workflow to which the order moves
   * @throws {RefusedError} ORDER_NOT_FAILED, ALREADY_UNDONE, VERSION_DOES_NOT_FIT, NOT_FOUND
   */
  async retry(
    orderId: string,
    {
      input,
      version,
      ...options
    }: ActOptions & { readonly input?: Json; readonly version?: 'latest' | number } = {},
  ): Promise<Receipt> {
    return this.#act(orderId, 'retry', { input, version }, options);
  }

  /**
   * Counts a task that is open or has failed as done.
   * @param task the job's name, such as `A#2`
   * @param options `result`: the task completes with it; without one, the order goes on as if the task had not taken part
   * @throws {RefusedError} TASK_NOT_OPEN, NOT_FOUND
   */
  async skip(
    orderId: string,
    task: string,
    { result, ...options }: ActOptions & { readonly result?: Json } = {},
  ): Promise<Receipt> {
    return this.#act(orderId, 'skip', { task, result }, options);
  }

  /**
   * Cancels one task that is open: it has failed for good with `TASK_CANCELLED`, and its order goes on if the task is optional. If not, the
   * order fails as by any other failure.
   * @param task the job's name, such as `A#2`; `wait` is a wait that is under way
   * @throws {RefusedError} TASK_NOT_OPEN, ORDER_ENDED, ORDER_COMPENSATING, NOT_FOUND
   */
  async cancelTask(orderId: string, task: string, options: ActOptions = {}): Promise<Receipt> {
    return this.#actAt(paths.cancelOfTask(orderId, task), 'cancel', {}, options);
  }

  /** Orders, newest first; more are read as they are asked for. */
  list(filter: OrderFilter = {}, options: CallOptions = {}): AsyncGenerator<OrderSummary, void> {
    return items(this.#connection, '/orders', 'orders', options, queryOf(filter));
  }

  /** Active orders, each plugin's tasks, and the bottleneck. */
  async status(options: CallOptions = {}): Promise<SystemStatus> {
    return read(this.#connection, '/status', options);
  }

  /** What completed, failed and was cancelled, over time; approximate. Default: orders by workflow, in the last 24 hours. */
  async counts(filter: CountsFilter = {}, options: CallOptions = {}): Promise<Counts> {
    return readBy(this.#connection, '/counts', filter, options);
  }

  /** How many orders and tasks there were, minute by minute; of an hour, the most of it. Default: the last 60 minutes. */
  async history(filter: HistoryFilter = {}, options: CallOptions = {}): Promise<SystemHistory> {
    return readBy(this.#connection, '/history', filter, options);
  }

  /** Whose token the calls carry, and what it may do. */
  async me(options: CallOptions = {}): Promise<Me> {
    return read(this.#connection, '/me', options);
  }

  async #act(orderId: string, act: string, body: object, options: ActOptions): Promise<Receipt> {
    return this.#actAt(paths.act(orderId, act), act, body, options);
  }

  async #actAt(
    path: string,
    act: string,
    body: object,
    { reason, ...options }: ActOptions,
  ): Promise<Receipt> {
    return post(this.#connection, path, defined({ ...body, reason }), act, options);
  }
}

function queryOf({ status = [], attributes = {}, ...texts }: OrderFilter): Query {
  return [
    ...Object.entries(defined(texts) as Record<string, string | number | boolean>),
    ...[status].flat().map((one) => ['status', one] as const),
    ...Object.entries(defined(attributes)).map(
      ([name, value]) => [`attribute.${name}`, value] as const,
    ),
  ];
}
