import { describe, expect, it } from '@jest/globals';
import { makeOperate } from '../../../src/app/operations/operate-records.ts';
import { sweep } from '../../../src/engine/sweep.ts';
import type { OrderQuery } from '../../../src/ports/order-list.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent } from '../system.ts';

interface Receipt {
  readonly operationId: string;
  readonly matched: number;
  readonly more?: true;
  readonly sample: readonly object[];
}
interface Seen extends Receipt {
  readonly status: string;
  readonly done: number;
  readonly refused: number;
  readonly refusals: object;
}

/** A system in which A is broken until it is mended, with so many orders that have failed, and one that has completed. */
async function withFailed(count: number) {
  let isBroken = true;
  const system = createSystem({
    A: (input) => {
      if (isBroken) throw new Error('broken');
      return input;
    },
    B: (input) => input,
  });
  for (let n = 0; n < count; n += 1) await place(system, `o-${n}`, ['A']);
  await place(system, 'fine', ['B']);
  await system.run();
  const mend = () => {
    isBroken = false;
  };
  return { system, mend };
}

async function place(system: System, orderId: string, todo: readonly string[], more = {}) {
  system.now.at += 1000;
  await system.call('POST', '/orders', { body: { orderId, input: 5, todo, ...more } });
}

async function begin(system: System, body: object, headers: Record<string, string> = {}) {
  const as = { kind: 'operator', name: 'ada' };
  const begun = await system.call<Receipt>('POST', '/operations', { body, as, headers });
  expect(begun.status).toBe(202);
  return begun.body;
}

const see = async (system: System, operationId: string) =>
  (await system.call<Seen>('GET', `/operations/${operationId}`)).body;

/** Delivers what is in the operations' queue until it is empty. @returns for how long each message was delayed */
async function operateAll(system: System, deliveries = Infinity): Promise<readonly number[]> {
  const { sent } = system.ports.operationQueue;
  const operate = makeOperate(system.ports);
  const delays: number[] = [];
  for (let count = 0; count < deliveries; count += 1) {
    const next = sent.shift();
    if (next === undefined) break;
    delays.push(next.delaySeconds);
    system.now.at += next.delaySeconds * 1000;
    const { batchItemFailures } = await operate(sqsEvent([next.message]), CONTEXT);
    if (batchItemFailures.length > 0) sent.push(next);
  }
  return delays;
}

async function statusOf(system: System, orderId: string): Promise<string> {
  return (await system.call<{ status: string }>('GET', `/orders/${orderId}`)).body.status;
}

const retryFailed = { action: 'retry', filter: { status: 'failed' } };

describe('an operation', () => {
  it('retries all orders that have failed, and no other', async () => {
    const { system, mend } = await withFailed(30);
    mend();
    const begun = await begin(system, { ...retryFailed, reason: 'A is mended' });
    expect(begun).toMatchObject({ matched: 30, sample: [{ orderId: 'o-29' }, {}, {}, {}, {}] });
    await operateAll(system);
    await system.run();
    expect(await see(system, begun.operationId)).toMatchObject({
      ...{ status: 'done', action: 'retry', filter: { status: 'failed' }, ratePerSecond: 10 },
      ...{ actor: 'operator ada', reason: 'A is mended', matched: 30, done: 30, refused: 0 },
      endedAt: expect.any(String),
    });
    for (let n = 0; n < 30; n += 1) expect(await statusOf(system, `o-${n}`)).toBe('completed');
  });

  it('stands in the timeline of each order: who, when, why, and as a part of what', async () => {
    const { system } = await withFailed(1);
    const { operationId } = await begin(system, { ...retryFailed, reason: 'A is mended' });
    await operateAll(system);
    const { body } = await system.call<{ timeline: object[] }>('GET', '/orders/o-0');
    expect(body.timeline.at(-1)).toEqual({
      ...{ at: new Date(system.now.at).toISOString(), entry: 3, event: 'RetryRequested' },
      ...{ actor: 'operator ada', reason: 'A is mended', operation: operationId },
    });
  });

  it.each([
    [{ action: 'pause', filter: { plugin: 'B' } }, 'of Y', 'paused'],
    [{ action: 'cancel', filter: { client: 'X' }, undo: false }, 'of X', 'cancelled'],
    [{ action: 'cancel', filter: { to: '2026-11-21T08:00:01.500Z' } }, 'first', 'cancelled'],
    [
      { action: 'skip', task: 'B', filter: { status: 'running', client: 'Y' } },
      'of Y',
      'completed',
    ],
  ])('%j concerns only the order %s', async (body, acted, status) => {
    const system = createSystem();
    const orderIds = { first: 'o-1', 'of X': 'o-2', 'of Y': 'o-3' };
    await place(system, 'o-1', ['A']);
    await place(system, 'o-2', ['A'], { client: 'X' });
    await place(system, 'o-3', ['B'], { client: 'Y' });
    await startAll(system);
    const { operationId } = await begin(system, body);
    await operateAll(system);
    await system.run();
    expect(await see(system, operationId)).toMatchObject({ status: 'done', done: 1, refused: 0 });
    for (const [name, orderId] of Object.entries(orderIds)) {
      expect(await timelineHas(system, orderId, operationId)).toBe(name === acted);
      if (name === acted) expect(await statusOf(system, orderId)).toBe(status);
    }
  });

  it('counts those that refuse, by code', async () => {
    const { system } = await withFailed(2);
    const all = await begin(system, { action: 'pause', filter: { from: '2026-01-01T00:00:00Z' } });
    await operateAll(system);
    expect(await see(system, all.operationId)).toMatchObject({
      ...{ matched: 3, done: 0, refused: 3, refusals: { ORDER_ENDED: 3 } },
    });
  });

  it('leaves alone the orders that were accepted after it began', async () => {
    const { system } = await withFailed(0);
    await place(system, 'before', ['A']);
    const { operationId } = await begin(system, {
      action: 'cancel',
      filter: { status: 'accepted' },
    });
    await place(system, 'after', ['A']);
    await operateAll(system);
    expect(await statusOf(system, 'before')).toBe('cancelled');
    expect(await statusOf(system, 'after')).toBe('accepted');
    expect(await see(system, operationId)).toMatchObject({ matched: 1, done: 1 });
  });

  it.each([
    [2, 10, 4],
    [10, 50, 2],
    [100, 100, 1],
    [0.2, 1, 100],
  ])('does %f orders a second, %i a page', async (ratePerSecond, page, pages) => {
    const count = Math.min(page * pages - 1, 100);
    const { system } = await withFailed(count);
    await begin(system, { ...retryFailed, ratePerSecond });
    const delays = await operateAll(system);
    expect(delays).toHaveLength(Math.ceil(count / page));
    for (const delay of delays.slice(1)) expect(delay).toBe(page / ratePerSecond);
  });

  it('begins no other page once it is stopped', async () => {
    const { system } = await withFailed(25);
    const { operationId } = await begin(system, { ...retryFailed, ratePerSecond: 2 });
    await operateAll(system, 1);
    const stopped = await system.call('POST', `/operations/${operationId}/stop`);
    expect(stopped).toMatchObject({ status: 200, body: { status: 'stopped', done: 10 } });
    await operateAll(system);
    expect(await see(system, operationId)).toMatchObject({ status: 'stopped', done: 10 });
    expect(await statusOf(system, 'o-0')).toBe('failed');
  });

  // Was: an operation that was stopped did the rest of its page, 100 orders, and did so minutes later if its process had died.
  // Now: it ends the few orders that it has begun.
  it('begins no other order of its page once it is stopped', async () => {
    const { system } = await withFailed(60);
    const { operationId } = await begin(system, { ...retryFailed, ratePerSecond: 100 });
    const stopping = beforeThirdChange(system, () =>
      system.call('POST', `/operations/${operationId}/stop`),
    );
    const [first] = system.ports.operationQueue.sent.splice(0);
    expect(await deliverTo(stopping, first?.message)).toBe(0);
    expect(await see(system, operationId)).toMatchObject({
      ...{ status: 'stopped', matched: 60, done: 20, refused: 0 },
    });
    expect(await statusOf(system, 'o-0')).toBe('failed');
  });

  it('ends what it had begun when its process died, though it is stopped by then', async () => {
    const { system } = await withFailed(60);
    const { operationId } = await begin(system, { ...retryFailed, ratePerSecond: 100 });
    const [first] = system.ports.operationQueue.sent.splice(0);
    const dying = beforeThirdChange(system, () => Promise.reject(new Error('it dies')));
    expect(await deliverTo(dying, first?.message)).toBe(1);
    await system.call('POST', `/operations/${operationId}/stop`);
    expect(await deliverTo(system, first?.message, 2)).toBe(0);
    expect(await see(system, operationId)).toMatchObject({
      ...{ status: 'stopped', matched: 60, done: 20, refused: 0 },
    });
    expect(await statusOf(system, 'o-0')).toBe('failed');
  });

  // Was: of the orders that were begun together when its process died, those were not counted that a later delivery had not come to.
  it('counts all that was done, though its process died more than once before it was stopped', async () => {
    const { system } = await withFailed(60);
    const { operationId } = await begin(system, { ...retryFailed, ratePerSecond: 100 });
    const [first] = system.ports.operationQueue.sent.splice(0);
    const dying = () => beforeThirdChange(system, () => Promise.reject(new Error('it dies')));
    expect(await deliverTo(dying(), first?.message)).toBe(1);
    expect(await deliverTo(dying(), first?.message, 2)).toBe(1);
    await system.call('POST', `/operations/${operationId}/stop`);
    expect(await deliverTo(system, first?.message, 3)).toBe(0);
    expect(await see(system, operationId)).toMatchObject({ status: 'stopped', done: 20 });
  });

  // Was: of paused orders nobody could tell which an operation had paused, so that to take it back resumed all others as well.
  // Now: each row says who has paused it, why and by which operation, and `pausedBy` finds those of one.
  it('that has paused the wrong orders is taken back, and what others have paused stays paused', async () => {
    const system = createSystem({ A: (input) => input });
    for (let n = 0; n < 4; n += 1) await place(system, `o-${n}`, ['A']);
    const as = { kind: 'operator', name: 'bob' };
    await system.call('POST', '/orders/o-1/pause', { body: { reason: 'asked to wait' }, as });
    const since = new Date(system.now.at).toISOString();
    const wrong = { action: 'pause', filter: { to: '2026-11-21T08:00:03.500Z' } };
    const { operationId } = await begin(system, { ...wrong, reason: 'the shop is down' });
    await operateAll(system);
    const rowsOf = async (query: Record<string, string>) =>
      (await system.call<{ orders: object[] }>('GET', '/orders', { query })).body.orders;
    const by = { by: 'operator ada', reason: 'the shop is down', operation: operationId };
    expect(await rowsOf({ status: 'paused' })).toMatchObject([
      { orderId: 'o-2', paused: by },
      { orderId: 'o-1', paused: { since, by: 'operator bob', reason: 'asked to wait' } },
      { orderId: 'o-0', paused: by },
    ]);
    expect(await rowsOf({ pausedBy: operationId })).toMatchObject([
      { orderId: 'o-2' },
      { orderId: 'o-0' },
    ]);
    await begin(system, { action: 'resume', filter: { pausedBy: operationId } });
    await operateAll(system);
    expect(await rowsOf({ status: 'paused' })).toMatchObject([{ orderId: 'o-1' }]);
    expect(await rowsOf({ pausedBy: operationId })).toEqual([]);
  });

  it('only says how many there are, if it is a dry run', async () => {
    const { system } = await withFailed(7);
    const dry = await system.call('POST', '/operations', {
      body: { ...retryFailed, dryRun: true },
    });
    expect(dry).toMatchObject({ status: 200, body: { matched: 7 } });
    expect(dry.body).not.toHaveProperty('operationId');
    expect(system.ports.operationQueue.sent).toEqual([]);
    expect(await system.ports.operations.list()).toEqual([]);
  });

  it('is one operation under one key; another request under it is refused', async () => {
    const { system } = await withFailed(2);
    const headers = { 'idempotency-key': 'k' };
    const first = await begin(system, retryFailed, headers);
    await operateAll(system);
    expect(await begin(system, retryFailed, headers)).toMatchObject({
      ...{ operationId: first.operationId, matched: 2 },
    });
    await operateAll(system);
    expect(await see(system, first.operationId)).toMatchObject({ status: 'done', done: 2 });
    const other = await system.call('POST', '/operations', {
      body: { ...retryFailed, ratePerSecond: 1 },
      headers,
    });
    expect(other).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } });
  });

  it.each([
    [{ action: 'retry', filter: {} }, 'filter'],
    // Was: no attributes counted as a filter, and the operation was about all orders. Now: it names nothing.
    [{ action: 'cancel', filter: { attributes: {} } }, 'filter'],
    [{ action: 'cancel', filter: { status: 'failed', attributes: {} } }, 'filter.attributes'],
    [{ action: 'cancel', filter: { status: [] } }, 'filter.status'],
    [{ action: 'retry' }, 'filter'],
    [{ action: 'explode', filter: { status: 'failed' } }, 'action'],
    [{ action: 'skip', filter: { status: 'failed' } }, 'task'],
    [{ action: 'pause', filter: { stuck: true } }, undefined],
    [{ action: 'pause', filter: { status: 'failed' }, ratePerSecond: 1000 }, 'ratePerSecond'],
    [{ action: 'pause', filter: { from: 'yesterday' } }, 'filter.from'],
  ])('%j is refused', async (body, path) => {
    const refused = await createSystem().call('POST', '/operations', { body });
    expect(refused).toMatchObject({ status: 422, body: { code: 'INVALID_REQUEST' } });
    if (path !== undefined) expect(refused.body).toMatchObject({ path });
  });

  it('is for operators', async () => {
    const system = createSystem();
    const as = { kind: 'client', client: 'X' };
    for (const [method, path] of [
      ['POST', '/operations'],
      ['GET', '/operations'],
      ['GET', '/operations/op-1'],
      ['POST', '/operations/op-1/stop'],
    ] as const) {
      const body = method === 'POST' ? retryFailed : undefined;
      expect(await system.call(method, path, { as, body })).toMatchObject({ status: 403 });
    }
  });

  it('that nobody knows is a 404', async () => {
    const system = createSystem();
    expect(await system.call('GET', '/operations/op-1')).toMatchObject({ status: 404 });
    expect(await system.call('POST', '/operations/op-1/stop')).toMatchObject({ status: 404 });
  });

  it('is listed, the newest first, page by page', async () => {
    const { system } = await withFailed(1);
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      system.now.at += 1000;
      ids.unshift((await begin(system, retryFailed)).operationId);
    }
    const page = async (query: Record<string, string>) =>
      (await system.call<{ operations: Receipt[]; next?: string }>('GET', '/operations', { query }))
        .body;
    const first = await page({ limit: '2' });
    const rest = await page({ limit: '2', next: first.next ?? '' });
    const listed = [...first.operations, ...rest.operations].map((one) => one.operationId);
    expect(listed).toEqual(ids);
    expect(rest.next).toBeUndefined();
    const lost = await system.call('GET', '/operations', { query: { next: 'op-0' } });
    expect(lost).toMatchObject({ status: 422, body: { path: 'next' } });
  });
});

describe('a page that does not get through', () => {
  it('comes again, and in the end counts an order as refused that always fails', async () => {
    const { system } = await withFailed(3);
    const { latest } = system.ports.journal;
    const { operationId } = await begin(system, retryFailed);
    const [first] = system.ports.operationQueue.sent.splice(0);
    const deliver = (receiveCount: number) => deliverTo(system, first?.message, receiveCount);
    const list = system.ports.orderList.page;
    system.ports.orderList.page = async (query) => {
      const page = await list(query);
      system.ports.journal.latest = async (orderId) => {
        if (orderId === 'o-1') throw new Error('always');
        return latest(orderId);
      };
      return page;
    };
    for (let count = 1; count < 5; count += 1) expect(await deliver(count)).toBe(1);
    expect(await deliver(5)).toBe(0);
    system.ports.journal.latest = latest;
    expect(await see(system, operationId)).toMatchObject({
      ...{ status: 'done', done: 2, refused: 1, refusals: { INTERNAL: 1 } },
    });
    expect(system.delayed.map(({ seconds }) => seconds)).toEqual([1, 2, 4, 8]);
  });

  // Was: a search that failed began anew with each delivery, until its message became a dead letter.
  // Now: a page without orders writes down how far it has come.
  it('goes on where its search failed, when none of the orders matched so far', async () => {
    const { system } = await withFailed(3);
    const { operationId } = await begin(system, retryFailed);
    const { orderList } = system.ports;
    const searched: (string | undefined)[] = [];
    const failing = {
      ...orderList,
      async page(query: OrderQuery) {
        searched.push(query.next);
        if (searched.length === 1) return { orders: [], next: 'behind many' };
        if (searched.length === 2) throw new Error('throttled');
        return orderList.page({ ...query, next: undefined });
      },
    };
    await operateAll({ ...system, ports: { ...system.ports, orderList: failing } });
    expect(searched).toEqual([undefined, 'behind many', 'behind many']);
    expect(await see(system, operationId)).toMatchObject({ status: 'done', done: 3 });
  });

  // Was: a page whose predecessor died again and again was a dead letter after twenty tries, in a quarter of an hour.
  // Now: after a minute, it comes as seldom as the message of the page that it waits for.
  it('waits out its visibility where the page before it does not get through', async () => {
    const { system } = await withFailed(1);
    const { operationId } = await begin(system, retryFailed);
    const early = { operationId, page: 1 };
    for (let count = 1; count <= 20; count += 1)
      expect(await deliverTo(system, early, count)).toBe(1);
    expect(system.delayed.map(({ seconds }) => seconds)).toEqual([1, 2, 4, 8, 16, 32]);
  });

  it('is dropped if its operation was never stored', async () => {
    const { system } = await withFailed(1);
    const operate = makeOperate(system.ports);
    const message = { operationId: 'op-1', page: 0 };
    const deliver = async (ageMs: number) => {
      const event = sqsEvent([message]);
      for (const record of event.Records) {
        record.attributes.SentTimestamp = String(system.now.at - ageMs);
      }
      return (await operate(event, CONTEXT)).batchItemFailures.length;
    };
    expect([await deliver(60_000), await deliver(60_001)]).toEqual([1, 0]);
  });
});

describe('a process that dies in the middle of an operation', () => {
  const STEPS = ['before', 'after'] as const;

  // 12 orders in pages of 5; the process dies at each of its calls in turn, just before or just after.
  it.each(STEPS)('%s any call: each order is acted on once, and all are counted', async (when) => {
    let died = true;
    let crashes = 0;
    for (let step = 1; died; step += 1) {
      const { system } = await withFailed(12);
      const { operationId } = await begin(system, { ...retryFailed, ratePerSecond: 1 });
      const dying = dyingAt(step, when, system);
      await operateAll(dying.system, 1);
      died = dying.died();
      crashes += Number(died);
      // The same message, and all that it has led to.
      await operateAll(system);
      system.now.at += 120_000;
      await sweep(system.ports);
      await system.run();
      const seen = await see(system, operationId);
      expect({ step, ...seen }).toMatchObject({ step, status: 'done', done: 12, refused: 0 });
      for (const [orderId, entries] of system.ports.journal.all()) {
        const acts = entries
          .flatMap(({ events }) => events)
          .filter((event) => 'actId' in event && event.actId === operationId);
        expect({ step, orderId, acts: acts.length }).toEqual({
          ...{ step, orderId, acts: orderId === 'fine' ? 0 : 1 },
        });
      }
    }
    expect(crashes).toBeGreaterThan(20);
  });

  // Was: a page that came again began with its first order, so one whose process died each time before the last order became a dead letter.
  // Now: it goes on with the orders that are left.
  it('each time: its page goes on where it stopped', async () => {
    const { system } = await withFailed(12);
    const { operationId } = await begin(system, retryFailed);
    const [first] = system.ports.operationQueue.sent.splice(0);
    let deliveries = 0;
    for (let isLeft = true; isLeft; ) {
      deliveries += 1;
      expect(deliveries).toBeLessThan(20);
      const dying = dyingAt(14, 'before', system).system;
      isLeft = (await deliverTo(dying, first?.message, deliveries)) > 0;
    }
    expect(deliveries).toBeGreaterThan(2);
    expect(await see(system, operationId)).toMatchObject({ status: 'done', done: 12, refused: 0 });
  });

  // Was: an order over which each process died held up its page, until that became a dead letter.
  // Now: the order counts as refused, and the others are done.
  it('over one order: the others are done all the same', async () => {
    const { system } = await withFailed(12);
    const { operationId } = await begin(system, retryFailed);
    const [first] = system.ports.operationQueue.sent.splice(0);
    let deliveries = 0;
    let tries = 0;
    for (let isLeft = true; isLeft; ) {
      deliveries += 1;
      expect(deliveries).toBeLessThan(20);
      const dying = dyingOver('o-7', system, () => (tries += 1));
      isLeft = (await deliverTo(dying, first?.message, deliveries)) > 0;
    }
    expect(tries).toBe(4);
    expect(await see(system, operationId)).toMatchObject({
      ...{ status: 'done', done: 11, refused: 1, refusals: { INTERNAL: 1 } },
    });
  });
});

/** @returns how many records came to nothing */
async function deliverTo(system: System, message: object = {}, receiveCount = 1): Promise<number> {
  const event = sqsEvent([message]);
  for (const record of event.Records) {
    record.attributes.ApproximateReceiveCount = String(receiveCount);
  }
  return (await makeOperate(system.ports)(event, CONTEXT)).batchItemFailures.length;
}

/** The system as a process sees it that does so before it writes down, for the third time, how far the operation has come: with 20 orders done. */
function beforeThirdChange(system: System, act: () => Promise<unknown>): System {
  const { operations } = system.ports;
  let changes = 0;
  const change: typeof operations.change = async (...args) => {
    changes += 1;
    if (changes >= 3) await act();
    return operations.change(...args);
  };
  return { ...system, ports: { ...system.ports, operations: { ...operations, change } } };
}

/** The system as a process sees it that dies as soon as it reads this order's journal. */
function dyingOver(orderId: string, system: System, onDeath: () => void): System {
  let isDead = false;
  const { journal, operations } = system.ports;
  const unlessDead = <T>(call: () => T): T => {
    if (isDead) throw new Error('dead');
    return call();
  };
  const ports = {
    ...system.ports,
    journal: {
      ...journal,
      latest: async (id: string) => {
        if (id === orderId && !isDead) {
          isDead = true;
          onDeath();
        }
        return unlessDead(() => journal.latest(id));
      },
    },
    operations: {
      ...operations,
      change: async (...args: Parameters<typeof operations.change>) =>
        unlessDead(() => operations.change(...args)),
    },
  };
  return { ...system, ports } as System;
}

/** The system as a process sees it that dies at its nth call of what it writes to: no later call of it does anything. */
function dyingAt(step: number, when: 'before' | 'after', system: System) {
  let calls = 0;
  let isDead = false;
  const mortal =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1;
      if (isDead) throw new Error('dead');
      isDead = calls === step;
      if (isDead && when === 'before') throw new Error('dies');
      const result = await call(...args);
      if (isDead) throw new Error('dies');
      return result;
    };
  const { ports } = system;
  const { journal, activeOrders, messenger, operations, operationQueue } = ports;
  const dying = {
    ...ports,
    journal: { ...journal, append: mortal(journal.append) },
    activeOrders: {
      ...activeOrders,
      put: mortal(activeOrders.put),
      remove: mortal(activeOrders.remove),
    },
    messenger: { ...messenger, send: mortal(messenger.send) },
    operations: { ...operations, change: mortal(operations.change) },
    operationQueue: { ...operationQueue, send: mortal(operationQueue.send) },
  };
  return { system: { ...system, ports: dying } as System, died: () => isDead };
}

async function startAll(system: System): Promise<void> {
  const accepted = system.ports.messenger.sent.splice(0);
  const bodies = accepted.flatMap((one) => (one.to === 'orchestrator' ? [one.body] : []));
  await system.orchestrate(sqsEvent(bodies), CONTEXT);
}

async function timelineHas(system: System, orderId: string, operation: string): Promise<boolean> {
  const { body } = await system.call<{ timeline: { operation?: string }[] }>(
    'GET',
    `/orders/${orderId}`,
  );
  return body.timeline.some((one) => one.operation === operation);
}
