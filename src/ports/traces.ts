import type { Instant } from '../core/json.ts';

/** A span that has ended. Its ids are hexadecimal. @see https://opentelemetry.io/docs/specs/otel/trace/api/#span */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly tracestate?: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'producer' | 'consumer';
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** The code for which it failed. */
  readonly error?: string;
}

/** Where spans go. */
export interface Traces {
  /** Which share of the orders that bring no trace is traced, from 0 to 1. */
  readonly ratio: number;
  /** Sends spans. It never rejects, and takes a second at most: what cannot be sent is dropped, and the log says so. */
  send(spans: readonly Span[]): Promise<void>;
}
