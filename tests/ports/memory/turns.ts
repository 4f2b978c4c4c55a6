import type { PlaceInWait, Sharer, Turn } from '../../../src/core/turns.ts';
import { isSameTurn, isSameWait } from '../../../src/core/turns.ts';
import type { SharedTurns, Turns } from '../../../src/ports/turns.ts';

type Known = { -readonly [Key in keyof SharedTurns]: SharedTurns[Key] };

export function createMemoryTurns(): Turns {
  const sharers = new Map<string, Sharer & { known: Known }>();
  let line: readonly PlaceInWait[] = [];

  const keyOf = ({ plugin, client }: Sharer) => `${plugin}#${client}`;
  const isOf = (of: Sharer) => (one: Sharer) => keyOf(one) === keyOf(of);
  const isAmong = (turns: readonly Turn[]) => (turn: Turn) =>
    turns.some((one) => isSameTurn(one, turn));
  const knownOf = ({ plugin, client }: Sharer): Known => {
    const one = sharers.get(keyOf({ plugin, client })) ?? { plugin, client, known: { taken: [] } };
    sharers.set(keyOf(one), one);
    return one.known;
  };
  const undoubt = (known: Known, turns: readonly Turn[]) => {
    const left = known.doubted?.turns.filter((turn) => !isAmong(turns)(turn)) ?? [];
    if (left.length === 0) delete known.doubted;
    else known.doubted = { turns: left, since: known.doubted?.since ?? 0 };
  };
  const withoutTurns = (known: Known, turns: readonly Turn[]) => {
    known.taken = known.taken.filter((turn) => !isAmong(turns)(turn));
  };

  return {
    take: async (asked, most, inLine) => {
      const [first] = asked;
      if (first === undefined) return [];
      const known = knownOf(first);
      const turns = asked.map(({ plugin, client, orderId, taskId, takenFor }) => ({
        ...{ plugin, client, orderId, taskId, takenFor },
      }));
      const isClosed = known.waiting !== undefined && !inLine;
      for (const turn of turns) {
        const isFull = known.taken.length >= most || isClosed;
        if (!isFull && !isAmong(known.taken)(turn)) known.taken = [...known.taken, turn];
      }
      const got = asked.filter(isAmong(known.taken));
      undoubt(known, got);
      return got;
    },

    giveBack: async (turns) => {
      const [first] = turns;
      if (first === undefined) return { taken: [] };
      const known = knownOf(first);
      withoutTurns(known, turns);
      return { ...known };
    },

    doubt: async (of, turns, since) => {
      if (turns.length === 0) delete knownOf(of).doubted;
      else knownOf(of).doubted = { turns, since };
    },

    giveBackDoubted: async (turns) => {
      const [first] = turns;
      if (first === undefined) return { taken: [] };
      const known = knownOf(first);
      const doubted = turns.filter(isAmong(known.doubted?.turns ?? []));
      withoutTurns(known, doubted);
      undoubt(known, doubted);
      return { ...known };
    },

    wait: async ({ plugin, client, orderId, taskId, since, entry }) => {
      const place = { plugin, client, orderId, taskId, since, entry };
      line = [...line.filter((one) => !isSameWait(one, place)), place];
      const known = knownOf(place);
      known.waiting = `${orderId}#${taskId}#${entry}`;
      return { ...known };
    },

    leave: async (place) => {
      line = line.filter((one) => !isSameWait(one, place));
    },

    first: async (of, count) =>
      line
        .filter(isOf(of))
        .toSorted((a, b) => a.since - b.since)
        .slice(0, count),

    nobodyWaits: async (of, waiting) => {
      const known = knownOf(of);
      if (known.waiting === waiting) delete known.waiting;
    },

    of: async (sharer) => ({ ...(sharers.get(keyOf(sharer))?.known ?? { taken: [] }) }),

    atPlugin: async (name) =>
      [...sharers.values()]
        .filter(({ plugin }) => plugin === name)
        .map(({ plugin, client, known }) => ({ plugin, client, ...known })),

    forget: async (of) => {
      const { taken, waiting } = knownOf(of);
      if (taken.length === 0 && waiting === undefined) sharers.delete(keyOf(of));
    },

    countWaiting: async (of) => line.filter(isOf(of)).length,
  };
}
