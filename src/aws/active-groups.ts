import type { ActiveOrder } from '../ports/active-orders.ts';
import type { Standing } from './active-order-items.ts';
import { EXISTS, keyOf, markOf, membersOf } from './active-order-items.ts';
import { gathered } from './gathered.ts';
import type { Condition, Item, Key, Table } from './table.ts';

const IS_EMPTY: Condition = { expression: 'attribute_not_exists(orders)' };

/** The places of orders that were placed together. What is asked for several of them at the same moment is one write. */
export interface ActiveGroups {
  /** @returns of all that come at this moment, those that did not stand there yet */
  join(order: ActiveOrder): Promise<readonly string[]>;
  /** @returns of all that go at this moment, those that stood there */
  leave(order: Standing): Promise<readonly string[]>;
}

export function createActiveGroups(table: Table): ActiveGroups {
  return {
    join: gathered(nameOf, async (all: readonly ActiveOrder[]) => {
      const [first] = all as [ActiveOrder];
      const { name, version } = first.workflow;
      let ids = idsOf(all);
      while (ids.length > 0) {
        const change = { add: { orders: ids }, set: { workflow: name, version } };
        const joined = await table.change(keyOf(first), change, noneStands(ids));
        if (joined.done) break;
        const there = membersOf(joined.found);
        ids = ids.filter((id) => !there.includes(id));
      }
      return ids;
    }),

    leave: gathered(nameOf, async (all: readonly Standing[]) => {
      const key = keyOf((all as [Standing])[0]);
      let ids = idsOf(all);
      for (;;) {
        const left = await table.change(key, { take: { orders: ids } }, allStand(ids));
        if (left.done) {
          await clearAway(key, left.item, all);
          return ids;
        }
        const there = membersOf(left.found);
        ids = ids.filter((id) => there.includes(id));
        if (ids.length === 0) {
          await clearAway(key, left.found, all);
          return ids;
        }
      }
    }),
  };

  /** Takes away what those who are gone have left behind. */
  async function clearAway(key: Key, left: Item, gone: readonly Standing[]): Promise<void> {
    const isThere = left.pk !== undefined;
    const marks = gone.map(markOf).filter((mark) => mark in left);
    if (isThere && left.orders === undefined) await table.delete(key, IS_EMPTY);
    else if (marks.length > 0) await table.change(key, { remove: marks }, EXISTS);
  }
}

/** The condition that all of them stand there. */
export function allStand(ids: readonly string[]): Condition {
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

function nameOf(order: Standing): string {
  return keyOf(order).sk;
}
