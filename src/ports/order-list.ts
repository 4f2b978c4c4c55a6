import type { Instant } from '../core/json.ts';
import type { Attributes, OrderState, OrderStatus, WorkflowRef } from '../core/order.ts';

/** An order as a list shows it. */
export interface OrderSummary {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
  readonly endedAt?: Instant;
  readonly attributes?: Attributes;
  /** Where it stands; absent where that cannot be read. */
  readonly state?: OrderState;
  /** Why it failed, or paused instead, and of which plugin the task was. */
  readonly error?: { readonly code: string; readonly plugin: string };
  /** Of a paused order: since when, and by whom and why, if somebody has paused it. */
  readonly paused?: {
    readonly since: Instant;
    readonly by?: string;
    readonly reason?: string;
    /** The operation over many orders of which that was a part. */
    readonly operation?: string;
  };
  /** It has had no progress for longer than its bound; only where stuck orders are asked for. */
  readonly stuck?: {
    readonly why: 'paused' | 'parked' | 'overdue' | 'setAside';
    readonly since: Instant;
  };
  /** Where it stands cannot be read: `status` is what it was at first. Whatever status is asked for but an ended one, it is listed. */
  readonly problem?: 'BROKEN_JOURNAL';
}

/** Which orders are meant. What is absent is not asked for. */
export interface OrderFilter {
  /** One status, or any of several. */
  readonly status?: OrderStatus | readonly OrderStatus[] | undefined;
  /** A workflow's name. */
  readonly workflow?: string | undefined;
  /** The workflow's version that the order has now. */
  readonly version?: number | undefined;
  readonly client?: string | undefined;
  /** A plugin whose task the order waits for, or whose task has failed it. */
  readonly plugin?: string | undefined;
  /** Why the order has failed, or has paused instead. */
  readonly errorCode?: string | undefined;
  /** The id of an operation that has paused the order, which is paused still. */
  readonly pausedBy?: string | undefined;
  /** How the order's id begins. */
  readonly idPrefix?: string | undefined;
  /** It has all of these. A number or boolean is also meant by its text; a list of strings must hold the value. */
  readonly attributes?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Accepted then or later. */
  readonly from?: Instant | undefined;
  /** Accepted before that. */
  readonly to?: Instant | undefined;
}

/** Which orders to list. */
export interface OrderQuery extends OrderFilter {
  /** Orders a page, at most. */
  readonly limit: number;
  /** The `next` of the previous page; without it, the list begins. */
  readonly next?: string | undefined;
}

/** The last page is the one without `next`; the others may hold fewer orders than `limit`, too. */
export interface OrderPage {
  readonly orders: readonly OrderSummary[];
  readonly next?: string;
  /** Only with `next`: how many orders it looked at, and when the last of them was accepted, where that means anything. */
  readonly searched?: { readonly orders: number; readonly backTo?: Instant };
}

/** Lists of orders, newest first. */
export interface OrderList {
  /** @throws {Problem} INVALID_REQUEST if `next` comes from no page */
  page(query: OrderQuery): Promise<OrderPage>;
}
