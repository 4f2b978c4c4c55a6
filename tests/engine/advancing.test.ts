import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { KnownOutcome } from '../../src/engine/advanced-order.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

type World = Awaited<ReturnType<typeof orderWorld>>;

const both = { name: 'a', pre: [], parallel: [{ plugin: 'A' }, { plugin: 'B' }], post: [] };
const failedForGood = (at: number, taskId: string): OrderEvent => ({
  ...{ type: 'TaskFailed', at, taskId, attempt: 1, retry: 'never' },
  error: { code: 'BROKEN', message: 'it broke' },
});

/** The messenger cannot send what this is true of. */
function refuse(
  { ports }: World,
  error: Error,
  isRefused: (message: OutgoingMessage) => boolean,
): void {
  const { send } = ports.messenger;
  ports.messenger.send = async (messages) => {
    const unsent = await send(messages.filter((one) => !isRefused(one)));
    return [...unsent, ...messages.filter(isRefused).map((message) => ({ message, error }))];
  };
}

describe('orders that are advanced together', () => {
  it('are answered for each by itself, though the messages of one cannot be sent', async () => {
    const world = await orderWorld(['A']);
    for (const orderId of ['o', 'p']) await world.place(orderId);
    // Their wake-up goes by, so that they have a deadline to move.
    world.pass(61);
    refuse(world, new Error('throttled'), ({ orderId }) => orderId === 'o');
    const start = [{ type: 'DeadlinePassed', at: world.now() } as const];
    const batch = new Map(['o', 'p'].map((orderId) => [orderId, start]));
    const { outcomes, failures } = await advanceOrders(batch, world.ports);
    expect([...outcomes.keys()]).toEqual(['p']);
    expect(failures).toEqual(new Map([['o', new Error('throttled')]]));
    const wakeUps = (await world.active()).map(({ orderId, wakeUp }) => [orderId, wakeUp.entry]);
    expect(wakeUps).toEqual([
      ['o', 0],
      ['p', 1],
    ]);
  });

  it('are answered for each by itself, though the deadline of one cannot be moved', async () => {
    const world = await orderWorld(['A']);
    for (const orderId of ['o', 'p']) await world.place(orderId);
    world.pass(61);
    const { put } = world.ports.activeOrders;
    world.ports.activeOrders.put = async (order) => {
      if (order.orderId === 'o') throw new Error('throttled');
      return put(order);
    };
    const start = [{ type: 'DeadlinePassed', at: world.now() } as const];
    const batch = new Map(['o', 'p'].map((orderId) => [orderId, start]));
    const { outcomes, failures } = await advanceOrders(batch, world.ports);
    expect([...outcomes.keys()]).toEqual(['p']);
    expect(failures).toEqual(new Map([['o', new Error('throttled')]]));
  });

  it('that nobody knows are unknown, and nothing is stored or sent', async () => {
    const world = await orderWorld(['A']);
    let moved = 0;
    world.ports.activeOrders.has = async () => {
      moved += 1;
      return true;
    };
    const { outcomes, failures } = await advanceOrders(
      new Map([['o', [world.accepted()]]]),
      world.ports,
    );
    expect(moved).toBe(0);
    expect([...outcomes]).toEqual([['o', { known: false }]]);
    expect(failures.size).toBe(0);
    expect(world.sent()).toStrictEqual([]);
    expect(world.ports.journal.all().size).toBe(0);
  });

  it('whose workflow there is not fail by its name and version', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    world.ports.workflows.get = async () => undefined;
    await expect(world.advance('o', world.accepted())).rejects.toThrow(
      'workflow some has no version 1',
    );
  });
});

describe('an entry', () => {
  const all = { name: 'a', pre: [], parallel: [{ everyone: true } as const], post: [] };
  const joins = [{ activity: 'a', stage: 'parallel', order: 1, mandatory: true } as const];

  it('says who was left out, and nothing where nobody was', async () => {
    const films = joins.map((join) => ({ ...join, filter: { kind: ['film'] } }));
    const registered = [plugin('A', { joins }), plugin('B', { joins: films })];
    const world = await orderWorld([all], registered);
    await world.place('o');
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1'));
    const entries = world.ports.journal.all().get('o');
    expect(entries?.map(({ leftOut }) => leftOut?.map((one) => one.plugin))).toEqual([
      undefined,
      ['B'],
      undefined,
    ]);
    expect(entries?.map((entry) => 'leftOut' in entry)).toEqual([false, true, false]);
  });

  it('that cannot be stored for another reason is no fault of its result', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    const { append } = world.ports.journal;
    world.ports.journal.append = async () => {
      world.ports.journal.append = append;
      throw new Error('throttled');
    };
    await expect(world.advance('o', world.completed('t1'))).rejects.toThrow('throttled');
    expect(await world.advance('o', world.completed('t1'))).toMatchObject({ status: 'completed' });
  });

  it('that starts its order and fits in no way gives its message back', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    world.ports.journal.append = async () => {
      throw new TooLargeError('the entry', 2, 1);
    };
    await expect(world.advance('o', world.accepted())).rejects.toThrow(TooLargeError);
  });

  it('that fits in no way gives its message back', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    await world.advance('o', world.accepted());
    let tried = 0;
    world.ports.journal.append = async () => {
      tried += 1;
      throw new TooLargeError('the entry', 2, 1);
    };
    await expect(world.advance('o', world.completed('t1', 'x'))).rejects.toThrow(TooLargeError);
    // The result, and the failure in its place.
    expect(tried).toBe(2);
  });
});

describe('events whose entry does not fit', () => {
  /** One event fits into an entry. */
  async function narrow() {
    const world = await orderWorld([both, { ...both, name: 'b' }]);
    await world.place('o');
    await world.advance('o', world.accepted());
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      if (entry.events.length > 1) throw new TooLargeError('the entry', 2, 1);
      return append(entry, previous);
    };
    world.sent();
    const advance = (...events: OrderEvent[]) =>
      advanceOrders(new Map([['o', events]]), world.ports);
    return { ...world, advance };
  }

  it('get an entry each, and what each commands is sent', async () => {
    const world = await narrow();
    const { outcomes } = await world.advance(
      failedForGood(world.now(), 't1'),
      world.completed('t2'),
    );
    expect(outcomes.get('o')).toMatchObject({ changed: true, state: { status: 'failed' } });
    expect(world.sent()).toEqual(['task.failed', 'order.failed']);
    expect(world.ports.journal.all().get('o')).toHaveLength(4);
    expect(await world.active()).toEqual([]);
  });

  it('tell together what they say of their plugins, and how the order stood before', async () => {
    const world = await narrow();
    const before = world.ports.journal.all().get('o')?.at(-1)?.state;
    const { outcomes } = await world.advance(
      ...[world.completed('t1'), world.completed('t2'), world.completed('t3')],
    );
    const outcome = outcomes.get('o') as KnownOutcome;
    expect(outcome.state).toEqual(world.ports.journal.all().get('o')?.at(-1)?.state);
    expect(outcome.verdicts.map(({ plugin: name, outcome: how }) => [name, how])).toEqual([
      ['A', 'worked'],
      ['B', 'worked'],
      ['A', 'worked'],
    ]);
    expect(outcome.before).toEqual(before);
  });

  it('of an order that is gone by then are of one that nobody knows', async () => {
    const world = await narrow();
    const { append } = world.ports.journal;
    world.ports.journal.append = async (...entry) => {
      world.ports.journal.latest = async () => undefined;
      return append(...entry);
    };
    world.sent();
    const { outcomes } = await world.advance(world.completed('t1'), world.completed('t2'));
    expect(outcomes.get('o')).toEqual({ known: false });
    expect(world.sent()).toEqual([]);
  });

  it('are not lost that came before the order was gone', async () => {
    const world = await narrow();
    const { latest } = world.ports.journal;
    world.ports.journal.lastStored = () => undefined;
    let reads = 0;
    world.ports.journal.latest = async (orderId) => {
      reads += 1;
      return reads > 2 ? undefined : latest(orderId);
    };
    const { outcomes } = await world.advance(
      failedForGood(world.now(), 't1'),
      world.completed('t2'),
    );
    expect(outcomes.get('o')).toMatchObject({ known: true, changed: true });
    expect(reads).toBe(3);
  });

  it('change the order, though the last of them does not', async () => {
    const world = await narrow();
    const { outcomes } = await world.advance(
      world.completed('t1'),
      world.completed('t2'),
      world.completed('t9'),
    );
    expect(outcomes.get('o')).toMatchObject({ known: true, changed: true });
    expect(world.sent()).toEqual(['task A#2·1 B#2·1']);
  });

  it('have changed nothing when another writer was faster with each of them', async () => {
    const world = await narrow();
    const events = [world.completed('t1'), world.completed('t2')];
    const { append } = world.ports.journal;
    world.ports.journal.append = async () => {
      world.ports.journal.append = append;
      for (const event of events) await world.advance(event);
      throw new TooLargeError('the entry', 2, 1);
    };
    const { outcomes } = await world.advance(...events);
    expect(outcomes.get('o')).toMatchObject({ known: true, changed: false });
  });
});

describe('a message that no queue takes', () => {
  const tooLarge = new TooLargeError('a message', 2, 1);

  it('fails its task with its reason', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'plugin');
    expect(await world.advance('o', world.accepted())).toMatchObject({
      status: 'failed',
      error: {
        code: 'INPUT_TOO_LARGE',
        message: `its message cannot be sent: ${tooLarge.message}`,
      },
    });
  });

  it('fails its task with another reason when it brings the history along', async () => {
    const world = await orderWorld(['A'], [plugin('A', { registeredAt: 0, history: true })]);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'plugin');
    expect(await world.advance('o', world.accepted())).toMatchObject({
      status: 'failed',
      error: {
        code: 'HISTORY_TOO_LARGE',
        message: `its input and the order's history do not fit into one message: ${tooLarge.message}`,
      },
    });
  });

  it('fails every task that it invites', async () => {
    const world = await orderWorld([both]);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'broadcast');
    const state = await world.advance('o', world.accepted());
    expect(state).toMatchObject({ status: 'failed', error: { task: 'A' } });
    const [, , last] = world.ports.journal.all().get('o') ?? [];
    expect(last?.events.map(({ type }) => type)).toEqual(['TaskFailed', 'TaskFailed']);
  });

  it('that is a fact or a timer keeps nobody up', async () => {
    const quick = plugin('A', { registeredAt: 0, timeoutSeconds: 30 });
    const world = await orderWorld(['A'], [quick]);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'lifecycle' || to === 'orchestrator');
    expect(await world.advance('o', world.accepted())).toMatchObject({ status: 'running' });
    expect(world.ports.journal.all().get('o')).toHaveLength(2);
  });

  it('leaves it to be told what the attempt before it came to', async () => {
    const world = await orderWorld(['A', 'B']);
    for (const orderId of ['o', 'p']) {
      await world.place(orderId);
      await world.advance(orderId, world.accepted());
    }
    refuse(world, tooLarge, ({ to, orderId }) => to === 'plugin' && orderId === 'o');
    const answer = [world.completed('t1')];
    const batch = new Map(['o', 'p'].map((orderId) => [orderId, answer]));
    const { outcomes } = await advanceOrders(batch, world.ports);
    const told = [...outcomes.values()].map((one) => one.known && one.verdicts.length);
    const statuses = [...outcomes.values()].map((one) => one.known && one.state.status);
    expect([told, statuses]).toEqual([
      [1, 1],
      ['failed', 'running'],
    ]);
  });

  it('of an order that is gone by then is of one that nobody knows', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'plugin');
    const { put } = world.ports.activeOrders;
    world.ports.activeOrders.put = async (order) => {
      world.ports.journal.latest = async () => undefined;
      return put(order);
    };
    world.pass(61);
    expect(await world.advance('o', world.accepted())).toBeUndefined();
  });

  it('and could not be told as a failure gives the message back that led to it', async () => {
    const world = await orderWorld(['A']);
    await world.place('o');
    refuse(world, tooLarge, ({ to }) => to === 'plugin');
    const { append } = world.ports.journal;
    world.ports.journal.append = async (entry, previous) => {
      if (entry.number === 2) throw new Error('throttled');
      return append(entry, previous);
    };
    await expect(world.advance('o', world.accepted())).rejects.toThrow('throttled');
  });
});

describe('a plugin that looks back', () => {
  const backwards = [
    plugin('A', { registeredAt: 0 }),
    plugin('B', { registeredAt: 0, history: true }),
  ];

  async function atB() {
    const world = await orderWorld(['A', 'B'], backwards);
    await world.place('o', 'the input');
    const { entries } = world.ports.journal;
    let read = 0;
    world.ports.journal.entries = async (orderId) => {
      read += 1;
      return entries(orderId);
    };
    await world.advance('o', world.accepted());
    expect(read).toBe(0);
    return { ...world, reads: () => read };
  }

  const historyIn = ({ ports }: World) => {
    const last = ports.messenger.sent.at(-1);
    return last?.to === 'plugin' ? last.body.history : undefined;
  };

  it("gets the order's input and the jobs that are done, the last one included", async () => {
    const world = await atB();
    await world.advance('o', world.completed('t1', 'of A'));
    const jobs = { A: { input: 'the input', result: 'of A' } };
    expect(historyIn(world)).toEqual({ input: 'the input', jobs });
    expect(world.reads()).toBe(1);
  });

  it('gets the history as it was when its message comes again later', async () => {
    const world = await orderWorld(['A', ['B', 'C']], [...backwards, plugin('C')]);
    await world.place('o', 'the input');
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1', 'of A'));
    await world.advance('o', world.completed('t3', 'of C'));
    await world.advance('o', world.completed('t1', 'of A'));
    const jobs = { A: { input: 'the input', result: 'of A' } };
    expect(historyIn(world)).toEqual({ input: 'the input', jobs });
  });
});

describe('what a decision asks', () => {
  it('of the queue of a plugin is looked up for that plugin', async () => {
    const impatient = plugin('A', { registeredAt: 0, timeoutSeconds: 100 });
    const world = await orderWorld(['A'], [impatient, plugin('B')]);
    await world.place('o');
    await world.advance('o', world.accepted());
    const asked: string[][] = [];
    world.ports.backlogs.oldest = async (plugins) => {
      asked.push(plugins.map(({ name }) => name));
      return new Map([['A', 0]]);
    };
    world.pass(100);
    const state = await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    expect(asked).toEqual([['A']]);
    expect(state).toMatchObject({
      stage: { tasks: [{ attempt: 1, deadlineAt: world.now() + 60_000 }] },
    });
  });

  it('of the queue of a plugin that is not registered any more is not looked up', async () => {
    const impatient = plugin('A', { registeredAt: 0, timeoutSeconds: 100 });
    const world = await orderWorld(['A'], [impatient]);
    await world.place('o');
    await world.advance('o', world.accepted());
    world.ports.registry.plugins = async () => new Map();
    const asked: unknown[] = [];
    world.ports.backlogs.oldest = async (plugins) => {
      asked.push(...plugins);
      return new Map();
    };
    world.pass(100);
    await world.advance('o', { type: 'DeadlinePassed', at: world.now() });
    expect(asked).toStrictEqual([]);
  });

  it('of expressions that do not look back is answered without the journal', async () => {
    const world = await orderWorld([
      { name: 'a', pre: [{ plugin: 'A', input: 'payload' }], parallel: [], post: [] },
    ]);
    await world.place('o');
    world.ports.journal.entries = async () => {
      throw new Error('nobody asked for it');
    };
    expect(await world.advance('o', world.accepted())).toMatchObject({ status: 'running' });
  });

  it('of earlier jobs is answered with the result that has just come', async () => {
    const input = { before: '$jobs.A.result', first: 'input' };
    const world = await orderWorld([
      { name: 'a', pre: [{ plugin: 'A' }, { plugin: 'B', input }], parallel: [], post: [] },
    ]);
    await world.place('o', 'the input');
    await world.advance('o', world.accepted());
    await world.advance('o', world.completed('t1', 'of A'));
    const last = world.ports.messenger.sent.at(-1);
    expect(last?.to === 'plugin' && last.body.input).toEqual({
      before: 'of A',
      first: 'the input',
    });
  });
});
