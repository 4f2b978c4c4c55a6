import type { ParkedOrder } from '../core/parking.ts';
import type { ParkedOrders } from '../ports/parked-orders.ts';
import { COUNTED_EXACTLY, countUpTo } from './count-up-to.ts';
import { digitsOf, INSTANT_DIGITS } from './instant-digits.ts';
import { shardOf, shards } from './shard.ts';
import type { Item, Table } from './table.ts';

/** Orders are parked as fast as they come: one partition takes 1,000 of them a second. */
const SHARDS = 4;

/** `pk = parked#<plugin>#<shard>`, `sk = <parked at>#<order>#<entry>`: the order that has waited longest comes first. */
export function createParkedOrders(table: Table): ParkedOrders {
  return {
    async put(place) {
      await table.put(keyOf(place));
    },

    async remove(place) {
      await table.delete(keyOf(place));
    },

    async first(plugin, count) {
      const found = await Promise.all(
        shards(SHARDS).map((shard) => firstOf(partitionOf(plugin, shard), plugin, count)),
      );
      return found
        .flat()
        .sort((a, b) => a.parkedAt - b.parkedAt)
        .slice(0, count);
    },

    async count(plugin) {
      return countUpTo(countsOf(plugin), COUNTED_EXACTLY);
    },
  };

  async function* countsOf(plugin: string): AsyncGenerator<number> {
    for (const shard of shards(SHARDS)) {
      yield* table.counts({ partition: partitionOf(plugin, shard) });
    }
  }

  async function firstOf(
    partition: readonly [string, string],
    plugin: string,
    limit: number,
  ): Promise<readonly ParkedOrder[]> {
    const places: ParkedOrder[] = [];
    for await (const page of table.pages({ partition, limit, consistent: true })) {
      places.push(...page.map((item) => placeOf(item, plugin)));
      if (places.length >= limit) break;
    }
    return places;
  }
}

function partitionOf(plugin: string, shard: number) {
  return ['pk', `parked#${plugin}#${shard}`] as const;
}

function keyOf({ plugin, orderId, parkedAt, entry }: ParkedOrder) {
  return {
    pk: partitionOf(plugin, shardOf(orderId, SHARDS))[1],
    sk: `${digitsOf(parkedAt)}#${orderId}#${entry}`,
  };
}

function placeOf({ sk }: Item, plugin: string): ParkedOrder {
  const key = String(sk);
  const end = key.lastIndexOf('#');
  return {
    plugin,
    parkedAt: Number(key.slice(0, INSTANT_DIGITS)),
    orderId: key.slice(INSTANT_DIGITS + 1, end),
    entry: Number(key.slice(end + 1)),
  };
}
