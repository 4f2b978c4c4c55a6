import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { applyWish } from '../../src/engine/wish.ts';
import { plugin } from '../ports/registry.contract.ts';
import { family } from './family.ts';
import { orderWorld } from './order-under-way.ts';

const retried = (name: string) =>
  plugin(name, {
    registeredAt: 0,
    retry: { maxAttempts: 3, backoffSeconds: 0, maxBackoffSeconds: 0 },
  });

/** An order of which task A waits for 1,000 s, until the sweeper wakes it: no queue brings that again. */
async function backingOff() {
  const world = await orderWorld([['A', 'B']], [retried('A'), retried('B')]);
  await world.place('o');
  await world.advance('o', world.accepted());
  await world.advance('o', world.busy('t1', 1000));
  // The wake-up of the order's first minute goes by.
  world.pass(60);
  await sweep(world.ports);
  world.pass(941);
  world.sent();
  return world;
}

/** An order whose first task has failed for good. */
async function failedOrder(todo: readonly string[]) {
  const world = await orderWorld(todo, todo.map(retried));
  await world.place('o');
  await world.advance('o', world.accepted());
  const failed = {
    type: 'TaskFailed',
    ...{ at: world.now(), taskId: 't1', attempt: 1 },
    error: { code: 'BROKEN', message: 'it broke' },
    retry: 'never',
  } as const;
  await world.advance('o', failed);
  return { world, failed };
}

const cancelBy = ({ now }: Awaited<ReturnType<typeof orderWorld>>) =>
  ({ type: 'CancelRequested', at: now(), actId: 'cancel', askedAt: 0 }) as const;

/** Whoever sends next dies of it: nothing has left, and nothing that comes after is done. */
function nextSenderDies({ ports }: Awaited<ReturnType<typeof orderWorld>>): void {
  const { send } = ports.messenger;
  ports.messenger.send = async () => {
    ports.messenger.send = send;
    throw new Error('the process is killed');
  };
}

/** The API's process dies before it sends what the wish leads to. */
async function wishOfOneWhoDies(world: Awaited<ReturnType<typeof orderWorld>>) {
  const wish = cancelBy(world);
  nextSenderDies(world);
  await expect(applyWish('o', wish, world.ports)).rejects.toThrow('the process is killed');
  return wish;
}

describe('an entry whose writer died before it sent its commands', () => {
  it('is finished by the next sweep, when a sweep had written it', async () => {
    const world = await backingOff();
    nextSenderDies(world);
    await expect(sweep(world.ports)).rejects.toThrow('the process is killed');
    expect(world.sent()).toEqual([]);
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, failed: 0 });
    expect(world.sent()).toEqual(['task A·2']);
  });

  // Was: the next writer armed the deadline anew, so that the sweeper never found the order again, and the retry was lost.
  // Now: a deadline is armed only after the one before; whoever finds the chain broken sends what is missing.
  it('is finished by whoever moves the deadline next', async () => {
    const world = await backingOff();
    nextSenderDies(world);
    await expect(sweep(world.ports)).rejects.toThrow();
    await world.advance('o', world.busy('t2', 5));
    expect(world.sent()).toEqual(['DeadlinePassed', 'task A·2']);
    expect(await world.ports.parkedOrders.count('A')).toBe(0);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 5000 } }]);
  });

  it('is finished with all that was left unfinished before it', async () => {
    const world = await orderWorld([['A', 'B', 'C']], ['A', 'B', 'C'].map(retried));
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(61);
    world.sent();
    const failLater = (taskId: string, afterSeconds: number) =>
      world.advance('o', world.busy(taskId, afterSeconds));
    // Each brings the wake-up forward, and two die before they tell.
    nextSenderDies(world);
    await expect(failLater('t1', 500)).rejects.toThrow();
    nextSenderDies(world);
    await expect(failLater('t2', 300)).rejects.toThrow();
    await failLater('t3', 100);
    expect(world.sent()).toEqual(['DeadlinePassed', 'DeadlinePassed', 'DeadlinePassed']);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 100_000 } }]);
  });

  // Was: a slow writer put the order under an hour hence, and the wait that a later one had set was noticed then (simulated world 2163991861).
  // Now: who finds the order nowhere comes again, until it stands where the latest entry says.
  it('is not given up while a slow writer is between two wake-ups', async () => {
    const world = await backingOff();
    const [own] = await world.active();
    if (own === undefined) throw new Error('it is not looked after');
    await world.ports.activeOrders.remove('o', own.wakeUp);
    const event = world.busy('t2', 5);
    await expect(world.advance('o', event)).rejects.toThrow('is between two wake-ups');
    await world.ports.activeOrders.put(own);
    await world.advance('o', event);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 5000 } }]);
  });

  it('is finished by a sweep where it ended a child order that has heard of a late result since', async () => {
    const parallel = [{ plugin: 'A', mandatory: false }, { plugin: 'D' }];
    const world = await family({ child: [{ name: 'b', pre: [], parallel, post: [] }] });
    await world.begin();
    await world.advance('o~t1', world.broken('t1'));
    nextSenderDies(world);
    await expect(world.advance('o~t1', world.completed('t2', 2))).rejects.toThrow();
    await world.advance('o~t1', world.completed('t1', 'late'));
    expect(await world.active()).toHaveLength(2);
    world.pass(3600);
    world.sent();
    await sweep(world.ports);
    expect(world.sent()).toContain('order.completed');
    expect(await world.active()).toMatchObject([{ orderId: 'o' }]);
  });

  // Was: a writer that was overtaken put the order under its own wake-up all the same, and it counted as active until then, though it had
  // ended (npm run chaos). Now: it takes that back.
  describe('leaves nothing behind when it is overtaken before it puts the order under its wake-up', () => {
    async function overtakenBy(
      event: (world: Awaited<ReturnType<typeof orderWorld>>) => OrderEvent,
    ) {
      const world = await orderWorld([['A', 'B', 'C']], ['A', 'B', 'C'].map(retried));
      await world.place('o');
      await world.advance('o', world.accepted());
      world.pass(61);
      const { put } = world.ports.activeOrders;
      world.ports.activeOrders.put = async (order) => {
        world.ports.activeOrders.put = put;
        await world.advance('o', event(world));
        return put(order);
      };
      return { world, late: world.busy('t1', 500) };
    }

    /** The writer dies once the order stands under its wake-up. */
    async function dying(event: Parameters<typeof overtakenBy>[0]) {
      const { world, late } = await overtakenBy(event);
      const { remove } = world.ports.activeOrders;
      const { put } = world.ports.activeOrders;
      world.ports.activeOrders.put = async (order) => {
        const outcome = await put(order);
        world.ports.activeOrders.remove = async () => {
          world.ports.activeOrders.remove = remove;
          throw new Error('it died');
        };
        return outcome;
      };
      await expect(world.advance('o', late)).rejects.toThrow('it died');
      return world;
    }

    it('by one that moves the order on', async () => {
      const { world, late } = await overtakenBy(({ busy }) => busy('t2', 300));
      await world.advance('o', late);
      expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 300_000 } }]);
    });

    it('by one that ends the order: the next sweep but one finds nothing to do', async () => {
      const { world, late } = await overtakenBy(cancelBy);
      await world.advance('o', late);
      expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 60_000 } }]);
      world.pass(60);
      await sweep(world.ports);
      expect(await world.active()).toEqual([]);
    });

    it.each([30, 60])(
      'by one that ends the order: a wake-up that comes within a minute, here in %i s, stays',
      async (seconds) => {
        const { world } = await overtakenBy(cancelBy);
        await world.advance('o', world.busy('t1', seconds));
        expect(await world.active()).toMatchObject([
          { wakeUp: { at: world.now() + seconds * 1000 } },
        ]);
      },
    );

    it('and was a sweep that dies: the next one takes the wake-up back', async () => {
      const world = await dying(cancelBy);
      expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 500_000 } }]);
      await world.ports.sweepRecord.write({ orderIds: ['o'], deaths: 0 });
      await sweep(world.ports);
      expect(await world.active()).toEqual([]);
    });
  });

  it('is finished by a sweep, when no queue brings its events again', async () => {
    const world = await orderWorld(['A', 'B']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(61);
    world.sent();
    nextSenderDies(world);
    await expect(world.advance('o', world.completed('t1'))).rejects.toThrow();
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, repaired: 1, failed: 0 });
    expect(world.sent()).toEqual(['task B·1']);
    expect(await world.active()).toMatchObject([
      { wakeUp: { at: world.now() + 3_600_000, entry: 2 } },
    ]);
    expect(await sweep(world.ports)).toMatchObject({ woken: 0 });
  });

  it('is finished by a sweep though a later entry, which moved no deadline, came to its end', async () => {
    const world = await orderWorld([['A', 'B', 'C']], ['A', 'B', 'C'].map(retried));
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(60);
    await sweep(world.ports);
    const [own] = await world.active();
    if (own === undefined) throw new Error('it is not looked after');
    world.sent();
    nextSenderDies(world);
    const dies = world.advance('o', world.busy('t1', 5));
    await expect(dies).rejects.toThrow('the process is killed');
    await world.advance('o', world.completed('t2'));
    // Nothing is due yet; a repeated request has left a stray.
    await world.ports.activeOrders.put({ ...own, wakeUp: { at: world.now() - 1, entry: 0 } });
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(world.sent()).toEqual(['DeadlinePassed']);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 5000 } }]);
  });

  // Was: of the wake-ups that one order stood under, a sweep told the order of the last only. An entry that an earlier sweep had written for
  // another was not looked for, and its task was never sent (simulated world 3301097762). Now: the order is told of each.
  it('is finished by a sweep that finds the order under several wake-ups', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    const [own] = await world.active();
    if (own === undefined) throw new Error('it is not looked after');
    // The sweep comes upon them in the order of their instants.
    await world.ports.activeOrders.remove('o', own.wakeUp);
    await world.ports.activeOrders.put({ ...own, wakeUp: { at: world.now() + 30_000, entry: 0 } });
    await world.ports.activeOrders.put(own);
    world.pass(31);
    world.sent();
    nextSenderDies(world);
    await expect(sweep(world.ports)).rejects.toThrow('the process is killed');
    world.pass(31);
    // One that has no time for it forgets over whom the last one died.
    await sweep(world.ports, world.now());
    expect(await sweep(world.ports)).toMatchObject({ due: 2, woken: 1, failed: 0 });
    expect(world.sent()).toEqual(['task A·1', 'order.started']);
    // The one that is left over bears witness that this may not have been sent, once more.
    await sweep(world.ports);
    expect(await world.active()).toMatchObject([{ wakeUp: { entry: 2 } }]);
    expect(world.sent()).toEqual(['task A·1', 'order.started']);
    await sweep(world.ports);
    expect(world.sent()).toEqual([]);
  });

  it('is not finished while its commands cannot be sent', async () => {
    const world = await orderWorld(['A', 'B']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(61);
    nextSenderDies(world);
    await expect(world.advance('o', world.completed('t1'))).rejects.toThrow();
    const { send } = world.ports.messenger;
    world.ports.messenger.send = async (messages) =>
      messages.map((message) => ({ message, error: new Error('throttled') }));
    expect(await sweep(world.ports)).toMatchObject({ repaired: 0, failed: 1 });
    expect(await world.active()).toMatchObject([{ wakeUp: { entry: 0 } }]);
    world.ports.messenger.send = send;
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1, failed: 0 });
  });

  // Was: the sweep took the order for finished, and what the entry commanded was never sent (simulated world 3034078382).
  // Now: whatever wake-up the order is found under, it does not stand where its last entry says.
  it('is finished by a sweep that finds the order under the wake-up of a repeated request', async () => {
    const world = await orderWorld(['A'], [retried('A')]);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(60);
    await sweep(world.ports);
    const [own] = await world.active();
    if (own === undefined) throw new Error('it is not looked after');
    const stray = { ...own, wakeUp: { at: world.now() - 1, entry: 0 } };
    await world.ports.activeOrders.put(stray);
    world.sent();
    nextSenderDies(world);
    const dies = world.advance('o', world.busy('t1', 5));
    await expect(dies).rejects.toThrow('the process is killed');
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(world.sent()).toEqual(['DeadlinePassed']);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 5000 } }]);

    await world.ports.activeOrders.put(stray);
    nextSenderDies(world);
    await expect(world.advance('o', world.completed('t1'))).rejects.toThrow();
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(world.sent()).toEqual(['order.completed']);
    expect(await world.active()).toEqual([]);
  });

  it('is finished by whoever ends the order', async () => {
    const world = await backingOff();
    nextSenderDies(world);
    await expect(sweep(world.ports)).rejects.toThrow();
    await world.advance('o', cancelBy(world));
    expect(world.sent()).toEqual(['order.cancelled']);
    expect(await world.active()).toEqual([]);
  });

  it('is finished by a sweep a minute later, when a person had asked for it', async () => {
    const world = await backingOff();
    await wishOfOneWhoDies(world);
    world.pass(61);
    // The order stands under two wake-ups: its own, and the wish's.
    expect(await sweep(world.ports)).toMatchObject({ repaired: 2 });
    expect(world.sent()).toEqual(['order.cancelled']);
    expect(await world.active()).toEqual([]);
  });

  it('is finished by the same wish once more', async () => {
    const world = await backingOff();
    const wish = await wishOfOneWhoDies(world);
    expect(await applyWish('o', wish, world.ports)).toMatchObject({ known: true, changed: false });
    expect(world.sent()).toEqual(['order.cancelled']);
    // What the first one left is swept, and nothing is sent again.
    world.pass(61);
    await sweep(world.ports);
    expect(world.sent()).toEqual([]);
    expect(await world.active()).toEqual([]);
  });
});

describe('several entries whose writers died', () => {
  it('are all finished by a sweep, when no queue brings their events again', async () => {
    const plugins = [
      plugin('A', { registeredAt: 0, timeoutSeconds: 30 }),
      retried('B'),
      retried('C'),
    ];
    const world = await orderWorld([['A', 'B', 'C']], plugins);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(31);
    world.sent();
    for (const event of [world.completed('t1'), world.busy('t2', 100), world.busy('t3', 50)]) {
      nextSenderDies(world);
      await expect(world.advance('o', event)).rejects.toThrow();
    }
    expect(await sweep(world.ports)).toMatchObject({ woken: 1, repaired: 1, failed: 0 });
    expect(world.sent()).toEqual(['DeadlinePassed', 'DeadlinePassed']);
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 50_000 } }]);
  });

  it('are finished by a sweep though the last of them has ended the order', async () => {
    const world = await backingOff();
    const [own] = await world.active();
    for (const event of [
      world.busy('t2', 5),
      { type: 'CancelRequested', at: world.now(), actId: 'cancel', askedAt: world.now() },
    ] as const) {
      nextSenderDies(world);
      await expect(world.advance('o', event)).rejects.toThrow('the process is killed');
    }
    expect(await world.active()).toEqual([own]);
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1, failed: 0 });
    expect(world.sent()).toEqual(['order.cancelled']);
    expect(await world.active()).toEqual([]);
  });
});

describe('an order that has ended', () => {
  it('is on the list no more', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1'));
    expect(await world.ports.activeOrders.survey()).toMatchObject({ count: 0 });
  });

  it('has ended, though it was on the list no more', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    for (const { orderId, wakeUp } of await world.active()) {
      await world.ports.activeOrders.remove(orderId, wakeUp);
    }
    expect(await world.advance('o', world.completed('t1'))).toMatchObject({ status: 'completed' });
  });
});

describe('a wish', () => {
  it('of an order that nobody knows is answered so, and leaves nothing', async () => {
    const world = await orderWorld(['A']);
    const wish = cancelBy(world);
    expect(await applyWish('o', wish, world.ports)).toEqual({ known: false });
    expect(await world.ports.activeOrders.survey()).toMatchObject({ count: 0 });
  });

  it('of the very instant of the wake-up that the order has leaves that as it is', async () => {
    const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, timeoutSeconds: 60 })]);
    await world.place('o');
    world.pass(61);
    await world.advance('o', world.accepted());
    const before = await world.active();
    expect(before).toMatchObject([{ wakeUp: { at: world.now() + 60_000, entry: 1 } }]);
    await applyWish('o', world.accepted(), world.ports);
    expect(await world.active()).toEqual(before);
  });

  it('whose process died is finished a minute later, though the order was to wake up much later', async () => {
    const world = await orderWorld(['A'], [retried('A')]);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(60);
    await sweep(world.ports);
    world.sent();
    await wishOfOneWhoDies(world);
    world.pass(60);
    expect(await sweep(world.ports)).toMatchObject({ due: 1, repaired: 1 });
    expect(world.sent()).toEqual(['order.cancelled']);
    expect(await world.ports.activeOrders.survey()).toMatchObject({ count: 0 });
  });

  // Was: a sweep finished the order's last entry only; what a person had asked for was never sent once the order had gone on.
  // Now: it sends again what every entry that holds such an act commanded, as far as it is still due.
  it('is finished though the order has gone on since, and stands where it should', async () => {
    const world = await orderWorld(['A', 'B'], [retried('A'), retried('B')]);
    await world.place('o');
    await world.advance('o', world.accepted());
    const skip = { type: 'SkipRequested', at: world.now(), actId: 'skip', askedAt: 0 } as const;
    world.sent();
    nextSenderDies(world);
    await expect(
      applyWish('o', { ...skip, job: 'A', result: 'by hand' }, world.ports),
    ).rejects.toThrow('the process is killed');
    // The first sweep moves the order to its next wake-up.
    world.pass(61);
    await sweep(world.ports);
    await sweep(world.ports);
    expect(world.sent()).toEqual(expect.arrayContaining(['task B·1', 'task.skipped']));
  });

  // Was: nobody told of it. A failed order stands under no wake-up, and its new end was taken for one that its wake-up tells of.
  // Now: where it had ended before, its end is sent again with the wish (simulated world 669765675, brownout, branches).
  it('is finished though it has ended once more an order that had ended before', async () => {
    const { world } = await failedOrder(['A']);
    const act = { at: world.now(), actId: 'skip', askedAt: 0 } as const;
    world.sent();
    nextSenderDies(world);
    await expect(
      applyWish('o', { type: 'SkipRequested', ...act, job: 'A', result: 7 }, world.ports),
    ).rejects.toThrow('the process is killed');
    world.pass(61);
    await sweep(world.ports);
    expect(world.sent()).toEqual(['task.skipped', 'order.completed']);
    expect(await world.active()).toEqual([]);
  });

  it('that an order goes on after it had failed puts it under a wake-up again', async () => {
    const { world, failed } = await failedOrder(['A']);
    expect(await world.active()).toEqual([]);
    const retry = { type: 'RetryRequested', at: world.now(), actId: 'retry', askedAt: 0 } as const;
    world.sent();
    await applyWish('o', retry, world.ports);
    expect(world.sent()).toEqual(expect.arrayContaining(['task A·2', 'order.retried']));
    expect(await world.active()).toMatchObject([{ wakeUp: { at: world.now() + 3_600_000 } }]);
    // What comes of the end once more takes nothing away.
    await world.advance('o', failed);
    expect(await world.active()).toHaveLength(1);
  });
});

describe('an order that goes on after it had failed', () => {
  // Was: who had let it go on died before it stood under its new wake-up, and every later entry found it nowhere, until a sweep came.
  // Now: whoever moves it next finishes that (simulated world 2140225939).
  it('is looked after by whoever comes next, if who let it go on has died', async () => {
    const { world, failed } = await failedOrder(['A', 'B']);
    const retry = { type: 'RetryRequested', at: world.now(), actId: 'retry', askedAt: 0 } as const;
    nextSenderDies(world);
    await expect(applyWish('o', retry, world.ports)).rejects.toThrow('the process is killed');
    world.sent();
    const later = { ...failed, attempt: 2, retry: 'later', afterSeconds: 20 } as const;
    await world.advance('o', later);
    expect(world.sent()).toContain('order.retried');
    const standing = await world.active();
    expect(standing.map(({ wakeUp }) => wakeUp.at)).toContain(world.now() + 20_000);
  });
});

describe('a wish that could not be stored', () => {
  it('leaves the order as it was, and the wake-up that it had put it under is swept', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.pass(60);
    await sweep(world.ports);
    const before = await world.active();
    const { append } = world.ports.journal;
    world.ports.journal.append = async () => {
      world.ports.journal.append = append;
      throw new Error('throttled');
    };
    const wish = cancelBy(world);
    await expect(applyWish('o', wish, world.ports)).rejects.toThrow('throttled');
    expect((await world.active()).map(({ wakeUp }) => wakeUp.at)).toContain(world.now() + 60_000);
    world.pass(61);
    world.sent();
    expect(await sweep(world.ports)).toMatchObject({ repaired: 1 });
    expect(await world.active()).toEqual(before);
    expect(world.sent()).toEqual([]);
  });
});
