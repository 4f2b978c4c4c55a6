import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import type { Item, Key } from './table.ts';

function partitionOf(orderId: string): string {
  return `order#${orderId}`;
}

export function keyOf({ orderId, number }: Pick<JournalEntry, 'orderId' | 'number'>): Key {
  return { pk: partitionOf(orderId), sk: `e#${String(number).padStart(6, '0')}` };
}

/** Which entry an item holds. */
export function identityOf({ pk, sk }: Item): Pick<JournalEntry, 'orderId' | 'number'> {
  return { orderId: String(pk).slice('order#'.length), number: Number(String(sk).slice(2)) };
}

/** All entries of an order, as they are now. */
export function allOf(orderId: string) {
  return { partition: ['pk', partitionOf(orderId)] as const, consistent: true };
}

/** As an item says when it expires: seconds since 1970. */
export function expirySeconds(instant: Instant): number {
  return Math.ceil(instant / 1000);
}
