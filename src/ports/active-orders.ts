import type { Instant } from '../core/json.ts';
import type { WakeUp, WorkflowRef } from '../core/order.ts';

/** One order that has not ended, as the sweeper sees it. */
export interface ActiveOrder {
  readonly orderId: string;
  readonly wakeUpAt: Instant;
  /** The journal entry that armed the wake-up: whatever it and the entries that armed before it commanded has been sent. */
  readonly armedIn: number;
  readonly workflow: WorkflowRef;
  readonly client?: string;
  readonly acceptedAt: Instant;
  /** Sweeps have died over it: no sweep wakes it before this instant, unless an event of its own moves it on. */
  readonly setAsideUntil?: Instant;
}

export type ListedOrder = Pick<ActiveOrder, 'orderId' | 'workflow'>;

/**
 * `done`; `behind` when an entry before has not armed yet, so that its commands may not have been sent: nothing has changed; or
 * `newer` when a later entry was faster, or has ended the order.
 */
export type Arming = 'done' | 'behind' | 'newer';

/** The orders that have not ended, and when to look after each. */
export interface ActiveOrders {
  /** Adds the order, armed in entry 0, unless it is there already: what is armed stays armed. */
  add(order: Omit<ActiveOrder, 'armedIn' | 'setAsideUntil'>): Promise<'added' | 'existed'>;
  /** Moves the wake-up, if the entry `after` has armed. An order that was set aside is looked after again. */
  arm(orderId: string, wakeUp: Required<WakeUp>): Promise<Arming>;
  /** Brings the wake-up forward, if that is later; `armedIn` stays. */
  hasten(orderId: string, at: Instant): Promise<void>;
  setAside(orderId: string, until: Instant): Promise<void>;
  /** Removes the order, if the entry `after` has armed. Without `after`, whatever has armed. */
  remove(orderId: string, after?: number): Promise<Arming>;
  /** All of them as a count needs them, in no particular order. */
  list(): Promise<readonly ListedOrder[]>;
  /** All of them, page by page, in no particular order. */
  pages(): AsyncIterable<readonly ActiveOrder[]>;
}
