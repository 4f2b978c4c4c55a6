import { describe, expect, it } from '@jest/globals';
import type { Receipt } from '../../../src/app/intake/order-intake.ts';
import type { BatchReceipt } from '../../../src/app/intake/place-batch.ts';
import { HTTP_CALLS } from '../../../src/contract/http-calls.ts';
import { operation } from '../../ports/operations.contract.ts';
import type { CallOptions, System } from '../system.ts';
import { createSystem, isUntouched } from '../system.ts';

const OPERATOR = { kind: 'operator' };
const X = { kind: 'client', client: 'X' };
const Y = { kind: 'client', client: 'Y' };

const CLIENTS_MAY = [
  'POST /orders',
  'GET /orders',
  'GET /orders/{orderId}',
  'POST /orders/{orderId}/cancel',
  'GET /openapi.json',
  'GET /me',
];

/** Calls that succeed, if their caller may make them; an order that stands otherwise says so. */
const GOOD: Readonly<Record<string, CallOptions>> = {
  'POST /orders': { body: { input: 5, todo: ['A'] } },
  'POST /events': { body: { type: 'happened', data: 1 } },
  'PUT /workflows/{name}': { body: { activities: [{ name: 'go', pre: ['A'] }] } },
  'POST /workflows/{name}/plan': { body: { input: 5 } },
  'PUT /clients/{clientId}': { body: { todo: ['A'] } },
  'POST /orders/{orderId}/events': { body: { type: 'happened', data: 1 } },
  'POST /orders/{orderId}/skip': { body: { task: 'A' } },
  'PUT /schedules/{name}': { body: { every: '1h', input: 5, todo: ['A'] } },
  'POST /operations': { body: { action: 'pause', filter: { client: 'X' } } },
};

const PARAMS: Readonly<Record<string, string>> = {
  ...{ orderId: 'of-X', name: 'sum', version: '1', clientId: 'X', prefix: 'baton_c_1xxxxxxx' },
  ...{ operationId: 'op-1', id: 'm-1', job: 'A' },
};

async function systemWithAnOrder(): Promise<System> {
  const system = createSystem();
  await system.call('PUT', '/workflows/sum', {
    body: { activities: [{ name: 'go', pre: ['B'] }] },
  });
  await system.call('PUT', '/schedules/sum', { body: { every: '1h', input: 5, todo: ['A'] } });
  await system.call('PUT', '/clients/X', { body: { todo: ['A'] } });
  await system.call('POST', '/clients/X/tokens');
  await system.call('POST', '/orders', { body: { input: 1, client: 'X', orderId: 'of-X' } });
  await system.ports.operations.add(operation('op-1'));
  system.ports.deadLetters.letters.set('m-1', { id: 'm-1', sentAt: 0, body: '{}' });
  return system;
}

describe('each call', () => {
  // A call with a token in its path has no other authority: tests/app/orders/task.test.ts.
  const calls = HTTP_CALLS.filter(({ tokenInPath }) => tokenInPath !== true).map(
    ({ method, path }) => ({
      call: `${method} ${path}`,
      method,
      address: path
        .replace('/plugins/{name}', '/plugins/A')
        .replaceAll(/\{(.*?)\}/g, (_, name: string) => PARAMS[name] ?? ''),
    }),
  );
  const cases = calls.flatMap(({ call, ...rest }) => [
    { call, ...rest, who: 'an operator', as: OPERATOR, allowed: true },
    { call, ...rest, who: 'a client', as: X, allowed: CLIENTS_MAY.includes(call) },
  ]);

  it.each(cases)('$call by $who: $allowed', async ({ call, method, address, as, allowed }) => {
    const system = await systemWithAnOrder();
    const before = JSON.stringify([...system.ports.journal.all()]);
    const { status, body } = await system.call(method, address, { ...GOOD[call], as });
    if (allowed) {
      expect({ call, status, fine: status < 300 || status === 409 }).toMatchObject({ fine: true });
      return;
    }
    expect([status, body]).toMatchObject([
      403,
      { code: 'FORBIDDEN', detail: `${call} takes an operator's token` },
    ]);
    expect(JSON.stringify([...system.ports.journal.all()])).toBe(before);
  });

  // Was: where no authorizer was asked, anybody was an operator. Now: nobody is, unless the local stack says so.
  it.each([
    ['no authorizer', {}],
    ['another authorizer than ours', { kind: 'king' }],
    ['an authorizer that names no client', { kind: 'client' }],
  ])('is refused if %s was asked', async (_, as) => {
    for (const { method, address } of calls) {
      const refused = await createSystem().call(method, address, { as });
      expect(refused).toMatchObject({ status: 401, body: { code: 'UNAUTHORIZED' } });
    }
  });
});

describe('a client places orders only in its own name:', () => {
  const clientOf = async (system: System, orderId: string) =>
    (await system.call<{ client?: string }>('GET', `/orders/${orderId}`)).body.client;

  it.each<[string, CallOptions]>([
    ['named nowhere', { body: { input: 5, todo: ['A'] } }],
    ['named in the body', { body: { input: 5, todo: ['A'], client: 'X' } }],
    ['named in the address', { body: { input: 5 }, query: { client: 'X' } }],
    ['an image', { body: new Uint8Array([1]), type: 'image/png' }],
  ])('%s', async (_, options) => {
    const system = await systemWithAnOrder();
    const placed = await system.call<Receipt>('POST', '/orders', { ...options, as: X });
    expect(placed.status).toBe(202);
    expect(await clientOf(system, placed.body.orderId)).toBe('X');
  });

  it.each<[string, CallOptions]>([
    ['in the body', { body: { input: 5, todo: ['A'], client: 'Y' } }],
    ['in the address', { body: { input: 5, todo: ['A'] }, query: { client: 'Y' } }],
    ['in the address of an image', { body: 'png', type: 'image/png', query: { client: 'Y' } }],
  ])('another %s is refused', async (_, options) => {
    const system = createSystem();
    const refused = await system.call('POST', '/orders', { ...options, as: X });
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', path: 'client' } });
    expect(isUntouched(system)).toBe(true);
  });

  it.each<[string, CallOptions]>([
    ['a CSV', { type: 'text/csv', body: 'input,client\n1,\n2,Y\n3,X\n' }],
    [
      'NDJSON',
      {
        type: 'application/x-ndjson',
        body: '\n{"input":1}\n{"input":2,"client":"Y"}\n{"input":3,"client":"X"}',
      },
    ],
  ])('another in a row of %s is refused, the others are not', async (_, options) => {
    const system = await systemWithAnOrder();
    const { status, body } = await system.call<BatchReceipt>('POST', '/orders', {
      ...options,
      as: X,
    });
    expect(status).toBe(202);
    expect(body.rejected).toMatchObject([{ line: 3, code: 'FORBIDDEN', path: 'client' }]);
    for (const { orderId } of body.accepted) expect(await clientOf(system, orderId)).toBe('X');
    expect(body.accepted.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('two clients may choose the same idempotency key', async () => {
    const system = createSystem();
    const post = (as: object) =>
      system.call<Receipt>('POST', '/orders', {
        ...{ body: { input: 5, todo: ['A'] }, headers: { 'idempotency-key': '1' }, as },
      });
    const [ofX, again, ofY] = [await post(X), await post(X), await post(Y)];
    expect([ofX.status, again.status, ofY.status]).toEqual([202, 202, 202]);
    expect(again.body.orderId).toBe(ofX.body.orderId);
    expect(ofY.body.orderId).not.toBe(ofX.body.orderId);
  });

  it('an order id of another client is taken, and the response says nothing about that order', async () => {
    const system = await systemWithAnOrder();
    const { status, body } = await system.call('POST', '/orders', {
      ...{ body: { input: 5, todo: ['A'], orderId: 'of-X' }, as: Y },
    });
    expect([status, body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect(await clientOf(system, 'of-X')).toBe('X');
  });
});

describe('a client cannot refer to the bucket, which holds other clients’ files:', () => {
  const key = 'orders/of-X/input';

  it.each<[string, object]>([
    ['as its input', { input: { bucket: 'objects', key } }],
    ['deep within', { input: { images: [{ source: { bucket: 'objects', key } }] } }],
    ['as an address', { input: `s3://objects/${key}` }],
    ['in an attribute', { input: 1, attributes: { source: `s3://objects/${key}` } }],
    ['escaped', { input: JSON.parse('"\\u006fbjects"') }],
  ])('%s', async (_, order) => {
    const system = createSystem();
    const body = { ...order, todo: ['A'] };
    const refused = await system.call('POST', '/orders', { body, as: X });
    expect(refused).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(isUntouched(system)).toBe(true);
    expect((await system.call('POST', '/orders', { body, as: OPERATOR })).status).toBe(202);
  });
});

describe("other clients' orders", () => {
  it.each([
    ['GET', '/orders/of-X'],
    ['POST', '/orders/of-X/cancel'],
  ])('do not exist for a client: %s %s', async (method, address) => {
    const system = await systemWithAnOrder();
    const hidden = await system.call(method, address, { as: Y });
    expect(hidden).toMatchObject({ status: 404, body: { detail: 'there is no order of-X' } });
    const unknown = await system.call(method, address.replace('of-X', 'none'), { as: Y });
    expect({ ...hidden.body, detail: '' }).toEqual({ ...unknown.body, detail: '' });
    const seen = await system.call<Receipt>('GET', '/orders/of-X', { as: X });
    expect(seen.body.status).toBe('accepted');
  });

  it('and those of no client do not exist for it', async () => {
    const system = createSystem();
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'], orderId: 'o-1' } });
    expect((await system.call('GET', '/orders/o-1', { as: X })).status).toBe(404);
  });

  it('are not in its list', async () => {
    const system = await systemWithAnOrder();
    await system.call('POST', '/orders', { body: { input: 1, todo: ['A'], orderId: 'o-1' } });
    await system.call('POST', '/orders', {
      ...{ body: { input: 1, todo: ['A'], orderId: 'of-Y' }, as: Y },
    });
    const idsFor = async (options: CallOptions) => {
      const { body } = await system.call<{ orders?: Receipt[] }>('GET', '/orders', options);
      return body.orders?.map(({ orderId }) => orderId).sort();
    };
    expect(await idsFor({ as: Y })).toEqual(['of-Y']);
    expect(await idsFor({ as: X, query: { client: 'X' } })).toEqual(['of-X']);
    expect(await idsFor({ as: OPERATOR })).toEqual(['o-1', 'of-X', 'of-Y']);
    expect(await idsFor({ as: X, query: { client: 'Y' } })).toBeUndefined();
  });
});

describe('a client whose contract says mayRetry', () => {
  const failing = async (contract: object) => {
    const system = createSystem({
      A: () => {
        throw new Error('broken');
      },
    });
    await system.call('PUT', '/clients/X', { body: { todo: ['A'], ...contract } });
    for (const client of ['X', 'Y']) {
      const body = { input: 1, todo: ['A'], client, orderId: `of-${client}` };
      await system.call('POST', '/orders', { body });
    }
    await system.run();
    return (orderId: string, body?: object) =>
      system.call('POST', `/orders/${orderId}/retry`, { as: X, body });
  };

  it('retries its own orders, and no other', async () => {
    const retry = await failing({ mayRetry: true });
    expect(await retry('of-X', { reason: 'again' })).toMatchObject({ status: 200 });
    expect(await retry('of-Y')).toMatchObject({ status: 404 });
  });

  it.each([{ input: 'elsewhere' }, { input: null }, { version: 'latest' }])(
    'does not change them on the way: %j',
    async (body) => {
      const retry = await failing({ mayRetry: true });
      expect(await retry('of-X', body)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    },
  );

  it.each([{}, { mayRetry: false }])('retries nothing with %j', async (contract) => {
    const retry = await failing(contract);
    expect(await retry('of-X')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });
});
