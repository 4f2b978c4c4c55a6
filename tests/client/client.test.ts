import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Baton, type NewOrder, PlacementError, RefusedError } from 'batonflow/client';
import { openConnection } from '../../src/client/connection.ts';
import * as paths from '../../src/client/paths.ts';
import { FakeApi, type Received, type Reply } from '../cli/fake-api.ts';

const api = new FakeApi();
beforeAll(async () => {
  await api.start();
});
afterEach(() => api.reset());
afterAll(() => api.stop());

const client = (options: object = {}) => new Baton({ url: api.url, ...options });

const receipt = (orderId: string) => ({ orderId, status: 'accepted', workflow: 'w', version: 1 });
const busy = { status: 503, body: { status: 503, code: 'UNAVAILABLE', detail: 'not now' } };

/** Replies one after another; the last one stays. */
function inTurn<One>(...replies: One[]): () => One {
  let turn = -1;
  return () => {
    turn = Math.min(turn + 1, replies.length - 1);
    return replies[turn]!;
  };
}

it('an order that Baton is too busy to take is sent again under the same key', async () => {
  api.routes = {
    'POST /orders': inTurn({ ...busy, headers: { 'retry-after': '0' } }, { body: receipt('o-1') }),
  };
  const placed = await client().place({ input: 5, todo: ['A'] });
  expect(placed.orderId).toBe('o-1');
  const keys = api.received.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(keys[1]).toBe(keys[0]);
});

it('two orders have two keys; a key that is given is taken', async () => {
  api.routes = {
    'POST /orders': { body: receipt('o-1') },
    'POST /events': { body: { orders: [] } },
  };
  const baton = client();
  await baton.place({ input: 5, todo: ['A'] });
  await baton.place({ input: 5, todo: ['A'] });
  await baton.place({ input: 5, todo: ['A'] }, { idempotencyKey: 'mine' });
  await baton.events.send({ type: 'photo.received', data: 1 });
  const keys = api.received.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(4);
  expect(keys[2]).toBe('mine');
});

it('a trace goes along with orders and events, and is left out where there is none', async () => {
  api.routes = {
    'POST /orders': { body: { ...receipt('o-1'), accepted: [], rejected: [] } },
    'POST /events': { body: { orders: [] } },
  };
  const baton = client();
  const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  const traced = { ...trace, tracestate: 'rojo=1' };
  await baton.place({ input: 5, todo: ['A'] }, traced);
  await baton.placeMany([{ input: 5, todo: ['A'] }], traced);
  await baton.events.send({ type: 'photo.received', data: 1 }, trace);
  await baton.place({ input: 5, todo: ['A'] });
  const sent = api.received.map(({ headers: { traceparent, tracestate } }) => [
    ...[traceparent, tracestate],
  ]);
  expect(sent).toEqual([
    [trace.traceparent, 'rojo=1'],
    [trace.traceparent, 'rojo=1'],
    [trace.traceparent, undefined],
    [undefined, undefined],
  ]);
});

describe('an order that is placed and waited for', () => {
  const ended = { orderId: 'o-1', status: 'completed', result: 7, timeline: [] };
  const order: NewOrder = { input: 5, todo: ['A'] };

  it('is the answer itself, if it ends while the call waits', async () => {
    api.routes = { 'POST /orders': { body: ended } };
    expect(await client().placeAndWait(order)).toEqual(ended);
    expect(api.received.map(({ path }) => path)).toEqual(['/orders?wait=25']);
  });

  it('is looked at until it has ended, otherwise', async () => {
    api.routes = {
      'POST /orders': { status: 202, body: { ...receipt('o-1'), unanswered: 'timeUp' } },
      'GET /orders/o-1': inTurn({ body: { ...ended, status: 'running' } }, { body: ended }),
    };
    expect(await client().placeAndWait(order)).toEqual(ended);
  });

  it('is waited for no longer than asked for', async () => {
    api.routes = {
      'POST /orders': { status: 202, body: { ...receipt('o-1'), unanswered: 'timeUp' } },
      'GET /orders/o-1': { body: { ...ended, status: 'running' } },
    };
    const waited = client().placeAndWait(order, { timeoutMs: 30 });
    // Was: "within 0 ms", what the direct call had left. Now: what was asked for.
    await expect(waited).rejects.toMatchObject({
      code: 'WAITED_TOO_LONG',
      message: 'the order has not ended within 30 ms; it goes on',
    });
    expect(api.received[0]?.path).toBe('/orders?wait=0.03');
  });
});

it('a request that nothing answers is sent again, and fails with UNREACHABLE after the last try', async () => {
  let calls = 0;
  const failing = async () => {
    calls += 1;
    throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } });
  };
  const baton = client({ fetch: failing, tries: 2 });
  await expect(baton.place({ input: 5, todo: ['A'] })).rejects.toMatchObject({
    code: 'UNREACHABLE',
    message: expect.stringContaining('ECONNRESET'),
  });
  expect(calls).toBe(2);
});

// Was: `tries: 0` never gave up, and what `fetch` cannot send was tried five times as if nobody answered.
// Now: what cannot be meant is named, and nothing is sent.
describe('what cannot be meant, or cannot be sent, is refused before anything is sent:', () => {
  it.each([
    ...[0, -1, 2.5, Number.NaN, Number.POSITIVE_INFINITY].map((tries) => [{ tries }, 'tries']),
    ...['', 'nowhere', 'ftp://host', 'http://', 'http://host/?a=1', 'http://host#a'].map((url) => [
      { url },
      'url',
    ]),
    [{ url: 'http://ada:secret@host' }, 'url'],
  ] as [object, string][])('new Baton(%j)', (options, argument) => {
    expect(() => client(options)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
    );
    expect(() => client(options)).not.toThrow('secret');
  });

  it.each<[string, string, (baton: Baton) => Promise<unknown>]>([
    ['a key', 'idempotencyKey', (one) => one.cancel('o-1', { idempotencyKey: 'ключ' })],
    [
      'a key of a batch',
      'idempotencyKey',
      (one) => one.placeMany([{ input: 1, todo: ['A'] }], { idempotencyKey: 'a\nb' }),
    ],
    [
      'a trace',
      'traceparent',
      (one) => one.events.send({ type: 'a', data: 1 }, { traceparent: '\0' }),
    ],
    ['no order', 'path', (one) => one.get('')],
    ['no order to wait for', 'path', (one) => one.wait('')],
    ['a task that is the folder above', 'path', (one) => one.cancelTask('o-1', '..')],
    ['an order that is this folder', 'path', (one) => one.get('.')],
    ['no plugin', 'path', (one) => one.plugins.drain('')],
    ['no token', 'path', (one) => one.tasks.complete('')],
    ['a surrogate', 'path', (one) => one.get('\ud800')],
    ['a surrogate in a task', 'path', (one) => one.cancelTask('o-1', 'A#2\udc00')],
    ['a surrogate among versions', 'path', (one) => one.workflows.versions('\ud800').next()],
    ['a surrogate in a filter', 'client', (one) => one.list({ client: '\ud800' }).next()],
    [
      'a surrogate in an attribute',
      'attribute.kind',
      (one) => one.list({ attributes: { kind: 'a\ud800' } }).next(),
    ],
    ['a surrogate in a query', 'from', (one) => one.counts({ from: '\ud800' })],
    ['a wait without a length', 'timeoutMs', (one) => one.wait('o-1', { timeoutMs: Number.NaN })],
    ['a wait that is over', 'timeoutMs', (one) => one.operations.wait('op', { timeoutMs: -1 })],
    [
      'a direct call',
      'timeoutMs',
      (one) => one.placeAndWait({ input: 1, todo: ['A'] }, { timeoutMs: Number.NaN }),
    ],
  ])('%s', async (_, argument, call) => {
    const failure = await call(client()).catch((error: unknown) => error);
    const { cause = failure } = failure as Error;
    expect(cause).toMatchObject({ name: 'ArgumentError', code: 'INVALID_ARGUMENT', argument });
    expect(api.received).toEqual([]);
  });

  it('a token, which is not repeated', async () => {
    const refused = client({ token: 'geheim\u20ac' }).status();
    await expect(refused).rejects.toThrow('token: holds characters that no header can carry');
    expect(api.received).toEqual([]);
  });

  it.each(['..', '.', '%2e%2E', '.%2e', ''])('a part of an address that is "%s"', async (part) => {
    const connection = openConnection({ url: api.url, tries: 1, retriesUnreachable: false });
    const request = { method: 'POST', path: `/orders/o-1/tasks/${part}/cancel?a=/../b` } as const;
    await expect(connection.request({ ...request, repeatable: true })).rejects.toThrow(
      '/orders/o-1/tasks/',
    );
    expect(api.received).toEqual([]);
  });
});

// Was: half of a surrogate pair in an id or a name ended in a URIError. Now: an ArgumentError at each address, and nothing is sent.
it.each(Object.entries(paths))('half of a surrogate pair has no address: %s', async (_, pathOf) => {
  const connection = openConnection({ url: api.url, tries: 1, retriesUnreachable: false });
  for (const parts of [
    ['\ud800', '1'],
    ['a', '\udc00'],
  ].slice(0, pathOf.length)) {
    const path = (pathOf as (...parts: readonly string[]) => string)(...parts);
    const sent = connection.request({ method: 'GET', path, repeatable: true });
    await expect(sent).rejects.toMatchObject({ name: 'ArgumentError', argument: 'path' });
  }
  expect(api.received).toEqual([]);
});

it('a definition with half of a surrogate pair is not stored with another character', async () => {
  const put = client().workflows.put('w', 'activities: []\n# \ud800');
  await expect(put).rejects.toMatchObject({ code: 'NOT_JSON' });
  expect(api.received).toEqual([]);
});

it('an id with dots in it is an id like others', async () => {
  api.routes = { 'GET /orders/..o%2F..': { body: receipt('..o/..') } };
  expect(await client().get('..o/..')).toMatchObject({ orderId: '..o/..' });
});

it('what the API refuses is not sent again, and carries the problem document', async () => {
  const problem = { status: 422, code: 'UNKNOWN_PLUGIN', detail: 'no plugin Z', path: 'todo[0]' };
  api.routes = { 'POST /orders': { status: 422, body: problem } };
  const refusal = await client()
    .place({ input: 5, todo: ['Z'] })
    .catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(RefusedError);
  expect(refusal).toMatchObject({ code: 'UNKNOWN_PLUGIN', status: 422, problem });
  expect(api.received).toHaveLength(1);
});

it('the token may come from a function, which is asked for each request', async () => {
  api.routes = { 'GET /status': { body: {} } };
  const baton = client({ token: inTurn('first', 'second') });
  await baton.status();
  await baton.status();
  expect(api.received.map(({ headers }) => headers.authorization)).toEqual([
    'Bearer first',
    'Bearer second',
  ]);
});

it.each([
  [{ input: Number.NaN, todo: ['A'] }, 'order.input is NaN'],
  [{ input: { at: new Map() }, todo: ['A'] }, 'order.input.at is a Map'],
])('an order that JSON would change is not sent: %#', async (order, message) => {
  await expect(client().place(order as unknown as NewOrder)).rejects.toThrow(message);
  expect(api.received).toHaveLength(0);
});

/** Accepts every order of a batch but those whose input is below 0. */
function takeBatch({ body }: Received) {
  const orders = JSON.parse(String(body)) as { input: number }[];
  const lines = orders.map(({ input }, index) => ({ input, line: index + 1 }));
  return {
    body: {
      accepted: lines
        .filter(({ input }) => input >= 0)
        .map(({ input, line }) => ({ ...receipt(`o-${input}`), line })),
      rejected: lines
        .filter(({ input }) => input < 0)
        .map(({ line }) => ({ line, code: 'INVALID_REQUEST', message: 'below 0' })),
    },
  };
}

it('many orders go in batches; each answer names the place of its order in what was given', async () => {
  api.routes = { 'POST /orders': takeBatch };
  const orders = Array.from(
    { length: 450 },
    (_, index): NewOrder => ({ input: index, todo: ['A'] }),
  );
  orders[201] = { input: -1, todo: ['A'] };
  orders[300] = { input: Number.POSITIVE_INFINITY, todo: ['A'] };
  orders[310] = { input: JSON.parse('['.repeat(1e5) + ']'.repeat(1e5)), todo: ['A'] };
  const progress: number[] = [];
  const placed = await client().placeMany(orders, {
    idempotencyKey: 'k',
    onProgress: (done) => progress.push(done),
  });
  expect(placed.accepted).toHaveLength(447);
  expect(placed.accepted.every(({ index, orderId }) => orderId === `o-${index}`)).toBe(true);
  expect(placed.rejected.map(({ index, code }) => [index, code]).sort()).toEqual([
    [201, 'INVALID_REQUEST'],
    [300, 'NOT_JSON'],
    [310, 'NOT_JSON'],
  ]);
  expect(progress).toEqual([200, 402, 450]);
  expect(api.received.map(({ headers }) => headers['idempotency-key'])).toEqual([
    'k/1',
    'k/2',
    'k/3',
  ]);
});

it('when not all can be sent, the error holds what was placed and the key to go on with', async () => {
  let batches = 0;
  api.routes = {
    'POST /orders': (request) => {
      batches += 1;
      return batches === 1 ? takeBatch(request) : busy;
    },
  };
  async function* orders(): AsyncGenerator<NewOrder> {
    for (let input = 0; input < 300; input += 1) yield { input, todo: ['A'] };
  }
  const error = await client({ tries: 1 })
    .placeMany(orders())
    .catch((thrown: unknown) => thrown as PlacementError);
  expect(error).toBeInstanceOf(PlacementError);
  expect(error).toMatchObject({ code: 'UNAVAILABLE' });
  const { placed } = error as PlacementError;
  expect(placed.accepted).toHaveLength(200);
  expect(api.received[1]?.headers['idempotency-key']).toBe(`${placed.idempotencyKey}/2`);
});

const order = (status: string, timeline: string[] = []) => ({
  body: { orderId: 'o-1', status, timeline: timeline.map((event, entry) => ({ event, entry })) },
});

it('wait gives the order when it has ended', async () => {
  api.routes = {
    'GET /orders/o-1': inTurn<Reply>(order('accepted'), busy, order('running'), order('failed')),
  };
  const ended = await client({ tries: 1 }).wait('o-1');
  expect(ended.status).toBe('failed');
});

it('wait gives up after its time, and at once when its signal is aborted', async () => {
  api.routes = { 'GET /orders/o-1': order('running') };
  await expect(client().wait('o-1', { timeoutMs: 1 })).rejects.toMatchObject({
    code: 'WAITED_TOO_LONG',
  });
  const controller = new AbortController();
  const waiting = client().wait('o-1', { signal: controller.signal });
  controller.abort(new Error('the person has left'));
  await expect(waiting).rejects.toThrow('the person has left');
});

it('operations.wait gives the operation when it is done or has been stopped', async () => {
  const operation = (status: string, done: number) => ({
    body: { operationId: 'op-1', status, done },
  });
  const unwell = { status: 503, body: { status: 503, code: 'UNAVAILABLE', detail: 'restarting' } };
  api.routes = {
    'GET /operations/op-1': inTurn<Reply>(operation('running', 0), unwell, operation('done', 2)),
    'GET /operations/op-2': inTurn(operation('running', 0), operation('stopped', 1)),
    'GET /operations/op-3': operation('running', 0),
  };
  const { operations } = client({ tries: 1 });
  expect(await operations.wait('op-1')).toMatchObject({ status: 'done', done: 2 });
  expect(await operations.wait('op-2')).toMatchObject({ status: 'stopped', done: 1 });
  await expect(operations.wait('op-3', { timeoutMs: 1 })).rejects.toMatchObject({
    code: 'WAITED_TOO_LONG',
    message: 'the operation has not ended within 1 ms; it goes on',
  });
});

it('events.sendTo sends an event to one order, under a key of its own', async () => {
  api.routes = { 'POST /orders/o-1/events': { body: { orderId: 'o-1', eventId: 'e-1' } } };
  const event = { type: 'approval.given', data: { by: 'Ada' } };
  expect(await client().events.sendTo('o-1', event)).toEqual({ orderId: 'o-1', eventId: 'e-1' });
  expect(JSON.parse(String(api.received[0]?.body))).toEqual(event);
  expect(api.received[0]?.headers['idempotency-key']).toBeDefined();
});

it('events.of tells each moment of an order once, until its end', async () => {
  api.routes = {
    'GET /orders/o-1': inTurn<Reply>(
      order('running', ['OrderPlaced']),
      order('running', ['OrderPlaced', 'OrderAccepted']),
      order('completed', ['OrderPlaced', 'OrderAccepted', 'TaskCompleted']),
    ),
  };
  const told: string[] = [];
  for await (const { event } of client().events.of('o-1')) told.push(event);
  expect(told).toEqual(['OrderPlaced', 'OrderAccepted', 'TaskCompleted']);
});

it('cancel sends the reason; an id is written so that it stays one part of the address', async () => {
  api.routes = { 'POST /orders/a%2Fb/cancel': { body: receipt('a/b') } };
  await client().cancel('a/b', { reason: 'too late' });
  expect(JSON.parse(String(api.received[0]?.body))).toEqual({ reason: 'too late' });
});

it('list reads page after page, as far as it is asked', async () => {
  api.routes = {
    'GET /orders': inTurn<Reply>(
      { body: { orders: [{ orderId: 'o-1' }], next: 'more' } },
      { body: { orders: [{ orderId: 'o-2' }] } },
    ),
  };
  const ids: string[] = [];
  for await (const { orderId } of client().list({ status: 'failed' })) ids.push(orderId);
  expect(ids).toEqual(['o-1', 'o-2']);
  expect(api.received.map(({ path }) => path)).toEqual([
    '/orders?status=failed&limit=100',
    '/orders?status=failed&limit=100&next=more',
  ]);
});
