import { describe, expect, it } from '@jest/globals';
import type { Activity, Step } from '../../src/core/workflow.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

/** An order whose reads of its journal are counted, in the instance that has sent its first task. */
async function started(todo: Parameters<typeof orderWorld>[0]) {
  const world = await orderWorld(todo);
  const { journal } = world.ports;
  const { latest } = journal;
  const reads = { count: 0 };
  journal.latest = async (orderId) => {
    reads.count += 1;
    return latest(orderId);
  };
  await world.place('o');
  await world.advance('o', world.accepted());
  reads.count = 0;
  return { ...world, journal, reads };
}

describe('an answer that comes to the instance that has sent the task', () => {
  it('costs no read, down to the end of the order', async () => {
    const { advance, completed, reads, sent } = await started(['A', 'B', 'C']);
    for (const taskId of ['t1', 't2']) await advance('o', completed(taskId, 2));
    expect(await advance('o', completed('t3', 3))).toMatchObject({
      status: 'completed',
      result: 3,
    });
    expect(reads.count).toBe(0);
    expect(sent()).toContain('order.completed');
  });

  it('is decided on what the journal holds, if others have stored an entry meanwhile', async () => {
    const { advance, completed, reads, journal, sent } = await started(['A', 'B']);
    const stale = journal.lastStored('o');
    await advance('o', completed('t1', 2));
    // Another instance, which has not heard of that.
    journal.lastStored = () => stale;
    sent();
    expect(await advance('o', completed('t1', 7))).toMatchObject({ entry: 2, payload: 2 });
    expect(reads.count).toBe(1);
    // What the first answer commanded is sent again: whoever took it may have died before.
    expect(sent()).toEqual(['task B·1']);
  });

  it('and changes nothing, is decided on what the journal holds', async () => {
    const { advance, completed, reads } = await started(['A', 'B']);
    const fromAnother = { ...completed('t1'), by: 'B' } as ReturnType<typeof completed>;
    expect(await advance('o', fromAnother)).toMatchObject({ entry: 1 });
    expect(reads.count).toBe(1);
  });
});

describe('an answer that is not the one that is awaited', () => {
  it.each<[string, object]>([
    ['of another task', { taskId: 't9' }],
    ['of another attempt', { attempt: 9 }],
  ])('%s is decided on once', async (_, other) => {
    const { advance, accepted, completed, ports } = await started(['A', 'B']);
    const { plugins } = ports.registry;
    let decisions = 0;
    ports.registry.plugins = async (...asked) => {
      decisions += 1;
      return plugins(...asked);
    };
    await advance('o', { ...completed('t1'), ...other } as ReturnType<typeof completed>);
    expect(decisions).toBe(1);
    // Nor is the beginning, once the order has begun.
    await advance('o', accepted());
    expect(decisions).toBe(2);
  });
});

describe('the order is read', () => {
  it('for an answer that comes before the order has begun, and for its beginning once it has', async () => {
    const world = await orderWorld(['A']);
    const { latest } = world.ports.journal;
    let reads = 0;
    world.ports.journal.latest = async (orderId) => {
      reads += 1;
      return latest(orderId);
    };
    await world.place('o');
    await world.advance('o', world.completed('t1'));
    await world.advance('o', world.accepted());
    expect(reads).toBe(1);
    await world.advance('o', world.accepted());
    expect(reads).toBe(2);
  });

  it('for an answer that comes with something else', async () => {
    const { advance, completed, now, reads } = await started(['A', 'B']);
    const beat = { type: 'TaskHeartbeat', at: now(), sentAt: now() } as const;
    await advance('o', completed('t1'), { ...beat, taskId: 't1', attempt: 1 });
    expect(reads.count).toBe(1);
  });

  it('while it is paused', async () => {
    const { advance, completed, now, reads } = await started(['A', 'B']);
    await advance('o', { type: 'PauseRequested', at: now(), actId: 'pause', askedAt: now() });
    reads.count = 0;
    await advance('o', completed('t1'));
    expect(reads.count).toBe(1);
  });

  it('when the only open task has failed, and is to be tried again', async () => {
    const { advance, completed, busy, reads } = await started(['A', 'B']);
    await advance('o', busy('t1', 5));
    reads.count = 0;
    await advance('o', completed('t1'));
    expect(reads.count).toBe(1);
  });

  const stage = (...parallel: Step[]): Activity[] => [{ name: 'a', pre: [], parallel, post: [] }];

  it.each<[string, Activity[]]>([
    ['is to be tried again', stage({ plugin: 'A' }, { plugin: 'B' })],
    ['is parked', stage({ plugin: 'A' }, { plugin: 'C' })],
    ['is a wait', stage({ plugin: 'A' }, { waitSeconds: 60 })],
  ])('while another task %s', async (_, activities) => {
    const world = await orderWorld(activities);
    await world.ports.quarantines.put(
      { plugin: 'C', phase: 'closed', since: world.now(), reason: 'it fails', failedCanaries: 0 },
      undefined,
    );
    await world.place('o');
    await world.advance('o', world.accepted());
    await world.advance('o', world.busy('t2', 5));
    const { latest } = world.ports.journal;
    let reads = 0;
    world.ports.journal.latest = async (orderId) => {
      reads += 1;
      return latest(orderId);
    };
    await world.advance('o', world.completed('t1'));
    expect(reads).toBe(1);
  });

  it('not for the tasks of a stage that are done already, or have not begun', async () => {
    const pre = ['A', 'B', 'C'].map((name) => ({ plugin: name }));
    const { advance, completed, reads } = await started([
      { name: 'a', pre, parallel: [], post: [] },
    ]);
    for (const taskId of ['t1', 't2']) await advance('o', completed(taskId));
    expect(reads.count).toBe(0);
  });

  it('for the answer of another attempt than the one that was sent', async () => {
    const { advance, completed, reads } = await started(['A', 'B']);
    await advance('o', { ...completed('t1'), attempt: 2 } as ReturnType<typeof completed>);
    await advance('o', completed('t2'));
    expect(reads.count).toBe(2);
  });

  it('while several tasks are open: others may have answered elsewhere', async () => {
    const { advance, completed, reads } = await started([['A', 'B']]);
    await advance('o', completed('t1'));
    expect(reads.count).toBe(1);
  });

  it('for anything but a result', async () => {
    const { advance, accepted, busy, reads } = await started(['A']);
    await advance('o', accepted());
    await advance('o', busy('t1', 5));
    expect(reads.count).toBe(2);
  });

  it('a minute after it was stored', async () => {
    const { advance, completed, pass, reads } = await started(['A', 'B', 'C']);
    pass(60);
    await advance('o', completed('t1'));
    expect(reads.count).toBe(0);
    pass(60.001);
    await advance('o', completed('t2'));
    expect(reads.count).toBe(1);
  });
});

describe('the message of a task', () => {
  /** What the latest task messages carry, by task. */
  const carriedBy = (world: Awaited<ReturnType<typeof orderWorld>>) =>
    world.ports.messenger.sent.flatMap((message) =>
      message.to === 'plugin' || message.to === 'broadcast'
        ? Object.values(message.body.invited).map(({ job, sealed }) => [job, sealed] as const)
        : [],
    );

  async function begun(...given: Parameters<typeof orderWorld>) {
    const world = await orderWorld(...given);
    await world.place('o');
    await world.advance('o', world.accepted());
    return world;
  }

  it('carries where the order stands while nothing but the task is open', async () => {
    const world = await begun(['A', 'B']);
    expect(carriedBy(world)).toEqual([['A', 'entry 1 of o']]);
    await world.advance('o', world.busy('t1', 5));
    world.pass(5);
    await world.advance('o', { type: 'DeadlinePassed', at: world.now(), armedFor: world.now() });
    await world.advance('o', world.completed('t1', 2, 2));
    expect(carriedBy(world)).toEqual([
      ['A', 'entry 1 of o'],
      ['A', 'entry 3 of o'],
      ['B', 'entry 4 of o'],
    ]);
  });

  it.each([
    ['other tasks are open, too', [['A', 'B']], {}],
    [
      'its plugin sends heartbeats, each of which may make an entry',
      ['A'],
      { heartbeatSeconds: 5 },
    ],
  ])('carries nothing where %s', async (_, todo, more) => {
    const plugins = ['A', 'B'].map((name) => plugin(name, { registeredAt: 0, ...more }));
    const carried = carriedBy(await begun(todo, plugins));
    expect(carried.length).toBeGreaterThan(0);
    expect(carried.map(([, sealed]) => sealed)).toEqual(carried.map(() => undefined));
  });

  it.each<[string, Step]>([
    ['an order', { workflow: 'some' }],
    ['an event', { waitFor: { event: 'paid' } }],
  ])('is nothing where %s is awaited, and no entry is sealed for it', async (_, step) => {
    const world = await orderWorld([{ name: 'a', pre: [step], parallel: [], post: [] }]);
    await world.place('o');
    world.ports.journal.seal = async () => {
      throw new Error('nobody asked for it');
    };
    expect(await world.advance('o', world.accepted())).toMatchObject({ entry: 1 });
  });

  it('carries nothing when it is sent again', async () => {
    const world = await begun(['A', 'B']);
    world.ports.messenger.sent.length = 0;
    await world.advance('o', world.accepted());
    expect(carriedBy(world)).toEqual([['A', undefined]]);
  });
});

it('the message that starts an order carries its first entry, and the one that starts it again does not', async () => {
  const world = await orderWorld(['A']);
  const starts = () =>
    world.ports.messenger.sent.flatMap(({ body }) =>
      'type' in body && body.type === 'OrderAccepted' ? [body.sealed] : [],
    );
  await world.place('o');
  await world.place('o');
  expect(starts()).toEqual(['entry 0 of o', undefined]);
});
