import { describe, expect, it, jest } from '@jest/globals';
import { defined } from '../../../src/core/defined.ts';
import { CONTEXT, createSystem, pluginOf, sqsEvent, T0 } from '../system.ts';

interface Listed {
  readonly orders: readonly { readonly orderId: string; readonly status: string }[];
  readonly next?: string;
}

describe('GET /orders', () => {
  async function filled() {
    const system = createSystem();
    const activities = [{ name: 'go', pre: ['A'] }];
    await system.call('PUT', '/workflows/w', { body: { activities } });
    const place = async (orderId: string, extra: object) => {
      system.now.at += 1000;
      await system.call('POST', '/orders', { body: { orderId, input: 1, ...extra } });
    };
    await place('o-1', { todo: ['A'], client: 'X' });
    await place('o-2', { workflow: 'w' });
    await system.run();
    await place('o-3', { workflow: 'w', client: 'X' });
    const list = async (query: Record<string, string>) => {
      const { status, body } = await system.call<Listed>('GET', '/orders', { query });
      expect(status).toBe(200);
      return { ids: body.orders.map(({ orderId }) => orderId), ...body };
    };
    return { system, list };
  }

  it('lists the newest first, page by page', async () => {
    const { list } = await filled();
    const first = await list({ limit: '2' });
    expect(first.ids).toEqual(['o-3', 'o-2']);
    const second = await list({ limit: '2', next: first.next ?? '' });
    expect(second.ids).toEqual(['o-1']);
    expect(second).not.toHaveProperty('next');
    expect(second.orders[0]).toEqual({
      orderId: 'o-1',
      status: 'completed',
      client: 'X',
      workflow: { name: expect.any(String), version: 1 },
      acceptedAt: new Date(T0 + 1000).toISOString(),
      endedAt: new Date(T0 + 2000).toISOString(),
      attributes: {},
      tasks: { done: 1, total: 1 },
    });
  });

  it('a row says where the order stands: activity, tasks done of all, attributes, and why it failed', async () => {
    const system = createSystem({
      A: (input) => (input as number) + 2,
      Broken: () => {
        throw new Error('out of paper');
      },
    });
    const activities = [
      { name: 'check', pre: ['A', 'A'] },
      { name: 'print', pre: ['Broken', 'A'] },
    ];
    await system.call('PUT', '/workflows/w', { body: { activities } });
    const body = { orderId: 'o-1', input: 5, workflow: 'w', attributes: { kind: 'photo', n: 5 } };
    await system.call('POST', '/orders', { body });
    const row = async () =>
      (await system.call<{ orders: object[] }>('GET', '/orders')).body.orders[0];
    expect(await row()).toMatchObject({ status: 'accepted', tasks: { done: 0, total: 4 } });
    await system.run();
    expect(await row()).toMatchObject({
      ...{ status: 'failed', activity: 'print', tasks: { done: 2, total: 4 } },
      attributes: { kind: 'photo', n: 5 },
      error: { code: 'HANDLER_FAILED', plugin: 'Broken' },
    });
  });

  it.each([
    [{ 'attribute.kind': 'photo' }, ['o-1']],
    [{ 'attribute.n': '5' }, ['o-1']],
    [{ 'attribute.kind': 'photo', 'attribute.n': '6' }, []],
    [{ status: 'failed,accepted' }, ['o-2', 'o-1']],
    [{ status: 'failed,completed' }, []],
    [{ idPrefix: 'o-' }, ['o-2', 'o-1']],
    [{ idPrefix: 'o-2' }, ['o-2']],
  ])('of those with %j', async (query, ids) => {
    const system = createSystem();
    for (const [orderId, attributes] of [
      ['o-1', { kind: 'photo', n: 5 }],
      ['o-2', {}],
    ] as const) {
      system.now.at += 1000;
      await system.call('POST', '/orders', {
        body: { orderId, input: 1, todo: ['A'], attributes },
      });
    }
    const { body } = await system.call<Listed>('GET', '/orders', {
      query: query as unknown as Record<string, string>,
    });
    expect(body.orders.map(({ orderId }) => orderId)).toEqual(ids);
  });

  it.each([{ status: 'failed,faild' }, { status: '' }, { 'attribute.': 'x' }, { attributes: 'x' }])(
    '%j is refused',
    async (query) => {
      const { status } = await createSystem().call('GET', '/orders', {
        query: query as Record<string, string>,
      });
      expect(status).toBe(422);
    },
  );

  it.each([
    [{ status: 'accepted' }, ['o-3']],
    [{ workflow: 'w' }, ['o-3', 'o-2']],
    [{ client: 'X' }, ['o-3', 'o-1']],
    [{ client: 'X', status: 'completed' }, ['o-1']],
    [{ client: 'Y' }, []],
  ])('lists those with %j', async (query, ids) => {
    const { list } = await filled();
    expect((await list(query as Record<string, string>)).ids).toEqual(ids);
  });
});

describe('GET /orders/{orderId}', () => {
  it('a failed order tells why, and where', async () => {
    const system = createSystem({
      A: (input) => (input as number) + 2,
      Broken: () => {
        throw new Error('out of paper');
      },
    });
    const body = { orderId: 'o-1', input: 5, todo: ['A', 'Broken'] };
    await system.call('POST', '/orders', { body });
    await system.run();
    const error = { code: 'HANDLER_FAILED', message: 'out of paper' };
    const seen = await system.call<object>('GET', '/orders/o-1');
    expect(seen.body).toMatchObject({
      status: 'failed',
      error: { ...error, task: 'Broken', plugin: 'Broken', attempt: 1 },
      jobs: { A: { input: 5, result: 7 } },
      tasks: [
        { job: 'A', status: 'completed' },
        { job: 'Broken', status: 'failed', input: 7, error },
      ],
    });
    expect(seen.body).not.toHaveProperty(['jobs', 'Broken']);
    expect(seen.body).not.toHaveProperty('result');
  });

  it('an order whose answer would be too large shows its results once, or not at all', async () => {
    const big = 'x'.repeat(1_500_000);
    const system = createSystem({ A: () => big });
    const body = { orderId: 'o-1', input: 5, todo: ['A', 'A', 'A'] };
    await system.call('POST', '/orders', { body });
    await system.run();
    const seen = await system.call<{ tasks: object[]; jobs: object; abridged: boolean }>(
      'GET',
      '/orders/o-1',
    );
    expect(seen.body).toMatchObject({ status: 'completed', abridged: true });
    expect(JSON.stringify(seen.body).length).toBeLessThan(6_000_000);
    expect(seen.body.tasks).toHaveLength(3);
  });
});

describe('POST /orders/{orderId}/cancel', () => {
  const placed = async () => {
    const system = createSystem();
    const body = { orderId: 'o-1', input: 5, todo: ['A'] };
    await system.call('POST', '/orders', { body });
    return system;
  };

  it('cancels an order, and again', async () => {
    const system = await placed();
    const cancel = () =>
      system.call('POST', '/orders/o-1/cancel', { body: { reason: 'ordered twice' } });
    const cancelled = await cancel();
    expect(cancelled).toMatchObject({
      status: 200,
      body: { orderId: 'o-1', status: 'cancelled', version: 1 },
    });
    expect(await cancel()).toEqual(cancelled);
    await system.run();
    const seen = await system.call<object>('GET', '/orders/o-1');
    expect(seen.body).toMatchObject({ status: 'cancelled', reason: 'ordered twice', jobs: {} });
  });

  it('needs no body', async () => {
    const system = await placed();
    expect(await system.call('POST', '/orders/o-1/cancel')).toMatchObject({ status: 200 });
  });

  it('is refused for an order that has ended otherwise', async () => {
    const system = await placed();
    await system.run();
    const refused = await system.call('POST', '/orders/o-1/cancel');
    expect(refused).toMatchObject({ status: 409, body: { code: 'ORDER_ENDED' } });
  });

  it('is refused when the reason is no text', async () => {
    const system = await placed();
    const refused = await system.call('POST', '/orders/o-1/cancel', { body: { reason: 5 } });
    expect(refused).toMatchObject({ status: 422, body: { path: 'reason' } });
  });
});

describe('an ETag', () => {
  const filled = async () => {
    const system = createSystem();
    await system.call('POST', '/orders', { body: { orderId: 'o-1', input: 5, todo: ['A'] } });
    const get = (path: string, etag?: string) =>
      system.call<object>(
        'GET',
        path,
        etag === undefined ? {} : { headers: { 'If-None-Match': etag } },
      );
    return { system, get };
  };

  it.each(['/orders', '/orders/o-1', '/status', '/workflows'])(
    'of %s spares whoever has it the body, until something changes',
    async (path) => {
      const { system, get } = await filled();
      const etag = String((await get(path)).headers.etag);
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(await get(path, etag)).toMatchObject({ status: 304, body: null, headers: { etag } });
      expect(await get(path, `"other", W/${etag}`)).toMatchObject({ status: 304 });
      expect(await get(path, '"other"')).toMatchObject({ status: 200 });
      await system.call('PUT', '/workflows/w', {
        body: { activities: [{ name: 'go', pre: ['A'] }] },
      });
      await system.run();
      expect(await get(path, etag)).toMatchObject({ status: 200 });
    },
  );

  it('of an order spares the reading of its journal, too', async () => {
    const { system, get } = await filled();
    const etag = String((await get('/orders/o-1')).headers.etag);
    const entries = jest.spyOn(system.ports.journal, 'entries');
    expect(await get('/orders/o-1', etag)).toMatchObject({ status: 304 });
    expect(entries).not.toHaveBeenCalled();
    expect(await get('/orders/o-2', etag)).toMatchObject({ status: 404 });
  });

  it('is not given to a problem, or to what a call has done', async () => {
    const { system, get } = await filled();
    expect((await get('/orders/o-2')).headers).not.toHaveProperty('etag');
    expect((await system.call('POST', '/orders/o-1/pause')).headers).not.toHaveProperty('etag');
  });
});

describe('GET /me', () => {
  const me = async (as: object, mayRetry?: boolean) => {
    const system = createSystem();
    await system.call('PUT', '/clients/X', { body: { todo: ['A'], ...defined({ mayRetry }) } });
    return (await system.call<{ calls?: string[] }>('GET', '/me', { as })).body;
  };

  it("tells an operator's name", async () => {
    expect(await me({ kind: 'operator', name: 'ada' })).toEqual({ kind: 'operator', name: 'ada' });
    expect(await me({ kind: 'operator' })).toEqual({ kind: 'operator' });
  });

  it('tells a client what it may call', async () => {
    const client = { kind: 'client', client: 'X' };
    const told = await me(client);
    expect(told).toMatchObject({ ...client, mayRetry: false });
    expect(told.calls).toContain('GET /orders/{orderId}');
    expect(told.calls).not.toContain('POST /orders/{orderId}/retry');
    expect((await me(client, true)).calls).toContain('POST /orders/{orderId}/retry');
  });
});

describe('an attempt', () => {
  it('leads operators to what its function wrote meanwhile, and clients nowhere', async () => {
    const system = createSystem();
    const functionName = 'baton-dev-arithmetic-A';
    const plugins = new Map([['A', { ...pluginOf('A'), functionName }]]);
    system.ports.registry.plugins = async () => plugins;
    await system.call('POST', '/orders', {
      body: { orderId: 'o-1', input: 5, todo: ['A'] },
      as: { kind: 'client', client: 'X' },
    });
    await system.run();
    type Shown = { tasks: { attempts: { logUrl?: string }[] }[] };
    const urlFor = async (as: object) =>
      (await system.call<Shown>('GET', '/orders/o-1', { as })).body.tasks[0]?.attempts[0]?.logUrl;
    expect(await urlFor({ kind: 'operator' })).toContain(functionName);
    expect(await urlFor({ kind: 'client', client: 'X' })).toBeUndefined();
  });
});

it('a timeline tells the end of a wait once, and not that somebody looked at the order meanwhile', async () => {
  const system = createSystem();
  const activities = [{ name: 'go', pre: [{ wait: '10m' }, 'A'] }];
  await system.call('PUT', '/workflows/w', { body: { activities } });
  await system.call('POST', '/orders', { body: { orderId: 'o', input: 1, workflow: 'w' } });
  const bring = (message: object) =>
    system.orchestrate(sqsEvent([{ orderId: 'o', ...message }]), CONTEXT);
  await bring({ type: 'OrderAccepted' });
  for (const seconds of [60, 600]) {
    system.now.at = T0 + seconds * 1000;
    await bring({ type: 'DeadlinePassed', at: system.now.at });
  }
  expect(
    system.ports.journal
      .all()
      .get('o')
      ?.map(({ events }) => events[0]?.type),
  ).toEqual([...['OrderPlaced', 'OrderAccepted', 'DeadlinePassed', 'DeadlinePassed']]);
  const { body } = await system.call<{ timeline: object[] }>('GET', '/orders/o');
  expect(body.timeline).toMatchObject([
    { entry: 0, event: 'OrderPlaced' },
    { entry: 1, event: 'OrderAccepted' },
    { entry: 3, event: 'DeadlinePassed', at: new Date(T0 + 600_000).toISOString() },
  ]);
});
