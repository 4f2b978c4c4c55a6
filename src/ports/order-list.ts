import type { Instant } from '../core/json.ts';
import type { OrderStatus, WorkflowRef } from '../core/order.ts';

/** An order as a list shows it. */
export interface OrderSummary {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
  readonly endedAt?: Instant;
  /** Where it stands cannot be read: `status` is what it was at first. Whatever status is asked for but an ended one, it is listed. */
  readonly problem?: 'BROKEN_JOURNAL';
}

/** Which orders to list. */
export interface OrderQuery {
  readonly status?: OrderStatus | undefined;
  /** A workflow's name. */
  readonly workflow?: string | undefined;
  readonly client?: string | undefined;
  /** Orders a page, at most. */
  readonly limit: number;
  /** The `next` of the previous page; without it, the list begins. */
  readonly next?: string | undefined;
}

/** The last page is the one without `next`; the others may hold fewer orders than `limit`, too. */
export interface OrderPage {
  readonly orders: readonly OrderSummary[];
  readonly next?: string;
}

/** Lists of orders, newest first. */
export interface OrderList {
  /** @throws {Problem} INVALID_REQUEST if `next` comes from no page */
  page(query: OrderQuery): Promise<OrderPage>;
}
