import type { Instant } from '../core/json.ts';
import type { WakeUp } from '../core/order.ts';
import type {
  ActiveOrder,
  ActiveOrders,
  ActiveOrdersSurvey,
  ListedOrder,
  StuckOrder,
} from '../ports/active-orders.ts';
import type { Clock } from '../ports/clock.ts';
import { gathered } from './gathered.ts';
import { shardOf, shards } from './shard.ts';
import type { Condition, Item, Key, Query, Table } from './table.ts';

/**
 * Most orders are put and removed once: 8 partitions of 1,000 writes a second carry 4,000 orders a second. Twice as many would double
 * what the sweep costs while there is nothing to do.
 */
const SHARDS = 8;

/** Counted one by one, up to here. To count 10,000 takes 30 read units; to count a million would take 3,000 a minute. */
const COUNTED_EXACTLY = 10_000;

/**
 * A survey of more orders than that is told again for a minute for each 4,000 of them, for an hour at most. Whoever asks once a minute
 * so reads no more than for 10,000 orders, whatever their number; a survey each minute would cost $3 a month for 100,000.
 */
const ORDERS_A_MINUTE = 4000;
const TOLD_AGAIN_MINUTES = 60;

/** Of no more orders than these, each one is in the sample. */
const SAMPLED_WHOLE = 500;

const EXISTS: Condition = { expression: 'attribute_exists(pk)' };
const IS_NEW_HERE: Condition = { expression: 'attribute_not_exists(pk)' };
const IS_EMPTY: Condition = { expression: 'attribute_not_exists(orders)' };

/** Digits of an instant in a sort key: enough until the year 33658. */
const INSTANT_DIGITS = 15;

/** `pk = active#stuck`, `sk = <order>`: the orders that are marked. */
const MARKED = ['pk', 'active#stuck'] as const;

/**
 * `pk = active#<shard>`, `sk = <wake-up's instant>#<order>#<wake-up's entry>`: what is due lies in front, and the sweep reads
 * no more than that. To move a wake-up is a put and a delete, two write units; an order that ends within a minute never moves one.
 *
 * A group has `sk = <wake-up's instant>#<first order>#0+`, and `orders`, the set of those that stand there still. Those that come or
 * go in the same moment do so in one write: of ten that are placed together and end in three batches each costs half a unit, not two.
 * The last ones to go take the item with them. If they die before that, the sweep is told that the first order stands there, finds that
 * it does not, and removes it.
 */
export function createActiveOrders(table: Table, clock: Clock = Date.now): ActiveOrders {
  let surveyed: { readonly survey: ActiveOrdersSurvey; readonly until: Instant } | undefined;

  /** @returns those that did not stand there yet */
  const join = gathered(nameOfPlace, async (all: readonly ActiveOrder[]) => {
    const [{ orderId, wakeUp, workflow }] = all as [ActiveOrder];
    const set = { workflow: workflow.name, version: workflow.version };
    let ids = idsOf(all);
    while (ids.length > 0) {
      const change = { add: { orders: ids }, set };
      const joined = await table.change(keyOf(orderId, wakeUp), change, noneStands(ids));
      if (joined.done) break;
      const there = membersOf(joined.found);
      ids = ids.filter((id) => !there.includes(id));
    }
    return ids;
  });

  /** @returns those that stood there */
  const leave = gathered(nameOfPlace, async (all: readonly Standing[]) => {
    const [{ orderId, wakeUp }] = all as [Standing];
    const key = keyOf(orderId, wakeUp);
    let ids = idsOf(all);
    for (;;) {
      const left = await table.change(key, { take: { orders: ids } }, allStand(ids));
      const there = left.done ? ids : membersOf(left.found);
      const gone = ids.filter((id) => there.includes(id));
      if (left.done || gone.length === 0) {
        await clearAway(key, left.done ? left.item : left.found, all);
        return gone;
      }
      ids = gone;
    }
  });

  /** What is left behind in the place by those who are gone from it. */
  async function clearAway(key: Key, left: Item, gone: readonly Standing[]): Promise<void> {
    const isThere = left.pk !== undefined;
    const marks = gone.map(markOf).filter((mark) => mark in left);
    if (isThere && left.orders === undefined) await table.delete(key, IS_EMPTY);
    else if (marks.length > 0) await table.change(key, { remove: marks }, EXISTS);
  }

  return {
    async put(order) {
      const { orderId, wakeUp, workflow } = order;
      if (wakeUp.group !== undefined) {
        return (await join(order)).includes(orderId) ? 'added' : 'existed';
      }
      const { name, version } = workflow;
      const item = { ...keyOf(orderId, wakeUp), workflow: name, version };
      return (await table.put(item, IS_NEW_HERE)).done ? 'added' : 'existed';
    },

    async has(orderId, wakeUp) {
      const item = await table.get(keyOf(orderId, wakeUp));
      if (wakeUp.group === undefined || item === undefined) return item !== undefined;
      return membersOf(item).includes(orderId);
    },

    async remove(orderId, wakeUp) {
      if (wakeUp.group !== undefined) {
        return (await leave({ orderId, wakeUp })).includes(orderId);
      }
      return (await table.delete(keyOf(orderId, wakeUp), EXISTS)).done;
    },

    async setAside(orderId, wakeUp, until) {
      const change = { set: { [markOf({ orderId, wakeUp })]: until } };
      const stands = wakeUp.group === undefined ? EXISTS : allStand([orderId]);
      await table.change(keyOf(orderId, wakeUp), change, stands);
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
      const counts = await Promise.all([countUpTo(COUNTED_EXACTLY, overdue), countMarked()]);
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
    const { count, isWhole } = await countUpTo(COUNTED_EXACTLY);
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

  async function countUpTo(
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

  async function countOf(partition: Query['partition']): Promise<number> {
    let count = 0;
    for await (const page of countsOf({ partition })) count += page;
    return count;
  }

  /** A count of items would take a group for one order. */
  async function* countsOf(query: Query): AsyncGenerator<number> {
    for await (const page of table.pages({ ...query, only: ['orders'] })) {
      yield page.reduce((sum, item) => sum + (item.orders ? membersOf(item).length : 1), 0);
    }
  }

  async function countMarked(): Promise<number> {
    let count = 0;
    for await (const page of table.counts({ partition: MARKED })) {
      count += page;
      if (count >= COUNTED_EXACTLY) break;
    }
    return count;
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

function allStand(ids: readonly string[]): Condition {
  const expression = ids.map((_, index) => `contains(orders, :o${index})`).join(' AND ');
  return { expression, values: Object.fromEntries(ids.map((id, index) => [`o${index}`, id])) };
}

function noneStands(ids: readonly string[]): Condition {
  const { expression, ...rest } = allStand(ids);
  return { ...rest, expression: expression.replaceAll('contains', 'NOT contains') };
}

function idsOf(orders: readonly Standing[]): readonly string[] {
  return [...new Set(orders.map(({ orderId }) => orderId))];
}

/** An order, and the wake-up under which it stands. */
type Standing = Pick<ActiveOrder, 'orderId' | 'wakeUp'>;

function keyOf(orderId: string, { at, entry, group }: WakeUp): Key {
  const name = group ?? orderId;
  return {
    pk: partitionOf(shardOf(name, SHARDS))[1],
    sk: `${digitsOf(at)}#${name}#${entry}${group === undefined ? '' : GROUP}`,
  };
}

/** How the sort key of a group ends. */
const GROUP = '+';

function nameOfPlace({ orderId, wakeUp }: Standing): string {
  return keyOf(orderId, wakeUp).sk;
}

/** The attribute that says until when the order is set aside. */
function markOf({ orderId, wakeUp: { group } }: Standing): string {
  return group === undefined ? 'setAsideUntil' : `setAsideUntil ${orderId}`;
}

function partitionOf(shard: number) {
  return ['pk', `active#${shard}`] as const;
}

function digitsOf(instant: number): string {
  return String(Math.min(instant, 10 ** INSTANT_DIGITS - 1)).padStart(INSTANT_DIGITS, '0');
}

function membersOf({ orders }: Item): readonly string[] {
  return Array.isArray(orders) ? (orders as readonly string[]) : [];
}

/** Of a group that was emptied and left there, its name. */
function idsIn(item: Item): readonly string[] {
  return item.orders === undefined ? [nameIn(item.sk)] : membersOf(item);
}

function ordersIn(item: Item): readonly ActiveOrder[] {
  const workflow = { name: String(item.workflow), version: Number(item.version) };
  const wakeUp = wakeUpIn(item.sk);
  return idsIn(item).map((orderId) => {
    const setAsideUntil = item[markOf({ orderId, wakeUp })];
    return {
      ...{ orderId, wakeUp, workflow },
      ...(setAsideUntil !== undefined && { setAsideUntil: Number(setAsideUntil) }),
    };
  });
}

function nameIn(sk: Item[string]): string {
  const key = String(sk);
  return key.slice(INSTANT_DIGITS + 1, key.lastIndexOf('#'));
}

function wakeUpIn(sk: Item[string]): WakeUp {
  const key = String(sk);
  const at = Number(key.slice(0, INSTANT_DIGITS));
  const entry = Number.parseInt(key.slice(key.lastIndexOf('#') + 1), 10);
  return { at, entry, ...(key.endsWith(GROUP) && { group: nameIn(key) }) };
}

/** Starts at a random shard, so that a sweep that runs out of time does not always skip the same ones. */
function inAnyOrder(all: readonly number[]): readonly number[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
