import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type RunningStack, startProcess, type Workspace, workspace } from './running-stack.ts';

jest.setTimeout(240_000);

let place: Workspace;
let stack: RunningStack;

beforeAll(async () => {
  place = workspace();
  stack = startProcess(place);
  await stack.ready();
});
afterAll(async () => {
  await stack.signal('SIGTERM');
  place.remove();
});

interface Received {
  type?: string;
  body?: string | null;
  isBase64Encoded: boolean;
}

/** By hand, since fetch adds a content type of its own and tidies up paths. */
function post(
  path: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; text: string }> {
  const { hostname, port } = new URL(stack.running().apiUrl);
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.on('end', () => {
        const { statusCode = 0, headers } = response;
        resolve({ status: statusCode, type: String(headers['content-type']), text });
      });
    });
    // who refuses a body before its end may hang up on the rest of it
    call.on('error', reject).end(body);
  });
}

async function receive(bytes: Uint8Array, type?: string): Promise<Received> {
  const answer = await post('/received', bytes, type === undefined ? {} : { 'content-type': type });
  expect(answer.status).toBe(200);
  return JSON.parse(answer.text);
}

const utf8 = (text: string) => Buffer.from(text);

describe('a function gets the text that was sent', () => {
  // Was: JSON was read and written again on its way: `false` and `null` were no bodies, and a string lost its quotes.
  // Now: nobody but the function reads it.
  it.each([
    'false',
    'null',
    '0',
    '""',
    '"{\\"input\\": 5}"',
    '{ "a" : 1.0 }',
    '{"a":1,"a":2}',
    '{',
  ])('of JSON: %s', async (json) => {
    expect(await receive(utf8(json), 'application/json')).toEqual({
      type: 'application/json',
      body: json,
      isBase64Encoded: false,
    });
  });

  it.each([
    'application/json; charset=utf-8',
    'Application/JSON',
    'application/xml',
    'application/javascript',
    'text/csv',
    'text/plain;header=present',
  ])('of type %s, with a byte-order mark and whatever is beyond ASCII', async (type) => {
    const text = '\u{FEFF}Müller,🎉\r\n';
    expect(await receive(utf8(text), type)).toEqual({ type, body: text, isBase64Encoded: false });
  });
});

describe('a function gets the bytes that were sent, in base64', () => {
  const anyBytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);

  // Was: `M\xfcller` arrived as `M` + U+FFFD + `ller`, which is a valid text.
  // Now: bytes that are no UTF-8 arrive as they are, and the function refuses them.
  it.each(['application/json', 'text/csv', 'text/plain; charset=iso-8859-1'])(
    'of type %s, when they are no UTF-8',
    async (type) => {
      const latin1 = Buffer.from('Müller', 'latin1');
      expect(await receive(latin1, type)).toEqual({
        type,
        body: latin1.toString('base64'),
        isBase64Encoded: true,
      });
    },
  );

  it.each([
    'application/octet-stream',
    'image/png',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'application/cloudevents+json',
    'nonsense',
    'text',
  ])('of type %s', async (type) => {
    expect(await receive(anyBytes, type)).toEqual({
      type,
      body: Buffer.from(anyBytes).toString('base64'),
      isBase64Encoded: true,
    });
  });

  // Was: without a content type, a request was said to be JSON.
  // Now: it has none.
  it('without a type', async () => {
    expect(await receive(anyBytes)).toEqual({
      body: Buffer.from(anyBytes).toString('base64'),
      isBase64Encoded: true,
    });
  });
});

it('a request without a body has none', async () => {
  expect(await receive(utf8(''), 'application/json')).toMatchObject({ body: null });
});

describe('what the server refuses by itself is a problem document', () => {
  it.each([
    ['a path that does not decode', '/tasks/%E0%A4%A', 422, 'INVALID_REQUEST'],
    ['an unknown path', '/nowhere', 404, 'NOT_FOUND'],
  ])('%s', async (_what, path, status, code) => {
    const answer = await post(path, utf8('{}'), { 'content-type': 'application/json' });
    expect({ status: answer.status, type: answer.type }).toEqual({
      status,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(JSON.parse(answer.text)).toMatchObject({ status, code, detail: expect.any(String) });
  });

  it('a body over 10 MB', async () => {
    const answer = await post('/received', Buffer.alloc(10 * 1024 * 1024 + 1), {
      'content-type': 'text/csv',
    });
    expect(answer).toMatchObject({
      status: 413,
      type: expect.stringContaining('application/problem+json'),
    });
    expect(JSON.parse(answer.text)).toMatchObject({ status: 413, code: 'TOO_LARGE' });
  });
});

// Was: 200, with a stack trace.
// Now: the answer of API Gateway.
it.each(['throw', 'exit', 'never'])('a function that fails is answered 500: %s', async (end) => {
  const answer = await post('/received', utf8('{}'), { 'content-type': 'application/json', end });
  expect(answer).toEqual({
    status: 500,
    type: expect.stringContaining('application/json'),
    text: '{"message":"Internal Server Error"}',
  });
});

// Was: the server folded the path, so that `/orders/o-1/tasks/%2e%2e/cancel` cancelled the order. Now: no function sees it.
it.each([
  '/a/%2e%2e/received',
  '/a/../received',
  '/%2E/received',
  '/./received',
  '/a\\..\\received',
])('a path that leads elsewhere is refused: %s', async (path) => {
  const { status, type, text } = await post(path, utf8('a'), { 'content-type': 'text/plain' });
  expect([status, type]).toEqual([422, expect.stringContaining('application/problem+json')]);
  expect(JSON.parse(text)).toMatchObject({
    code: 'INVALID_REQUEST',
    detail: 'the request cannot be read: a part of its path is . or ..',
  });
});

it('a path that only has dots in it leads where it says', async () => {
  const { status } = await post('/received?to=/../a', utf8('a'), { 'content-type': 'text/plain' });
  expect(status).toBe(200);
});
