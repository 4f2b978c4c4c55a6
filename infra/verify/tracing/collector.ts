import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { PROJECT, run, Server } from '../command.ts';

const SOURCE = path.join(PROJECT, 'infra/verify/tracing/collector');
const FOLDER = path.join(PROJECT, '.baton/collector');
const PROGRAM = path.join(FOLDER, 'collector');

/** A span as the collector has understood it: OTLP in JSON. */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}

/** Builds OpenTelemetry's own collector, with what is needed of it here. */
export async function buildCollector(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await run('go', ['build', '-o', PROGRAM, '.'], { cwd: SOURCE, seconds: 3600 });
}

/** The collector, and behind it a server that keeps the spans which it hands on. */
export class Collector {
  readonly spans: CollectedSpan[] = [];
  readonly #behind = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.spans.push(...spansIn(Buffer.concat(chunks).toString()));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  #server: Server | undefined;
  url = '';

  async start(): Promise<void> {
    await new Promise<void>((ready) => this.#behind.listen(0, '127.0.0.1', ready));
    const { port: behind } = this.#behind.address() as AddressInfo;
    const port = await freePort();
    this.url = `http://127.0.0.1:${port}`;
    const file = path.join(FOLDER, 'config.yml');
    await writeFile(file, settings(port, behind));
    this.#server = new Server('the collector', PROGRAM, ['--config', file], {});
    await this.#server.until(60, async () => ((await takesSpans(this.url)) ? true : undefined));
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    this.#behind.closeAllConnections();
    this.#behind.close();
  }
}

function settings(port: number, behind: number): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${port}` } } } },
    exporters: {
      otlphttp: {
        endpoint: `http://127.0.0.1:${behind}`,
        encoding: 'json',
        compression: 'none',
        sending_queue: { enabled: false },
      },
    },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { traces: { receivers: ['otlp'], exporters: ['otlphttp'] } },
    },
  });
}

function spansIn(text: string): readonly CollectedSpan[] {
  const { resourceSpans } = JSON.parse(text) as {
    resourceSpans: readonly { scopeSpans: readonly { spans: readonly CollectedSpan[] }[] }[];
  };
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

async function takesSpans(url: string): Promise<boolean> {
  const headers = { 'content-type': 'application/json' };
  const body = '{"resourceSpans":[]}';
  return fetch(`${url}/v1/traces`, { method: 'POST', headers, body }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
