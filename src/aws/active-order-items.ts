import type { WakeUp } from '../core/order.ts';
import type { ActiveOrder } from '../ports/active-orders.ts';
import { digitsOf, INSTANT_DIGITS } from './instant-digits.ts';
import { shardOf } from './shard.ts';
import type { Condition, Item, Key } from './table.ts';

/** An order, and the wake-up under which it stands. */
export type Standing = Pick<ActiveOrder, 'orderId' | 'wakeUp'>;

export const EXISTS: Condition = { expression: 'attribute_exists(pk)' };

/**
 * An order that comes alone is put and removed once: 8 partitions of 1,000 writes a second carry 4,000 orders a second. Twice as many would double
 * what the sweep costs while there is nothing to do.
 */
export const SHARDS = 8;

/**
 * `pk = active#<shard>`, `sk = <wake-up's instant>#<order>#<wake-up's entry>`: what is due lies in front, and the sweep reads
 * no more than that. To move a wake-up is a put and a delete, two write units; an order that ends within a minute never moves one.
 *
 * A group has `sk = <wake-up's instant>#<first order>#0+`, and `orders`, the set of those that stand there still. Those that come or
 * go in the same moment do so in one write: of ten that are placed together and end in three batches each costs half a unit, not two.
 * The last ones to go take the item with them. If they die before that, the sweep is told that the first order stands there, finds that
 * it does not, and removes it.
 */
export function keyOf({ orderId, wakeUp: { at, entry, group } }: Standing): Key {
  const name = group ?? orderId;
  return {
    pk: partitionOf(shardOf(name, SHARDS))[1],
    sk: `${digitsOf(at)}#${name}#${entry}${group === undefined ? '' : GROUP}`,
  };
}

/** How the sort key of a group ends. */
const GROUP = '+';

/** The attribute that says until when the order is set aside. */
export function markOf({ orderId, wakeUp: { group } }: Standing): string {
  return group === undefined ? 'setAsideUntil' : `setAsideUntil ${orderId}`;
}

/** Name and value of the partition key. */
export function partitionOf(shard: number) {
  return ['pk', `active#${shard}`] as const;
}

/** Those that stand in a group's place. */
export function membersOf({ orders }: Item): readonly string[] {
  return Array.isArray(orders) ? (orders as readonly string[]) : [];
}

/** Of a group that was emptied and left there, the name: that of its first order. */
function idsIn(item: Item): readonly string[] {
  return item.orders === undefined ? [nameIn(item.sk)] : membersOf(item);
}

/** The orders that stand there: one, or those of a group. */
export function ordersIn(item: Item): readonly ActiveOrder[] {
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
