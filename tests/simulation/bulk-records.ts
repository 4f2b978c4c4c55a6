import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { OrderState } from '../../src/core/order.ts';
import type { Operation } from '../../src/ports/operations.ts';
import { matches } from '../../src/ports/order-filter.ts';

/**
 * Clocks differ, and the list of orders shows what was there a moment ago. An entry says when it was decided on: it was stored after
 * calls that may have hung, and have been tried again.
 */
const UNSURE_MS = 30_000;

/** What was seen of one operation: its latest state, and the orders of each page, by the page's number. */
export interface BulkRecord {
  readonly operation: Operation;
  readonly pages: ReadonlyMap<number, readonly string[]>;
}

/** Watches the operations as they are stored. */
export class BulkRecords {
  readonly records = new Map<string, BulkRecord>();
  readonly #begunAt = new Map<string, Instant>();
  readonly #onPage: (operation: Operation, orderIds: readonly string[], from: Instant) => void;

  /** @param onPage hears of the orders of each page as the page begins, and again when it has been counted, with the instant at which it began */
  constructor(onPage: (operation: Operation, orderIds: readonly string[], from: Instant) => void) {
    this.#onPage = onPage;
  }

  get allHaveEnded(): boolean {
    return [...this.records.values()].every(({ operation }) => operation.status !== 'running');
  }

  stored(operation: Operation, now: Instant): void {
    const { operationId, page, underWay } = operation;
    const before = this.records.get(operationId);
    const pages = new Map(before?.pages);
    const last = before?.operation.page ?? 0;
    const counted = page > last ? pages.get(last) : undefined;
    if (counted !== undefined)
      this.#onPage(operation, counted, this.#begunAt.get(operationId) ?? now);
    if (underWay !== undefined && !pages.has(page)) {
      pages.set(page, underWay.orderIds);
      this.#begunAt.set(operationId, now);
      this.#onPage(operation, underWay.orderIds, now);
    }
    this.records.set(operationId, { operation, pages });
  }
}

/** What is wrong about an act for many orders: it leaves none out, does none twice, and counts each. */
export function wrongOperations(
  records: Iterable<BulkRecord>,
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
): readonly string[] {
  return [...records].flatMap((record) => {
    const { operation } = record;
    const met = [...record.pages.values()].flat();
    const about = (text: string) =>
      `${operation.act.action} of ${JSON.stringify(operation.filter)}: ${text}`;
    return [
      ...(new Set(met).size < met.length ? [about(`an order stands in two pages: ${met}`)] : []),
      ...wrongCounts(record, met, journals).map(about),
      ...leftOut(record, new Set(met), journals).map(about),
    ];
  });
}

function wrongCounts(
  { operation }: BulkRecord,
  met: readonly string[],
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
): readonly string[] {
  const { operationId, status, done, refused, refusals, matched, endedAt } = operation;
  const wrong: string[] = [];
  if (status === 'running') wrong.push(`it never ended, after ${operation.page} pages`);
  else if (endedAt === undefined) wrong.push(`it is ${status}, and nobody knows since when`);
  // One that is stopped in the middle of a page begins no further order of it.
  const isStopped = status === 'stopped' && done + refused < met.length;
  if (done + refused !== met.length && !isStopped)
    wrong.push(`${done} are done and ${refused} refused, of ${met.length}`);
  if (status === 'done' && matched !== met.length)
    wrong.push(`${matched} matched, of ${met.length}`);
  const times = [...journals].flatMap(([orderId, journal]) => {
    const acts = journal.flatMap(({ events }) =>
      events.filter((event) => 'actId' in event && event.actId === operationId),
    );
    return acts.length === 0 ? [] : [[orderId, acts.length] as const];
  });
  for (const [orderId, count] of times) {
    if (count > 1) wrong.push(`it stands ${count} times in the journal of ${orderId}`);
    if (!met.includes(orderId)) wrong.push(`${orderId} is in no page, and its journal has the act`);
  }
  // What counts as refused for a passing reason may have been done.
  const unsure = refusals.INTERNAL ?? 0;
  if (times.length > done + unsure)
    wrong.push(`${times.length} journals have the act, ${done} count`);
  return wrong;
}

/** Orders that matched before it was asked for, and until its end but for itself, and stand in no page. */
function leftOut(
  { operation }: BulkRecord,
  met: ReadonlySet<string>,
  journals: ReadonlyMap<string, readonly JournalEntry[]>,
): readonly string[] {
  const { operationId, filter, askedAt, endedAt, status } = operation;
  if (status !== 'done' || endedAt === undefined) return [];
  return [...journals].flatMap(([orderId, journal]) => {
    const known = journal.filter(({ at }) => at < askedAt - UNSURE_MS).at(-1);
    if (met.has(orderId) || known === undefined) return [];
    const since = journal.slice(known.number + 1);
    const isStill = since.every(
      ({ at, events, state }) =>
        at > endedAt + UNSURE_MS ||
        meant(state) ||
        events.some((event) => 'actId' in event && event.actId === operationId),
    );
    return meant(known.state) && isStill ? [`${orderId} is left out`] : [];
  });

  function meant(state: OrderState): boolean {
    return matches(state, filter);
  }
}
