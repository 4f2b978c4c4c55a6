import { describe, expect, it } from '@jest/globals';
import type { OrderState } from '../../src/core/order.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { handOn, unused } from '../../src/engine/turns.ts';
import { applyWish } from '../../src/engine/wish.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { requestOf } from '../ports/registry.contract.ts';
import type { Release } from './bounded-plugin.ts';
import { bounded, boundOf, OF, told } from './bounded-plugin.ts';

type Ports = Awaited<ReturnType<typeof bounded>>['ports'];

const BY = requestOf('A', { stackId: 'stack/1', logicalId: 'A' });

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

  it('lists who waits for a turn, if whoever was to do it has died', async () => {
    const world = await bounded(1, {}, [['A', 'B']]);
    await world.start('o1', 'shop');
    await world.advance('o1', world.busy('t1', 1000));
    world.pass(60);
    await sweep(world.ports);
    await world.start('o2', 'shop');
    world.pass(941);
    const { send } = world.ports.messenger;
    world.ports.messenger.send = async (messages) => {
      if (messages.length > 0) return send(messages);
      world.ports.messenger.send = send;
      throw new Error('the process is killed');
    };
    await expect(sweep(world.ports)).rejects.toThrow('the process is killed');
    expect(await world.waiting()).toEqual([]);
    await world.advance('o1', world.busy('t2', 5));
    expect(await world.waiting()).toEqual(['o1']);
  });

  it('lets an order leave the line whose events need an entry each', async () => {
    const world = await bounded(1, {}, [['A', 'B']]);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      if (entry.events.length > 1) throw new TooLargeError('the entry', 2, 1);
      return append(entry, previous);
    };
    const at = world.now();
    const cancel = { type: 'CancelRequested', at, actId: 'a', askedAt: at } as const;
    await world.advance('o2', world.completed('t2'), cancel);
    expect(await world.waiting()).toEqual([]);
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

  // Was: whoever took the message once more, and was overtaken, gave the turn back for its own, and a client had one task too many
  // (simulated world 531158885).
  it('keeps a turn that was handed on to it while another writer asked for the same one', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    await world.start('o2', 'shop');
    await world.advance('o1', world.completed('t1'));
    const [release] = world.released();
    expect(release).toMatchObject({ orderId: 'o2' });
    const { latest } = world.ports.journal;
    const [placed] = await world.ports.journal.entries('o2');
    world.ports.journal.latest = async () => {
      world.ports.journal.latest = latest;
      return placed;
    };
    await world.advance('o2', world.accepted());
    expect(await world.taken()).toEqual(['o2']);
    expect(world.released()).toMatchObject([{ orderId: 'o2' }]);
    await world.advance('o2', told(release as Release, world.now()));
    await world.start('o3', 'shop');
    expect(await world.taken()).toEqual(['o2']);
    expect(await world.waiting()).toEqual(['o3']);
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

describe('turns that are handed on', () => {
  const place = (orderId: string, since = 0) => ({ ...OF, orderId, taskId: 't1', since, entry: 1 });
  const turn = (orderId: string) => ({ ...OF, orderId, taskId: 't1', takenFor: 1 });

  /** So many wait in line for a plugin with this bound. */
  async function inLine(bound: number | undefined, ...orderIds: string[]) {
    const world = await bounded(bound);
    for (const [since, orderId] of orderIds.entries()) {
      await world.ports.turns.wait(place(orderId, since));
    }
    world.calls();
    const hand = async () => handOn(OF, await world.ports.turns.of(OF), world.ports);
    return { ...world, hand };
  }

  it('are told to the orders whose turn has come', async () => {
    const { hand, ports, waiting } = await inLine(2, 'o1', 'o2', 'o3');
    await hand();
    const body = { type: 'TaskReleased', plugin: 'A', parkedIn: 1, task: 't1' };
    expect(ports.messenger.sent).toEqual(
      ['o1', 'o2'].map((orderId) => ({
        ...{ to: 'orchestrator', orderId, delaySeconds: 0 },
        body: { ...body, orderId },
      })),
    );
    expect(await waiting()).toEqual(['o3']);
  });

  it('go to nobody who has one already, and is on the way', async () => {
    const { hand, ports, released, calls } = await inLine(2, 'o1', 'o2', 'o3');
    await ports.turns.take([turn('o1')], 2, true);
    await hand();
    expect(released().map(({ orderId }) => orderId)).toEqual(['o2']);
    await ports.turns.giveBack([turn('o2')]);
    await ports.turns.leave(place('o3', 2));
    calls();
    // All who are in line are on their way.
    await hand();
    expect([released(), calls()]).toEqual([[], ['of', 'first', 'take']]);
  });

  it('are asked for once, where somebody else was faster', async () => {
    const { hand, ports, released, calls } = await inLine(2, 'o1', 'o2');
    const known = await ports.turns.of(OF);
    await ports.turns.take([turn('other')], 2, true);
    calls();
    await handOn(OF, known, ports);
    expect(released().map(({ orderId }) => orderId)).toEqual(['o1']);
    expect(calls()).toEqual(['first', 'take', 'leave']);
    await hand();
    expect(released()).toEqual([]);
  });

  it('are not handed on further while somebody could not be told', async () => {
    const { hand, ports, waiting, taken, calls } = await inLine(3, 'o1', 'o2');
    const { send } = ports.messenger;
    ports.messenger.send = async (messages) => {
      const isLost = ({ orderId }: OutgoingMessage) => orderId === 'o1';
      await send(messages.filter((one) => !isLost(one)));
      return messages.filter(isLost).map((message) => ({ message, error: new Error('throttled') }));
    };
    await hand();
    expect([await waiting(), await taken()]).toEqual([['o1'], ['o1', 'o2']]);
    expect(calls()).not.toContain('nobodyWaits');
  });

  it.each([
    ['is not bounded', (ports: Ports) => ports.registry.put(boundOf(undefined), BY)],
    [
      'is gone',
      async ({ registry }: Ports) => {
        registry.plugins = async () => new Map();
        registry.find = async () => undefined;
      },
    ],
  ])('go to a hundred at a time at a plugin that %s, and none is taken', async (_, change) => {
    const ids = Array.from({ length: 105 }, (__, index) => `o${index}`);
    const { hand, ports, taken, waiting } = await inLine(1, ...ids);
    await change(ports);
    const sent: number[] = [];
    const { send } = ports.messenger;
    ports.messenger.send = async (messages) => {
      sent.push(messages.length);
      return send(messages);
    };
    await hand();
    expect([sent, await taken(), await waiting()]).toEqual([[100, 5], [], []]);
  });

  it('go by the bound that was registered a moment ago, where what is remembered knows of none', async () => {
    const { hand, ports, released } = await inLine(1, 'o1', 'o2');
    ports.registry.plugins = async () => new Map([['A', boundOf(undefined)]]);
    await hand();
    expect(released()).toHaveLength(1);
  });

  it('go by the bound that is remembered, without a look at what is registered', async () => {
    const { hand, ports, released } = await inLine(1, 'o1', 'o2');
    ports.registry.find = async () => {
      throw new Error('nobody asked for it');
    };
    await hand();
    expect(released()).toHaveLength(1);
  });

  it('go to twenty times as many at once, and the sweep goes on', async () => {
    const { ports, hand } = await inLine(1, 'o1');
    await ports.registry.put(boundOf(undefined), BY);
    let rounds = 0;
    ports.turns.first = async (_, count) => {
      rounds += 1;
      return Array.from({ length: count }, (__, index) => place(`o${rounds}-${index}`));
    };
    await hand();
    expect(rounds).toBe(20);
  });

  it('of several plugins are counted for each by itself', async () => {
    const steps = [{ name: 'a', pre: [], parallel: [{ plugin: 'A' }, { plugin: 'B' }], post: [] }];
    const world = await bounded(1, {}, steps);
    await world.ports.registry.put({ ...boundOf(2), name: 'B', owner: 'stack-1' }, BY);
    await world.start('o1', 'shop');
    const takenAt = async (name: string) =>
      (await world.ports.turns.of({ ...OF, plugin: name })).taken.map(({ taskId }) => taskId);
    expect([await takenAt('A'), await takenAt('B')]).toEqual([['t1'], ['t2']]);
    expect(world.calls()).not.toContain('wait');
  });

  it('of several clients are given back to each by itself', async () => {
    const world = await bounded(1);
    for (const client of ['shop', 'bank']) await world.start(`of ${client}`, client);
    const answers = [world.completed('t1')];
    const batch = new Map(['of shop', 'of bank'].map((orderId) => [orderId, answers]));
    await advanceOrders(batch, world.ports);
    const left = await world.ports.turns.atPlugin('A');
    expect(left.map(({ client, taken }) => [client, taken])).toEqual([
      ['shop', []],
      ['bank', []],
    ]);
  });

  it('are given back once, whoever says that they are over', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    const state = (await world.ports.journal.latest('o1'))?.state as OrderState;
    expect(unused([turn('o1'), turn('o2'), turn('o2')], state)).toEqual([turn('o2')]);
  });

  it('are left in line by whoever lets them through, and not once more by their order', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    world.released();
    await world.advance('o1', world.completed('t1'));
    const [release] = world.released();
    world.calls();
    await world.advance('o2', told(release as Release, world.now()));
    expect(world.calls()).toEqual([]);
  });

  it('are nothing to an order that has no client, nor to a task that was parked for another reason', async () => {
    const world = await bounded(1);
    await world.start('nobodys');
    await world.start('o1', 'shop');
    const at = world.now();
    const release = { type: 'TaskReleased', at, plugin: 'A', parkedIn: 1 } as const;
    world.calls();
    await world.advance('nobodys', { ...release, task: 't1' });
    await world.advance('o1', release);
    expect([world.calls(), await world.taken()]).toEqual([[], ['o1']]);
  });
});
