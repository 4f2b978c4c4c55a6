/**
 * `npm run verify:tracing`: OpenTelemetry's own collector gets the spans of an order on the local stack, and understands them as one tree.
 * docs/tracing.md says what it needs.
 */
import { deepStrictEqual, ok } from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Baton } from '../../../src/client/index.ts';
import { makeTemporaryFolder } from '../../temporary-folder.ts';
import { PROJECT, Server } from '../command.ts';
import { Report } from '../report.ts';
import { buildCollector, type CollectedSpan, Collector } from './collector.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const CALLERS_STATE = 'rojo=1';

/** An order, its two stages, and its three attempts with two parts each. */
const SPANS = 1 + 2 + 3 * 3;

/** A machine that is busy with other things is slow; what is waited for comes in the end. */
const PATIENCE_SECONDS = 600;

const report = new Report();
const collector = new Collector();
const data = makeTemporaryFolder('tracing');
let stack: Server | undefined;
let baton: Baton | undefined;

try {
  const isReady =
    (await report.step("OpenTelemetry's collector is built", async () => {
      await buildCollector();
      return [];
    })) &&
    (await report.step('it takes spans, and the local stack sends to it', async () => {
      await collector.start();
      const url = await startStack(collector.url);
      baton = new Baton({ url });
      return [`collector ${collector.url}`, `Baton ${url}`];
    }));
  const tree = 'an order is one tree below the span of its caller, with queue and work apart';
  const own = 'an order without a caller has a trace of its own';
  if (isReady) {
    await report.step(tree, async () => {
      const spans = await spansOfOrder({
        traceparent: `00-${TRACE}-${CALLER}-01`,
        tracestate: CALLERS_STATE,
      });
      checkTree(spans, CALLER);
      ok(spans.every(({ traceId }) => traceId === TRACE));
      ok(spans.every(({ traceState }) => traceState === CALLERS_STATE));
      return drawn(spans, CALLER);
    });
    await report.step(own, async () => {
      const spans = await spansOfOrder({});
      checkTree(spans, undefined);
      deepStrictEqual(new Set(spans.map(({ traceId }) => traceId)).size, 1);
      ok(spans.every(({ traceId }) => /^[0-9a-f]{32}$/.test(traceId) && traceId !== TRACE));
      return `trace ${spans[0]?.traceId}`;
    });
  } else {
    for (const step of [tree, own]) report.leaveOut(step, 'nothing could be sent');
  }
} finally {
  await stack?.stop();
  await collector.stop();
}
process.exitCode = report.close();

async function startStack(otlp: string): Promise<string> {
  const launch = path.join(PROJECT, 'infra/local/launch.js');
  const start = [launch, '--port', '0', '--data', data, '--otlp', otlp];
  const server = new Server('the local stack', process.execPath, start, { cwd: PROJECT });
  stack = server;
  const isReady = async () => (server.log.includes('is ready') ? true : undefined);
  await server.until(PATIENCE_SECONDS, isReady);
  return JSON.parse(await readFile(path.join(data, 'running.json'), 'utf8')).apiUrl;
}

/** The spans of an order of the demo, when all have come. */
async function spansOfOrder(trace: { traceparent?: string; tracestate?: string }) {
  collector.spans.length = 0;
  const order = await baton?.place({ input: 5, todo: ['A', ['A', 'B']] }, trace);
  ok(order !== undefined);
  const ended = await baton?.wait(order.orderId, { timeoutMs: PATIENCE_SECONDS * 1000 });
  deepStrictEqual(ended?.status, 'completed');
  const haveCome = async () => (collector.spans.length >= SPANS ? true : undefined);
  await stack?.until(PATIENCE_SECONDS, haveCome);
  return [...collector.spans];
}

function isOrder({ name }: CollectedSpan): boolean {
  return name.startsWith('order ');
}

/** @param caller the span below which the order hangs */
function checkTree(spans: readonly CollectedSpan[], caller: string | undefined): void {
  const below = (parent: CollectedSpan | undefined) =>
    spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId);
  const names = (some: readonly CollectedSpan[]) => some.map(({ name }) => name).toSorted();
  const [order, ...others] = spans.filter(isOrder);
  deepStrictEqual(others, []);
  deepStrictEqual(order?.parentSpanId || undefined, caller);
  const stages = below(order);
  deepStrictEqual(names(stages), ['1.pre', '2.parallel']);
  const attempts = stages.flatMap(below);
  deepStrictEqual(names(attempts), ['A', 'A', 'B']);
  for (const attempt of attempts) {
    const parts = below(attempt);
    deepStrictEqual(names(parts), [`${attempt.name} at work`, `${attempt.name} in queue`]);
    const [queue, work] = parts.toSorted((a, b) => Number(startOf(a) - startOf(b)));
    ok(queue !== undefined && work !== undefined);
    deepStrictEqual(startOf(queue), startOf(attempt));
    deepStrictEqual(endOf(queue), startOf(work));
    ok(endOf(work) <= endOf(attempt));
  }
  deepStrictEqual(spans.length, SPANS);
  ok(spans.every((span) => startOf(span) <= endOf(span)));
}

function startOf({ startTimeUnixNano }: CollectedSpan): bigint {
  return BigInt(startTimeUnixNano);
}

function endOf({ endTimeUnixNano }: CollectedSpan): bigint {
  return BigInt(endTimeUnixNano);
}

function drawn(spans: readonly CollectedSpan[], parent: string, indent = ''): readonly string[] {
  const milliseconds = (at: bigint) => Number(at / 1_000_000n);
  const first = Math.min(...spans.map((span) => milliseconds(startOf(span))));
  const ms = (at: bigint) => milliseconds(at) - first;
  return spans
    .filter(({ parentSpanId }) => parentSpanId === parent)
    .flatMap((span) => [
      `${indent}${span.name}: ${ms(startOf(span))} to ${ms(endOf(span))} ms`,
      ...drawn(spans, span.spanId, `${indent}  `),
    ]);
}
