import { describe, expect, it } from '@jest/globals';
import type { OrderPlaced } from '../../src/core/event.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { place, placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const T0 = Date.UTC(2026, 10, 21);

// Was: the sweep took away what the repeated request had found there, and nobody looked after the order. Now: it is added again.
it('an order placed again in the midst of a sweep that tidies up after the first request is looked after', async () => {
  let now = T0;
  const ports = createMemoryPorts(() => now, [plugin('A', { registeredAt: 0 })]);
  const definition = { name: 'some', on: [], activities: activitiesOf(['A']) };
  const { workflow } = await ports.workflows.put(definition);
  const ref = { name: workflow.name, version: workflow.version };
  // The first request died before entry 0.
  await ports.activeOrders.add({ orderId: 'o', workflow: ref, acceptedAt: T0, wakeUpAt: T0 });
  now += 120_000;
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    ports.journal.append = append;
    expect(await sweep(ports)).toMatchObject({ repaired: 1 });
    return append(entry);
  };
  const placed = { type: 'OrderPlaced', at: now, orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input: 1, attributes: {}, workflow: ref }], ports);
  const active: string[] = [];
  for await (const page of ports.activeOrders.pages()) {
    active.push(...page.map(({ orderId }) => orderId));
  }
  expect(active).toEqual(['o']);
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
    expect(world.sent()).toEqual([]);
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
  const { add } = world.ports.activeOrders;
  let added = 0;
  world.ports.activeOrders.add = async (order) => {
    added += 1;
    return add(order);
  };
  await place(world.request('f'), world.ports);
  expect(added).toBe(1);
});

describe('orders that are placed together', () => {
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
