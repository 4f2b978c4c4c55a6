import { describe, expect, it } from '@jest/globals';
import type { ArmDeadline } from '../../src/core/command.ts';
import type { OrderEvent } from '../../src/core/event.ts';
import type { OrderState } from '../../src/core/order.ts';
import { hasEnded } from '../../src/core/order.ts';
import { moveDeadline } from '../../src/engine/deadlines.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

/** An order with a task that has failed a hundred times; each time its wake-up moved forward, and back again. */
async function failedAHundredTimes() {
  const retry = { maxAttempts: 1000, backoffSeconds: 0, maxBackoffSeconds: 0 };
  const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, retry })]);
  await world.place('o');
  await world.advance('o', world.accepted());
  const fails = (attempt: number): OrderEvent => {
    const error = { code: 'BUSY', message: 'later' };
    const advice = { retry: 'later', afterSeconds: 30 } as const;
    return { type: 'TaskFailed', at: world.now(), taskId: 't1', attempt, error, ...advice };
  };
  const retryDue = (): OrderEvent => {
    world.pass(30);
    return { type: 'DeadlinePassed', at: world.now(), armedFor: world.now() };
  };
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    await world.advance('o', fails(attempt));
    await world.advance('o', retryDue());
  }
  const { has } = world.ports.activeOrders;
  let looks = 0;
  world.ports.activeOrders.has = (...place) => {
    looks += 1;
    return has(...place);
  };
  const looksOf = async (act: () => Promise<unknown>) => {
    looks = 0;
    await act();
    return looks;
  };
  return { ...world, fails, retryDue, looksOf };
}

/** The command that moved the order's wake-up last. */
function armingOf(state: OrderState | undefined): ArmDeadline {
  if (state === undefined || hasEnded(state) || state.wakeUpBefore === undefined) {
    throw new Error('its wake-up has not moved');
  }
  const { workflow, wakeUp, wakeUpBefore: last } = state;
  return { type: 'ArmDeadline', orderId: 'o', workflow, ...wakeUp, last };
}

/** An order whose wake-up has moved once, and the command that moved it. */
async function moved() {
  const world = await orderWorld([['A', 'B']], [plugin('A'), plugin('B')]);
  await world.place('o');
  await world.advance('o', world.accepted());
  const event = world.busy('t1', 30);
  const command = armingOf(await world.advance('o', event));
  const { workflow, last, at, entry } = command;
  const wakeUp = { at, entry };
  const pauses: number[] = [];
  const backOff = async (looks: number) => {
    pauses.push(looks);
  };
  const isAt = async () => (await world.active()).map(({ wakeUp }) => wakeUp);
  const ports = { ...world.ports, backOff };
  return { ...world, ports, event, command, wakeUp, last, workflow, pauses, isAt };
}

describe('a deadline', () => {
  it('is moved at once from where the order stands', async () => {
    const { ports, command, wakeUp, last, workflow, pauses, isAt } = await moved();
    await ports.activeOrders.put({ orderId: 'o', workflow, wakeUp: last });
    await ports.activeOrders.remove('o', wakeUp);
    await moveDeadline(command, ports);
    expect(await isAt()).toEqual([wakeUp]);
    expect(pauses).toEqual([]);
  });

  it('that has moved already stays, when its event comes again', async () => {
    const { advance, event, wakeUp, pauses, isAt, sent } = await moved();
    sent();
    await advance('o', event);
    expect(await isAt()).toEqual([wakeUp]);
    expect(pauses).toEqual([]);
    expect(sent()).toEqual(['DeadlinePassed']);
  });

  it('of which a later entry has set another stays as that has it', async () => {
    const { advance, ports, busy, command, pauses, isAt } = await moved();
    await advance('o', busy('t2', 10));
    const [later] = await isAt();
    await moveDeadline(command, ports);
    expect(await isAt()).toEqual([later]);
    expect(pauses).toEqual([]);
  });

  it('of an order that has ended meanwhile, or is gone, is set no more', async () => {
    const { advance, now, ports, command, pauses, isAt } = await moved();
    await advance('o', { type: 'CancelRequested', at: now(), actId: 'cancel', askedAt: now() });
    await moveDeadline(command, ports);
    await moveDeadline({ ...command, orderId: 'unknown' }, ports);
    expect(await isAt()).toEqual([]);
    expect(pauses).toEqual([]);
  });

  it('is moved as soon as another writer has put the order where it moves from', async () => {
    const { ports, command, wakeUp, last, workflow, isAt } = await moved();
    await ports.activeOrders.remove('o', wakeUp);
    let looked = 0;
    const backOff = async (looks: number) => {
      looked = looks;
      if (looks === 5) await ports.activeOrders.put({ orderId: 'o', workflow, wakeUp: last });
    };
    await moveDeadline(command, { ...ports, backOff });
    expect(looked).toBe(5);
    expect(await isAt()).toEqual([wakeUp]);
  });

  it('is moved though the journal expires meanwhile, and nothing is sent', async () => {
    const { advance, busy, ports, command, wakeUp, last, workflow, isAt, sent } = await moved();
    await advance('o', busy('t2', 10));
    const [later] = await isAt();
    if (later === undefined) throw new Error('its wake-up has not moved');
    await ports.activeOrders.remove('o', later);
    await ports.activeOrders.put({ orderId: 'o', workflow, wakeUp: last });
    sent();
    let isThere = true;
    const latest = async (orderId: string) => {
      const entry = isThere ? await ports.journal.latest(orderId) : undefined;
      isThere = false;
      return entry;
    };
    const journal = { ...ports.journal, latest };
    await moveDeadline({ ...command, ...later, last: wakeUp }, { ...ports, journal });
    expect(await isAt()).toEqual([later]);
    expect(sent()).toEqual([]);
  });

  it('of a writer that finds the journal gone when it was overtaken is left to the sweeper', async () => {
    const { ports, command, wakeUp, last, workflow, isAt } = await moved();
    await ports.activeOrders.put({ orderId: 'o', workflow, wakeUp: last });
    await ports.activeOrders.remove('o', wakeUp);
    const activeOrders = { ...ports.activeOrders, remove: async () => false };
    const journal = { ...ports.journal, latest: async () => undefined };
    await moveDeadline(command, { ...ports, activeOrders, journal });
    expect(await isAt()).toContainEqual(wakeUp);
  });

  // Was: five looks took less time than a call that is tried again, and the message of whoever waited for such a writer came again for
  // nothing (simulated world 2762206309).
  it('is given back after ten looks', async () => {
    const { ports, command, wakeUp, pauses } = await moved();
    await ports.activeOrders.remove('o', wakeUp);
    await expect(moveDeadline(command, ports)).rejects.toThrow('o is between two wake-ups');
    expect(pauses).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });
});

// Was: whoever found an order no more where it had stood looked under each wake-up that it ever had, 250 of them for one that was used as
// a canary a hundred times; in a world where calls fail, no such search came to its end (simulated worlds 642860490 and 159676786).
// Now: the state remembers an entry under whose wake-up the order stood, and no search goes further back.
describe('an order with hundreds of wake-ups', () => {
  it('whose end comes again is looked for under a few of them', async () => {
    const world = await failedAHundredTimes();
    const end = world.completed('t1', 1, 101);
    expect(await world.looksOf(() => world.advance('o', end))).toBe(0);
    expect(await world.active()).toEqual([]);
    const looks = await world.looksOf(() => world.advance('o', end));
    // It is known to have stood there, and is looked for no further back.
    expect(looks).toBe(1);
  });

  it('is looked for no further by a slow writer whose entry is not the last', async () => {
    const world = await failedAHundredTimes();
    const late = armingOf(await world.advance('o', world.fails(101)));
    await world.advance('o', world.retryDue());
    expect(await world.looksOf(() => moveDeadline(late, world.ports))).toBe(2);
    expect(await world.active()).toHaveLength(1);
  });

  it('is found where it stands, when the writers of its last entries have died', async () => {
    const world = await failedAHundredTimes();
    const before = await world.active();
    const { send } = world.ports.messenger;
    world.ports.messenger.send = async () => {
      throw new Error('the process is killed');
    };
    for (let attempt = 101; attempt <= 105; attempt += 1) {
      await expect(world.advance('o', world.fails(attempt))).rejects.toThrow('killed');
      await expect(world.advance('o', world.retryDue())).rejects.toThrow('killed');
    }
    expect(await world.active()).toEqual(before);
    world.ports.messenger.send = send;
    world.sent();
    await world.advance('o', world.completed('t1', 1, 106));
    expect(await world.active()).toEqual([]);
  });

  it('asks whether it stands where it should once in eight entries', async () => {
    const world = await failedAHundredTimes();
    const looks = await world.looksOf(async () => {
      for (let attempt = 101; attempt <= 150; attempt += 1) {
        await world.advance('o', world.fails(attempt));
        await world.advance('o', world.retryDue());
      }
    });
    // A hundred entries; each move looks once whether the order stands where it is moved from.
    expect(looks).toBe(100 + 12);
  });
});
