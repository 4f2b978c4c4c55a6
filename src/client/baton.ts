import { defined } from '../core/defined.ts';
import type { Connection, TraceOptions } from './connection.ts';
import { openConnection } from './connection.ts';
import { looks, moments, type WaitOptions } from './follow.ts';
import { writeJson } from './json-text.ts';
import type {
  EventReceipt,
  Moment,
  NewEvent,
  NewOrder,
  Order,
  OrderFilter,
  OrderSummary,
  Receipt,
  SystemStatus,
} from './messages.ts';
import { type Placed, type PlaceManyOptions, placeMany } from './place-many.ts';

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

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface PlaceOptions extends CallOptions, TraceOptions {
  /** Makes the request safe to send again, from another process too. Default: a key of the call's own. */
  readonly idempotencyKey?: string;
}

/** Orders are listed in pages of so many. */
const PAGE = 100;

/**
 * A Baton system, over its HTTP API. Runs wherever there is `fetch`: Node, Deno, Bun, a browser.
 *
 * A request that fails for a passing reason is sent again. It has a key under which Baton knows it again, so that no order is placed twice.
 * All calls reject with a {@link BatonError}: `RefusedError` with the API's problem document, `UnreachableError`, or `NotJsonError`; and with
 * the reason of `signal`, if it is aborted.
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
  /** Events that come in, and what happened to an order. */
  readonly events: Events;
  readonly #connection: Connection;

  constructor({ url, token, tries = 5, fetch }: BatonOptions) {
    this.#connection = openConnection({ url, token, tries, fetch, retriesUnreachable: true });
    this.events = new Events(this.#connection, (orderId, options) => this.get(orderId, options));
  }

  /** Places an order. It is stored and on its way when this resolves. */
  async place(order: NewOrder, options: PlaceOptions = {}): Promise<Receipt> {
    return post(this.#connection, '/orders', writeJson(order, 'order'), options);
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
  async get(orderId: string, { signal }: CallOptions = {}): Promise<Order> {
    const path = `/orders/${encodeURIComponent(orderId)}`;
    return this.#read<Order>(path, signal);
  }

  /** The order when it has ended: completed, failed or cancelled. @throws {WaitedTooLongError} after `timeoutMs` */
  async wait(orderId: string, options: WaitOptions = {}): Promise<Order> {
    let last: Order | undefined;
    for await (const order of looks(() => this.get(orderId, options), options)) last = order;
    return last!;
  }

  /** Cancels an order. To cancel it again changes nothing. @throws {RefusedError} ORDER_ENDED, NOT_FOUND */
  async cancel(
    orderId: string,
    { reason, signal }: CallOptions & { readonly reason?: string } = {},
  ): Promise<Receipt> {
    const { body } = await this.#connection.request<Receipt>({
      method: 'POST',
      path: `/orders/${encodeURIComponent(orderId)}/cancel`,
      body: JSON.stringify(defined({ reason })),
      mediaType: 'application/json',
      repeatable: true,
      signal,
    });
    return body;
  }

  /** Orders, newest first; more are read as they are asked for. */
  async *list(
    filter: OrderFilter = {},
    { signal }: CallOptions = {},
  ): AsyncGenerator<OrderSummary, void> {
    let next: string | undefined;
    do {
      const query = queryOf(filter);
      query.set('limit', String(PAGE));
      if (next !== undefined) query.set('next', next);
      const page = await this.#read<{ orders: OrderSummary[]; next?: string }>(
        `/orders?${query}`,
        signal,
      );
      yield* page.orders;
      next = page.next;
    } while (next !== undefined);
  }

  /** Active orders, each plugin's tasks, and the bottleneck. */
  async status({ signal }: CallOptions = {}): Promise<SystemStatus> {
    return this.#read<SystemStatus>('/status', signal);
  }

  async #read<Body>(path: string, signal: AbortSignal | undefined): Promise<Body> {
    const request = { method: 'GET', path, repeatable: true, signal } as const;
    return (await this.#connection.request<Body>(request)).body;
  }
}

/** `baton.events` */
export class Events {
  readonly #connection: Connection;
  readonly #get: (orderId: string, options: CallOptions) => Promise<Order>;

  /** Made by {@link Baton}. */
  constructor(
    connection: Connection,
    get: (orderId: string, options: CallOptions) => Promise<Order>,
  ) {
    this.#connection = connection;
    this.#get = get;
  }

  /** Sends an event, which starts an order of every workflow whose `on` names its type. */
  async send(event: NewEvent, options: PlaceOptions = {}): Promise<EventReceipt> {
    return post(this.#connection, '/events', writeJson(event, 'event'), options);
  }

  /**
   * What happened to an order and what happens to it, until it has ended.
   *
   * @example
   * import { Baton } from 'batonflow/client';
   *
   * const baton = new Baton({ url: 'http://localhost:3000' });
   * for await (const { event, task } of baton.events.of('order-1')) console.log(event, task);
   */
  of(orderId: string, options: WaitOptions = {}): AsyncGenerator<Moment, void> {
    return moments(looks(() => this.#get(orderId, options), options));
  }
}

async function post<Answer>(
  connection: Connection,
  path: string,
  json: string,
  { idempotencyKey = newKey(), signal, traceparent, tracestate }: PlaceOptions,
): Promise<Answer> {
  const { body } = await connection.request<Answer>({
    method: 'POST',
    path,
    body: json,
    mediaType: 'application/json',
    ...{ idempotencyKey, traceparent, tracestate },
    repeatable: true,
    signal,
  });
  return body;
}

/** Not `crypto.randomUUID`, which browsers have on secure pages only. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function queryOf({ status = [], attributes = {}, ...texts }: OrderFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(texts)) {
    if (value !== undefined) query.set(name, String(value));
  }
  for (const one of [status].flat()) query.append('status', one);
  for (const [name, value] of Object.entries(attributes)) {
    query.set(`attribute.${name}`, String(value));
  }
  return query;
}
