import { beginningOf, INTERVAL_MS } from '../contract/intervals.ts';
import type { Instant } from '../core/json.ts';
import type { IntervalLength } from '../ports/intervals.ts';
import type { Item, Key, Table } from './table.ts';

const DAY_SECONDS = 86_400;

const KEPT_SECONDS: Readonly<Record<IntervalLength, number>> = {
  minute: 3 * DAY_SECONDS,
  hour: 100 * DAY_SECONDS,
};

/** So much of an ISO 8601 instant names an interval: `2026-11-26T07:15`, `2026-11-26T07`. */
const CHARACTERS: Readonly<Record<IntervalLength, number>> = { minute: 16, hour: 13 };

/** Minutes are summed up when they are over for this long: what was on its way to them has come. */
const SETTLES_MS = 60_000;

/** How far back hours are still summed up: `observe` may have failed for that long. */
const UNSUMMED_MS = 6 * INTERVAL_MS.hour;

export interface IntervalItem {
  /** When the interval began. */
  readonly at: Instant;
  readonly item: Item;
}

/** Makes one item of those of an hour's minutes; undefined where there is nothing to keep. */
type Sum = (minutes: readonly Item[]) => Item | undefined;

/** Where something is kept by the minute, and by the hour: `pk = <partition>`, `sk = minute#2026-11-26T07:15` or `hour#2026-11-26T07`. */
export function createIntervalItems(table: Table, partition: string, sum: Sum) {
  let summedUntil: Instant | undefined;

  return {
    placeOf,

    /** What is kept from one instant until before another, oldest first. Of the latest hours that are not summed up yet, it makes the sums. */
    async read(
      per: IntervalLength,
      from: Instant,
      to: Instant,
      now: Instant,
    ): Promise<readonly IntervalItem[]> {
      const items = await stored(per, from, to);
      if (per === 'minute') return items;
      const known = new Set(items.map(({ at }) => at));
      const unsummed = beginningOf(now - UNSUMMED_MS, INTERVAL_MS.hour);
      const late = (await hoursOf(Math.max(from, unsummed), to)).filter(({ at }) => !known.has(at));
      return [...items, ...late].sort((a, b) => a.at - b.at);
    },

    /** Sums up each hour that is over. Once an hour, it reads the minutes of the last six. */
    async sumUp(now: Instant): Promise<void> {
      const until = beginningOf(now - SETTLES_MS, INTERVAL_MS.hour);
      if (summedUntil === until) return;
      const from = until - UNSUMMED_MS;
      const known = new Set((await stored('hour', from, until)).map(({ at }) => at));
      for (const { at, item } of await hoursOf(from, until)) {
        if (!known.has(at)) await table.put({ ...item, ...placeOf('hour', at) });
      }
      summedUntil = until;
    },
  };

  /** The key of the interval in which the instant lies, and when its item expires. */
  function placeOf(per: IntervalLength, at: Instant): Key & { readonly expiresAt: number } {
    const beginning = beginningOf(at, INTERVAL_MS[per]);
    const expiresAt = beginning / 1000 + KEPT_SECONDS[per];
    return { pk: partition, sk: sortKeyOf(per, beginning), expiresAt };
  }

  async function hoursOf(from: Instant, to: Instant): Promise<readonly IntervalItem[]> {
    if (from >= to) return [];
    const minutes = await stored('minute', from, to);
    const byHour = Map.groupBy(minutes, ({ at }) => beginningOf(at, INTERVAL_MS.hour));
    return [...byHour].flatMap(([at, ofHour]) => {
      const item = sum(ofHour.map(({ item }) => item));
      return item === undefined ? [] : [{ at, item }];
    });
  }

  async function stored(
    per: IntervalLength,
    from: Instant,
    to: Instant,
  ): Promise<readonly IntervalItem[]> {
    const found: IntervalItem[] = [];
    const query = {
      partition: ['pk', partition] as const,
      from: ['sk', sortKeyOf(per, from)] as const,
      // No more than there are: what comes after them would be read for nothing.
      limit: Math.max(1, Math.ceil((to - from) / INTERVAL_MS[per])),
    };
    for await (const page of table.pages(query)) {
      for (const item of page) {
        const at = instantOf(per, String(item.sk));
        if (at === undefined || at >= to) return found;
        found.push({ at, item });
      }
    }
    return found;
  }
}

export type IntervalItems = ReturnType<typeof createIntervalItems>;

function sortKeyOf(per: IntervalLength, at: Instant): string {
  return `${per}#${new Date(at).toISOString().slice(0, CHARACTERS[per])}`;
}

/** Undefined for the key of an interval of another length. */
function instantOf(per: IntervalLength, sortKey: string): Instant | undefined {
  const [length, text = ''] = sortKey.split('#');
  if (length !== per) return undefined;
  return Date.parse(per === 'hour' ? `${text}:00Z` : `${text}Z`);
}
