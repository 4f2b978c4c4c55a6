import { createHash } from 'node:crypto';
import { partsOf, writeTraceparent } from '../contract/trace-context.ts';
import { defined } from '../core/defined.ts';
import type { OrderState, Trace } from '../core/order.ts';
import type { Traces } from '../ports/traces.ts';

/** How an order is traced. All ids are derived from the order, so that every decision about it finds the same ones. */
export interface OrderTrace {
  readonly traceId: string;
  /** The sender's span. */
  readonly parentSpanId?: string;
  readonly tracestate?: string;
  /** Whether its spans are sent. */
  readonly sampled: boolean;
}

type Traced = Pick<OrderState, 'orderId' | 'acceptedAt' | 'trace'>;

/** The order's trace: its sender's, who has decided whether it is recorded; else one of its own. */
export function traceOf({ trace, ...order }: Traced, { ratio }: Pick<Traces, 'ratio'>): OrderTrace {
  if (trace !== undefined) {
    const { traceId, spanId, sampled } = partsOf(trace.traceparent);
    const { tracestate } = trace;
    return { traceId, parentSpanId: spanId, sampled, ...defined({ tracestate }) };
  }
  const traceId = derived(order, ['trace']).slice(0, 32);
  return { traceId, sampled: shareOf(traceId) < ratio };
}

/** The id of the order's span of this name. */
export function spanIdOf(
  order: Pick<Traced, 'orderId' | 'acceptedAt'>,
  ...name: readonly (string | number)[]
): string {
  return derived(order, name).slice(0, 16);
}

/** What the span of the whole order is called among its spans. */
export const ORDER = ['order'] as const;

/** What an attempt's span is called among its order's. */
export function attemptName({ taskId, attempt }: { taskId: string; attempt: number }) {
  return ['attempt', taskId, attempt] as const;
}

/**
 * What goes along with a message, so that the receiver's own spans hang below those of the order. Where Baton sends no spans, they hang below
 * the sender's.
 * @param name of the span below which they hang
 * @param traces absent while tracing is off
 */
export function handedOn(
  order: Traced,
  name: readonly (string | number)[],
  traces: Pick<Traces, 'ratio'> | undefined,
): Trace | undefined {
  if (traces === undefined) return order.trace;
  const { traceId, sampled, tracestate } = traceOf(order, traces);
  if (!sampled && order.trace !== undefined) return order.trace;
  const spanId = spanIdOf(order, ...name);
  return {
    traceparent: writeTraceparent({ traceId, spanId, sampled }),
    ...defined({ tracestate }),
  };
}

/** An id may have been an earlier order's, whose journal is gone. */
function derived(
  { orderId, acceptedAt }: Pick<Traced, 'orderId' | 'acceptedAt'>,
  name: readonly (string | number)[],
): string {
  const text = JSON.stringify([orderId, acceptedAt, ...name]);
  return createHash('sha256').update(text).digest('hex');
}

/** Where the id lies among all ids, from 0 to 1. */
function shareOf(traceId: string): number {
  return Number.parseInt(traceId.slice(-13), 16) / 2 ** 52;
}
