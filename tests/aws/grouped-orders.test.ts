import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import type { Table } from '../../src/aws/table.ts';
import { itemBytes } from '../../src/aws/table.ts';
import type { ActiveOrder, ActiveOrders } from '../../src/ports/active-orders.ts';
import { T0 } from '../ports/entries.ts';
import { times } from '../ports/store.ts';
import { openTable } from './embedded-table.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

const ULIDS = times(25, (n) => `01JDM2Q8T4XW7Z${String(n).padStart(12, '0')}`);
const [FIRST = ''] = ULIDS;
const wakeUp = { at: T0, entry: 0, group: FIRST };
const inGroup = (orderId: string): ActiveOrder => ({
  ...{ orderId, wakeUp },
  workflow: { name: 'photo-order', version: 3 },
});

/** Active orders that tell of each write, and may be told to let the next one of a kind fail. */
async function watched() {
  const { table } = await openTable(aws);
  const writes: string[] = [];
  const failing = new Set<string>();
  const counted = (name: 'change' | 'delete' | 'put') => {
    const call = table[name].bind(table) as (...args: readonly unknown[]) => Promise<never>;
    return async (...args: readonly unknown[]) => {
      writes.push(name);
      if (failing.delete(name)) throw new Error(`${name} failed`);
      return call(...args);
    };
  };
  const watching: Table = {
    ...table,
    change: counted('change'),
    delete: counted('delete'),
    put: counted('put'),
  };
  const active = createActiveOrders(watching);
  const writesOf = async <Result>(work: () => Promise<Result>) => {
    writes.length = 0;
    return { result: await work(), writes: [...writes] };
  };
  return { table, active, failing, writesOf };
}

const putAll = (active: ActiveOrders, ids: readonly string[]) =>
  Promise.all(ids.map((id) => active.put(inGroup(id))));
const removeAll = (active: ActiveOrders, ids: readonly string[]) =>
  Promise.all(ids.map((id) => active.remove(id, wakeUp)));

async function itemsOf(table: Table) {
  const items = [];
  for (let shard = 0; shard < 8; shard += 1) {
    for await (const page of table.pages({ partition: ['pk', `active#${shard}`] }))
      items.push(...page);
  }
  return items;
}

it('25 that come together, and go in three batches, take five writes of one unit each', async () => {
  const { table, active, writesOf } = await watched();
  expect((await writesOf(() => putAll(active, ULIDS))).writes).toEqual(['change']);
  const items = await itemsOf(table);
  expect(items).toHaveLength(1);
  expect(itemBytes(items[0] ?? {})).toBeLessThanOrEqual(1024);
  for (const [from, to] of [
    [0, 10],
    [10, 20],
  ]) {
    const { result, writes } = await writesOf(() => removeAll(active, ULIDS.slice(from, to)));
    expect(result).not.toContain(false);
    expect(writes).toEqual(['change']);
  }
  const last = await writesOf(() => removeAll(active, ULIDS.slice(20)));
  expect(last.writes).toEqual(['change', 'delete']);
  expect(await itemsOf(table)).toEqual([]);
});

it('callers that know nothing of each other, and wait for nothing else, go together', async () => {
  const { active, writesOf } = await watched();
  const caller = async (id: string, steps: number) => {
    for (let step = 0; step < steps; step += 1) await undefined;
    return active.put(inGroup(id));
  };
  const { writes } = await writesOf(() => Promise.all(ULIDS.map(caller)));
  expect(writes).toEqual(['change']);
});

it('those that were there before are told apart from those that were not, by a second write', async () => {
  const { active, writesOf } = await watched();
  await putAll(active, ULIDS.slice(0, 3));
  const put = await writesOf(() => putAll(active, ULIDS.slice(2, 5)));
  expect(put.result).toEqual(['existed', 'added', 'added']);
  expect(put.writes).toEqual(['change', 'change']);
  const again = await writesOf(() => putAll(active, ULIDS.slice(2, 5)));
  expect(again.result).toEqual(['existed', 'existed', 'existed']);
  const gone = await writesOf(() => removeAll(active, ULIDS.slice(4, 7)));
  expect(gone.result).toEqual([true, false, false]);
  expect(gone.writes).toEqual(['change', 'change']);
});

it('a write that fails has failed for each of them, and may be repeated', async () => {
  const { active, failing } = await watched();
  failing.add('change');
  const puts = await Promise.allSettled(ULIDS.map((id) => active.put(inGroup(id))));
  expect(puts.filter(({ status }) => status === 'rejected')).toHaveLength(25);
  expect(await putAll(active, ULIDS)).not.toContain('existed');
  failing.add('change');
  await expect(removeAll(active, ULIDS)).rejects.toThrow('change failed');
  expect(await active.has(FIRST, wakeUp)).toBe(true);
  expect(await removeAll(active, ULIDS)).not.toContain(false);
});

it('an empty group that was left behind is due in the name of its first order, and goes when that is removed', async () => {
  const { table, active, failing } = await watched();
  await putAll(active, ULIDS);
  failing.add('delete');
  await expect(removeAll(active, ULIDS)).rejects.toThrow('delete failed');
  expect(await itemsOf(table)).toHaveLength(1);
  expect(await active.has(FIRST, wakeUp)).toBe(false);
  const due: ActiveOrder[] = [];
  for await (const page of active.due(T0)) due.push(...page);
  expect(due).toEqual([inGroup(FIRST)]);
  expect(await active.remove(FIRST, wakeUp)).toBe(false);
  expect(await itemsOf(table)).toEqual([]);
});

it('an order that comes to an empty group while that is cleared away stays there', async () => {
  const { table, active } = await watched();
  await putAll(active, ULIDS.slice(0, 2));
  const other = createActiveOrders({
    ...table,
    async delete(key, condition) {
      await active.put(inGroup('late'));
      return table.delete(key, condition);
    },
  });
  expect(await removeAll(other, ULIDS.slice(0, 2))).toEqual([true, true]);
  expect(await active.has('late', wakeUp)).toBe(true);
});

it('who is set aside is so no more when it has gone and come again', async () => {
  const { table, active, writesOf } = await watched();
  await putAll(active, ULIDS.slice(0, 3));
  await active.setAside(FIRST, wakeUp, T0 + 1);
  const { writes } = await writesOf(() => removeAll(active, ULIDS.slice(0, 2)));
  expect(writes).toEqual(['change', 'change']);
  expect(Object.keys((await itemsOf(table))[0] ?? {})).not.toContain(`setAsideUntil ${FIRST}`);
});
