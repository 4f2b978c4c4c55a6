import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { applyWish, NO_ENTRY } from '../../src/engine/wish.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const DAY = 86_400;

/** An order whose next wake-up is an hour away, and whatever is asked of it. */
async function orderOfAnHour(todo: Parameters<typeof orderWorld>[0] = ['A', 'B', 'C']) {
  const world = await orderWorld(
    todo,
    ['A', 'B', 'C'].map((name) => plugin(name, { registeredAt: 0 })),
  );
  await world.place('o');
  await world.advance('o', world.accepted());
  world.pass(60);
  await sweep(world.ports);
  const [own] = await world.active();
  if (own === undefined) throw new Error('it is not looked after');
  world.sent();
  const act = () => ({ at: world.now(), actId: `act ${world.now()}`, askedAt: world.now() });
  const wish = (asked: OrderEvent) => applyWish('o', asked, world.ports);
  const skip = (job: string, result = 1) =>
    ({ ...act(), type: 'SkipRequested', job, result }) as const;
  /** The process of whoever sends next ends before anything has left. */
  const dies = async (doing: () => Promise<unknown>) => {
    const { send } = world.ports.messenger;
    world.ports.messenger.send = async () => {
      world.ports.messenger.send = send;
      throw new Error('the process is killed');
    };
    await expect(doing()).rejects.toThrow('the process is killed');
  };
  const strayAt = (at: number, entry: number) =>
    world.ports.activeOrders.put({ ...own, wakeUp: { at, entry } });
  const stuck = () => world.ports.activeOrders.countStuck(0);
  /** How often a mark was taken away. */
  const unmarked = { times: 0 };
  const { unmarkStuck } = world.ports.activeOrders;
  world.ports.activeOrders.unmarkStuck = async (orderId) => {
    unmarked.times += 1;
    return unmarkStuck(orderId);
  };
  return { ...world, own, act, wish, skip, dies, strayAt, stuck, unmarked };
}

describe('a sweep that finds an order under the wake-up of a wish', () => {
  it('sends what the wish commanded, though no other entry has come since', async () => {
    const { ports, wish, skip, dies, pass, sent } = await orderOfAnHour();
    await dies(() => wish(skip('A')));
    pass(61);
    expect(await sweep(ports)).toMatchObject({ repaired: 1 });
    expect(sent()).toEqual(expect.arrayContaining(['task.skipped', 'task B·1']));
  });

  // Was: only acts were taken for wishes. What a callback led to was lost when its process died: an hour and an attempt, or the order.
  it.each([
    ['completed', { type: 'TaskCompleted', result: 1 }, 'task B·1'],
    ['failed', { type: 'TaskFailed', retry: 'policy' }, 'task A·2'],
    ['failed for good', { type: 'TaskFailed', retry: 'never' }, 'order.failed'],
  ])('sends what a callback commanded by which its task %s', async (_, said, commanded) => {
    const { ports, now, wish, dies, pass, sent } = await orderOfAnHour(['A', 'B']);
    const error = { code: 'BROKEN', message: 'it broke' };
    const about = { at: now(), taskId: 't1', attempt: 1, by: 'A', error };
    await dies(() => wish({ ...about, ...said } as OrderEvent));
    pass(61);
    await sweep(ports);
    expect(sent()).toContain(commanded);
  });

  it('sends what a callback commanded by which a task failed that need not be done', async () => {
    const pre = [{ plugin: 'A', mandatory: false }, { plugin: 'B' }];
    const order = await orderOfAnHour([{ name: 'a', pre, parallel: [], post: [] }]);
    const { ports, now, wish, dies, pass, sent } = order;
    const error = { code: 'BROKEN', message: 'it broke' };
    const about = { at: now(), taskId: 't1', attempt: 1, by: 'A', error };
    await dies(() => wish({ ...about, type: 'TaskFailed', retry: 'never' }));
    pass(61);
    await sweep(ports);
    expect(sent()).toEqual(['task B·1', 'task.failed']);
  });

  // Was: two wishes of one millisecond shared a wake-up, which the second took away, and what the first commanded was lost.
  // Now: each has its own.
  it('sends it though another of the same instant has ended the order since', async () => {
    const { ports, act, wish, skip, dies, pass, sent } = await orderOfAnHour();
    await dies(() => wish(skip('A')));
    await wish({ ...act(), type: 'CancelRequested' });
    sent();
    pass(61);
    await sweep(ports);
    expect(sent()).toEqual(['task.skipped']);
  });

  it('sends it though something else had happened in the same entry', async () => {
    const { ports, advance, now, skip, dies, strayAt, pass, sent } = await orderOfAnHour();
    const beat = {
      type: 'TaskHeartbeat',
      at: now(),
      sentAt: now(),
      taskId: 't1',
      attempt: 1,
    } as const;
    await strayAt(now() + 60_000, NO_ENTRY);
    await dies(() => advance('o', beat, skip('A')));
    pass(61);
    await sweep(ports);
    expect(sent()).toEqual(expect.arrayContaining(['task.skipped']));
  });

  it('sends nothing of wishes that are over a minute older', async () => {
    const { ports, wish, skip, strayAt, now, pass, sent } = await orderOfAnHour();
    await wish(skip('A'));
    sent();
    const asked = now();
    pass(300);
    await strayAt(asked + 70_001, NO_ENTRY);
    await sweep(ports);
    expect(sent()).toEqual([]);
    await strayAt(asked + 70_000, NO_ENTRY);
    await sweep(ports);
    expect(sent()).toEqual(expect.arrayContaining(['task.skipped']));
  });

  it('sends what each of several wishes commanded, however long the later one came after', async () => {
    const { ports, wish, skip, dies, pass, sent } = await orderOfAnHour([['A', 'B', 'C']]);
    await dies(() => wish(skip('A')));
    pass(50);
    await dies(() => wish(skip('B')));
    pass(61);
    await sweep(ports);
    expect(sent()).toEqual(['task.skipped', 'task.skipped']);
  });

  it('leaves the mark of an order that is paused still', async () => {
    const { ports, act, wish, strayAt, now, stuck } = await orderOfAnHour();
    await wish({ ...act(), type: 'PauseRequested' });
    await ports.activeOrders.markStuck('o');
    await strayAt(now() - 1, NO_ENTRY);
    expect(await sweep(ports)).toMatchObject({ repaired: 1 });
    expect(await stuck()).toBe(1);
  });
});

it('a sweep that finds an order under the wake-up of a repeated request sends no wish again', async () => {
  const { ports, wish, skip, strayAt, now, sent, unmarked } = await orderOfAnHour();
  await wish(skip('A'));
  sent();
  await strayAt(now() - 1, 0);
  let reads = 0;
  const { newestFirst } = ports.journal;
  ports.journal.newestFirst = (orderId) => {
    reads += 1;
    return newestFirst(orderId);
  };
  expect(await sweep(ports)).toMatchObject({ repaired: 1 });
  expect(sent()).toEqual([]);
  expect(unmarked.times).toBe(0);
  // Whether the wake-up has come before: nothing else is looked for.
  expect(reads).toBe(1);
});

describe('a wish', () => {
  it('takes the mark from an order that goes on after somebody should have looked at it', async () => {
    const { ports, act, wish, pass, stuck } = await orderOfAnHour();
    await wish({ ...act(), type: 'PauseRequested' });
    pass(7 * DAY);
    await ports.activeOrders.markStuck('o');
    await wish({ ...act(), type: 'ResumeRequested' });
    expect(await stuck()).toBe(0);
  });

  it('leaves the mark of an order that stays paused', async () => {
    const { ports, act, wish, skip, pass, stuck } = await orderOfAnHour();
    await wish({ ...act(), type: 'PauseRequested' });
    pass(7 * DAY);
    await ports.activeOrders.markStuck('o');
    expect(await wish(skip('A'))).toMatchObject({ state: { status: 'paused' } });
    expect(await stuck()).toBe(1);
  });

  it('has a wake-up of its own, a millisecond after that of another of the same instant', async () => {
    const { active, now, wish, skip, dies } = await orderOfAnHour();
    await dies(() => wish(skip('A')));
    await dies(() => wish(skip('B')));
    const ofWishes = (await active()).filter(({ wakeUp }) => wakeUp.entry === NO_ENTRY);
    expect(ofWishes.map(({ orderId, wakeUp }) => [orderId, wakeUp.at - now()])).toEqual([
      ['o', 60_000],
      ['o', 60_001],
    ]);
  });

  it('of an order that nobody need look at touches no mark', async () => {
    const { wish, skip, unmarked } = await orderOfAnHour();
    await wish(skip('A'));
    expect(unmarked.times).toBe(0);
  });

  it('of an order that expires meanwhile is answered so', async () => {
    const { ports, wish, skip } = await orderOfAnHour();
    const { latest } = ports.journal;
    ports.journal.latest = async (orderId) => {
      ports.journal.latest = async () => undefined;
      return latest(orderId);
    };
    expect(await wish(skip('A'))).toEqual({ known: false });
  });

  it('for a version that the workflow has not fails by its name', async () => {
    const { advance, now, act, wish } = await orderOfAnHour();
    const error = { code: 'BROKEN', message: 'it broke' };
    const failed = { type: 'TaskFailed', at: now(), taskId: 't1', attempt: 1, error } as const;
    await advance('o', { ...failed, retry: 'never' });
    const retry = { ...act(), type: 'RetryRequested', version: 9 } as const;
    await expect(wish(retry)).rejects.toThrow('some has no version 9');
  });
});
