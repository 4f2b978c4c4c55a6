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
