import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { ConsoleFiles } from '../../src/app/console/console-files.ts';
import { serveConsole } from '../../src/app/console/serve-console.ts';

/** What all of it may weigh on the line. KB. */
const MOST_KB = 80;

const { buildConsole } = createRequire(import.meta.url)('../../infra/core/pack-console.cjs') as {
  buildConsole(): { readonly files: ConsoleFiles };
};

let files: ConsoleFiles;
beforeAll(() => {
  files = buildConsole().files;
});

const get = (rawPath: string, headers: Record<string, string> = { 'accept-encoding': 'gzip' }) =>
  serveConsole(files)({ rawPath, headers } as unknown as APIGatewayProxyEventV2);

const textOf = ({ body }: { body?: string | undefined }) =>
  gunzipSync(Buffer.from(String(body), 'base64')).toString();

const script = () => Object.keys(files).find((name) => /^app-.*\.js$/.test(name)) ?? '';

it(`the console weighs less than ${MOST_KB} KB, packed`, () => {
  const bytes = Object.values(files).reduce(
    (sum, { gzip }) => sum + Buffer.from(gzip, 'base64').length,
    0,
  );
  expect(bytes / 1024).toBeLessThan(MOST_KB);
});

it('the page names a script and styles that are served', async () => {
  const page = textOf(await get('/console'));
  const named = [...page.matchAll(/"(\/console\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(named).toHaveLength(2);
  for (const path of named) expect(await get(path)).toMatchObject({ statusCode: 200 });
});

describe('an address below /console', () => {
  it.each(['/console', '/console/', '/console/orders', '/console/orders/o-1', '/console/plugins'])(
    'of the page leads to the page: %s',
    async (path) => {
      const response = await get(path);
      expect(response).toMatchObject({
        statusCode: 200,
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
      });
      expect(textOf(response)).toContain('<title>Baton</title>');
    },
  );

  it.each(['/console/nope.js', '/console/app-OLD.css'])(
    'of a file that is not there is a problem, not the page: %s',
    async (path) => {
      const response = await get(path);
      expect(response).toMatchObject({
        statusCode: 404,
        headers: { 'content-type': 'application/problem+json' },
      });
      expect(JSON.parse(String(response.body))).toMatchObject({ code: 'NOT_FOUND' });
    },
  );

  it.each(['__proto__', 'constructor', 'toString'])(
    'that is named like what every object has leads to the page: %s',
    async (name) => {
      expect(textOf(await get(`/console/${name}`))).toContain('<title>Baton</title>');
    },
  );
});

it('a file whose name holds its hash is kept for ever; the page is asked for each time, and answered with 304', async () => {
  const file = await get(`/console/${script()}`);
  expect(file.headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' });
  const { headers } = await get('/console');
  const again = await get('/console', { 'If-None-Match': String(headers?.etag) });
  expect(again).toMatchObject({ statusCode: 304 });
  expect(again.body).toBeUndefined();
});

it('a browser gets it packed, a program that does not unpack gets it plain', async () => {
  const packed = await get('/console');
  expect(packed).toMatchObject({
    isBase64Encoded: true,
    headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' },
  });
  const plain = await get('/console', {});
  expect(plain.headers).not.toHaveProperty('content-encoding');
  expect(plain.body).toBe(textOf(packed));
});

it('every answer carries a policy that lets the page run its own script, and nothing else', async () => {
  for (const path of ['/console', `/console/${script()}`, '/console/nope.js']) {
    const { headers } = await get(path);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
    const policy = String(headers?.['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*/);
  }
  // Nothing inline, which the policy would stop.
  expect(textOf(await get('/console'))).not.toMatch(/<style|style=|onclick|<script(?![^>]*src=)/);
});
