import { setTimeout as pause } from 'node:timers/promises';
import { definePlugin } from 'batonflow/sdk';

interface Entry {
  readonly amount: number;
  /** The first attempt finds the ledger closed. */
  readonly closedAtFirst?: boolean;
}

/** Books an entry. Of the entries of an account, one is booked at a time: no other can come between a reading of the balance and its writing. */
export const book = definePlugin(async ({ amount, closedAtFirst }: Entry, task) => {
  if (closedAtFirst === true && task.attempt === 1) throw new Error('the ledger is closed');
  await pause(50);
  return { booked: amount, account: task.attributes.account };
});

interface Put {
  readonly items: number;
  /** The first attempt puts them in, and then fails before it can say so. */
  readonly failsAfterwards?: boolean;
}

interface Basket {
  items: number;
  readonly transactions: Set<string>;
}

/** In memory, so that the example needs no table. It goes with the instance: a real plugin keeps its sessions in a store of its own. */
const baskets = new Map<string, Basket>();

/**
 * Puts items into the basket of a session. No other task of the session is performed meanwhile, and the transaction says whether an
 * earlier attempt of this task has put them in already.
 */
export const basket = definePlugin(({ items, failsAfterwards }: Put, task) => {
  const { sessionId = '', transactionId = '' } = task;
  const own = baskets.get(sessionId) ?? { items: 0, transactions: new Set() };
  baskets.set(sessionId, own);
  if (!own.transactions.has(transactionId)) own.items += items;
  own.transactions.add(transactionId);
  if (failsAfterwards && task.attempt === 1) throw new Error(`no answer to ${transactionId}`);
  return { items, sessionId, transactionId };
});
