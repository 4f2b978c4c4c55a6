import type { PlaceInWait, Sharer, Turn } from '../core/turns.ts';
import { isSameTurn } from '../core/turns.ts';
import type { SharedTurns, Turns } from '../ports/turns.ts';
import { COUNTED_EXACTLY, countUpTo } from './count-up-to.ts';
import { digitsOf } from './instant-digits.ts';
import type { Condition, Item, Table } from './table.ts';

/** Whoever else takes or gives back a turn is done within moments. */
const MOST_RACES = 20;

/**
 * `pk = turns#<plugin>`, `sk = <client>`, `taken`: the set of turns, `waiting`: who has come last of those that wait, `doubted`, `doubtedSince`. One item, so that to count
 * the turns and to take one is one write.
 * `pk = waiting#<plugin>#<client>`, `sk = <since>#<order>#<task>#<entry>`: the task that has waited longest comes first.
 */
export function createTurns(table: Table): Turns {
  return {
    async take(turns, most, inLine) {
      const [first] = turns;
      if (first === undefined) return [];
      let had: readonly Turn[] = [];
      let wanted = turns.slice(0, most);
      for (let races = 0; races < MOST_RACES && wanted.length > 0; races += 1) {
        const names = wanted.map(nameOf);
        const change = { add: { taken: names }, take: { doubted: names } };
        const condition = roomFor(wanted.length, most, inLine);
        const written = await table.change(keyOf(first), change, condition);
        if (written.done) return [...had, ...wanted];
        const found = turnsIn(written.found, first);
        had = await undoubted(turns.filter(isAmong(found.taken)), found);
        const room = found.waiting !== undefined && !inLine ? 0 : most - found.taken.length;
        wanted = turns.filter((turn) => !had.includes(turn)).slice(0, Math.max(0, room));
      }
      return had;
    },

    async giveBack(turns) {
      const [first] = turns;
      if (first === undefined) return { taken: [] };
      const written = await table.change(keyOf(first), { take: { taken: turns.map(nameOf) } });
      return written.done ? turnsIn(written.item, first) : { taken: [] };
    },

    async doubt(of, turns, since) {
      const doubted = turns.map(nameOf);
      const change =
        doubted.length === 0
          ? { remove: ['doubted', 'doubtedSince'] }
          : { set: { doubted, doubtedSince: since } };
      await table.change(keyOf(of), change);
    },

    async giveBackDoubted(turns) {
      let left: SharedTurns = { taken: [] };
      for (const turn of turns) {
        const name = nameOf(turn);
        const change = { take: { taken: [name], doubted: [name] } };
        const written = await table.change(keyOf(turn), change, has('doubted', name));
        left = turnsIn(written.done ? written.item : written.found, turn);
      }
      return left;
    },

    async wait(place) {
      await table.put(keyOfPlace(place));
      const { orderId, taskId, entry: takenFor } = place;
      const waiting = nameOf({ orderId, taskId, takenFor });
      const written = await table.change(keyOf(place), { set: { waiting } });
      return written.done ? turnsIn(written.item, place) : { taken: [] };
    },

    async leave(place) {
      await table.delete(keyOfPlace(place));
    },

    async first(of, limit) {
      const places: PlaceInWait[] = [];
      const partition = ['pk', lineOf(of)] as const;
      for await (const page of table.pages({ partition, limit, consistent: true })) {
        places.push(...page.map((item) => placeIn(item, of)));
        if (places.length >= limit) break;
      }
      return places.slice(0, limit);
    },

    async nobodyWaits(of, waiting) {
      const isSame = { expression: 'waiting = :waiting', values: { waiting } };
      await table.change(keyOf(of), { remove: ['waiting'] }, isSame);
    },

    async of(sharer) {
      return turnsIn((await table.get(keyOf(sharer))) ?? {}, sharer);
    },

    async atPlugin(plugin) {
      const all: (Sharer & SharedTurns)[] = [];
      for await (const page of table.pages({ partition: ['pk', partitionOf(plugin)] })) {
        for (const item of page) {
          const sharer = { plugin, client: String(item.sk) };
          all.push({ ...sharer, ...turnsIn(item, sharer) });
        }
      }
      return all;
    },

    async forget(of) {
      const expression = 'attribute_not_exists(taken) AND attribute_not_exists(waiting)';
      await table.delete(keyOf(of), { expression });
    },

    async countWaiting(of) {
      return countUpTo(table.counts({ partition: ['pk', lineOf(of)] }), COUNTED_EXACTLY);
    },
  };

  /** Those of the turns that are taken still, and that nobody doubts from now on. */
  async function undoubted(turns: readonly Turn[], { doubted }: SharedTurns) {
    const sure: Turn[] = [];
    for (const turn of turns) {
      if (doubted === undefined || !isAmong(doubted.turns)(turn)) sure.push(turn);
      else {
        const name = nameOf(turn);
        const change = { take: { doubted: [name] } };
        const written = await table.change(keyOf(turn), change, has('taken', name));
        if (written.done) sure.push(turn);
      }
    }
    return sure;
  }
}

const isAmong = (turns: readonly Turn[]) => (turn: Turn) =>
  turns.some((one) => isSameTurn(one, turn));

/** The set has this member. */
function has(set: string, member: string): Condition {
  return { expression: `contains(${set}, :member)`, values: { member } };
}

/** So many more may come; and nobody waits who is before them. */
function roomFor(count: number, most: number, inLine: true | undefined): Condition {
  const hasRoom = 'attribute_not_exists(taken) OR size(taken) <= :room';
  return {
    expression: inLine ? hasRoom : `attribute_not_exists(waiting) AND (${hasRoom})`,
    values: { room: most - count },
  };
}

const partitionOf = (plugin: string) => `turns#${plugin}`;

const lineOf = ({ plugin, client }: Sharer) => `waiting#${plugin}#${client}`;

const keyOf = ({ plugin, client }: Sharer) => ({ pk: partitionOf(plugin), sk: client });

function keyOfPlace({ since, orderId, taskId, entry, ...of }: PlaceInWait) {
  return { pk: lineOf(of), sk: `${digitsOf(since)}#${orderId}#${taskId}#${entry}` };
}

/** No part of it holds a `#`. */
function nameOf({ orderId, taskId, takenFor }: Omit<Turn, keyof Sharer>): string {
  return `${orderId}#${taskId}#${takenFor}`;
}

function turnsIn({ taken, waiting, doubted, doubtedSince }: Item, of: Sharer): SharedTurns {
  return {
    taken: turnsNamed(taken, of),
    ...(waiting !== undefined && { waiting: String(waiting) }),
    ...(doubted !== undefined && {
      doubted: { turns: turnsNamed(doubted, of), since: Number(doubtedSince) },
    }),
  };
}

function turnsNamed(names: Item[string], { plugin, client }: Sharer): readonly Turn[] {
  if (!Array.isArray(names)) return [];
  return (names as readonly string[]).map((name) => {
    const [orderId = '', taskId = '', takenFor] = name.split('#');
    return { plugin, client, orderId, taskId, takenFor: Number(takenFor) };
  });
}

function placeIn({ sk }: Item, { plugin, client }: Sharer): PlaceInWait {
  const [since, orderId = '', taskId = '', entry] = String(sk).split('#');
  return { plugin, client, orderId, taskId, since: Number(since), entry: Number(entry) };
}
