import type { Clock } from '../ports/clock.ts';
import type { Count, CountedBy, Counts, HowEnded } from '../ports/counts.ts';
import type { IntervalItem } from './interval-items.ts';
import { createIntervalItems } from './interval-items.ts';
import type { Item, Table } from './table.ts';
import type { Tally } from './uncounted-ends.ts';
import { createUncountedEnds } from './uncounted-ends.ts';

/** Names of attributes begin so. They are short: each kilobyte of an item costs a write unit with every write. */
const PREFIXES: Readonly<Record<CountedBy, string>> = {
  workflow: 'w',
  plugin: 'p',
  errorCode: 'e',
};
const SUFFIXES: Readonly<Record<HowEnded, string>> = {
  completed: 'c',
  failed: 'f',
  cancelled: 'x',
};

/** An expression takes 4 KB, and 300 operators. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MOST_AT_ONCE = 100;

/** Each minute and hour is an item under `counts`; `wc photo` is how many orders of the workflow photo completed, `pf A` how many attempts of A failed. */
export function createCounts(
  table: Table,
  clock: Clock,
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Counts {
  const intervals = createIntervalItems(table, 'counts', sumOf);
  const uncounted = createUncountedEnds();

  return {
    async add(ended) {
      const now = clock();
      uncounted.hold(ended, now);
      const tallies = uncounted.take(now);
      const { expiresAt, ...key } = intervals.placeOf('minute', now);
      for (let from = 0; from < tallies.length; from += MOST_AT_ONCE) {
        const some = tallies.slice(from, from + MOST_AT_ONCE);
        try {
          await table.add(key, amountsOf(some), { expiresAt });
        } catch (error) {
          tell(some, error as Error);
        }
      }
    },

    async read(by, per, from, to) {
      const items = await intervals.read(per, from, to, clock());
      return items.flatMap((one) => countsIn(one, by));
    },

    sumUp: () => intervals.sumUp(clock()),
  };

  function tell(tallies: readonly Tally[], { message: reason }: Error): void {
    const timestamp = new Date(clock()).toISOString();
    const line = { level: 'WARN', message: 'ends not counted', timestamp, service: 'baton' };
    const ends = tallies.reduce((sum, { count }) => sum + count, 0);
    write(JSON.stringify({ ...line, ends, reason }));
  }
}

function amountsOf(tallies: readonly Tally[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    tallies.map(({ ended: { by, how, name }, count }) => [
      `${PREFIXES[by]}${SUFFIXES[how]} ${name}`,
      count,
    ]),
  );
}

function countsIn({ at, item }: IntervalItem, by: CountedBy): readonly Count[] {
  const counts = new Map<string, Count>();
  for (const [how, suffix] of Object.entries(SUFFIXES)) {
    const beginning = `${PREFIXES[by]}${suffix} `;
    for (const [attribute, value] of Object.entries(item)) {
      if (!attribute.startsWith(beginning)) continue;
      const name = attribute.slice(beginning.length);
      const none = { name, at, completed: 0, failed: 0, cancelled: 0 };
      counts.set(name, { ...none, ...counts.get(name), [how]: Number(value) });
    }
  }
  return [...counts.values()];
}

/** Whatever is counted has a space in its attribute's name. */
function sumOf(minutes: readonly Item[]): Item {
  const sums: Record<string, number> = {};
  for (const [attribute, value] of minutes.flatMap(Object.entries)) {
    if (attribute.includes(' ')) sums[attribute] = (sums[attribute] ?? 0) + Number(value);
  }
  return sums;
}
