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
import { shardOf, shards } from './shard.ts';
import type { Item, Table } from './table.ts';

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

const EXISTS = 'attribute_exists(pk)';
const IS_NEW_HERE = 'attribute_not_exists(pk)';

/** Digits of an instant in a sort key: enough until the year 33658. */
const INSTANT_DIGITS = 15;

/** `pk = active#stuck`, `sk = <order>`: the orders that are marked. */
const MARKED = ['pk', 'active#stuck'] as const;

/**
 * `pk = active#<shard>`, `sk = <wake-up's instant>#<order>#<wake-up's entry>`: what is due lies in front, and the sweep reads
 * no more than that. To move a wake-up is a put and a delete, two write units; an order that ends within a minute never moves one.
 */
export function createActiveOrders(table: Table, clock: Clock = Date.now): ActiveOrders {
  let surveyed: { readonly survey: ActiveOrdersSurvey; readonly until: Instant } | undefined;

  return {
    async put({ orderId, wakeUp, workflow: { name, version } }) {
      const item = { ...keyOf(orderId, wakeUp), workflow: name, version };
      const { done } = await table.put(item, { expression: IS_NEW_HERE });
      return done ? 'added' : 'existed';
    },

    async has(orderId, wakeUp) {
      return (await table.get(keyOf(orderId, wakeUp))) !== undefined;
    },

    async remove(orderId, wakeUp) {
      return (await table.delete(keyOf(orderId, wakeUp), { expression: EXISTS })).done;
    },

    async setAside(orderId, wakeUp, until) {
      await table.set(keyOf(orderId, wakeUp), { setAsideUntil: until }, { expression: EXISTS });
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
          if (page.value.length > 0) yield page.value.map(orderOf);
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
      const [from, before] = after === undefined ? [0] : placeIn(after);
      for (const [index, partition] of STUCK_PARTITIONS.entries()) {
        if (index < from) continue;
        const bound = index === 0 ? undefined : `${digitsOf(dueBefore)}#`;
        const end = index === from ? (before ?? bound) : bound;
        const until = end && { before: ['sk', end] as const };
        const query = { partition, consistent: true, backwards: true, ...until };
        for await (const page of table.pages(query)) {
          if (page.length > 0) yield page.map((item) => stuckOrderOf(item, index));
        }
      }
    },

    async countStuck(dueBefore) {
      const overdue = ['sk', `${digitsOf(dueBefore)}#`] as const;
      const counts = await Promise.all([
        countUpTo(COUNTED_EXACTLY, overdue),
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
      table
        .counts({ partition: partitionOf(shard), limit, ...(before && { before }) })
        [Symbol.asyncIterator](),
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

  async function countOf(
    partition: readonly [name: string, value: string],
    most = Infinity,
  ): Promise<number> {
    let count = 0;
    for await (const page of table.counts({ partition })) {
      count += page;
      if (count >= most) break;
    }
    return count;
  }

  /** A page of the shard. Those beyond it are the ones that wake up later. */
  async function sampleOf(shard: number): Promise<readonly ListedOrder[]> {
    const partition = partitionOf(shard);
    for await (const page of table.pages({ partition, only: ['sk', 'workflow', 'version'] })) {
      return page.map(listedOrderOf);
    }
    return [];
  }
}

const STUCK_PARTITIONS = [MARKED, ...shards(SHARDS).map(partitionOf)];

function stuckOrderOf(item: Item, index: number): StuckOrder {
  const place = `${index}/${item.sk}`;
  if (index === 0) return { orderId: String(item.sk), marked: true, place };
  const { orderId, workflow, wakeUp, setAsideUntil } = orderOf(item);
  const setAside = setAsideUntil === undefined ? {} : { setAside: true as const };
  return { orderId, marked: false, dueAt: wakeUp.at, workflow, ...setAside, place };
}

function placeIn(place: string): readonly [index: number, before: string] {
  const end = place.indexOf('/');
  return [Number(place.slice(0, end)), place.slice(end + 1)];
}

function keyOf(orderId: string, { at, entry }: WakeUp) {
  return {
    pk: partitionOf(shardOf(orderId, SHARDS))[1],
    sk: `${digitsOf(at)}#${orderId}#${entry}`,
  };
}

function partitionOf(shard: number) {
  return ['pk', `active#${shard}`] as const;
}

function digitsOf(instant: number): string {
  return String(Math.min(instant, 10 ** INSTANT_DIGITS - 1)).padStart(INSTANT_DIGITS, '0');
}

function listedOrderOf({ sk, workflow, version }: Item): ListedOrder {
  return {
    orderId: partsOf(sk).orderId,
    workflow: { name: String(workflow), version: Number(version) },
  };
}

function orderOf(item: Item): ActiveOrder {
  const { at, entry } = partsOf(item.sk);
  return {
    ...listedOrderOf(item),
    wakeUp: { at, entry },
    ...(item.setAsideUntil !== undefined && { setAsideUntil: Number(item.setAsideUntil) }),
  };
}

function partsOf(sk: Item[string]): WakeUp & { readonly orderId: string } {
  const key = String(sk);
  const end = key.lastIndexOf('#');
  return {
    at: Number(key.slice(0, INSTANT_DIGITS)),
    orderId: key.slice(INSTANT_DIGITS + 1, end),
    entry: Number(key.slice(end + 1)),
  };
}

/** Starts at a random shard, so that a sweep that runs out of time does not always skip the same ones. */
function inAnyOrder(all: readonly number[]): readonly number[] {
  const first = Math.floor(Math.random() * all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}
