import type { Instant } from '../core/json.ts';
import type { WakeUp, WorkflowRef } from '../core/order.ts';

/** One order that has not ended, as the sweeper sees it. */
export interface ActiveOrder {
  readonly orderId: string;
  readonly wakeUpAt: Instant;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
}

/** The orders that have not ended, and when to look after each. */
export interface ActiveOrders {
  /** Adds the order unless it is there already: what is armed stays armed. */
  add(order: ActiveOrder): Promise<'added' | 'there'>;
  /**
   * Moves the wake-up, unless a later entry has moved it already: the slower of two writers may hold the older entry.
   * An item that is gone stays away: a newer writer has removed it.
   */
  arm(orderId: string, wakeUp: Pick<WakeUp, 'at' | 'entry'>): Promise<void>;
  remove(orderId: string): Promise<void>;
  /** All of them, page by page, in no particular order. */
  pages(): AsyncIterable<readonly ActiveOrder[]>;
}
