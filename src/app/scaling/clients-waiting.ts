import type { Plugin } from '../../core/plugin.ts';
import type { Turns } from '../../ports/turns.ts';

export interface ClientsWaitingPorts {
  readonly turns: Pick<Turns, 'atPlugin' | 'countWaiting'>;
}

/** So many clients of a plugin are named. */
const MOST_NAMED = 10;

/** As many are counted of those of whom somebody waits. */
const MOST_COUNTED = 100;

export interface ClientsWaiting {
  /** The plugin takes so many tasks of one client at once. */
  readonly perClient: number;
  /** Of whom most tasks wait: those first. */
  readonly waiting: readonly {
    readonly client: string;
    readonly tasks: number;
    readonly waiting: number;
  }[];
}

/** By name of the plugins that take so many tasks of one client at once: whose tasks wait. Of the others nothing is read. */
export async function readTurns(
  plugins: readonly Plugin[],
  ports: ClientsWaitingPorts,
): Promise<ReadonlyMap<string, ClientsWaiting>> {
  const read = plugins.map(async ({ name, tasksPerClient: perClient }) => {
    if (perClient === undefined) return [];
    const waiting = await clientsWaiting(name, ports);
    return [[name, { perClient, waiting }] as const];
  });
  return new Map((await Promise.all(read)).flat());
}

async function clientsWaiting(name: string, { turns }: ClientsWaitingPorts) {
  const all = await turns.atPlugin(name);
  const some = all.filter(({ waiting }) => waiting !== undefined).slice(0, MOST_COUNTED);
  const counted = await Promise.all(
    some.map(async ({ plugin, client, taken }) => {
      const waiting = await turns.countWaiting({ plugin, client });
      return { client, tasks: taken.length, waiting };
    }),
  );
  return counted
    .filter(({ waiting }) => waiting > 0)
    .toSorted((a, b) => b.waiting - a.waiting || (a.client < b.client ? -1 : 1))
    .slice(0, MOST_NAMED);
}
