import { describe, expect, it } from '@jest/globals';
import { DOUBTED_MS, looksAtAll, tendTurns } from '../../src/engine/tending-turns.ts';
import type { Release } from './bounded-plugin.ts';
import { bounded, boundOf, OF, told } from './bounded-plugin.ts';

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
    await world.ports.registry.put(boundOf(2), by(1));
    await world.sweep();
    const [release] = world.released();
    expect(release?.orderId).toBe('o2');
    await world.advance('o2', told(release as Release, world.now()));
    await world.ports.registry.put(boundOf(undefined), by(2));
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
    await world.ports.registry.put(boundOf(undefined), by(1));
    world.pass(600 - ((world.now() / 1000) % 600));
    await world.sweep();
    expect(await world.ports.turns.atPlugin('A')).toEqual([]);
    await world.sweep();
    expect(await world.ports.boundedPlugins.list()).toEqual([]);
  });

  it('gives back at once what was taken for an entry that another writer has stored, or for an order that is gone', async () => {
    const world = await bounded(2);
    await world.place('o1', 1, undefined, 'shop');
    const at = world.now();
    await world.advance('o1', { type: 'CancelRequested', at, actId: 'a', askedAt: at });
    const turns = ['o1', 'gone'].map((orderId) => ({ ...OF, orderId, taskId: 't1', takenFor: 1 }));
    await world.ports.turns.take(turns, 2);
    expect(await world.taken()).toEqual(['gone', 'o1']);
    await world.sweep();
    expect(await world.taken()).toEqual([]);
  });

  it('lets those through that are listed although nobody is said to wait', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    const { waiting = '' } = await world.ports.turns.of(OF);
    await world.ports.turns.nobodyWaits(OF, waiting);
    // Whoever gave the turn back handed it on to nobody.
    await world.advance('o1', world.completed('t1'));
    expect(world.released()).toEqual([]);
    await world.sweep();
    expect(world.released().map(({ orderId }) => orderId)).toEqual(['o2']);
  });

  it('says that nobody waits where the last of them has left', async () => {
    const world = await bounded(1);
    for (const orderId of ['o1', 'o2']) await world.start(orderId, 'shop');
    const [place] = await world.ports.turns.first(OF, 1);
    await world.ports.turns.leave(place as NonNullable<typeof place>);
    await world.ports.turns.giveBack((await world.ports.turns.of(OF)).taken);
    await world.sweep();
    expect((await world.ports.turns.of(OF)).waiting).toBeUndefined();
  });

  it('tells of a plugin whose turns cannot be looked after, and looks after the others', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    await world.ports.turns.giveBack((await world.ports.turns.of(OF)).taken);
    await world.ports.turns.take([{ ...OF, orderId: 'gone', taskId: 't1', takenFor: 1 }], 1);
    const failures: unknown[] = [];
    const { atPlugin } = world.ports.turns;
    const turns = {
      ...world.ports.turns,
      atPlugin: async (name: string) => {
        if (name === 'B') throw new Error('throttled');
        return atPlugin(name);
      },
    };
    const boundedPlugins = { ...world.ports.boundedPlugins, list: async () => ['B', 'A'] };
    await tendTurns({ ...world.ports, turns, boundedPlugins }, (...failure) => {
      failures.push(failure);
    });
    expect(failures).toEqual([['B', new Error('throttled')]]);
    expect(await world.taken()).toEqual([]);
  });

  it.each([
    [0, true],
    [59, true],
    [60, false],
    [599, false],
    [600, true],
  ])(
    'looks after turns at which nobody waits every ten minutes: %i s after one of them: %s',
    (seconds, looks) => {
      expect(looksAtAll(Date.UTC(2026, 10, 25) + seconds * 1000)).toBe(looks);
    },
  );

  it('reads nothing but the list while nobody waits and those minutes have not come', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    world.calls();
    world.pass(60);
    await world.sweep();
    expect(world.calls()).toEqual(['atPlugin']);
    world.pass(540);
    await world.sweep();
    expect(world.calls()).toEqual(['atPlugin', 'of', 'first']);
  });
});

describe('turns that were taken for entries that are not there', () => {
  /** Orders that have been placed, and a turn that was taken for the first entry of each. */
  async function early(...orderIds: string[]) {
    const world = await bounded(orderIds.length);
    for (const orderId of orderIds) await world.place(orderId, 1, undefined, 'shop');
    const take = (...ids: string[]) =>
      world.ports.turns.take(
        ids.map((orderId) => ({ ...OF, orderId, taskId: 't1', takenFor: 1 })),
        orderIds.length,
      );
    const minutes = async (count: number) => {
      world.pass(count * 60);
      await world.sweep();
    };
    return { ...world, take, minutes };
  }

  it('are given back when they have been doubted for five minutes, all of them', async () => {
    const { take, sweep, taken, pass } = await early('o1', 'o2');
    await take('o1', 'o2');
    await sweep();
    // A minute at which all are looked after comes every ten.
    pass(600 - DOUBTED_MS / 1000);
    expect(await taken()).toEqual(['o1', 'o2']);
    pass(DOUBTED_MS / 1000);
    await sweep();
    expect(await taken()).toEqual([]);
  });

  it('are left alone a moment before the five minutes are over', async () => {
    const { take, sweep, taken, ports, now } = await early('o1');
    await take('o1');
    const turns = [{ ...OF, orderId: 'o1', taskId: 't1', takenFor: 1 }];
    await ports.turns.doubt(OF, turns, now() - DOUBTED_MS + 1);
    await sweep();
    expect(await taken()).toEqual(['o1']);
    await ports.turns.doubt(OF, turns, now() - DOUBTED_MS);
    await sweep();
    expect(await taken()).toEqual([]);
  });

  it('are doubted from now on, where those that were doubted before have come to something', async () => {
    const { take, minutes, taken, ports, now, advance, accepted } = await early('o1', 'o2');
    await advance('o1', accepted());
    const turns = [{ ...OF, orderId: 'o1', taskId: 't1', takenFor: 1 }];
    await ports.turns.doubt(OF, turns, now());
    await take('o2');
    await minutes(10);
    expect(await ports.turns.of(OF)).toMatchObject({
      doubted: { turns: [{ orderId: 'o2' }], since: now() },
    });
    await minutes(10);
    expect(await taken()).toEqual(['o1']);
  });

  it('are doubted no more once their entries are there', async () => {
    const { take, minutes, sweep, ports, now, advance, accepted, calls } = await early('o1');
    await take('o1');
    await sweep();
    await advance('o1', accepted());
    const turns = [{ ...OF, orderId: 'gone', taskId: 't1', takenFor: 1 }];
    await ports.turns.doubt(OF, turns, now());
    await minutes(10);
    expect((await ports.turns.of(OF)).doubted).toBeUndefined();
    calls();
    await minutes(10);
    expect(calls()).not.toContain('doubt');
  });
});

describe('a plugin that is bounded no more', () => {
  const EVERY_TEN = 600;

  it('stays on the list while one of its turns is taken', async () => {
    const world = await bounded(1);
    await world.start('o1', 'shop');
    await world.ports.registry.put(boundOf(undefined), by(1));
    await world.sweep();
    expect(await world.ports.boundedPlugins.list()).toEqual(['A']);
  });

  it.each([
    ['is looked for every ten minutes only', 60, undefined, ['A']],
    ['is taken off the list', EVERY_TEN, undefined, []],
    ['stays there if it is bounded again', EVERY_TEN, 3, ['A']],
  ])('%s', async (_, seconds, bound, list) => {
    const world = await bounded(1);
    await world.ports.registry.put(boundOf(bound), by(1));
    world.pass(seconds);
    await world.sweep();
    expect(await world.ports.boundedPlugins.list()).toEqual(list);
  });

  it('is taken off the list when it is gone', async () => {
    const world = await bounded(1);
    world.ports.registry.find = async () => undefined;
    await world.sweep();
    expect(await world.ports.boundedPlugins.list()).toEqual([]);
  });
});

const by = (n: number) => ({
  ...{ stackId: 'stack/1', logicalId: 'A', requestId: `r${n}`, sentAt: Date.UTC(2026, 10, 26) + n },
});
