import { defined } from '../core/defined.ts';
import type { ActiveOrder, ActiveOrders } from '../ports/active-orders.ts';
import { shardOf, shards } from './shard.ts';
import type { Condition, Item, Table } from './table.ts';
import { IS_NEW } from './table.ts';

/** An order is added, armed and removed: 8 partitions carry some 2,500 orders a second. */
const SHARDS = 8;

/** `armedIn` is the entry that set `wakeUpAt`; `set` names its own values by their attributes. */
const IS_THERE_AND_NOT_NEWER: Condition = {
  expression: 'attribute_exists(pk) AND armedIn <= :armedIn',
};

/** `pk = active#<shard>`, `sk = order id`. */
export function createActiveOrders(table: Table): ActiveOrders {
  return {
    async add({ orderId, wakeUpAt, workflow, client, acceptedAt }) {
      const { name, version } = workflow;
      const item = {
        ...keyOf(orderId),
        wakeUpAt,
        workflow: name,
        version,
        client,
        acceptedAt,
        armedIn: 0,
      };
      return (await table.put(item, IS_NEW)).done ? 'added' : 'there';
    },

    async arm(orderId, { at, entry }) {
      await table.set(keyOf(orderId), { wakeUpAt: at, armedIn: entry }, IS_THERE_AND_NOT_NEWER);
    },

    async remove(orderId) {
      await table.delete(keyOf(orderId));
    },

    async *pages() {
      for (const shard of inAnyOrder(shards(SHARDS))) {
        const partition = ['pk', `active#${shard}`] as const;
        for await (const page of table.pages({ partition, consistent: true })) {
          if (page.length > 0) yield page.map(orderOf);
        }
      }
    },
  };
}

function keyOf(orderId: string) {
  return { pk: `active#${shardOf(orderId, SHARDS)}`, sk: orderId };
}

function orderOf({ sk, wakeUpAt, workflow, version, client, acceptedAt }: Item): ActiveOrder {
  return {
    orderId: String(sk),
    wakeUpAt: Number(wakeUpAt),
    workflow: { name: String(workflow), version: Number(version) },
    ...defined({ client: client === undefined ? undefined : String(client) }),
    acceptedAt: Number(acceptedAt),
  };
}

/** Starts at a random one, so that a sweep that runs out of time does not always skip the same ones. */
function inAnyOrder(all: readonly number[]): readonly number[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
