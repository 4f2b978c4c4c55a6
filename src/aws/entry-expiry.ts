import type { PayloadRef, Payloads } from '../contract/payloads.ts';
import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { keptUntil } from '../ports/retention.ts';
import { allOf, expirySeconds, keyOf } from './entry-keys.ts';
import type { Attribute, Item, Key, Table } from './table.ts';
import { IS_THERE } from './table.ts';

/** Entries that get more time at once. If nothing of so many can be written, the table is out of order. */
const RENEWED_AT_ONCE = 100;

/** Moves the instant at which the entries of an order expire, with their payloads in the bucket. */
export function createEntryExpiry(table: Table, payloads: Payloads, retentionDays: number) {
  return {
    renew,
    expire: (entry: JournalEntry, expiresAt: Instant) => expireAt(keyOf(entry), expiresAt),
  };

  /**
   * Gives all earlier entries more time. The newest comes last: the next writer takes the others' expiry from it, and one
   * that dies on the way leaves it as it was. Where some have more time already, somebody has not come to the end of this: if it is enough,
   * only the rest is written. Else a long journal whose writes are refused now and then would never be done.
   * @returns the instant until which they are kept
   */
  async function renew(entry: JournalEntry): Promise<Instant> {
    const { orderId, number } = entry;
    const all: Item[] = [];
    const only = ['sk', 'payload', 'expiresAt'];
    for await (const page of table.pages({ ...allOf(orderId), only })) all.push(...page);
    const longest = all.reduce((most, item) => Math.max(most, Number(item.expiresAt)), 0);
    const expiresAt = keptUntil(entry, longest * 1000, retentionDays);
    const due = all.filter((item) => Number(item.expiresAt) < expirySeconds(expiresAt));
    // The bucket counts an object's days from its last put.
    for (const { payload } of due) if (payload !== undefined) await putAgain(orderId, payload);
    const newest = keyOf({ orderId, number: number - 1 });
    const others = due.map(({ sk }) => String(sk)).filter((sk) => sk !== newest.sk);
    await expireAll(
      others.map((sk) => ({ pk: newest.pk, sk })),
      expiresAt,
    );
    await expireAt(newest, expiresAt);
    return expiresAt;
  }

  /** @throws if any failed: once each has been tried, or as soon as a whole slice has failed */
  async function expireAll(keys: readonly Key[], expiresAt: Instant): Promise<void> {
    const failures: unknown[] = [];
    for (let from = 0; from < keys.length; from += RENEWED_AT_ONCE) {
      const slice = keys.slice(from, from + RENEWED_AT_ONCE);
      const outcomes = await Promise.allSettled(slice.map((key) => expireAt(key, expiresAt)));
      const failed = outcomes.filter((one) => one.status === 'rejected');
      failures.push(...failed.map(({ reason }) => reason));
      if (failed.length === slice.length) break;
    }
    if (failures.length > 0) throw failures[0];
  }

  async function putAgain(orderId: string, payload: Attribute): Promise<void> {
    const ref = JSON.parse(String(payload)) as PayloadRef;
    await payloads.put(orderId, await payloads.get(orderId, ref));
  }

  async function expireAt(key: Key, expiresAt: Instant): Promise<void> {
    await table.set(key, { expiresAt: expirySeconds(expiresAt) }, IS_THERE);
  }
}
