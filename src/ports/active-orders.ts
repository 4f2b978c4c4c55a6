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

/** An order that has had no progress for longer than its bound, and why it is known. */
export interface StuckOrder {
  readonly orderId: string;
  /** It was marked, since nobody has looked at it. Else it stands under a wake-up that nobody has kept. */
  readonly marked: boolean;
  /** Of a wake-up that nobody has kept: when it was due, and what stands beside it. */
  readonly dueAt?: Instant;
  readonly workflow?: WorkflowRef;
  /** Sweeps have died over it. */
  readonly setAside?: true;
  /** Where it stands among them all: what comes after it is read from here. */
  readonly place: string;
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
 *
 * Orders of one group, which are placed together, stand in one place until each is put under another wake-up, or ends. What is asked for
 * several of them at the same time comes to pass for all of them or for none.
 */
export interface ActiveOrders {
  put(order: ActiveOrder): Promise<'added' | 'existed'>;
  has(orderId: string, wakeUp: WakeUp): Promise<boolean>;
  /** @returns whether the order was there under this wake-up */
  remove(orderId: string, wakeUp: WakeUp): Promise<boolean>;
  setAside(orderId: string, wakeUp: WakeUp, until: Instant): Promise<void>;
  /** Those whose wake-up has come by then, page by page. What cannot be read keeps nobody from the rest. @throws at its end, what could not be read */
  due(by: Instant): AsyncIterable<readonly ActiveOrder[]>;
  /** Lists the order among those that are stuck until the mark is taken away. To mark it again changes nothing. */
  markStuck(orderId: string): Promise<void>;
  unmarkStuck(orderId: string): Promise<void>;
  /**
   * Orders that were marked, and those whose wake-up came before the instant, page by page. An order may come more than once, under
   * several wake-ups.
   * @param after the `place` of the last one that was read
   */
  stuck(dueBefore: Instant, after?: string): AsyncIterable<readonly StuckOrder[]>;
  /** How many `stuck` would bring: exact up to 10,000, and perhaps a second old. */
  countStuck(dueBefore: Instant): Promise<number>;
  /** Exact and of this moment up to 10,000 orders; of more, approximate and up to an hour old. */
  survey(): Promise<ActiveOrdersSurvey>;
}
