import type { Clock } from '../ports/clock.ts';
import type { History, PluginSample, Sample, SystemSample } from '../ports/history.ts';
import { createIntervalItems } from './interval-items.ts';
import type { Item, Table } from './table.ts';

/** The numbers in the order in which they are stored. They have no names there: each kilobyte of an item is a write unit. */
const OF_SYSTEM = ['active', 'stuck', 'queued', 'inFlight', 'parked', 'remaining'] as const;
const OF_PLUGIN = [
  ...(['queued', 'inFlight', 'parked', 'concurrency'] as const),
  ...(['oldestSeconds', 'instances'] as const),
];

type Numbers = readonly (number | null)[];

/** What an item holds as JSON. */
interface Packed {
  readonly system: Numbers;
  readonly plugins: Readonly<Record<string, Numbers>>;
}

/** Each minute and hour is an item under `history`: `sample`, some 30 bytes a plugin that was not at rest. */
export function createHistory(table: Table, clock: Clock): History {
  const intervals = createIntervalItems(table, 'history', sumOf);

  return {
    async keep({ at, system, plugins }) {
      const packed: Packed = {
        system: numbersOf(system, OF_SYSTEM),
        plugins: mapped(plugins, (one) => numbersOf(one, OF_PLUGIN)),
      };
      await table.put({ ...intervals.placeOf('minute', at), sample: JSON.stringify(packed) });
    },

    async read(per, from, to) {
      const items = await intervals.read(per, from, to, clock());
      return items.map(({ at, item }): Sample => {
        const { system, plugins } = packedIn(item);
        return {
          at,
          system: named<SystemSample>(system, OF_SYSTEM),
          plugins: mapped(plugins, (numbers) => named<PluginSample>(numbers, OF_PLUGIN)),
        };
      });
    },

    sumUp: () => intervals.sumUp(clock()),
  };
}

/** The most that each number came to. */
function sumOf(minutes: readonly Item[]): Item {
  const all = minutes.map(packedIn);
  const byName = new Map<string, Numbers>();
  for (const [name, numbers] of all.flatMap((one) => Object.entries(one.plugins))) {
    byName.set(name, mostOf(byName.get(name) ?? [], numbers));
  }
  const system = all.reduce((most, one) => mostOf(most, one.system), [] as Numbers);
  const packed: Packed = { system, plugins: Object.fromEntries(byName) };
  return { sample: JSON.stringify(packed) };
}

function mostOf(some: Numbers, others: Numbers): Numbers {
  return others.map((other, index) => {
    const one = some[index] ?? null;
    return one === null || other === null ? (one ?? other) : Math.max(one, other);
  });
}

function packedIn({ sample }: Item): Packed {
  return JSON.parse(String(sample)) as Packed;
}

function numbersOf<Known extends object>(known: Known, names: readonly (keyof Known)[]): Numbers {
  return names.map((name) => (known[name] as number | undefined) ?? null);
}

/** @param names as the numbers were stored: a number that is unknown is left out */
function named<Known>(numbers: Numbers, names: readonly (keyof Known & string)[]): Known {
  const all = names.map((name, index) => [name, numbers[index] ?? null] as const);
  return Object.fromEntries(all.filter(([, number]) => number !== null)) as Known;
}

function mapped<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
