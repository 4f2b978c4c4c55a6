import { describe, expect, it } from '@jest/globals';
import type { EventReceived } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import type { Step } from '../../src/core/workflow.ts';
import type { EventDue } from '../../src/engine/tending-events.ts';
import { receiveEvent, tendEvents } from '../../src/engine/tending-events.ts';
import type { EventPlace, KeptEvent, KeyedPlace } from '../../src/ports/awaited-events.ts';
import { orderWorld } from './order-under-way.ts';

const DAY_MS = 86_400_000;

const waitFor = (event: string, key?: string): Step => ({
  waitFor: { event, ...(key !== undefined && { key: JSON.stringify(key) }) },
});

/** An order whose tasks wait for events, all at once, and a record of what is asked of the list of those that wait. */
async function waitingOrder(...steps: Step[]) {
  const world = await orderWorld([{ name: 'a', pre: [], parallel: steps, post: [] }]);
  const { awaitedEvents, journal } = world.ports;
  const listed: (readonly [KeyedPlace, number])[] = [];
  const forgotten: KeyedPlace[] = [];
  const looked: EventPlace[] = [];
  const { await: list, forget, kept } = awaitedEvents;
  Object.assign(awaitedEvents, {
    await: (...place: Parameters<typeof list>) => {
      listed.push(place);
      return list(...place);
    },
    forget: (place: KeyedPlace) => {
      forgotten.push(place);
      return forget(place);
    },
    kept: (place: EventPlace) => {
      looked.push(place);
      return kept(place);
    },
  });
  /** How many entries of journals have been read one by one. */
  const read = { entries: 0 };
  const { newestFirst } = journal;
  journal.newestFirst = async function* (orderId) {
    for await (const entry of newestFirst(orderId)) {
      read.entries += 1;
      yield entry;
    }
  };
  await world.place('o');
  await world.advance('o', world.accepted());
  return {
    ...world,
    ...{ listed, forgotten, looked, read },
    /** An event that has come a second after what happened last, for the order alone if it has no key. */
    async comes(eventId: string, eventType: string, key?: string, data: Json = eventId) {
      world.pass(1);
      const to = key === undefined ? { orderId: 'o' } : { key };
      await awaitedEvents.keep({ eventId, eventType, ...to, receivedAt: world.now(), data });
    },
    async tend(message: Partial<EventDue> = {}) {
      const due = await tendEvents({ orderId: 'o', isAgain: false, ...message }, world.ports);
      return due.map(([orderId, event]) => {
        const { type, foundFor, eventId } = event as EventReceived;
        return { orderId, type, foundFor, eventId };
      });
    },
    async take(message: Partial<EventDue> = {}) {
      const due = await tendEvents({ orderId: 'o', isAgain: false, ...message }, world.ports);
      for (const [orderId, event] of due) await world.advance(orderId, event);
    },
  };
}

const found = (eventId: string, foundFor: string) => ({
  ...{ orderId: 'o', type: 'EventReceived', foundFor, eventId },
});

describe('a task that begins to wait for an event', () => {
  it('is listed under its key for longer than any pause lasts, and looks for what has come', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'), waitFor('paid', 'R-18'));
    await world.comes('e1', 'paid', 'R-17');
    expect(await world.tend({ taskId: 't1', attempt: 1 })).toEqual([found('e1', 't1')]);
    const place = { orderId: 'o', taskId: 't1', attempt: 1, eventType: 'paid', key: 'R-17' };
    expect(world.listed.map(([one]) => one)).toEqual([place]);
    const [[, until]] = world.listed as [[KeyedPlace, number]];
    expect(until - world.now()).toBeGreaterThan(366 * DAY_MS);
    expect(world.forgotten).toEqual([]);
  });

  it('without a key is listed nowhere, and takes only what comes for its order alone', async () => {
    const world = await waitingOrder(waitFor('paid'));
    await world.comes('e1', 'paid', 'R-17');
    expect(await world.tend({ taskId: 't1', attempt: 1 })).toEqual([]);
    await world.comes('e2', 'paid');
    expect(await world.tend({ taskId: 't1', attempt: 1 })).toEqual([found('e2', 't1')]);
    expect(world.listed).toEqual([]);
    expect(world.looked).toEqual([{ orderId: 'o' }, { orderId: 'o' }]);
  });

  it.each([
    ['another task', 't9', 1],
    ['another attempt', 't1', 2],
  ])('is not listed for %s', async (_, taskId, attempt) => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'paid', 'R-17');
    expect(await world.tend({ taskId, attempt })).toEqual([]);
    expect([world.listed, world.forgotten]).toEqual([[], []]);
  });

  it('of an order that nobody knows has nothing to take', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    expect(await world.tend({ orderId: 'unknown', taskId: 't1', attempt: 1 })).toEqual([]);
    expect([world.listed, world.forgotten]).toEqual([[], []]);
  });
});

describe('a task that is told of an event', () => {
  const told = { taskId: 't1', attempt: 1, eventType: 'paid', key: 'R-17' };

  it('looks for it, and stays listed as it is', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'paid', 'R-17');
    expect(await world.tend(told)).toEqual([found('e1', 't1')]);
    expect([world.listed, world.forgotten]).toEqual([[], []]);
  });

  it('and waits no longer is taken off the list, where whoever was to do it has died', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    expect(await world.tend({ ...told, attempt: 2 })).toEqual([]);
    expect(world.forgotten).toEqual([{ orderId: 'o', ...told, attempt: 2 }]);
  });

  it('that came for its order alone looks for it, and is listed nowhere', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'paid');
    expect(await world.tend()).toEqual([found('e1', 't1')]);
    expect([world.listed, world.forgotten]).toEqual([[], []]);
  });
});

describe('of the events that have come', () => {
  it('the first go to those that wait for them, as many as wait for the type', async () => {
    const world = await waitingOrder(
      waitFor('paid', 'R-17'),
      waitFor('paid', 'R-17'),
      waitFor('sent', 'R-17'),
    );
    for (const eventId of ['e1', 'e2', 'e3']) await world.comes(eventId, 'paid', 'R-17');
    expect(await world.tend()).toEqual([found('e1', 't1'), found('e2', 't1')]);
  });

  it('each goes to who waits for its type and its key', async () => {
    const world = await waitingOrder(
      waitFor('paid', 'R-17'),
      waitFor('paid', 'R-18'),
      waitFor('sent', 'R-17'),
    );
    await world.comes('e1', 'sent', 'R-17');
    await world.comes('e2', 'paid', 'R-18');
    await world.comes('e3', 'paid', 'R-17');
    expect(await world.tend()).toEqual([found('e3', 't1'), found('e2', 't2'), found('e1', 't3')]);
  });

  it('one for the order alone goes to nobody who waits for another type', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'sent');
    expect(await world.tend()).toEqual([]);
  });

  it('the older is first, whether it came for the order alone or under the key', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'paid', 'R-17');
    await world.comes('e2', 'paid');
    expect(await world.tend()).toEqual([found('e1', 't1')]);
    const other = await waitingOrder(waitFor('paid', 'R-17'));
    await other.comes('e1', 'paid');
    await other.comes('e2', 'paid', 'R-17');
    expect(await other.tend()).toEqual([found('e1', 't1')]);
  });

  it('one that has expired since it was listed goes to nobody', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.comes('e1', 'paid', 'R-17');
    const { awaitedEvents } = world.ports;
    Object.assign(awaitedEvents, { get: async () => undefined });
    expect(await world.tend()).toEqual([]);
  });

  it('what the order has taken already goes to nobody, and the journal is read back to when it came', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'), waitFor('paid', 'R-17'));
    world.pass(60);
    await world.comes('e1', 'paid', 'R-17');
    await world.take();
    await world.comes('e2', 'paid', 'R-17');
    world.read.entries = 0;
    expect(await world.tend()).toEqual([found('e2', 't2')]);
    // The one that took the first, and the one before it, which was stored before it came.
    expect(world.read.entries).toBe(2);
  });
});

describe('a message about events that comes again', () => {
  /** The order has taken an event for each of two tasks, and its plugin has answered since. */
  async function tookTwo() {
    const last = { plugin: 'A' };
    const world = await waitingOrder(waitFor('paid', 'R-17'), waitFor('sent', 'R-17'), last, last);
    for (const type of ['paid', 'sent']) {
      await world.comes(`of ${type}`, type, 'R-17');
      await world.take();
    }
    await world.advance('o', world.completed('t3'));
    const again = async (message: Partial<EventDue>) => {
      world.read.entries = 0;
      const due = await tendEvents({ orderId: 'o', isAgain: true, ...message }, world.ports);
      return due.map(([orderId, event]) => [orderId, 'taskId' in event && event.taskId]);
    };
    return { ...world, again };
  }

  it('says again what completed the task that it is about, and looks no further', async () => {
    const { again, read } = await tookTwo();
    expect(await again({ taskId: 't2', attempt: 1 })).toEqual([['o', 't2']]);
    expect(read.entries).toBe(2);
    expect(await again({ taskId: 't1', attempt: 1 })).toEqual([['o', 't1']]);
    expect(read.entries).toBe(3);
  });

  it('says again what completed any task by an event, if it is about no task', async () => {
    const { again } = await tookTwo();
    expect(await again({})).toEqual([
      ['o', 't2'],
      ['o', 't1'],
    ]);
  });

  it('says nothing of that when it comes for the first time', async () => {
    const { again } = await tookTwo();
    expect(await again({ isAgain: false })).toEqual([]);
  });
});

describe('an event that is received', () => {
  const event: KeptEvent = {
    ...{ eventId: 'e1', eventType: 'paid', key: 'R-17', receivedAt: 0, data: 1 },
  };

  it('is kept, and each task that waits under its key is told of it', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'), waitFor('paid', 'R-18'));
    for (const taskId of ['t1', 't2']) await world.tend({ taskId, attempt: 1 });
    world.sent();
    expect(await receiveEvent(event, world.ports)).toEqual({ kept: event, told: 1 });
    const body = { type: 'EventDue', orderId: 'o', taskId: 't1', attempt: 1, eventType: 'paid' };
    expect(world.ports.messenger.sent).toEqual([
      { to: 'orchestrator', orderId: 'o', delaySeconds: 0, body: { ...body, key: 'R-17' } },
    ]);
  });

  it('for one order alone is told to that order', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    world.sent();
    const { key: _, ...alone } = { ...event, orderId: 'o' };
    expect(await receiveEvent(alone, world.ports)).toEqual({ kept: alone, told: 1 });
    expect(world.ports.messenger.sent).toEqual([
      {
        ...{ to: 'orchestrator', orderId: 'o', delaySeconds: 0 },
        body: { type: 'EventDue', orderId: 'o' },
      },
    ]);
  });

  it('has to come again where somebody could not be told', async () => {
    const world = await waitingOrder(waitFor('paid', 'R-17'));
    await world.tend({ taskId: 't1', attempt: 1 });
    world.ports.messenger.send = async (messages) =>
      messages.map((message) => ({ message, error: new Error('throttled') }));
    await expect(receiveEvent(event, world.ports)).rejects.toThrow('throttled');
  });
});
