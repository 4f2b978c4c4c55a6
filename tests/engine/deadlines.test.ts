import { describe, expect, it } from '@jest/globals';
import type { ArmDeadline } from '../../src/core/command.ts';
import { hasEnded } from '../../src/core/order.ts';
import { moveDeadline } from '../../src/engine/deadlines.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

/** An order whose wake-up has moved once, and the command that moved it. */
async function moved() {
  const world = await orderWorld([['A', 'B']], [plugin('A'), plugin('B')]);
  await world.place('o');
  await world.advance('o', world.accepted());
  const event = world.busy('t1', 30);
  const state = await world.advance('o', event);
  if (state === undefined || hasEnded(state) || state.wakeUpBefore === undefined) {
    throw new Error('its wake-up has not moved');
  }
  const { workflow, wakeUp, wakeUpBefore: last } = state;
  const command: ArmDeadline = { type: 'ArmDeadline', orderId: 'o', workflow, ...wakeUp, last };
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
    const journal = { ...ports.journal, latest: async () => undefined };
    await moveDeadline({ ...command, ...later, last: wakeUp }, { ...ports, journal });
    expect(await isAt()).toEqual([later]);
    expect(sent()).toEqual([]);
  });

  it('is given back after five looks', async () => {
    const { ports, command, wakeUp, pauses } = await moved();
    await ports.activeOrders.remove('o', wakeUp);
    await expect(moveDeadline(command, ports)).rejects.toThrow('o is between two wake-ups');
    expect(pauses).toEqual([1, 2, 3, 4, 5]);
  });
});
