import { beginningOf, INTERVAL_MS } from '../../../src/contract/intervals.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Count, Counts, Ended } from '../../../src/ports/counts.ts';

/** Stores at once what it is told. */
export function createMemoryCounts(clock: Clock): Counts {
  const all: (Ended & { readonly at: number })[] = [];
  return {
    add: async (ended) => void all.push(...ended.map((one) => ({ ...one, at: clock() }))),

    async read(by, per, from, to) {
      const counts = new Map<string, Count>();
      for (const one of all) {
        const at = beginningOf(one.at, INTERVAL_MS[per]);
        if (one.by !== by || at < from || at >= to) continue;
        const key = `${at} ${one.name}`;
        const count = counts.get(key) ?? {
          at,
          name: one.name,
          completed: 0,
          failed: 0,
          cancelled: 0,
        };
        counts.set(key, { ...count, [one.how]: count[one.how] + 1 });
      }
      return [...counts.values()].sort((a, b) => a.at - b.at);
    },

    sumUp: async () => undefined,
  };
}
