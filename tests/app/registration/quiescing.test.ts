import { describe, expect, it } from '@jest/globals';
import { placeOrder } from '../../../src/core/decide.ts';
import type { OrderPlaced } from '../../../src/core/event.ts';
import type { OrderState } from '../../../src/core/order.ts';
import { T0 } from '../system.ts';
import { createRegistration, listen } from './registration-world.ts';

const cloudformation = listen();

const DEFINITION = '{"name": "A", "ordered": "attributes.session", "stateful": true}';
const OF_A = { definition: DEFINITION, queueOf: 'A.fifo' } as const;
const DRAIN = { type: 'Delete', drain: true, physicalId: 'drain/A' } as const;

const heardOfDrain = () =>
  cloudformation.heard.filter(({ body }) => body.LogicalResourceId === 'ADrain');

async function registered() {
  const registration = createRegistration(cloudformation);
  await registration.ask({ type: 'Create', ...OF_A });
  await registration.ask({ type: 'Create', drain: true });
  await registration.putWorkflow('with-a', [{ name: 'go', pre: ['A', 'B'] }]);
  await registration.putWorkflow('without', [{ name: 'go', pre: ['B'] }]);
  cloudformation.heard.length = 0;
  return registration;
}

type World = Awaited<ReturnType<typeof registered>>;

/** An order on whose journal stands that it had so many jobs with A, and waits for B. */
async function placed({ journal, activeOrders }: World, orderId: string, of: string, jobs: number) {
  const workflow = { name: of, version: 1 };
  const event: OrderPlaced = {
    ...{ type: 'OrderPlaced', at: T0, orderId, input: 1, attributes: { session: 's' } },
    ...{ workflow, fingerprint: 'f' },
  };
  const first = placeOrder(event);
  const state: OrderState = {
    ...{ ...first, status: 'waiting', entry: 1, taskCount: jobs, failedJobs: [] },
    jobs: jobs === 0 ? {} : { A: jobs },
    stage: { activity: 0, stage: 'pre', tasks: [] },
  };
  await journal.append({ orderId, number: 0, at: T0, events: [event], state: first });
  await journal.append({ orderId, number: 1, at: T0, events: [], state });
  const { wakeUp } = state;
  await activeOrders.put({ orderId, workflow, wakeUp });
  return () => activeOrders.remove(orderId, wakeUp);
}

describe('a stateful plugin that is removed', () => {
  it('is told, takes no new sessions, and is there until the orders with open ones have ended', async () => {
    const world = await registered();
    const { ask, registry, drains, facts, sweep } = world;
    const end = await placed(world, 'o1', 'with-a', 1);
    await placed(world, 'o2', 'with-a', 0);
    await placed(world, 'o3', 'without', 0);
    expect(await ask(DRAIN)).toBeUndefined();
    expect(facts).toContainEqual({ type: 'plugin.draining', plugin: 'A' });
    expect(await registry.find('A')).toMatchObject({ draining: true, stateful: true });
    for (const minutes of [1, 20, 20]) await sweep(minutes * 60);
    expect(heardOfDrain()).toEqual([]);
    await end();
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
    expect(await drains.list()).toEqual([]);
  });

  it('waits for its tasks as any other does', async () => {
    const { ask, queue, sweep } = await registered();
    queue.inFlight = 1;
    await ask(DRAIN);
    await sweep(20 * 60);
    expect(heardOfDrain()).toEqual([]);
    queue.inFlight = 0;
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
  });

  it('stays, and drains on, where sessions are open after 50 minutes: its removal fails, and may be asked for again', async () => {
    const world = await registered();
    const { ask, registry, drains, sweep } = world;
    const end = await placed(world, 'o1', 'with-a', 2);
    await ask(DRAIN);
    await sweep(49 * 60);
    expect(heardOfDrain()).toEqual([]);
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([
      {
        body: {
          Status: 'FAILED',
          Reason:
            'plugin A is stateful, and order o1 has a session with it; it takes no new sessions and drains on: remove it again later',
        },
      },
    ]);
    expect(await registry.find('A')).toMatchObject({ draining: true });
    expect(await drains.list()).toEqual([]);
    await ask(DRAIN);
    await end();
    await sweep(60);
    expect(heardOfDrain()[1]).toMatchObject({ body: { Status: 'SUCCESS' } });
  });

  it('is found in orders of workflows that invite it with everyone, and of those that are gone', async () => {
    const world = await registered();
    const { ask, sweep, putWorkflow } = world;
    await ask({
      type: 'Update',
      ...OF_A,
      definition: DEFINITION.replace('}', ', "joins": [{"activity": "go", "stage": "parallel"}]}'),
    });
    cloudformation.heard.length = 0;
    await putWorkflow('everyone', [{ name: 'go', parallel: '*' }]);
    const ends = [await placed(world, 'o1', 'everyone', 1), await placed(world, 'o2', 'gone', 1)];
    await ask(DRAIN);
    for (const end of ends) {
      await sweep(60);
      expect(heardOfDrain()).toEqual([]);
      await end();
    }
    await sweep(60);
    expect(heardOfDrain()).toHaveLength(1);
  });
});

it('a registration is refused where no attribute holds the session', async () => {
  const { ask } = createRegistration(cloudformation);
  const refused = await ask({ type: 'Create', definition: '{"name": "A", "stateful": true}' });
  expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('stateful') });
});
