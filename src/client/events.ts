import { type CallOptions, post, type RepeatableOptions } from './calls.ts';
import type { Connection, TraceOptions } from './connection.ts';
import { looks, moments, type WaitOptions } from './follow.ts';
import type {
  EventReceipt,
  Moment,
  NewEvent,
  NewOrderEvent,
  Order,
  OrderEventReceipt,
} from './messages.ts';
import * as paths from './paths.ts';

/** `baton.events`: events that come in, and what happened to an order. */
export class Events {
  readonly #connection: Connection;
  readonly #get: (orderId: string, options: CallOptions) => Promise<Order>;

  /** Made by `Baton`. */
  constructor(
    connection: Connection,
    get: (orderId: string, options: CallOptions) => Promise<Order>,
  ) {
    this.#connection = connection;
    this.#get = get;
  }

  /** Sends an event, which starts an order of every workflow whose `on` names its type, and wakes the orders that wait for it under its key. */
  async send(
    event: NewEvent,
    options: RepeatableOptions & TraceOptions = {},
  ): Promise<EventReceipt> {
    return post(this.#connection, '/events', event, 'event', options);
  }

  /**
   * Sends an event to one order alone: a step that waits for its type takes it, also one that begins to within a day.
   *
   * @example
   * import { Baton } from 'batonflow/client';
   *
   * const baton = new Baton({ url: 'http://localhost:3000' });
   * await baton.events.sendTo('order-1', { type: 'approval.given', data: { by: 'Ada' } });
   */
  async sendTo(
    orderId: string,
    event: NewOrderEvent,
    options: RepeatableOptions = {},
  ): Promise<OrderEventReceipt> {
    const path = paths.eventsOfOrder(orderId);
    return post(this.#connection, path, event, 'event', options);
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
    return moments(looks(() => this.#get(orderId, options), 'order', options));
  }
}
