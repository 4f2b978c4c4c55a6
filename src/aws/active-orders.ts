import type { Instant } from '../core/json.ts';
import type {
  ActiveOrders,
  ActiveOrdersSurvey,
  ListedOrder,
  StuckOrder,
} from '../ports/active-orders.ts';
import type { Clock } from '../ports/clock.ts';
import { allStand, createActiveGroups } from './active-groups.ts';
import {
  EXISTS,
  keyOf,
  markOf,
  membersOf,
  ordersIn,
  partitionOf,
  SHARDS,
} from './active-order-items.ts';
import { COUNTED_EXACTLY, countUpTo } from './count-up-to.ts';
import { digitsOf } from './instant-digits.ts';
import { shards } from './shard.ts';
import type { Condition, Item, Query, Table } from './table.ts';

/**
 * A survey of more orders than that is told again for a minute for each 4,000 of them, for an hour at most. Whoever asks once a minute
 * so reads no more than for 10,000 orders, whatever their number; a survey each minute would cost $3 a month for 100,000.
 */
const ORDERS_A_MINUTE = 4000;
const TOLD_AGAIN_MINUTES = 60;

/** Of no more orders than these, each one is in the sample. */
const SAMPLED_WHOLE = 500;

const IS_NEW_HERE: Condition = { expression: 'attribute_not_exists(pk)' };

/** `pk = active#stuck`, `sk = <order>`: the orders that are marked. */
const MARKED = ['pk', 'active#stuck'] as const;

export function createActiveOrders(table: Table, clock: Clock = Date.now): ActiveOrders {
  const groups = createActiveGroups(table);
  let surveyed: { readonly survey: ActiveOrdersSurvey; readonly until: Instant } | undefined;

  return {
    async put(order) {
      const { orderId, wakeUp, workflow } = order;
      if (wakeUp.group !== undefined) {
        return (await groups.join(order)).includes(orderId) ? 'added' : 'existed';
      }
      const { name, version } = workflow;
      const item = { ...keyOf(order), workflow: name, version };
      return (await table.put(item, IS_NEW_HERE)).done ? 'added' : 'existed';
    },

    async has(orderId, wakeUp) {
      const item = await table.get(keyOf({ orderId, wakeUp }));
      if (wakeUp.group === undefined || item === undefined) return item !== undefined;
      return membersOf(item).includes(orderId);
    },

    async remove(orderId, wakeUp) {
      const order = { orderId, wakeUp };
      if (wakeUp.group !== undefined) return (await groups.leave(order)).includes(orderId);
      return (await table.delete(keyOf(order), EXISTS)).done;
    },

    async setAside(orderId, wakeUp, until) {
      const order = { orderId, wakeUp };
      const stands = wakeUp.group === undefined ? EXISTS : allStand([orderId]);
      await table.change(keyOf(order), { set: { [markOf(order)]: until } }, stands);
    },

    async *due(by) {
      const before = ['sk', `${digitsOf(by + 1)}#`] as const;
      const failures: unknown[] = [];
      for (const shard of inAnyOrder(shards(SHARDS))) {
        const partition = partitionOf(shard);
        const pages = table.pages({ partition, before, consistent: true })[Symbol.asyncIterator]();
        for (;;) {
          const page = await pages.next().catch((error: unknown) => void failures.push(error));
          if (page === undefined || page.done) break;
          if (page.value.length > 0) yield page.value.flatMap(ordersIn);
        }
      }
      if (failures.length > 0) throw failures[0];
    },

    async markStuck(orderId) {
      await table.put({ pk: MARKED[1], sk: orderId });
    },

    async unmarkStuck(orderId) {
      await table.delete({ pk: MARKED[1], sk: orderId });
    },

    async *stuck(dueBefore, after) {
      const from = after === undefined ? undefined : placeIn(after);
      for (const [index, partition] of STUCK_PARTITIONS.entries()) {
        if (index < (from?.index ?? 0)) continue;
        const bound = index === 0 ? undefined : `${digitsOf(dueBefore)}#`;
        const end = index === from?.index ? `${from.sk}${JUST_AFTER}` : bound;
        const until = end && { before: ['sk', end] as const };
        const query = { partition, consistent: true, backwards: true, ...until };
        for await (const page of table.pages(query)) {
          const orders = page.flatMap((item) => stuckOrdersIn(item, index, from));
          if (orders.length > 0) yield orders;
        }
      }
    },

    async countStuck(dueBefore) {
      const overdue = ['sk', `${digitsOf(dueBefore)}#`] as const;
      const counts = await Promise.all([
        countInAllUpTo(COUNTED_EXACTLY, overdue),
        countOf(MARKED, COUNTED_EXACTLY),
      ]);
      return counts[0].count + counts[1];
    },

    async survey() {
      if (surveyed !== undefined && clock() < surveyed.until) return surveyed.survey;
      const survey = await surveyNow();
      const minutes = Math.min(survey.count / ORDERS_A_MINUTE, TOLD_AGAIN_MINUTES);
      const until = clock() + minutes * 60_000;
      surveyed = survey.approximate ? { survey, until } : undefined;
      return survey;
    },
  };

  async function surveyNow(): Promise<ActiveOrdersSurvey> {
    const { count, isWhole } = await countInAllUpTo(COUNTED_EXACTLY);
    const [any = 0] = inAnyOrder(shards(SHARDS));
    if (!isWhole) {
      // The ids are spread evenly, so that one partition tells of all.
      const count = (await countOf(partitionOf(any))) * SHARDS;
      const approximate = { count, approximate: true } as const;
      return { ...approximate, sample: await sampleOf(any) };
    }
    if (count === 0) return { count, sample: [] };
    const sampled = count <= SAMPLED_WHOLE ? shards(SHARDS) : [any];
    const samples = await Promise.all(sampled.map(sampleOf));
    return { count, sample: samples.flat() };
  }

  async function countInAllUpTo(
    most: number,
    before?: readonly [name: string, value: string],
  ): Promise<{ count: number; isWhole: boolean }> {
    const limit = 2 * Math.ceil(most / SHARDS);
    const counts = shards(SHARDS).map((shard) =>
      countsOf({ partition: partitionOf(shard), limit, ...(before && { before }) }),
    );
    let count = 0;
    let open = counts;
    while (open.length > 0 && count <= most) {
      const pages = await Promise.all(open.map((one) => one.next()));
      for (const page of pages) count += page.done ? 0 : page.value;
      open = open.filter((_, index) => !pages[index]?.done);
    }
    return { count, isWhole: open.length === 0 };
  }

  async function countOf(partition: Query['partition'], most = Infinity): Promise<number> {
    return countUpTo(countsOf({ partition }), most);
  }

  /** A count of items would take a group for one order. */
  async function* countsOf(query: Query): AsyncGenerator<number> {
    for await (const page of table.pages({ ...query, only: ['orders'] })) {
      yield page.reduce((sum, item) => sum + (item.orders ? membersOf(item).length : 1), 0);
    }
  }

  /** A page of the shard. Those beyond it are the ones that wake up later. */
  async function sampleOf(shard: number): Promise<readonly ListedOrder[]> {
    const partition = partitionOf(shard);
    const only = ['sk', 'workflow', 'version', 'orders'];
    for await (const page of table.pages({ partition, only })) {
      return page.flatMap(ordersIn).map(({ orderId, workflow }) => ({ orderId, workflow }));
    }
    return [];
  }
}

const STUCK_PARTITIONS = [MARKED, ...shards(SHARDS).map(partitionOf)];

/** Comes after a sort key, and before all others that come after it. */
const JUST_AFTER = ' ';

/** Where an order stands among those that are stuck. */
interface StuckPlace {
  readonly index: number;
  readonly sk: string;
  readonly orderId: string;
}

function placeIn(place: string): StuckPlace {
  const [index, sk = '', orderId = ''] = place.split('/');
  return { index: Number(index), sk, orderId };
}

/** Those of the item that come after that place, backwards like the items. */
function stuckOrdersIn(
  item: Item,
  index: number,
  after: StuckPlace | undefined,
): readonly StuckOrder[] {
  const sk = String(item.sk);
  const isAfter = ({ orderId }: StuckOrder) =>
    index !== after?.index || sk !== after.sk || orderId < after.orderId;
  const place = (orderId: string) => `${index}/${sk}/${orderId}`;
  if (index === 0) return [{ orderId: sk, marked: true, place: place(sk) }].filter(isAfter);
  return ordersIn(item)
    .map(({ orderId, workflow, wakeUp, setAsideUntil }) => ({
      ...{ orderId, marked: false, dueAt: wakeUp.at, workflow },
      ...(setAsideUntil !== undefined && { setAside: true as const }),
      place: place(orderId),
    }))
    .filter(isAfter)
    .sort((a, b) => (a.orderId < b.orderId ? 1 : -1));
}

/** Starts at a random shard, so that a sweep that runs out of time does not always skip the same ones. */
function inAnyOrder(all: readonly number[]): readonly number[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
