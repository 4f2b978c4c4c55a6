import { beginningOf, INTERVAL_MS } from '../contract/intervals.ts';
import type { Instant } from '../core/json.ts';
import type { CountedBy, Ended } from '../ports/counts.ts';
import { OTHERS } from '../ports/counts.ts';

/** With so many ends, an instance stores them: then the write is a few hundredths of what they cost. */
const MOST_HELD = 50;

/** However many ends come, an instance stores no more often. */
const LEAST_PAUSE_MS = 1000;

/** Fewer ends than that are stored when an order has ended, this often in a minute: a lone order shows at once. */
const STORED_A_MINUTE = 6;

/** Names that an instance tells apart in an hour. A system has 200 plugins; codes of errors are their authors', and might be any number. */
const MOST_NAMES: Readonly<Record<CountedBy, number>> = {
  workflow: 200,
  plugin: 200,
  errorCode: 50,
};

/** Ends of one kind under one name, and how many. */
export interface Tally {
  readonly ended: Ended;
  readonly count: number;
}

/**
 * The ends that an instance has not stored yet. Lambda freezes an instance between two invocations, and may end it there without a word: what
 * it holds then is lost. So it holds little, as far as that is cheap:
 *
 * - It stores when an order has ended, six times a minute at most. A lone order is stored with its end, for one write unit.
 * - It stores 50 ends at once, once a second at most. Of a burst, an instance holds no more in the end than 50, or what a second brought.
 * - What it still holds from an earlier minute it stores with whatever comes next.
 *
 * An instance that is busy all month writes 259,200 units for its orders' ends, $0.16 at us-east-1's price. One that is idle writes nothing.
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 */
export function createUncountedEnds() {
  let tallies = new Map<string, Tally>();
  let held = 0;
  let heldSince: Instant = 0;
  let orderHasEnded = false;
  let stored = { minute: Number.NaN, times: 0, at: Number.NEGATIVE_INFINITY };
  let names = { hour: Number.NaN, known: noNames() };

  return {
    hold(ended: readonly Ended[], now: Instant): void {
      for (const one of ended) {
        const name = nameOf(one, now);
        const key = `${one.by} ${one.how} ${name}`;
        const count = (tallies.get(key)?.count ?? 0) + 1;
        tallies.set(key, { ended: { ...one, name }, count });
        if (held === 0) heldSince = now;
        held += 1;
        orderHasEnded ||= one.by === 'workflow';
      }
    },

    /** What is to be stored now: nothing, or all that is held. */
    take(now: Instant): readonly Tally[] {
      if (!isDue(now)) return [];
      const taken = [...tallies.values()];
      const minute = minuteOf(now);
      const times = stored.minute === minute ? stored.times + 1 : 1;
      stored = { minute, times, at: now };
      tallies = new Map();
      held = 0;
      orderHasEnded = false;
      return taken;
    },
  };

  function isDue(now: Instant): boolean {
    if (held === 0) return false;
    if (held >= MOST_HELD) return now - stored.at >= LEAST_PAUSE_MS;
    const isNewMinute = minuteOf(heldSince) !== minuteOf(now);
    const mayStore = stored.minute !== minuteOf(now) || stored.times < STORED_A_MINUTE;
    return mayStore && (orderHasEnded || isNewMinute);
  }

  function nameOf({ by, name }: Ended, now: Instant): string {
    const hour = beginningOf(now, INTERVAL_MS.hour);
    if (names.hour !== hour) names = { hour, known: noNames() };
    const known = names.known[by];
    if (known.has(name)) return name;
    if (known.size >= MOST_NAMES[by]) return OTHERS;
    known.add(name);
    return name;
  }
}

function minuteOf(at: Instant): Instant {
  return beginningOf(at, INTERVAL_MS.minute);
}

function noNames(): Readonly<Record<CountedBy, Set<string>>> {
  return { workflow: new Set(), plugin: new Set(), errorCode: new Set() };
}
