import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { OrderSystem } from '../stack/order-system.ts';
import { ask, placePatiently } from './client.ts';

/** What the server does with one request after another: it answers, or breaks the connection. */
let plan: (readonly [status: number, body: object] | 'dies')[] = [];
const seen: { path: string; key: string | undefined }[] = [];
const server = createServer((request, response) => {
  const { url: path = '', headers } = request;
  seen.push({ path, key: headers['idempotency-key'] as string | undefined });
  request.resume();
  const next = plan.shift() ?? 'dies';
  if (next === 'dies') response.destroy();
  else response.writeHead(next[0]).end(JSON.stringify(next[1]));
});
let system: OrderSystem;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  system = { stack: { running: () => ({ apiUrl }) } } as unknown as OrderSystem;
});
afterAll(() => void server.close());

it('a client asks under the same key until it is answered, and takes a refusal for an answer', async () => {
  plan = ['dies', [503, {}], [200, { status: 'paused' }], [409, { code: 'ORDER_ENDED' }]];
  const pause = { method: 'POST', path: '/orders/o/pause', key: 'act 1' } as const;
  expect(await ask(system, pause)).toEqual({ sent: 3, body: { status: 'paused' } });
  expect(await ask(system, pause)).toMatchObject({ sent: 1, refused: 'ORDER_ENDED' });
  expect(new Set(seen.map(({ key }) => key))).toEqual(new Set(['act 1']));
});

it('a file is sent until every row is accepted, and no longer when a row is refused for good', async () => {
  const unavailable = [{ line: 2, code: 'UNAVAILABLE' }];
  plan = [
    [202, { accepted: [{}], rejected: unavailable }],
    'dies',
    [202, { accepted: [{}, {}], rejected: [] }],
  ];
  expect(await placePatiently(system, { body: [1, 2], key: 'file' }, 2)).toBe(3);
  plan = [[202, { accepted: [{}], rejected: [{ line: 2, code: 'INVALID_REQUEST' }] }]];
  await expect(placePatiently(system, { body: [1, 2], key: 'file' }, 2)).rejects.toThrow(
    'a row is refused: {"line":2,"code":"INVALID_REQUEST"}',
  );
});
