import type { Clock } from '../ports/clock.ts';
import type { Span, Traces } from '../ports/traces.ts';

/** An order must not feel it when the collector is slow. */
const TIMEOUT_MS = 1000;

/** A collector that has failed is left alone for this long, so that its timeouts do not add up. */
const PAUSE_MS = 10_000;

/** https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto */
const KINDS: Readonly<Record<Span['kind'], number>> = {
  internal: 1,
  server: 2,
  producer: 4,
  consumer: 5,
};
const STATUS_ERROR = 2;

export interface OtlpSettings {
  /** The collector's address, such as `http://localhost:4318`, or that of its traces, which ends with `/v1/traces`. */
  readonly endpoint: string;
  /** `name=value`, separated by commas; values are percent-encoded. */
  readonly headers: string;
  readonly ratio: number;
  /** Whose spans they are: `<system>-<stage>`. */
  readonly service: string;
}

/**
 * Sends spans as OTLP over HTTP, in JSON, one request for all that end with a batch. OpenTelemetry's own exporter is 57 KB and made for
 * spans that begin and end in one process; ours are derived from what the journal holds.
 * @see https://opentelemetry.io/docs/specs/otlp/#otlphttp
 */
export function createOtlpTraces(
  { endpoint, headers, ratio, service }: OtlpSettings,
  clock: Clock,
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
  timeoutMs = TIMEOUT_MS,
): Traces {
  const url = tracesUrl(endpoint);
  const sent = { 'content-type': 'application/json', ...headersIn(headers) };
  let failedAt = Number.NEGATIVE_INFINITY;

  const tell = (dropped: number, reason: string) => {
    const timestamp = new Date(clock()).toISOString();
    const line = { level: 'WARN', message: 'spans dropped', timestamp, service: 'baton' };
    write(JSON.stringify({ ...line, dropped, reason }));
  };

  async function post(spans: readonly Span[]): Promise<void> {
    const response = await fetch(url, {
      method: 'POST',
      headers: sent,
      body: JSON.stringify(requestOf(spans, service)),
      // The headers may hold a key, which is for this address only.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { dropped, reason } = refusedIn(text);
    if (dropped > 0) tell(dropped, reason);
  }

  return {
    ratio,

    async send(spans) {
      if (spans.length === 0) return;
      if (clock() - failedAt < PAUSE_MS) {
        tell(spans.length, 'the collector has just failed');
        return;
      }
      try {
        await post(spans);
      } catch (error) {
        failedAt = clock();
        tell(spans.length, reasonOf(error));
      }
    },
  };
}

function tracesUrl(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, '');
  return base.endsWith('/v1/traces') ? base : `${base}/v1/traces`;
}

/** As OpenTelemetry's own variable has them: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#specifying-headers-via-environment-variables */
function headersIn(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const place = pair.indexOf('=');
      return [pair.slice(0, place).trim(), decoded(pair.slice(place + 1).trim())];
    }),
  );
}

/** A wrong header may cost spans, but no order. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function requestOf(spans: readonly Span[], service: string): object {
  const resource = { attributes: attributesOf({ 'service.name': service }) };
  const scopeSpans = [{ scope: { name: 'batonflow' }, spans: spans.map(spanOf) }];
  return { resourceSpans: [{ resource, scopeSpans }] };
}

function spanOf(span: Span): object {
  const { traceId, spanId, parentSpanId, tracestate, name, error } = span;
  return {
    ...{ traceId, spanId, parentSpanId, traceState: tracestate, name, kind: KINDS[span.kind] },
    startTimeUnixNano: nanosecondsOf(span.startedAt),
    endTimeUnixNano: nanosecondsOf(span.endedAt),
    attributes: attributesOf({
      ...span.attributes,
      ...(error !== undefined && { 'error.type': error }),
    }),
    // A failure's message may quote an order's input: as in the log, its code has to do.
    status: error === undefined ? {} : { code: STATUS_ERROR, message: error },
  };
}

function attributesOf(attributes: Span['attributes']): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

/** They do not fit into a number: https://protobuf.dev/programming-guides/json/ writes 64 bits as text. */
function nanosecondsOf(milliseconds: number): string {
  return `${BigInt(Math.round(milliseconds)) * 1_000_000n}`;
}

/** A collector may take a part: https://opentelemetry.io/docs/specs/otlp/#partial-success-1 */
function refusedIn(text: string): { readonly dropped: number; readonly reason: string } {
  try {
    const { partialSuccess } = JSON.parse(text) as {
      partialSuccess?: { rejectedSpans?: string | number; errorMessage?: string };
    };
    const dropped = Number(partialSuccess?.rejectedSpans ?? 0);
    return { dropped, reason: `the collector: ${partialSuccess?.errorMessage ?? 'no reason'}` };
  } catch {
    // What has taken them need not say so in JSON.
    return { dropped: 0, reason: '' };
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string } };
  return cause?.code === undefined ? message : `${message}: ${cause.code}`;
}
