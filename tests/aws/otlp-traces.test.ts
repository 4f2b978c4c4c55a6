import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createOtlpTraces } from '../../src/aws/otlp-traces.ts';
import type { Span } from '../../src/ports/traces.ts';

const T0 = Date.UTC(2026, 10, 26);
const span: Span = {
  ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: 'c'.repeat(16) },
  ...{ name: 'resize', kind: 'consumer', startedAt: T0, endedAt: T0 + 1500, tracestate: 'r=1' },
  ...{ attributes: { 'baton.order': 'o-1', 'baton.attempt': 2 }, error: 'BROKEN' },
};

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((done) => (server === undefined ? done(0) : server.close(done)));
});

/** A collector that answers as it is told, and what it has got. */
async function collector(answer: RequestListener) {
  const received: Received[] = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { url, headers } = request;
    received.push({ url, headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
    answer(request, response);
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  return { received, url: `http://127.0.0.1:${port}` };
}

function traces(endpoint: string, { headers = '', timeoutMs = 60_000 } = {}) {
  let now = T0;
  const lines: Record<string, unknown>[] = [];
  const settings = { endpoint, headers, ratio: 1, service: 'baton-dev' };
  const write = (line: string) => void lines.push(JSON.parse(line));
  const { send } = createOtlpTraces(settings, () => now, write, timeoutMs);
  return { send, lines, pass: (seconds: number) => (now += seconds * 1000) };
}

const taken: RequestListener = (_, response) => void response.end('{"partialSuccess":{}}');

describe('spans', () => {
  it('arrive as OTLP in JSON, in one request', async () => {
    const { url, received } = await collector(taken);
    const { send, lines } = traces(url);
    await send([span, { ...span, spanId: 'd'.repeat(16) }]);
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      url: '/v1/traces',
      headers: { 'content-type': 'application/json' },
    });
    expect(received[0]?.body).toEqual({
      resourceSpans: [
        {
          resource: {
            attributes: [{ key: 'service.name', value: { stringValue: 'baton-dev' } }],
          },
          scopeSpans: [
            {
              scope: { name: 'batonflow' },
              spans: ['b', 'd'].map((id) => ({
                ...{ traceId: 'a'.repeat(32), spanId: id.repeat(16) },
                ...{ parentSpanId: 'c'.repeat(16), traceState: 'r=1', name: 'resize', kind: 5 },
                startTimeUnixNano: '1795651200000000000',
                endTimeUnixNano: '1795651201500000000',
                attributes: [
                  { key: 'baton.order', value: { stringValue: 'o-1' } },
                  { key: 'baton.attempt', value: { intValue: '2' } },
                  { key: 'error.type', value: { stringValue: 'BROKEN' } },
                ],
                status: { code: 2, message: 'BROKEN' },
              })),
            },
          ],
        },
      ],
    });
    expect(lines).toEqual([]);
  });

  it('go to the address of the traces itself, if it is that; with the headers that are given', async () => {
    const { url, received } = await collector(taken);
    await traces(`${url}/otlp/v1/traces/`, { headers: 'x-key=a%20b=, x-team=t' }).send([span]);
    expect(received[0]).toMatchObject({
      url: '/otlp/v1/traces',
      headers: { 'x-key': 'a b=', 'x-team': 't' },
    });
  });

  it('are no request where there are none', async () => {
    const { url, received } = await collector(taken);
    await traces(url).send([]);
    expect(received).toEqual([]);
  });
});

describe('spans are dropped, counted and logged, and nothing is thrown,', () => {
  it('when the collector refuses them', async () => {
    const { url } = await collector((_, response) => void response.writeHead(503).end());
    const { send, lines } = traces(url);
    await send([span, span]);
    expect(lines).toMatchObject([
      { level: 'WARN', message: 'spans dropped', dropped: 2, reason: 'status 503' },
    ]);
  });

  it('when the collector refuses some of them', async () => {
    const body = '{"partialSuccess":{"rejectedSpans":"1","errorMessage":"too old"}}';
    const { url } = await collector((_, response) => void response.end(body));
    const { send, lines } = traces(url);
    await send([span, span]);
    expect(lines).toMatchObject([{ dropped: 1, reason: 'the collector: too old' }]);
  });

  it('when nothing listens there, or the address is none', async () => {
    for (const endpoint of ['http://127.0.0.1:1', 'nonsense']) {
      const { send, lines } = traces(endpoint);
      await send([span]);
      expect(lines).toMatchObject([{ dropped: 1, reason: expect.any(String) }]);
    }
  });

  it('when the collector does not answer in time', async () => {
    const { url } = await collector(() => undefined);
    const { send, lines } = traces(url, { timeoutMs: 20 });
    await send([span]);
    expect(lines).toMatchObject([{ dropped: 1, reason: expect.stringMatching(/timeout/) }]);
  });

  it('when it would have them sent elsewhere, since the headers may hold a key', async () => {
    const { url } = await collector(
      (_, response) => void response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end(),
    );
    const { send, lines } = traces(url, { headers: 'x-key=k' });
    await send([span]);
    expect(lines).toMatchObject([{ dropped: 1 }]);
  });

  it('for ten seconds after the collector has failed; then it is asked again', async () => {
    let fails = true;
    const { url, received } = await collector((request, response) =>
      fails ? void response.writeHead(500).end() : taken(request, response),
    );
    const { send, lines, pass } = traces(url);
    await send([span]);
    fails = false;
    pass(9);
    await send([span, span]);
    expect(received).toHaveLength(1);
    expect(lines.map(({ dropped }) => dropped)).toEqual([1, 2]);
    pass(1);
    await send([span]);
    expect(received).toHaveLength(2);
    expect(lines).toHaveLength(2);
  });
});
