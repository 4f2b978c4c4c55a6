import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { orderWorld } from './order-under-way.ts';

const DAY = 86_400;

type World = Awaited<ReturnType<typeof orderWorld>>;

/** An order of two tasks and a long wait at once, and how often its mark was taken away. */
async function markedWorld() {
  const parallel = [{ plugin: 'A' }, { plugin: 'B' }, { waitSeconds: 30 * DAY }];
  const world = await orderWorld([{ name: 'a', pre: [], parallel, post: [] }]);
  const { activeOrders } = world.ports;
  const { unmarkStuck } = activeOrders;
  const unmarked = { times: 0 };
  activeOrders.unmarkStuck = async (orderId) => {
    unmarked.times += 1;
    return unmarkStuck(orderId);
  };
  await world.place('o');
  return { ...world, unmarked, marked: () => activeOrders.countStuck(0) };
}

const act = (world: World, type: 'PauseRequested' | 'ResumeRequested'): OrderEvent => ({
  ...{ type, at: world.now(), actId: `${type} ${world.now()}`, askedAt: world.now() },
});

/** Holds the plugin back, and lets through what was parked for it in the entry. */
const close = ({ ports, now }: World, plugin: string) =>
  ports.quarantines.put(
    {
      ...{ plugin, phase: 'closed', since: now(), reason: 'it fails', failedCanaries: 0 },
      canaryAt: now() + 30 * DAY * 1000,
    },
    undefined,
  );
const released = (world: World, plugin: string, parkedIn: number): OrderEvent => ({
  ...{ type: 'TaskReleased', at: world.now(), plugin, parkedIn },
});

describe('an order is marked for somebody to look at', () => {
  it('when it has been paused for seven days, and no more once it goes on', async () => {
    const world = await markedWorld();
    await world.advance('o', world.accepted());
    await world.advance('o', act(world, 'PauseRequested'));
    world.pass(7 * DAY - 1);
    await sweep(world.ports);
    expect(await world.marked()).toBe(0);
    world.pass(1);
    await sweep(world.ports);
    expect(await world.marked()).toBe(1);
    // Was: a child order that its parent resumed kept the mark, until somebody listed what is stuck. Now: who goes on loses it.
    await world.advance('o', act(world, 'ResumeRequested'));
    expect(await world.marked()).toBe(0);
    expect(world.unmarked.times).toBe(1);
  });

  it('while one of its tasks has been held back for seven days, and another not yet', async () => {
    const world = await markedWorld();
    await close(world, 'A');
    await world.advance('o', world.accepted());
    await world.advance('o', world.busy('t2', 1800));
    await close(world, 'B');
    world.pass(1800);
    await sweep(world.ports);
    expect(await world.ports.parkedOrders.count('B')).toBe(1);
    world.pass(7 * DAY - 1800);
    await sweep(world.ports);
    expect(await world.marked()).toBe(1);
    await world.advance('o', released(world, 'B', 3));
    expect([await world.marked(), world.unmarked.times]).toEqual([1, 0]);
    await world.advance('o', released(world, 'A', 1));
    expect([await world.marked(), world.unmarked.times]).toEqual([0, 1]);
  });

  it('never, while it goes on or has ended', async () => {
    const world = await markedWorld();
    await world.advance('o', world.accepted());
    for (const taskId of ['t1', 't2']) await world.advance('o', world.completed(taskId));
    for (const days of [20, 10, 30]) {
      world.pass(days * DAY);
      await sweep(world.ports);
    }
    expect([await world.marked(), world.unmarked.times]).toEqual([0, 0]);
  });
});
