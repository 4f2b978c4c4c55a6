import { describe, expect, it } from '@jest/globals';
import type { OrderPlaced } from '../../src/core/event.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { place, placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import type { ActiveOrder } from '../../src/ports/active-orders.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

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

it('a request that another of the same instant overtakes leaves the order under its wake-up', async () => {
  const { ports, place, active } = await placingWorld();
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    ports.journal.append = append;
    expect(await place()).toMatchObject([{ outcome: 'new' }]);
    return append(entry);
  };
  expect(await place()).toMatchObject([{ outcome: 'repeated' }]);
  expect(await active()).toEqual(['o 60 s']);
});

it('an order that is stored ten seconds before its wake-up is not put once more', async () => {
  const { now, ports, place } = await placingWorld();
  const { append } = ports.journal;
  const { put } = ports.activeOrders;
  let puts = 0;
  ports.activeOrders.put = async (order) => {
    puts += 1;
    return put(order);
  };
  ports.journal.append = async (entry) => {
    now.at += 50_000;
    return append(entry);
  };
  await place();
  expect(puts).toBe(1);
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

/** An order `o` as its client asked for it, and may ask again. */
async function requested() {
  const world = await orderWorld(['A']);
  const { workflow } = await world.ports.workflows.put({
    ...{ name: 'some', on: [], activities: activitiesOf(['A']) },
  });
  const request = (fingerprint: string): OrderPlaced => ({
    ...{
      type: 'OrderPlaced',
      at: world.now(),
      orderId: 'o',
      input: 1,
      attributes: {},
      fingerprint,
    },
    workflow: { name: workflow.name, version: workflow.version },
  });
  return { ...world, request };
}

describe('a request that comes again', () => {
  it('starts the order once more while it has not started', async () => {
    const world = await requested();
    expect(await place(world.request('f'), world.ports)).toMatchObject({ outcome: 'new' });
    expect(world.sent()).toEqual(['OrderAccepted']);
    expect(await place(world.request('f'), world.ports)).toMatchObject({ outcome: 'repeated' });
    expect(world.sent()).toEqual(['OrderAccepted']);
  });

  it('shows where the order stands once it has started, and starts nothing', async () => {
    const world = await requested();
    await place(world.request('f'), world.ports);
    await world.advance('o', world.accepted());
    world.sent();
    const again = await place(world.request('f'), world.ports);
    expect(again).toMatchObject({ outcome: 'repeated', state: { status: 'running' } });
    expect(world.sent()).toStrictEqual([]);
    expect(await world.active()).toHaveLength(1);
  });

  it('with other contents conflicts, and starts nothing', async () => {
    const world = await requested();
    await place(world.request('f'), world.ports);
    world.sent();
    expect(await place(world.request('g'), world.ports)).toMatchObject({ outcome: 'conflicting' });
    expect(world.sent()).toEqual([]);
  });

  // Was: no test would have noticed the item that it left. Now: nothing is left to be looked after.
  it('for an order that has ended leaves nothing to be looked after', async () => {
    const world = await requested();
    await place(world.request('f'), world.ports);
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1'));
    expect(await world.active()).toEqual([]);
    const again = await place(world.request('f'), world.ports);
    expect(again).toMatchObject({ outcome: 'repeated', state: { status: 'completed' } });
    expect(await world.active()).toEqual([]);
  });

  it('for an order whose end has yet to be told leaves its item to the sweeper', async () => {
    const world = await requested();
    await place(world.request('f'), world.ports);
    await world.advance('o', world.accepted());
    const { send } = world.ports.messenger;
    world.ports.messenger.send = async () => {
      world.ports.messenger.send = send;
      throw new Error('the process is killed');
    };
    await expect(world.advance('o', world.completed('t1'))).rejects.toThrow();
    await place(world.request('f'), world.ports);
    expect(await world.active()).toHaveLength(1);
  });
});

it('an order that is placed for the first time is added to the list of active orders once', async () => {
  const world = await requested();
  const { put } = world.ports.activeOrders;
  let added = 0;
  world.ports.activeOrders.put = async (order) => {
    added += 1;
    return put(order);
  };
  await place(world.request('f'), world.ports);
  expect(added).toBe(1);
});

describe('orders that are placed together', () => {
  const groupsOf = async (world: Awaited<ReturnType<typeof requested>>) => {
    const groups: (string | undefined)[] = [];
    for await (const page of world.ports.activeOrders.due(Infinity)) {
      groups.push(...page.map(({ wakeUp: { group } }) => group));
    }
    return groups;
  };
  const asked = (world: Awaited<ReturnType<typeof requested>>, count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...world.request('f'), orderId: `o${n}` }));

  it.each([
    [1, [undefined]],
    [2, ['o0', 'o0']],
    [25, Array(25).fill('o0')],
    [26, [...Array(25).fill('o0'), undefined]],
    [52, [...Array(25).fill('o0'), ...Array(25).fill('o25'), 'o50', 'o50']],
  ])('stand together, 25 at most: %i of them', async (count, groups) => {
    const world = await requested();
    await placeAll(asked(world, count), world.ports);
    expect(await groupsOf(world)).toEqual(groups);
  });

  it('stand together only if they run the same workflow, by the instant of the first', async () => {
    const world = await requested();
    const [a, b, c, d] = asked(world, 4) as [OrderPlaced, OrderPlaced, OrderPlaced, OrderPlaced];
    await placeAll(
      [
        a,
        { ...b, at: b.at + 1 },
        { ...c, workflow: { name: 'some', version: 2 } },
        { ...d, at: d.at + 1 },
      ],
      world.ports,
    );
    expect(await groupsOf(world)).toEqual(['o0', 'o0', undefined, 'o0']);
    const wakeUps: number[] = [];
    for await (const page of world.ports.activeOrders.due(Infinity)) {
      wakeUps.push(...page.map(({ wakeUp }) => wakeUp.at - a.at));
    }
    expect(wakeUps).toEqual([60_000, 60_000, 60_000, 60_000]);
    expect((await world.ports.journal.latest('o1'))?.state.acceptedAt).toBe(a.at + 1);
  });

  it('leave their place each for itself, and are woken from it', async () => {
    const world = await requested();
    await placeAll(asked(world, 3), world.ports);
    await world.advance('o1', world.accepted());
    await world.advance('o1', world.completed('t1'));
    expect(await world.active()).toHaveLength(2);
    world.pass(60);
    expect(await sweep(world.ports)).toMatchObject({ due: 2, woken: 2, failed: 0 });
    expect(await groupsOf(world)).toEqual([undefined, undefined]);
    for (const id of ['o0', 'o2']) await world.advance(id, world.completed('t1'));
    expect(await world.active()).toEqual([]);
  });

  it.each([
    ['at the same instant', 0],
    ['later', 1],
  ])('are the same orders when they are asked for again %s, in whatever company', async (_, ms) => {
    const world = await requested();
    const first = asked(world, 3);
    await placeAll(first, world.ports);
    const again = first.slice(1).map((event) => ({ ...event, at: event.at + ms }));
    expect(await placeAll(again, world.ports)).toMatchObject([
      { outcome: 'repeated' },
      { outcome: 'repeated' },
    ]);
    const [, second] = first as [OrderPlaced, OrderPlaced];
    await placeAll([{ ...second, at: second.at + ms }], world.ports);
    expect(await groupsOf(world)).toEqual(['o0', 'o0', 'o0']);
  });

  it('are stored and started each by itself, in the order in which they were asked for', async () => {
    const world = await requested();
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      if (entry.orderId === 'p') throw new Error('throttled');
      return append(entry, previous);
    };
    const events = ['o', 'p', 'q'].map((orderId) => ({ ...world.request('f'), orderId }));
    const placed = await placeAll(events, world.ports);
    expect(placed).toMatchObject([
      { outcome: 'new', state: { orderId: 'o' } },
      { outcome: 'failed', error: new Error('throttled') },
      { outcome: 'new', state: { orderId: 'q' } },
    ]);
    expect(world.sent()).toEqual(['OrderAccepted', 'OrderAccepted']);
    await expect(place({ ...world.request('f'), orderId: 'p' }, world.ports)).rejects.toThrow(
      'throttled',
    );
  });
});

it('the message that begins an order says whose it is', async () => {
  const { place, ports } = await orderWorld(['A']);
  await place('o1', 1, undefined, 'shop');
  await place('o2');
  const begun = ports.messenger.sent.filter(({ to }) => to === 'orchestrator');
  expect(begun).toMatchObject([{ orderId: 'o1', client: 'shop' }, { orderId: 'o2' }]);
  expect(begun[1]).not.toHaveProperty('client');
});
