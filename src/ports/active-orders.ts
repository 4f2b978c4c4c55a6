import type { Instant } from '../core/json.ts';
import type { WakeUp, WorkflowRef } from '../core/order.ts';

/** One order that has not ended, under a wake-up of it. */
export interface ActiveOrder {
  readonly orderId: string;
  readonly wakeUp: WakeUp;
  readonly workflow: WorkflowRef;
  /** Sweeps have died over it: no sweep wakes it before this instant, unless an event of its own moves it on. */
  readonly setAsideUntil?: Instant;
}

export type ListedOrder = Pick<ActiveOrder, 'orderId' | 'workflow'>;

/** What is known of all of them without looking at all of them. */
export interface ActiveOrdersSurvey {
  readonly count: number;
  /** Absent when the count is exact. */
  readonly approximate?: true;
  /** All of them if they are few; else those that chance has chosen. */
  readonly sample: readonly ListedOrder[];
}

/**
 * The orders that have not ended, each under the wake-up that its state names. What is due can so be found without a look
 * at what is not.
 *
 * An order is put under its next wake-up before it is removed from its last one, so that it may stand under two for a
 * moment, or longer if the writer dies between. It always stands under one.
 */
export interface ActiveOrders {
  put(order: ActiveOrder): Promise<'added' | 'existed'>;
  has(orderId: string, wakeUp: WakeUp): Promise<boolean>;
  /** @returns whether the order was there under this wake-up */
  remove(orderId: string, wakeUp: WakeUp): Promise<boolean>;
  setAside(orderId: string, wakeUp: WakeUp, until: Instant): Promise<void>;
  /** Those whose wake-up has come by then, page by page. What cannot be read keeps nobody from the rest. @throws at its end, what could not be read */
  due(by: Instant): AsyncIterable<readonly ActiveOrder[]>;
  /** The count is exact up to 10,000 orders. */
  survey(): Promise<ActiveOrdersSurvey>;
}
