import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Admission, refuseForeign } from '../../infra/local/host/refuse-foreign.ts';

let servers: Server[];
beforeEach(() => {
  servers = [];
});
afterEach(() => {
  for (const server of servers) server.close();
});

/** A server that tells which Origin it saw; answers with its port. */
async function guarded(admission?: Admission): Promise<number> {
  const server = createServer(({ headers }, response) =>
    response.end(headers.origin ?? 'no origin'),
  );
  servers.push(server);
  refuseForeign(server, admission);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A call as a browser would make it; `PORT` in a header stands for the server's. */
async function call(
  port: number,
  given: Record<string, string | string[]> = {},
  method = 'GET',
): Promise<{ status: number | undefined; headers: object; body: string }> {
  const text = JSON.stringify(given).replaceAll('PORT', String(port));
  const headers = { connection: 'close', ...JSON.parse(text) };
  const sent = request({ host: '127.0.0.1', port, method, headers }).end(
    method === 'POST' ? '{}' : undefined,
  );
  return new Promise((resolve, reject) => {
    sent.once('error', reject).once('response', async (response) => {
      const chunks = await response.toArray();
      const { statusCode: status } = response;
      resolve({ status, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
  });
}

it.each(['127.0.0.1:PORT', 'localhost:PORT', 'LOCALHOST:PORT', '[::1]:PORT'])(
  'lets through a call to %s',
  async (host) => {
    expect((await call(await guarded(), { host })).status).toBe(200);
  },
);

it.each([
  ...[
    'evil.example',
    'evil.example:PORT',
    'localhost',
    'localhost:1',
    '127.0.0.1',
    '127.0.0.2:PORT',
  ],
  ...['localhost.evil.example:PORT', 'a.localhost:PORT', '127.0.0.1.nip.io:PORT', '0.0.0.0:PORT'],
  ...['localhost:PORT@evil.example', '[::]:PORT', 'localhost.:PORT'],
])('refuses a call to %s', async (host) => {
  const { status, headers, body } = await call(await guarded(), { host });
  expect({ status, headers, body: JSON.parse(body) }).toMatchObject({
    status: 403,
    headers: { 'content-type': 'application/problem+json' },
    body: { status: 403, code: 'FOREIGN_HOST', detail: expect.stringContaining('127.0.0.1:') },
  });
});

describe('a web page', () => {
  it.each([
    ...[
      'https://evil.example',
      'http://evil.example:PORT',
      'null',
      'http://localhost:1',
      'http://localhost',
    ],
    ...[
      'http://127.0.0.1:PORT',
      'https://localhost:PORT',
      'http://localhost:PORT.evil.example',
      'file://',
    ],
  ])('of the origin %s is refused, and gets no CORS header', async (origin) => {
    const port = await guarded();
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const { status, headers, body } = await call(
        port,
        { host: 'localhost:PORT', origin },
        method,
      );
      expect(status).toBe(403);
      expect(JSON.parse(body)).toMatchObject({ code: 'FOREIGN_ORIGIN' });
      expect(Object.keys(headers).filter((name) => /^access-control/.test(name))).toEqual([]);
    }
  });

  it('of the server itself is let through, and nobody is tempted to answer its origin', async () => {
    const own = { host: 'localhost:PORT', origin: 'http://localhost:PORT' };
    expect(await call(await guarded(), own, 'POST')).toMatchObject({
      status: 200,
      body: 'no origin',
    });
  });

  it.each(['cross-site', 'same-site'])(
    'loads no image or script from it, which browsers call %s',
    async (site) => {
      const load = { 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' };
      const link = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' };
      const port = await guarded();
      expect((await call(port, load)).status).toBe(403);
      expect((await call(port, link)).status).toBe(403);
      const linked = await guarded({ links: true });
      expect((await call(linked, load)).status).toBe(403);
      expect((await call(linked, link)).status).toBe(200);
      expect((await call(linked, link, 'POST')).status).toBe(403);
    },
  );

  it('of an origin that the service allows is let through, and no other', async () => {
    const port = await guarded({ origins: ['https://a.example', 'http://*'] });
    const from = async (origin: string) => (await call(port, { origin }, 'POST')).status;
    expect(await from('https://a.example')).toBe(200);
    expect(await from('http://anything.example:8080')).toBe(200);
    expect(await from('https://b.example')).toBe(403);
    expect(await from('null')).toBe(403);
    const open = await guarded({ origins: ['*'] });
    const { body } = await call(open, { origin: 'https://b.example' }, 'POST');
    expect(body).toBe('https://b.example');
  });
});

it('serves subdomains of localhost where buckets are addressed so', async () => {
  const port = await guarded({ subdomains: true });
  expect((await call(port, { host: 'photos.localhost:PORT' })).status).toBe(200);
  expect((await call(port, { host: 'photos.localhost.evil.example:PORT' })).status).toBe(403);
  expect((await call(port, { host: 'evil-localhost:PORT' })).status).toBe(403);
});

it('cannot be put before a server that has no listener yet', () => {
  expect(() => refuseForeign(createServer())).toThrow('nothing yet that answers');
});
