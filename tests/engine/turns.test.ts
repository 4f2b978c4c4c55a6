import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { DOUBTED_MS, tendTurns } from '../../src/engine/tending-turns.ts';
import { applyWish } from '../../src/engine/wish.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import type { Turns } from '../../src/ports/turns.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

const OF = { plugin: 'A', client: 'shop' };

/** A world in which A takes so many tasks of one client at once, and a record of the calls that turns cost. */
async function bounded(
  tasksPerClient: number | undefined,
  more: Partial<Plugin> = {},
  steps: Parameters<typeof orderWorld>[0] = ['A'],
) {
  const bound = tasksPerClient === undefined ? {} : { tasksPerClient };
  const a = plugin('A', { registeredAt: 0, ...bound, ...more });
  const world = await orderWorld(steps, [a, plugin('B', { registeredAt: 0 })]);
  const { ports } = world;
  const calls: string[] = [];
  const recorded = Object.fromEntries(
    Object.entries(ports.turns).map(([name, call]) => [
      name,
      (...args: unknown[]) => {
        calls.push(name);
        return (call as (...given: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Turns;
  Object.assign(ports, { turns: recorded });
  if (tasksPerClient !== undefined) await ports.boundedPlugins.add('A');
  return {
    ...world,
    start: async (orderId: string, client?: string) => {
      await world.place(orderId, 1, undefined, client);
      await world.advance(orderId, world.accepted());
    },
    calls: () => calls.splice(0),
    /** The orders that have been told that their turn has come. */
    released: () =>
      ports.messenger.sent
        .splice(0)
        .flatMap((message) => (isRelease(message) ? [message.body] : [])),
    taken: async () => (await ports.turns.of(OF)).taken.map(({ orderId }) => orderId).sort(),
    waiting: async () => (await ports.turns.first(OF, 100)).map(({ orderId }) => orderId),
    sweep: () =>
      tendTurns(ports, (_, error) => {
        throw error;
      }),
  };
}

type Release = Extract<OutgoingMessage['body'], { readonly type: 'TaskReleased' }>;

function isRelease(message: OutgoingMessage): message is OutgoingMessage & { body: Release } {
  return 'type' in message.body && message.body.type === 'TaskReleased';
}

const told = ({ plugin: name, parkedIn, task }: Release, at: number): OrderEvent => ({
  ...({ type: 'TaskReleased', at, plugin: name, parkedIn } as const),
  ...(task !== undefined && { task }),
});

describe('a plugin that takes two tasks of one client at once', () => {
  it('has two of each client, the others wait, and the one that has waited longest is next', async () => {
    const world = await bounded(2);
    for (const orderId of ['o1', 'o2', 'o3', 'o4']) {
      world.pass(1);
      await world.start(orderId, 'shop');
    }
    await world.start('other', 'bank');
    expect(await world.taken()).toEqual(['o1', 'o2']);
    expect(await world.waiting()).toEqual(['o3', 'o4']);
    expect(world.sent().filter((one) => one.startsWith('task'))).toHaveLength(3);
    const state = await world.advance('o2', world.completed('t1'));
    expect(state).toMatchObject({ status: 'completed' });
    const [release, ...others] = world.released();
    expect([release?.orderId, others]).toEqual(['o3', []]);
    expect(await world.taken()).toEqual(['o1', 'o3']);
    const going = await world.advance('o3', told(release as Release, world.now()));
    expect(going).toMatchObject({ stage: { tasks: [{ status: 'inFlight', attempt: 1 }] } });
    expect(await world.waiting()).toEqual(['o4']);
  });

  it('lets nobody who comes overtake those that wait', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    // Whoever gives the turn back dies before handing it on.
    await world.ports.turns.giveBack((await world.ports.turns.of(OF)).taken);
    await world.start('o3', 'shop');
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o2']);
    expect(await world.taken()).toEqual(['o2']);
    expect(await world.waiting()).toEqual(['o3']);
  });

  it.each<[string, (world: Awaited<ReturnType<typeof bounded>>) => Promise<unknown>]>([
    ['is answered', (world) => world.advance('o1', world.completed('t1'))],
    ['fails and backs off', (world) => world.advance('o1', world.busy('t1', 60))],
    [
      'is deferred',
      (world) =>
        world.advance('o1', {
          ...{ type: 'TaskDeferred', at: world.now(), taskId: 't1', attempt: 1 },
          sentAt: world.now(),
        }),
    ],
    [
      'runs out of time',
      (world) => {
        world.pass(4000);
        return world.advance('o1', { type: 'DeadlinePassed', at: world.now() });
      },
    ],
    [
      'belongs to an order that is cancelled',
      (world) =>
        applyWish(
          'o1',
          { type: 'CancelRequested', at: world.now(), actId: 'a', askedAt: world.now() },
          world.ports,
        ),
    ],
    [
      'is skipped',
      (world) =>
        applyWish(
          'o1',
          { type: 'SkipRequested', at: world.now(), actId: 'a', askedAt: world.now(), job: 'A' },
          world.ports,
        ),
    ],
  ])('gets the next task when one %s', async (_, end) => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    world.released();
    await end(world);
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o2']);
    expect(await world.taken()).toEqual(['o2']);
  });

  it('gets the next but one when the next is cancelled, whether or not its turn has come', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2', 'o3']) {
      world.pass(1);
      await world.start(orderId, 'shop');
    }
    world.released();
    await world.advance('o1', world.completed('t1'));
    const [release] = world.released();
    expect(release?.orderId).toBe('o2');
    const at = world.now();
    await world.advance('o2', { type: 'CancelRequested', at, actId: 'a', askedAt: at });
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o3']);
    await world.advance('o2', told(release as Release, at));
    expect(await world.taken()).toEqual(['o3']);
    expect(world.released()).toEqual([]);
  });

  it('has a turn back that comes too late for its task, and hands it on', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2', 'o3']) {
      world.pass(1);
      await world.start(orderId, 'shop');
    }
    const [place] = await world.ports.turns.first(OF, 1);
    const at = world.now();
    await world.advance('o2', { type: 'CancelRequested', at, actId: 'a', askedAt: at });
    // Whoever gave the turn back had read the line before.
    await world.ports.turns.giveBack((await world.ports.turns.of(OF)).taken);
    const late = { ...OF, orderId: 'o2', taskId: 't1', takenFor: place?.entry ?? 0 };
    await world.ports.turns.take([late], 1, true);
    world.released();
    const parkedIn = late.takenFor;
    await world.advance('o2', { type: 'TaskReleased', at, plugin: 'A', parkedIn, task: 't1' });
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o3']);
    expect(await world.taken()).toEqual(['o3']);
  });

  it('has a turn back that was taken for an entry that another writer made needless', async () => {
    const world = await bounded(1);
    await world.place('o1', 1, undefined, 'shop');
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      world.ports.journal.append = append;
      expect(await world.taken()).toEqual(['o1']);
      const at = world.now();
      await world.advance('o1', { type: 'CancelRequested', at, actId: 'a', askedAt: at });
      return append(entry, previous);
    };
    expect(await world.advance('o1', world.accepted())).toMatchObject({ status: 'cancelled' });
    expect(await world.taken()).toEqual([]);
  });

  it.each([
    ['has a turn back that was taken for an entry that did not fit', true, []],
    [
      'keeps a turn that was taken for an entry that did not fit, and that a smaller one wants',
      false,
      ['o1'],
    ],
  ])('%s', async (_, mandatory, taken) => {
    const pre = [{ plugin: 'B', mandatory }, { plugin: 'A' }];
    const world = await bounded(1, {}, [{ name: 'a', pre, parallel: [], post: [] }]);
    await world.start('o1', 'shop');
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      const size = JSON.stringify(entry.events).length;
      if (size > 1000) throw new TooLargeError('the entry', size, 1000);
      return append(entry, previous);
    };
    const state = await world.advance('o1', world.completed('t1', 'x'.repeat(1000)));
    expect(state?.status).toBe(mandatory ? 'failed' : 'running');
    expect(await world.taken()).toEqual(taken);
  });

  it('takes as many of a wide stage as there is room for', async () => {
    const world = await bounded(2);
    const { workflow } = await world.ports.workflows.put({
      ...{ name: 'wide', on: [] },
      activities: [
        { name: 'a', pre: [], parallel: [{ plugin: 'A', forEach: '[1..5]' }], post: [] },
      ],
    });
    const { name, version } = workflow;
    const placed = {
      ...({ type: 'OrderPlaced', at: world.now(), orderId: 'o1', fingerprint: '' } as const),
      ...{ input: 1, attributes: {}, workflow: { name, version }, client: 'shop' },
    };
    await placeAll([placed], world.ports);
    await world.advance('o1', world.accepted());
    expect(await world.taken()).toHaveLength(2);
    expect(await world.waiting()).toHaveLength(3);
    await world.advance('o1', world.completed('t1'));
    expect(world.released().map(({ task }) => task)).toEqual(['t3']);
  });
});

describe('turns cost', () => {
  it('nothing at a plugin without a bound, nor for an order without a client', async () => {
    const free = await bounded(undefined);
    await free.start('o1', 'shop');
    await free.advance('o1', free.completed('t1'));
    await free.sweep();
    const nobodys = await bounded(1);
    await nobodys.start('o1');
    await nobodys.advance('o1', nobodys.completed('t1'));
    expect([free.calls(), nobodys.calls()]).toEqual([[], []]);
  });

  it('two writes a task while there is room', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    await world.advance('o1', world.completed('t1'));
    expect(world.calls()).toEqual(['take', 'giveBack']);
  });

  it('for a task that waits: a write that is refused, two to wait, a read, a write and a deletion when its turn comes', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    world.calls();
    await world.start('o2', 'shop');
    expect(world.calls()).toEqual(['take', 'wait']);
    await world.advance('o1', world.completed('t1'));
    expect(world.calls()).toEqual(['giveBack', 'first', 'take', 'leave', 'nobodyWaits']);
  });
});

describe('the sweep', () => {
  it('gives back what was not given back when its attempt was over, and hands it on', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    const { giveBack } = world.ports.turns;
    Object.assign(world.ports.turns, { giveBack: () => Promise.reject(new Error('throttled')) });
    await world.advance('o1', world.completed('t1'));
    expect(await world.taken()).toEqual(['o1']);
    world.released();
    Object.assign(world.ports.turns, { giveBack });
    await world.sweep();
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o2']);
    expect(await world.taken()).toEqual(['o2']);
  });

  it('tells a task once more whose turn has come without its order having heard of it', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    await world.advance('o1', world.completed('t1'));
    expect(world.released()).toHaveLength(1);
    world.pass(600);
    await world.sweep();
    const [release] = world.released();
    expect(release).toMatchObject({ orderId: 'o2', task: 't1', parkedIn: 1 });
    await world.advance('o2', told(release as Release, world.now()));
    await world.advance('o2', told(release as Release, world.now()));
    expect(await world.taken()).toEqual(['o2']);
  });

  it('lets those through that wait although there is room, and all when the bound is gone', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2', 'o3', 'o4']) {
      world.pass(1);
      await world.start(orderId, 'shop');
    }
    world.released();
    await world.ports.registry.put(plugin('A', { registeredAt: 0, tasksPerClient: 2 }), by(1));
    await world.sweep();
    const [release] = world.released();
    expect(release?.orderId).toBe('o2');
    await world.advance('o2', told(release as Release, world.now()));
    await world.ports.registry.put(plugin('A', { registeredAt: 0 }), by(2));
    await world.sweep();
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o3', 'o4']);
  });

  it('leaves alone for five minutes what was taken for an entry that is not there, and then gives it back', async () => {
    const world = await bounded(1);
    await world.place('o1', 1, undefined, 'shop');
    const turn = { ...OF, orderId: 'o1', taskId: 't1', takenFor: 1 };
    await world.ports.turns.take([turn], 1);
    await world.start('o2', 'shop');
    for (const seconds of [60, 60, 120]) {
      world.pass(seconds);
      await world.sweep();
      expect(await world.taken()).toEqual(['o1']);
    }
    world.pass(DOUBTED_MS / 1000);
    await world.sweep();
    expect(await world.taken()).toEqual(['o2']);
  });

  it('does not give back what was taken once more after it had been doubted', async () => {
    const world = await bounded(1);
    await world.place('o1', 1, undefined, 'shop');
    await world.ports.turns.take([{ ...OF, orderId: 'o1', taskId: 't1', takenFor: 1 }], 1);
    await world.start('o2', 'shop');
    await world.sweep();
    world.pass(DOUBTED_MS / 1000);
    // Its message has come again.
    await world.advance('o1', world.accepted());
    await world.sweep();
    expect(await world.taken()).toEqual(['o1']);
  });

  it('forgets clients of whom nothing is left, and plugins that are bounded no more', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    await world.advance('o1', world.completed('t1'));
    await world.ports.registry.put(plugin('A', { registeredAt: 0 }), by(1));
    world.pass(600 - ((world.now() / 1000) % 600));
    await world.sweep();
    expect(await world.ports.turns.atPlugin('A')).toEqual([]);
    await world.sweep();
    expect(await world.ports.boundedPlugins.list()).toEqual([]);
  });
});

const by = (n: number) => ({
  ...{ stackId: 'stack/1', logicalId: 'A', requestId: `r${n}`, sentAt: Date.UTC(2026, 10, 26) + n },
});
