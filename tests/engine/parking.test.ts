import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Quarantine } from '../../src/core/quarantine.ts';
import type { Todo } from '../../src/core/workflow.ts';
import { listParked } from '../../src/engine/parking.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { orderWorld } from './order-under-way.ts';

const T0 = Date.UTC(2026, 10, 25);

const CLOSED = {
  ...{ phase: 'closed', failedCanaries: 0, reason: 'it fails' },
  canaryAt: T0 + 3_600_000,
} as const;

/** A world in which the plugins are held back as the test says, and a record of what is done to the list of parked orders. */
async function heldWorld(held: object = CLOSED, todo: Todo = ['A'], plugins = ['A', 'B']) {
  const world = await orderWorld(todo);
  const { parkedOrders, quarantines } = world.ports;
  for (const plugin of plugins) {
    await quarantines.put({ ...held, plugin, since: world.now() } as Quarantine, undefined);
  }
  const removed: object[] = [];
  const { remove } = parkedOrders;
  parkedOrders.remove = async (place) => {
    removed.push(place);
    return remove(place);
  };
  return {
    ...world,
    removed,
    async start() {
      await world.place('o');
      world.sent();
      return world.advance('o', world.accepted());
    },
    parkedFor: (plugin = 'A') => parkedOrders.first(plugin, 10),
    released: (parkedIn: number, plugin = 'A'): OrderEvent => ({
      ...{ type: 'TaskReleased', at: world.now(), plugin, parkedIn },
    }),
    cancelled: (): OrderEvent => ({
      ...{ type: 'CancelRequested', at: world.now(), actId: 'cancel', askedAt: world.now() },
    }),
    quarantineOf: (plugin: string) => quarantines.get(plugin),
  };
}

/** A sweep whose process is killed when it sends what it has stored. */
async function dieSending({ ports }: Pick<Awaited<ReturnType<typeof orderWorld>>, 'ports'>) {
  const { send } = ports.messenger;
  ports.messenger.send = async () => {
    ports.messenger.send = send;
    throw new Error('the process is killed');
  };
  await expect(sweep(ports)).rejects.toThrow('the process is killed');
}

describe('a task for a plugin that is held back', () => {
  it('is parked, and its order is listed for the plugin', async () => {
    const world = await heldWorld();
    expect(await world.start()).toMatchObject({ stage: { tasks: [{ status: 'parked' }] } });
    const place = { plugin: 'A', orderId: 'o', parkedAt: world.now(), entry: 1 };
    expect(await world.parkedFor()).toEqual([place]);
    expect(world.sent()).toEqual(['order.started']);
    expect(world.removed).toEqual([]);
  });

  it('is listed once it is parked, though whoever parked it died before', async () => {
    const world = await heldWorld();
    await world.place('o');
    world.pass(60);
    await dieSending(world);
    expect(await world.parkedFor()).toEqual([]);
    await sweep(world.ports);
    expect(await world.parkedFor()).toMatchObject([{ orderId: 'o', entry: 1 }]);
  });

  it('leaves the list when its order is cancelled', async () => {
    const world = await heldWorld(CLOSED, [['A', 'B', 'C']]);
    await world.start();
    const places = [...(await world.parkedFor('A')), ...(await world.parkedFor('B'))];
    expect(places).toHaveLength(2);
    await world.advance('o', world.cancelled());
    expect(world.removed).toEqual(places);
    expect([await world.parkedFor('A'), await world.parkedFor('B')]).toEqual([[], []]);
  });

  it('stays on the list when its order goes on beside it', async () => {
    const world = await heldWorld(CLOSED, [['A', 'B', 'C']]);
    await world.start();
    await world.advance('o', world.completed('t3'));
    expect(world.removed).toEqual([]);
    expect(await world.parkedFor()).toHaveLength(1);
  });

  it('is taken off the list by whoever lets it through, and not once more', async () => {
    const world = await heldWorld(CLOSED, [['A', 'B', 'C']]);
    await world.start();
    const going = await world.advance('o', world.released(1));
    expect(going).toMatchObject({
      stage: { tasks: [{ status: 'inFlight' }, { status: 'parked' }, { status: 'inFlight' }] },
    });
    expect(world.removed).toEqual([]);
  });

  it('is taken off the list by whoever lets it through, though more has happened in the same moment', async () => {
    const world = await heldWorld(CLOSED, [['A', 'B', 'C']]);
    await world.start();
    await world.advance('o', world.released(1), world.completed('t3'));
    expect(world.removed).toEqual([]);
  });

  it('leaves the list with its order, though another task of its plugin is let through in the same moment', async () => {
    const world = await heldWorld(CLOSED, [['A', 'A', 'C']], []);
    await world.start();
    for (const [taskId, seconds] of [
      ['t1', 10],
      ['t2', 20],
    ] as const) {
      await world.advance('o', world.busy(taskId, seconds));
    }
    await world.ports.quarantines.put(
      { ...CLOSED, plugin: 'A', since: world.now() } as Quarantine,
      undefined,
    );
    for (let count = 0; count < 2; count += 1) {
      world.pass(10);
      await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    }
    const [first, second] = await world.parkedFor();
    expect(second).toBeDefined();
    await world.advance('o', world.released(first?.entry ?? 0), world.cancelled());
    expect(world.removed).toEqual([second]);
  });

  it('is listed by whoever moves the deadline of its order next, if whoever parked it has died', async () => {
    const world = await heldWorld(CLOSED, [['A', 'C']], []);
    await world.start();
    await world.advance('o', world.busy('t1', 1000));
    world.pass(60);
    await sweep(world.ports);
    world.pass(941);
    await world.ports.quarantines.put(
      { ...CLOSED, plugin: 'A', since: world.now() } as Quarantine,
      undefined,
    );
    await dieSending(world);
    expect(await world.parkedFor()).toEqual([]);
    await world.advance('o', world.busy('t2', 5));
    expect(await world.parkedFor()).toHaveLength(1);
  });

  it.each([
    ['another plugin', 1, 'B'],
    ['what was parked in another entry', 9, 'A'],
  ])(
    'leaves the list with its order, though %s is let through in the same moment',
    async (_, parkedIn, name) => {
      const world = await heldWorld(CLOSED, [['A', 'B', 'C']]);
      await world.start();
      await world.advance('o', world.released(parkedIn, name), world.cancelled());
      expect(world.removed).toContainEqual(expect.objectContaining({ plugin: 'A', entry: 1 }));
    },
  );

  it('gets listed and unlisted though its events need an entry each', async () => {
    const world = await heldWorld(CLOSED, ['C', ['A', 'C'], 'C']);
    await world.start();
    await world.advance('o', world.completed('t1'));
    expect(await world.parkedFor()).toHaveLength(1);
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      if (entry.events.length > 1) throw new TooLargeError('the entry', 2, 1);
      return append(entry, previous);
    };
    await world.advance('o', world.completed('t3'), world.cancelled());
    expect(await world.parkedFor()).toEqual([]);
  });
});

describe('whoever parks a task', () => {
  const command = {
    type: 'ListParked',
    plugin: 'A',
    orderId: 'o',
    parkedAt: T0,
    entry: 1,
  } as const;
  const reopening = { phase: 'reopening', reason: 'it works', wave: 10, waveAt: T0 } as const;

  it.each([
    ['that a person has closed', CLOSED],
    ['whose next canary is due later', { ...CLOSED, canaryAt: T0 + 1 }],
    ['that drains', { phase: 'draining', reason: 'asked for' }],
    ['that reopens', reopening],
  ])('leaves the quarantine of a plugin as it is %s', async (_, held) => {
    const world = await heldWorld(held);
    await listParked(command, world.ports);
    expect(await world.quarantineOf('A')).toEqual({ ...held, plugin: 'A', since: T0, version: 1 });
    expect(await world.parkedFor()).toHaveLength(1);
    expect(world.sent()).toEqual([]);
  });

  it('calls for a canary that may go already, and has had nobody to be until now', async () => {
    const world = await heldWorld({ ...CLOSED, canaryAt: T0 });
    await listParked(command, world.ports);
    expect(world.ports.messenger.sent).toEqual([
      {
        ...{ to: 'orchestrator', orderId: 'o', delaySeconds: 0 },
        body: { type: 'PluginDue', plugin: 'A' },
      },
    ]);
  });

  it('lets waves go to a plugin that has opened meanwhile, and says why', async () => {
    const world = await heldWorld(CLOSED, ['A'], ['B']);
    await listParked(command, world.ports);
    expect(await world.quarantineOf('A')).toEqual({
      ...{ plugin: 'A', phase: 'reopening', since: T0, wave: 10, waveAt: T0 },
      ...{ reason: 'a task was parked for it when it was open again', version: 1 },
    });
  });

  it('keeps a plugin reopening of which nothing was found parked before', async () => {
    const world = await heldWorld({ ...reopening, emptySince: T0 });
    await listParked(command, world.ports);
    expect(await world.quarantineOf('A')).toEqual({
      ...{ ...reopening, plugin: 'A', since: T0, version: 2 },
    });
  });

  it('looks again when another has changed the quarantine meanwhile, ten times at most', async () => {
    const world = await heldWorld({ ...reopening, emptySince: T0 });
    const { put } = world.ports.quarantines;
    const lostBy = async (races: number) => {
      let tries = 0;
      world.ports.quarantines.put = async (...record) => {
        tries += 1;
        return tries > races && put(...record);
      };
      await listParked(command, world.ports);
      return tries;
    };
    await expect(lostBy(10)).rejects.toThrow('order o: the quarantine of A is in too many hands');
    expect(await lostBy(9)).toBe(10);
  });
});
