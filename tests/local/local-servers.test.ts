import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type RunningStack, startProcess, type Workspace, workspace } from './running-stack.ts';

jest.setTimeout(480_000);

let place: Workspace;
let stack: RunningStack;
beforeAll(async () => {
  place = workspace();
  stack = startProcess(place);
  await stack.ready();
});
afterAll(async () => {
  await stack.signal('SIGKILL');
  place.remove();
});

/** The origin of each server that listens. */
function servers(): Record<string, string> {
  const { apiUrl, controlUrl, endpoints } = stack.running();
  const { SQS, DYNAMODB } = endpoints;
  return {
    api: apiUrl,
    control: new URL(controlUrl).origin,
    SQS: String(SQS),
    DYNAMODB: String(DYNAMODB),
  };
}

async function call(url: string, headers: Record<string, string>, method = 'GET') {
  const { hostname, port, pathname } = new URL(url);
  const sent = request({ hostname, port, path: pathname, method, headers }).end();
  return new Promise<{ status: number | undefined; headers: object }>((resolve, reject) => {
    sent.once('error', reject).once('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode, headers: response.headers });
    });
  });
}

it('lists here every server that the banner names', () => {
  const said = stack.output().match(/:\d{4,5}\b/g);
  expect(new Set(Object.values(servers()).map((url) => url.match(/:\d+$/)?.[0]))).toEqual(
    new Set(said),
  );
});

// Was: any web page could call any of them, and read the answers of the API, since its Origin was reflected with credentials.
// Now: one guard stands before each.
describe.each(['api', 'control', 'SQS', 'DYNAMODB'])('the server %s', (name) => {
  it.each([
    ['another Origin', { origin: 'https://evil.example' }],
    ['another Host', { host: 'evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses %s, and sends no CORS header', async (_, headers) => {
    const url = `${servers()[name]}/items`;
    for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
      const answer = await call(url, headers, method);
      expect(answer.status).toBe(403);
      expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json' });
      expect(Object.keys(answer.headers).filter((key) => /^access-control/.test(key))).toEqual([]);
    }
  });

  it('sends no CORS header to its own pages either', async () => {
    const url = `${servers()[name]}/items`;
    const { headers } = await call(url, { origin: String(servers()[name]) });
    expect(Object.keys(headers).filter((key) => /^access-control/.test(key))).toEqual([]);
  });
});

describe('the control server', () => {
  const invoke = (base: string, type: string) =>
    fetch(`${base}/2015-03-31/functions/mini-local-bury/invocations`, {
      method: 'POST',
      headers: { 'content-type': type },
      body: '{"Records":[]}',
    });

  // Was: a form of a web page could invoke any function, the one that makes operators' tokens among them.
  // Now: the address holds a secret, and the body is called JSON.
  it('wants its secret and JSON', async () => {
    const { controlUrl } = stack.running();
    expect((await invoke(new URL(controlUrl).origin, 'application/json')).status).toBe(403);
    expect((await invoke(`${controlUrl}x`, 'application/json')).status).toBe(403);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])
      expect((await invoke(controlUrl, type)).status).toBe(415);
    const answer = await invoke(controlUrl, 'application/json; charset=utf-8');
    expect(await answer.json()).toEqual({ batchItemFailures: [] });
  });

  it('keeps its secret to the owner of the data folder', () => {
    const secret = new URL(stack.running().controlUrl).pathname.slice(1);
    expect(secret.length).toBeGreaterThanOrEqual(32);
    expect(stack.output()).not.toContain(secret);
    expect(statSync(join(place.data, 'running.json')).mode & 0o777).toBe(0o600);
    expect(statSync(place.data).mode & 0o777).toBe(0o700);
  });
});

it('a service that names origins of its own gets the CORS headers that it gets deployed', async () => {
  const other = workspace();
  const file = join(other.core, 'serverless.yml');
  const cors = '  httpApi:\n    cors: { allowedOrigins: [https://a.example] }\n';
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('  timeout: 5\n', `  timeout: 5\n${cors}`),
  );
  const open = startProcess(other);
  try {
    await open.ready();
    const url = `${open.running().apiUrl}/items`;
    expect(await call(url, { origin: 'https://a.example' })).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': 'https://a.example' },
    });
    expect((await call(url, { origin: 'https://b.example' })).status).toBe(403);
  } finally {
    await open.signal('SIGKILL');
    other.remove();
  }
});
