import type * as z from 'zod';
import type { eventRequestSchema, orderRequestSchema } from '../contract/order-request.ts';
import type * as orderResponses from '../contract/order-responses.ts';
import type { orderListQuerySchema } from '../contract/requests.ts';
import type * as responses from '../contract/responses.ts';

/** What the API takes and answers: types of the schemas with which it checks its requests, and from which its OpenAPI document is made. */

/** An order to place: `input`, and `workflow`, `todo` or `client`; maybe `attributes` and an `orderId` of your own. */
export type NewOrder = z.input<typeof orderRequestSchema>;
/** An event to send: it starts every workflow whose `on` names its type. */
export type NewEvent = z.input<typeof eventRequestSchema>;
/** Which order was placed, and the workflow version that it keeps. */
export type Receipt = z.output<typeof orderResponses.receiptSchema>;
export type EventReceipt = z.output<typeof orderResponses.eventReceiptSchema>;
export type Order = z.output<typeof orderResponses.orderSchema>;
export type OrderStatus = Order['status'];
/** One event in an order's timeline. */
export type Moment = Order['timeline'][number];
/** An order as lists show it. */
export type OrderSummary = z.output<typeof orderResponses.orderListSchema>['orders'][number];
export type OrderFilter = Omit<
  z.input<typeof orderListQuerySchema>,
  'limit' | 'next' | 'status' | 'attributes'
> & {
  /** One status, or any of several. */
  readonly status?: OrderStatus | readonly OrderStatus[];
  /** The order has all of these. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
};
export type SystemStatus = z.output<typeof responses.statusSchema>;
export type BatchReceipt = z.output<typeof orderResponses.batchReceiptSchema>;
