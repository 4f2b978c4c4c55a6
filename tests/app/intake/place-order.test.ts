import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '../../../src/app/intake/order-intake.ts';
import { createSystem, T0 } from '../system.ts';

interface OrderView {
  readonly orderId: string;
  readonly status: string;
  readonly input: unknown;
  readonly result?: unknown;
  readonly jobs: unknown;
  readonly client?: string;
  readonly workflow: { readonly name: string; readonly version: number };
}

describe('the arithmetic examples', () => {
  it.each([
    {
      order: { input: 5, todo: ['A', 'B'] },
      result: 14,
      jobs: { A: { input: 5, result: 7 }, B: { input: 7, result: 14 } },
    },
    {
      order: { input: 5, todo: ['B', 'A'] },
      result: 12,
      jobs: { B: { input: 5, result: 10 }, A: { input: 10, result: 12 } },
    },
    {
      order: { input: 3, todo: ['A', ['A', 'B']] },
      result: { A: 7, B: 10 },
      jobs: {
        A: { input: 3, result: 5 },
        'A#2': { input: 5, result: 7 },
        B: { input: 5, result: 10 },
      },
    },
  ])('$order.input through $order.todo gives $result', async ({ order, result, jobs }) => {
    const system = createSystem();
    const placed = await system.call<Receipt>('POST', '/orders', { body: order });
    expect(placed.status).toBe(202);
    expect(placed.body).toEqual({
      orderId: expect.stringMatching(/^[0-9A-Z]{26}$/),
      status: 'accepted',
      workflow: expect.stringMatching(/^todo-[0-9a-f]{32}$/),
      version: 1,
    });
    await system.run();
    const seen = await system.call<OrderView>('GET', `/orders/${placed.body.orderId}`);
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({ status: 'completed', input: order.input, result });
    expect(seen.body.jobs).toEqual(jobs);
  });
});

describe('what an order runs', () => {
  it('a workflow that it names, in its latest version', async () => {
    const system = createSystem();
    const put = (pre: string[]) =>
      system.call('PUT', '/workflows/sum', { body: { activities: [{ name: 'go', pre }] } });
    await put(['A']);
    await put(['A', 'B']);
    const { body } = await system.call<Receipt>('POST', '/orders', {
      body: { workflow: 'sum', input: 1 },
    });
    expect(body).toMatchObject({ workflow: 'sum', version: 2 });
  });

  it("its client's contract, when it names nothing", async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A', 'B'] } });
    const { body } = await system.call<Receipt>('POST', '/orders', {
      body: { client: 'X', input: 5 },
    });
    await system.run();
    const seen = await system.call<OrderView>('GET', `/orders/${body.orderId}`);
    expect(seen.body).toMatchObject({ client: 'X', result: 14 });
  });

  it('what it names itself, although its client has a contract', async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A', 'B'] } });
    const { body } = await system.call<Receipt>('POST', '/orders', {
      body: { client: 'X', todo: ['A'], input: 5 },
    });
    await system.run();
    const seen = await system.call<OrderView>('GET', `/orders/${body.orderId}`);
    expect(seen.body).toMatchObject({ client: 'X', result: 7 });
  });

  it('a plugin that was deployed a moment ago', async () => {
    const system = createSystem();
    const stale = new Map();
    const { registry } = system.ports;
    const plugins = registry.plugins.bind(registry);
    registry.plugins = async (options) => (options?.fresh ? plugins(options) : stale);
    const placed = await system.call('POST', '/orders', { body: { todo: ['A'], input: 1 } });
    expect(placed.status).toBe(202);
  });
});

describe('idempotency', () => {
  it('the same key again returns the same order, whatever the order of the keys in the body', async () => {
    const system = createSystem();
    const headers = { 'Idempotency-Key': 'k1' };
    const first = await system.call<Receipt>('POST', '/orders', {
      body: { input: { a: 1, b: [2] }, todo: ['A'] },
      headers,
    });
    const again = await system.call<Receipt>('POST', '/orders', {
      body: { todo: ['A'], attributes: {}, input: { b: [2], a: 1 } },
      headers,
    });
    expect(again).toEqual(first);
    expect(system.ports.journal.all().size).toBe(1);
  });

  it('a repeated order tells how far it is, and keeps its version', async () => {
    const system = createSystem();
    const body = { activities: [{ name: 'go', pre: ['A'] }] };
    await system.call('PUT', '/workflows/sum', { body });
    const order = { body: { orderId: 'o-1', workflow: 'sum', input: 5 } };
    await system.call('POST', '/orders', order);
    await system.run();
    await system.call('PUT', '/workflows/sum', {
      body: { activities: [{ name: 'go', pre: ['B'] }] },
    });
    const again = await system.call<Receipt>('POST', '/orders', order);
    expect(again.status).toBe(202);
    expect(again.body).toEqual({
      orderId: 'o-1',
      status: 'completed',
      workflow: 'sum',
      version: 1,
    });
  });

  it.each([
    { name: 'the same key', extra: { headers: { 'idempotency-key': 'k1' } }, id: {} },
    { name: 'the same order id', extra: {}, id: { orderId: 'mine' } },
  ])('$name with another body is refused', async ({ extra, id }) => {
    const system = createSystem();
    const post = (input: number) =>
      system.call('POST', '/orders', { body: { ...id, input, todo: ['A'] }, ...extra });
    await post(1);
    const refused = await post(2);
    expect(refused).toMatchObject({
      status: 409,
      contentType: 'application/problem+json',
      body: { code: 'IDEMPOTENCY_CONFLICT' },
    });
    expect(system.ports.journal.all().size).toBe(1);
  });

  it('nobody can choose an id that a key may become', async () => {
    const system = createSystem();
    const orderId = `key-${'0'.repeat(32)}`;
    const refused = await system.call('POST', '/orders', {
      body: { orderId, input: 1, todo: ['A'] },
    });
    expect(refused.body).toMatchObject({ code: 'INVALID_REQUEST', path: 'orderId' });
  });
});

describe('binary orders', () => {
  const photo = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);

  it("a client's order is just an image", async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A'] } });
    const placed = await system.call<Receipt>('POST', '/orders', {
      body: photo,
      type: 'image/png',
      query: { client: 'X' },
    });
    expect(placed.status).toBe(202);
    const { orderId } = placed.body;
    const key = `orders/${orderId}/input`;
    expect(system.objects.get(key)).toEqual(Buffer.from(photo));
    const seen = await system.call<OrderView>('GET', `/orders/${orderId}`);
    expect(seen.body).toMatchObject({
      client: 'X',
      input: { bucket: 'objects', key, contentType: 'image/png', bytes: 6 },
    });
  });

  it('another image under the same key is refused, and leaves the first where it is', async () => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A'] } });
    const post = (body: Uint8Array) =>
      system.call<Receipt>('POST', '/orders', {
        ...{ body, type: 'image/png', query: { client: 'X' } },
        headers: { 'idempotency-key': 'photo-7' },
      });
    const first = await post(photo);
    const seen = await system.call<{ input: { key: string } }>(
      'GET',
      `/orders/${first.body.orderId}`,
    );
    const refused = await post(new Uint8Array([1, 2, 3]));
    expect(refused.status).toBe(409);
    expect(system.objects.get(seen.body.input.key)).toEqual(Buffer.from(photo));
    expect(await post(photo)).toEqual(first);
  });
});

describe('events', () => {
  const on = (type: string, pre: string[]) => ({ on: [type], activities: [{ name: 'go', pre }] });

  it('an event starts every workflow that is on its type, with its data as the input', async () => {
    const system = createSystem();
    await system.call('PUT', '/workflows/one', { body: on('n.received', ['A']) });
    await system.call('PUT', '/workflows/two', { body: on('n.received', ['B']) });
    await system.call('PUT', '/workflows/other', { body: on('m.received', ['B']) });
    const event = { type: 'n.received', data: 5, attributes: { kind: 'n' } };
    const options = { body: event, headers: { 'idempotency-key': 'e1' } };
    const { status, body } = await system.call<{ orders: Receipt[] }>('POST', '/events', options);
    expect(status).toBe(202);
    expect(body.orders.map(({ workflow }) => workflow)).toEqual(['one', 'two']);
    expect(await system.call('POST', '/events', options)).toMatchObject({ body });
    await system.run();
    const results = await Promise.all(
      body.orders.map(({ orderId }) => system.call<OrderView>('GET', `/orders/${orderId}`)),
    );
    expect(results.map((one) => one.body.result)).toEqual([7, 10]);
  });

  it('an event that nobody waits for starts nothing', async () => {
    const system = createSystem();
    const placed = await system.call('POST', '/events', { body: { type: 'x', data: null } });
    expect(placed).toMatchObject({ status: 202, body: { orders: [] } });
  });
});

it('an order says when it was accepted and ended, and what happened in between', async () => {
  const system = createSystem();
  const order = { orderId: 'o-1', input: 5, todo: ['A'], attributes: { kind: 'n' } };
  await system.call('POST', '/orders', { body: order });
  system.now.at = T0 + 1500;
  await system.run();
  const { body } = await system.call<object>('GET', '/orders/o-1');
  expect(body).toEqual({
    orderId: 'o-1',
    status: 'completed',
    workflow: { name: expect.stringMatching(/^todo-/), version: 1 },
    input: 5,
    attributes: { kind: 'n' },
    acceptedAt: '2026-11-21T08:00:00.000Z',
    endedAt: '2026-11-21T08:00:01.500Z',
    result: 7,
    jobs: { A: { input: 5, result: 7 } },
    tasks: [
      {
        taskId: 't1',
        job: 'A',
        plugin: 'A',
        activity: '1',
        stage: 'pre',
        status: 'completed',
        attempts: [
          {
            ...{ attempt: 1, dispatchedAt: '2026-11-21T08:00:01.500Z' },
            endedAt: '2026-11-21T08:00:01.500Z',
          },
        ],
        input: 5,
        result: 7,
        dispatchedAt: '2026-11-21T08:00:01.500Z',
        endedAt: '2026-11-21T08:00:01.500Z',
      },
    ],
    timeline: [
      { at: '2026-11-21T08:00:00.000Z', entry: 0, event: 'OrderPlaced' },
      { at: '2026-11-21T08:00:01.500Z', entry: 1, event: 'OrderAccepted' },
      { at: '2026-11-21T08:00:01.500Z', entry: 2, event: 'TaskCompleted', task: 'A', attempt: 1 },
    ],
  });
});
