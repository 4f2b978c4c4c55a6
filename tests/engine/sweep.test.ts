import { describe, expect, it } from '@jest/globals';
import { sweep } from '../../src/engine/sweep.ts';
import { NO_ENTRY } from '../../src/engine/wish.ts';
import type { ActiveOrder } from '../../src/ports/active-orders.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

/** Twelve orders that are due, one of which ends the process of whoever wakes it, until it does so no more. */
async function withOneThatKills(deadly: string) {
  const world = await orderWorld(['A']);
  const ids = Array.from({ length: 12 }, (_, index) => `o${index}`);
  for (const orderId of ids) await world.place(orderId);
  world.pass(61);
  world.sent();
  const { latest } = world.ports.journal;
  let kills = true;
  const sweepUntilDeath = async () => {
    const death = Promise.withResolvers<'died'>();
    let isAlive = true;
    world.ports.journal.latest = async (orderId) => {
      if (orderId === deadly && kills) {
        isAlive = false;
        death.resolve('died');
      }
      // A process that has ended does nothing more.
      return isAlive ? latest(orderId) : new Promise(() => {});
    };
    const done = sweep(world.ports).then((report) => ({ report }));
    return Promise.race([done, death.promise]);
  };
  const stopKilling = () => {
    kills = false;
  };
  return { ...world, ids, sweepUntilDeath, stopKilling };
}

describe('an order over which sweeps die', () => {
  // Was: each sweep died in the same batch, and no deadline of any order was kept any more.
  // Now: those whom the dead sweep was waking are woken one by one, and the one that kills is set aside after three sweeps.
  it('is set aside by name, and all the others are looked after', async () => {
    const world = await withOneThatKills('o3');
    const outcomes: Awaited<ReturnType<typeof world.sweepUntilDeath>>[] = [];
    for (let count = 0; count < 8; count += 1) {
      outcomes.push(await world.sweepUntilDeath());
      world.pass(60);
    }
    const reports = outcomes.flatMap((one) => (one === 'died' ? [] : [one.report]));
    expect(reports.length).toBeGreaterThan(0);
    expect(reports[0]?.setAside).toEqual(['o3']);
    // Of the first sweep nobody knows over which of its ten orders it died; three more died over this one alone.
    expect(outcomes.length - reports.length).toBe(4);
    const started = new Set(world.ports.messenger.sent.map(({ orderId }) => orderId));
    expect([...started].sort()).toEqual(world.ids.filter((id) => id !== 'o3').sort());
    const setAside = (await world.active()).filter((order) => order.setAsideUntil);
    expect(setAside.map(({ orderId }) => orderId)).toEqual(['o3']);
  });

  // Was: no sweep ever looked at it again, although three sweeps in a row may die of something else.
  // Now: it is tried again once an hour, after all the others; where it ends the sweep, it is set aside and told of again.
  it('is tried again after an hour, when all the others have been looked after', async () => {
    const world = await withOneThatKills('o3');
    while ((await world.sweepUntilDeath()) === 'died') world.pass(60);
    await world.place('o12');
    world.pass(3601);
    expect(await world.sweepUntilDeath()).toBe('died');
    const started = () => new Set(world.ports.messenger.sent.map(({ orderId }) => orderId));
    expect(started()).toContain('o12');
    world.pass(60);
    expect(await world.sweepUntilDeath()).toMatchObject({ report: { setAside: ['o3'] } });
    world.stopKilling();
    world.pass(3600);
    await world.sweepUntilDeath();
    expect(started()).toContain('o3');
    expect((await world.active()).filter((order) => order.setAsideUntil)).toEqual([]);
  });
});

describe('an order that was set aside', () => {
  async function setAsideUntil(seconds: number) {
    const world = await orderWorld(['A']);
    await world.place('o');
    world.pass(61);
    const [order] = await world.active();
    const { wakeUp } = order as ActiveOrder;
    await world.ports.activeOrders.setAside('o', wakeUp, world.now() + seconds * 1000);
    return world;
  }

  it('is left alone until its time has come, and nobody is told of it again', async () => {
    const world = await setAsideUntil(1);
    expect(await sweep(world.ports)).toMatchObject({ woken: 0, setAside: [] });
    world.pass(1);
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, setAside: [] });
  });

  // Was: a try that failed without harm, as by a throttled call, was not repeated for an hour, and the order's attempt ran out meanwhile.
  // Now: it stays last and alone, and the next sweep tries it.
  it('is tried again by the next sweep when the try failed and nobody died over it', async () => {
    const world = await setAsideUntil(0);
    const { latest } = world.ports.journal;
    world.ports.journal.latest = async () => {
      throw new Error('throttled');
    };
    expect(await sweep(world.ports)).toMatchObject({ woken: 0, failed: 1 });
    expect((await world.active()).map(({ setAsideUntil: since }) => since)).toEqual([world.now()]);
    world.ports.journal.latest = latest;
    world.pass(60);
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, failed: 0, setAside: [] });
  });

  it('stays as it is when the sweep has no time left for it', async () => {
    const world = await setAsideUntil(0);
    world.pass(5);
    const before = await world.active();
    expect(await sweep(world.ports, world.now())).toMatchObject({ woken: 0 });
    expect(await world.active()).toEqual(before);
  });
});

describe('a sweep', () => {
  it('names the first twenty orders that failed, and counts them all', async () => {
    const world = await orderWorld(['A']);
    for (let count = 0; count < 22; count += 1) await world.place(`o${count}`);
    world.pass(61);
    world.ports.journal.latest = async () => {
      throw new Error('throttled');
    };
    const { failed, failures } = await sweep(world.ports);
    expect([failed, failures.length]).toEqual([22, 20]);
  });

  it('that fails for one order looks after the others', async () => {
    const world = await orderWorld(['A']);
    for (const orderId of ['o1', 'o2', 'o3']) await world.place(orderId);
    world.pass(61);
    world.sent();
    const { latest } = world.ports.journal;
    world.ports.journal.latest = async (orderId) => {
      if (orderId === 'o2') throw new Error('throttled');
      return latest(orderId);
    };
    expect(await sweep(world.ports)).toMatchObject({
      ...{ woken: 2, failed: 1, setAside: [] },
      failures: [{ orderId: 'o2', error: new Error('throttled') }],
    });
    expect(world.sent().filter((one) => one.startsWith('task'))).toHaveLength(2);
  });

  it('wakes ten orders in one go', async () => {
    const world = await orderWorld(['A']);
    for (let count = 0; count < 21; count += 1) await world.place(`o${count}`);
    world.pass(61);
    const { write } = world.ports.sweepRecord;
    const batches: number[] = [];
    world.ports.sweepRecord.write = async (record) => {
      batches.push(record.orderIds.length);
      return write(record);
    };
    expect(await sweep(world.ports)).toMatchObject({ due: 21, woken: 21, repaired: 0 });
    expect(batches).toEqual([10, 10, 1]);
    expect(await world.ports.sweepRecord.read()).toBeUndefined();
  });

  it('writes down no batch without orders', async () => {
    const world = await orderWorld(['A']);
    for (let count = 0; count < 10; count += 1) await world.place(`o${count}`);
    world.pass(61);
    const { write } = world.ports.sweepRecord;
    const batches: number[] = [];
    world.ports.sweepRecord.write = async (record) => {
      batches.push(record.orderIds.length);
      return write(record);
    };
    await sweep(world.ports);
    expect(batches).toEqual([10]);
  });

  it('whose clock is set back meanwhile leaves orders where they stand, and takes strays away', async () => {
    const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, timeoutSeconds: 30 })]);
    await world.place('o');
    await world.advance('o', world.accepted());
    const before = await world.active();
    const [own] = before as [ActiveOrder];
    const stray = { ...own, wakeUp: { at: own.wakeUp.at, entry: NO_ENTRY } };
    const setBack = () => {
      let asked = 0;
      return {
        ...world.ports,
        // First the sweep asks what is due.
        clock: () => {
          asked += 1;
          return asked === 1 ? own.wakeUp.at : world.now();
        },
      };
    };
    expect(await sweep(setBack())).toMatchObject({ due: 1, woken: 1, repaired: 0 });
    expect(await world.active()).toEqual(before);
    await world.ports.activeOrders.put(stray);
    expect(await sweep(setBack())).toMatchObject({ due: 2, repaired: 1 });
    expect(await world.active()).toEqual(before);
  });

  it('puts back an order that stands nowhere but under the wake-up of a repeated request', async () => {
    const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, timeoutSeconds: 3600 })]);
    await world.place('o');
    await world.advance('o', world.accepted());
    const before = await world.active();
    const [own] = before as [ActiveOrder];
    await world.ports.activeOrders.remove('o', own.wakeUp);
    await world.ports.activeOrders.put({ ...own, wakeUp: { at: world.now() - 1, entry: 0 } });
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1, failed: 0 });
    expect(await world.active()).toEqual(before);
  });

  it('leaves alone what is not due', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    world.sent();
    world.pass(59.999);
    expect(await sweep(world.ports)).toMatchObject({ due: 0, woken: 0 });
    expect(world.sent()).toEqual([]);
    world.pass(0.001);
    expect(await sweep(world.ports)).toMatchObject({ due: 1, woken: 1 });
  });

  it('writes down nothing where nothing is due', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    let written = 0;
    const { write, clear } = world.ports.sweepRecord;
    world.ports.sweepRecord.write = async (record) => {
      written += 1;
      return write(record);
    };
    world.ports.sweepRecord.clear = async () => {
      written += 1;
      return clear();
    };
    await sweep(world.ports);
    expect(written).toBe(0);
    world.pass(60);
    await sweep(world.ports);
    // What it wakes, and that it is done.
    expect(written).toBe(2);
  });

  it('forgets the one before that died, though nothing is due any more, and leaves its orders as they stand', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.sent();
    const before = await world.active();
    await world.ports.sweepRecord.write({ orderIds: ['o', 'p'], deaths: 0 });
    await sweep(world.ports);
    expect(await world.ports.sweepRecord.read()).toBeUndefined();
    expect(await world.active()).toEqual(before);
    expect(world.sent()).toEqual([]);
  });

  it('forgets what it woke, though each order failed', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    world.pass(60);
    world.ports.journal.latest = async () => {
      throw new Error('throttled');
    };
    expect(await sweep(world.ports)).toMatchObject({ woken: 0 });
    expect(await world.ports.sweepRecord.read()).toBeUndefined();
  });

  it('takes away a wake-up that a wish has left, and sends nothing again', async () => {
    const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, timeoutSeconds: 30 })]);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.sent();
    const [standing] = await world.active();
    const wakeUp = { at: world.now(), entry: NO_ENTRY };
    await world.ports.activeOrders.put({ ...(standing as ActiveOrder), wakeUp });
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, repaired: 1 });
    expect(world.sent()).toEqual([]);
    expect(await world.active()).toEqual([standing]);
  });

  // Was: for each of them the journal was read from its end, and what a sweep had done for one was lost when it failed for another.
  // Now: what is unfinished is finished once, and all of them are taken away.
  it('reads the journal once, however many wake-ups wishes have left', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    const [{ workflow }] = (await world.active()) as [ActiveOrder];
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1'));
    const { newestFirst } = world.ports.journal;
    let reads = 0;
    world.ports.journal.newestFirst = (orderId) => {
      reads += 1;
      return newestFirst(orderId);
    };
    const leftBy = async (wishes: number) => {
      for (let count = 0; count < wishes; count += 1) {
        const wakeUp = { at: world.now() - count, entry: NO_ENTRY };
        await world.ports.activeOrders.put({ orderId: 'o', workflow, wakeUp });
      }
      reads = 0;
      expect(await sweep(world.ports)).toMatchObject({ woken: 1, repaired: wishes });
      expect(await world.active()).toEqual([]);
      return reads;
    };
    expect(await leftBy(9)).toBe(await leftBy(1));
  });

  it('puts back an order that was stored while it was taken for a stray, unless it has ended', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    const before = await world.active();
    const notYetStored = () => {
      const { latest } = world.ports.journal;
      world.ports.journal.latest = async () => {
        world.ports.journal.latest = latest;
        return undefined;
      };
    };
    world.pass(60);
    notYetStored();
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(await world.active()).toEqual(before);
    await world.advance('o', {
      type: 'CancelRequested',
      at: world.now(),
      actId: 'cancel',
      askedAt: 0,
    });
    await world.ports.activeOrders.put(before[0] as ActiveOrder);
    notYetStored();
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(await world.active()).toEqual([]);
  });

  it('tidies up an item without an order, once its writer has had a minute to store the order', async () => {
    const world = await orderWorld(['A']);
    const workflow = { name: 'some', version: 1 };
    const wakeUp = { at: world.now() + 60_000, entry: 0 };
    await world.ports.activeOrders.put({ orderId: 'o', workflow, wakeUp });
    world.pass(59.999);
    expect(await sweep(world.ports)).toMatchObject({ repaired: 0 });
    expect(await world.active()).toHaveLength(1);
    world.pass(0.001);
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(await world.active()).toEqual([]);
  });

  it('begins no batch after its time, and the next one goes on', async () => {
    const world = await orderWorld(['A']);
    await world.place('o1');
    world.pass(61);
    expect(await sweep(world.ports, world.now())).toMatchObject({ due: 1, woken: 0 });
    expect(await sweep(world.ports, world.now() + 1)).toMatchObject({ woken: 1 });
  });

  it('removes what a repeated request left of an order that has ended', async () => {
    const world = await orderWorld(['A']);
    await world.place('o1');
    await world.advance('o1', world.accepted());
    await world.advance('o1', world.completed('t1'));
    world.pass(10);
    const wakeUp = { at: world.now(), entry: 0 };
    const workflow = { name: 'some', version: 1 };
    await world.ports.activeOrders.put({ orderId: 'o1', wakeUp, workflow });
    world.sent();
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(await world.active()).toEqual([]);
    expect(world.sent()).toEqual([]);
  });
});
