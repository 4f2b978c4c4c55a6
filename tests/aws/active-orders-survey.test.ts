import { describe, expect, it } from '@jest/globals';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import type { Query, Table } from '../../src/aws/table.ts';

/** Eight partitions, each with so many orders, as a table that counts what is asked of it. */
function partitionsOf(each: number, clock = () => 0) {
  const asked = { counted: 0, listed: 0 };
  const page = ({ limit = 10_000 }: Pick<Query, 'limit'>, from: number) =>
    Math.min(limit, each - from);
  const table: Pick<Table, 'counts' | 'pages'> = {
    counts: () => {
      throw new Error('a group would count as one');
    },
    async *pages(query) {
      const { partition, only } = query;
      if (only?.join() === 'orders') {
        for (let from = 0; from < each; from += page(query, from)) {
          asked.counted += page(query, from);
          yield Array.from({ length: page(query, from) }, () => ({}));
        }
        return;
      }
      asked.listed += Math.min(each, 10_000);
      const number = partition[1].slice('active#'.length);
      yield Array.from({ length: Math.min(each, 10_000) }, (_, index) => ({
        ...{ pk: partition[1], sk: `000000000000001#o${number}-${index}#0` },
        ...{ workflow: 'w', version: 1 },
      }));
    },
  };
  return { asked, active: createActiveOrders(table as Table, clock) };
}

describe('a survey of the active orders', () => {
  it('is exact, and shows each of them, where they are few', async () => {
    const { active } = partitionsOf(62);
    const { sample, ...counted } = await active.survey();
    expect(counted).toEqual({ count: 496 });
    expect(new Set(sample.map(({ orderId }) => orderId)).size).toBe(496);
  });

  it.each([[63], [1250]])('is exact for 8 × %i, and shows one partition of them', async (each) => {
    const { active, asked } = partitionsOf(each);
    expect(await active.survey()).toMatchObject({
      count: 8 * each,
      sample: { length: each },
    });
    expect(await active.survey()).not.toHaveProperty('approximate');
    expect(asked.listed).toBe(2 * each);
  });

  it('of more than 10,000 counts one partition of eight to its end', async () => {
    const { active, asked } = partitionsOf(50_000);
    expect(await active.survey()).toMatchObject({ count: 400_000, approximate: true });
    expect(asked.counted).toBeLessThanOrEqual(50_000 + 8 * 2500);
  });

  // Was: one partition of eight was read to its end each minute, which grew with the orders that waited.
  // Now: what an hour of surveys reads is bounded.
  it.each([10_008, 20_000, 100_000, 1_000_000])(
    'of %i orders reads no more items in an hour than 30 times 20,000, asked each minute',
    async (orders) => {
      let now = 0;
      const { active, asked } = partitionsOf(orders / 8, () => now);
      for (; now < 3_600_000; now += 60_000) {
        expect(await active.survey()).toMatchObject({ count: orders, approximate: true });
      }
      expect(asked.counted + asked.listed).toBeLessThanOrEqual(30 * 20_000);
    },
  );

  it('of many is another one when its time is over', async () => {
    let now = 0;
    const { active } = partitionsOf(5000, () => now);
    const first = await active.survey();
    now += 10 * 60_000 - 1;
    expect(await active.survey()).toBe(first);
    now += 1;
    expect(await active.survey()).not.toBe(first);
  });

  it('asks nothing more where there are none', async () => {
    const { active, asked } = partitionsOf(0);
    expect(await active.survey()).toEqual({ count: 0, sample: [] });
    expect(asked).toEqual({ counted: 0, listed: 0 });
  });
});
