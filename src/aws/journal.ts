import type { JournalEntry } from '../core/journal-entry.ts';
import type { Instant } from '../core/json.ts';
import { hasEnded } from '../core/order.ts';
import type { Journal } from '../ports/journal.ts';
import { listingOf } from './listing.ts';
import { packEntry, unpackEntry } from './stored-entry.ts';
import type { Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

const DAY_MS = 86_400_000;

/**
 * Entries expire when their time has come and not sooner, though up to days later; this much before, those of an order
 * that goes on get more time.
 */
const RENEWAL_MARGIN_MS = DAY_MS;

/** `pk = order#<order>`, `sk = e#<entry number>`, `body`: the packed entry, `expiresAt`: seconds since 1970. */
export function createJournal(table: Table, { retentionDays }: { retentionDays: number }): Journal {
  const retentionMs = retentionDays * DAY_MS;

  return {
    async latest(orderId) {
      for await (const [item] of table.pages({ ...allOf(orderId), backwards: true, limit: 1 })) {
        return item && entryOf(item);
      }
      return undefined;
    },

    async entries(orderId) {
      const entries: JournalEntry[] = [];
      for await (const page of table.pages(allOf(orderId))) entries.push(...page.map(entryOf));
      // Entries expire one by one: without its first one, a journal tells nothing any more.
      return entries[0]?.number === 0 ? entries : [];
    },

    async *newestFirst(orderId) {
      for await (const page of table.pages({ ...allOf(orderId), backwards: true, limit: 20 })) {
        yield* page.map(entryOf);
      }
    },

    async append(entry) {
      await renew(entry);
      const { done } = await table.put(
        {
          ...keyOf(entry),
          body: packEntry(entry),
          expiresAt: seconds(neededUntil(entry) + retentionMs),
          ...listingOf(entry),
        },
        IS_NEW,
      );
      return done ? 'stored' : 'taken';
    },
  };

  /**
   * An order may wait longer than entries are kept. The earlier ones are given more time before the first of them
   * expires; an order that ends within the retention period never comes here.
   */
  async function renew(entry: JournalEntry): Promise<void> {
    const { orderId, number, state } = entry;
    const renewable = (expiresAt: Instant) => neededUntil(entry) + RENEWAL_MARGIN_MS > expiresAt;
    if (hasEnded(state) || number === 0 || !renewable(state.acceptedAt + retentionMs)) return;
    const first = await table.get(keyOf({ orderId, number: 0 }));
    if (renewable(Number(first?.expiresAt) * 1000)) {
      const expiresAt = seconds(neededUntil(entry) + RENEWAL_MARGIN_MS + retentionMs);
      for await (const page of table.pages({ ...allOf(orderId), only: ['sk'] })) {
        const keys = page.map((item) => ({ pk: partitionOf(orderId), sk: String(item.sk) }));
        await Promise.all(
          keys.map((key) => table.set(key, { expiresAt }, { expression: 'attribute_exists(pk)' })),
        );
      }
    }
  }
}

function partitionOf(orderId: string): string {
  return `order#${orderId}`;
}

function keyOf({ orderId, number }: Pick<JournalEntry, 'orderId' | 'number'>) {
  return { pk: partitionOf(orderId), sk: `e#${String(number).padStart(6, '0')}` };
}

function allOf(orderId: string) {
  return { partition: ['pk', partitionOf(orderId)] as const, consistent: true };
}

function entryOf(item: Item): JournalEntry {
  const orderId = String(item.pk).slice('order#'.length);
  const number = Number(String(item.sk).slice('e#'.length));
  return unpackEntry(orderId, number, item.body as Uint8Array);
}

/** The instant at which the order is looked at again, at the latest; nobody looks after one that has ended. */
function neededUntil({ at, state }: JournalEntry): Instant {
  return hasEnded(state) ? at : Math.max(at, state.wakeUp.at);
}

function seconds(instant: Instant): number {
  return Math.ceil(instant / 1000);
}
