import { beginningOf, INTERVAL_MS } from '../../../src/contract/intervals.ts';
import type { History, Sample } from '../../../src/ports/history.ts';

/** Keeps everything, for ever. */
export function createMemoryHistory(): History {
  const minutes = new Map<number, Sample>();
  return {
    async keep(sample) {
      const at = beginningOf(sample.at, INTERVAL_MS.minute);
      minutes.set(at, { ...sample, at });
    },

    async read(per, from, to) {
      const byInterval = Map.groupBy(minutes.values(), ({ at }) =>
        beginningOf(at, INTERVAL_MS[per]),
      );
      return [...byInterval]
        .filter(([at]) => at >= from && at < to)
        .map(([at, samples]) => ({ ...samples.reduce(most), at }));
    },

    sumUp: async () => undefined,
  };
}

function most(one: Sample, other: Sample): Sample {
  const names = new Set([...Object.keys(one.plugins), ...Object.keys(other.plugins)]);
  return {
    at: one.at,
    system: mostOfEach(one.system, other.system),
    plugins: Object.fromEntries(
      [...names].map((name) => [name, mostOfEach(one.plugins[name], other.plugins[name])]),
    ),
  };
}

function mostOfEach<Numbers extends object>(one?: Numbers, other?: Numbers): Numbers {
  const numbers = [...Object.entries<number>({ ...one }), ...Object.entries<number>({ ...other })];
  const byName = Map.groupBy(numbers, ([name]) => name);
  return Object.fromEntries(
    [...byName].map(([name, all]) => [name, Math.max(...all.map(([, number]) => number))]),
  ) as Numbers;
}
