import { expect, it } from '@jest/globals';
import { activitiesOf } from '../../src/core/workflow.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import type { ActiveOrder } from '../../src/ports/active-orders.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';

const T0 = Date.UTC(2026, 10, 21);

const ref = { name: 'some', version: 1 };

async function placingWorld() {
  const now = { at: T0 };
  const ports = createMemoryPorts(() => now.at, [plugin('A', { registeredAt: 0 })]);
  await ports.workflows.put({ name: 'some', on: [], activities: activitiesOf(['A']) });
  const place = (fingerprint = '') => {
    const placed = { type: 'OrderPlaced', at: now.at, orderId: 'o', fingerprint } as const;
    return placeAll([{ ...placed, input: 1, attributes: {}, workflow: ref }], ports);
  };
  const active = async () => {
    const orders: ActiveOrder[] = [];
    for await (const page of ports.activeOrders.due(Infinity)) orders.push(...page);
    return orders.map(({ orderId, wakeUp }) => `${orderId} ${(wakeUp.at - T0) / 1000} s`);
  };
  return { now, ports, place, active };
}

// Was: the sweep took away what a slow request had put there, and nobody looked after its order. Now: it is put again.
it('an order whose request is so slow that a sweep tidies up after it is looked after', async () => {
  const { now, ports, place, active } = await placingWorld();
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    ports.journal.append = append;
    now.at += 61_000;
    expect(await sweep(ports)).toMatchObject({ repaired: 1 });
    expect(await active()).toEqual([]);
    return append(entry);
  };
  expect(await place()).toMatchObject([{ outcome: 'new' }]);
  expect(await active()).toEqual(['o 60 s']);
});

it('an order whose entry 0 is stored while a sweep tidies up is looked after', async () => {
  const { now, ports, place, active } = await placingWorld();
  const { append } = ports.journal;
  const { remove } = ports.activeOrders;
  let stored: Promise<unknown> = Promise.resolve();
  ports.journal.append = async (entry) => {
    ports.journal.append = append;
    now.at += 61_000;
    ports.activeOrders.remove = async (...args) => {
      stored = append(entry);
      await stored;
      return remove(...args);
    };
    await sweep(ports);
    return 'stored';
  };
  await place();
  expect(await active()).toEqual(['o 60 s']);
});

it('an order placed twice stands under one wake-up, its first', async () => {
  const { now, place, active } = await placingWorld();
  await place();
  now.at += 7000;
  expect(await place()).toMatchObject([{ outcome: 'repeated' }]);
  expect(await place('other')).toMatchObject([{ outcome: 'conflicting' }]);
  expect(await active()).toEqual(['o 60 s']);
});

it('two requests of one instant for one order leave it under its wake-up', async () => {
  const { place, active } = await placingWorld();
  await Promise.all([place(), place()]);
  expect(await active()).toEqual(['o 60 s']);
});

it('what a request that died left of an order placed again is swept', async () => {
  const { now, ports, place, active } = await placingWorld();
  await ports.activeOrders.put({ orderId: 'o', workflow: ref, wakeUp: { at: T0, entry: 0 } });
  now.at += 1000;
  await place();
  expect(await active()).toEqual(['o 0 s', 'o 61 s']);
  // The sweep starts the order before its own message does.
  expect(await sweep(ports)).toMatchObject({ woken: 1 });
  expect(await sweep(ports)).toMatchObject({ repaired: 1 });
  expect(await active()).toEqual(['o 61 s']);
});
