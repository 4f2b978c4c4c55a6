import { defined } from '../core/defined.ts';
import type { ActiveOrder, ActiveOrders, Arming, ListedOrder } from '../ports/active-orders.ts';
import { shardOf, shards } from './shard.ts';
import type { Condition, Item, Table, Written } from './table.ts';
import { IS_NEW } from './table.ts';

/** An order is added, armed and removed: 8 partitions carry some 2,500 orders a second. */
const SHARDS = 8;

const EXISTS = 'attribute_exists(pk)';

/** `armedIn` is the entry that set `wakeUpAt`. `set` names its own values by their attributes. */
const isArmedBetween = (after: number): Condition => ({
  expression: `${EXISTS} AND armedIn >= :after AND armedIn <= :armedIn`,
  values: { after },
});

const hasArmed = (after: number): Condition => ({
  expression: `attribute_not_exists(pk) OR armedIn >= :after`,
  values: { after },
});

const IS_LATER: Condition = { expression: `${EXISTS} AND wakeUpAt > :wakeUpAt` };

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
      return (await table.put(item, IS_NEW)).done ? 'added' : 'existed';
    },

    async arm(orderId, { at, entry, after }) {
      const armed = { wakeUpAt: at, armedIn: entry, setAsideUntil: 0 };
      return armingOf(await table.set(keyOf(orderId), armed, isArmedBetween(after)), after);
    },

    async hasten(orderId, at) {
      await table.set(keyOf(orderId), { wakeUpAt: at }, IS_LATER);
    },

    async setAside(orderId, until) {
      await table.set(keyOf(orderId), { setAsideUntil: until }, { expression: EXISTS });
    },

    async remove(orderId, after) {
      if (after === undefined) return armingOf(await table.delete(keyOf(orderId)), 0);
      return armingOf(await table.delete(keyOf(orderId), hasArmed(after)), after);
    },

    async list() {
      const orders: ListedOrder[] = [];
      const only = ['sk', 'workflow', 'version'];
      const readShard = async (shard: number) => {
        for await (const page of table.pages({ ...allOf(shard), only })) {
          orders.push(...page.map(listedOrderOf));
        }
      };
      await Promise.all(shards(SHARDS).map(readShard));
      return orders;
    },

    async *pages() {
      for (const shard of inAnyOrder(shards(SHARDS))) {
        for await (const page of table.pages(allOf(shard))) {
          if (page.length > 0) yield page.map(orderOf);
        }
      }
    },
  };
}

function armingOf(written: Written, after: number): Arming {
  if (written.done) return 'done';
  const { armedIn } = written.found;
  return armedIn !== undefined && Number(armedIn) < after ? 'behind' : 'newer';
}

function keyOf(orderId: string) {
  return { pk: `active#${shardOf(orderId, SHARDS)}`, sk: orderId };
}

function allOf(shard: number) {
  return { partition: ['pk', `active#${shard}`] as const, consistent: true };
}

function listedOrderOf({ sk, workflow, version }: Item): ListedOrder {
  return {
    orderId: String(sk),
    workflow: { name: String(workflow), version: Number(version) },
  };
}

function orderOf(item: Item): ActiveOrder {
  const { wakeUpAt, armedIn, client, acceptedAt, setAsideUntil = 0 } = item;
  return {
    ...listedOrderOf(item),
    wakeUpAt: Number(wakeUpAt),
    armedIn: Number(armedIn),
    ...defined({ client: client === undefined ? undefined : String(client) }),
    acceptedAt: Number(acceptedAt),
    ...(setAsideUntil !== 0 && { setAsideUntil: Number(setAsideUntil) }),
  };
}

/** Starts at a random shard, so that a sweep that runs out of time does not always skip the same ones. */
function inAnyOrder(all: readonly number[]): readonly number[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
