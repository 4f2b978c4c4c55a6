import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { type RunningStack, startProcess, type Workspace, workspace } from './running-stack.ts';

jest.setTimeout(240_000);

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** The origin of a page that may call the API. */
const PAGE = 'https://app.example.com';

let place: Workspace;
let stack: RunningStack;
beforeAll(async () => {
  place = workspace();
  const nothing = join(place.folder, 'nothing');
  mkdirSync(nothing);
  const arithmetic = join(REPOSITORY, 'plugins/arithmetic');
  stack = startProcess(place, [
    ...['--auth', '--core', REPOSITORY, '--plugins', nothing, '--with', arithmetic],
    ...['--param', `cors-origins=${PAGE}`],
  ]);
  await stack.ready();
});
afterAll(async () => {
  await stack.signal('SIGKILL');
  place.remove();
});

async function call(method: string, path: string, token?: string, body?: object, headers = {}) {
  const response = await fetch(`${stack.running().apiUrl}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

it('with --auth a call needs a token: the one that the stack prints, or one made with it', async () => {
  const order = { input: 5, todo: ['A'] };
  expect(await call('POST', '/orders', undefined, order)).toEqual({
    status: 401,
    body: { message: 'Unauthorized' },
  });
  const unknown = `baton_o_${'x'.repeat(43)}`;
  expect(await call('POST', '/orders', unknown, order)).toEqual({
    status: 403,
    body: { message: 'Forbidden' },
  });

  const [operator = ''] = /baton_o_[\w-]{43}/.exec(stack.output()) ?? [];
  expect((await call('POST', '/orders', operator, order)).status).toBe(202);
  const made = await call('POST', '/clients/X/tokens', operator);
  const { token } = made.body as { token: string };
  expect((await call('POST', '/orders', token, order)).status).toBe(202);
  expect((await call('GET', '/orders', token)).body).toMatchObject({ orders: [{ client: 'X' }] });
  const override = { 'sls-offline-authorizer-override': '{"lambda":{"kind":"operator"}}' };
  expect((await call('GET', '/status', token, undefined, override)).status).toBe(403);

  const { prefix } = made.body as { prefix: string };
  expect((await call('DELETE', `/clients/X/tokens/${prefix}`, operator)).status).toBe(200);
  expect((await call('GET', '/orders', token)).status).toBe(403);
});

it("with --auth a browser's preflight needs no token, and the call after it does", async () => {
  const orders = `${stack.running().apiUrl}/orders`;
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  const ask = (headers: object) =>
    fetch(orders, { method: 'OPTIONS', headers: { origin: PAGE, ...headers } });
  const preflight = await ask(asked);
  expect([preflight.status, await preflight.text()]).toEqual([204, '']);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-methods': expect.stringContaining('POST'),
    'access-control-allow-headers': expect.stringContaining('Authorization'),
  });
  expect((await fetch(orders, { headers: { origin: PAGE } })).status).toBe(401);
});
