import { defined } from '../core/defined.ts';
import type { Trace } from '../core/order.ts';

/** The four fields of version 00. A later version may have more after them: https://www.w3.org/TR/trace-context/#versioning-of-traceparent */
const TRACEPARENT = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/** https://www.w3.org/TR/trace-context/#tracestate-header-field-values */
const MEMBER = /^[a-z\d][a-z\d_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{1,256}$/;
const MAX_MEMBERS = 32;

/** As much as everybody has to pass on: https://www.w3.org/TR/trace-context/#tracestate-limits */
const MAX_STATE_LENGTH = 512;

/** Whoever began the trace records it. */
const SAMPLED = 1;

/** Flags that have a meaning: sampled, and an id whose digits are random. Others are sent as 0. */
const KNOWN_FLAGS = 3;

/** What a `traceparent` says. */
export interface TraceParent {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/**
 * The trace that a request names. One that is malformed counts as none, as the standard asks: a fault in what only watches must not cost
 * an order. A `tracestate` without a trace, a malformed or a very long one is left out likewise.
 */
export function readTrace(
  traceparent: string | undefined,
  tracestate: string | undefined,
): Trace | undefined {
  const [, version, traceId, spanId, flags, more] =
    TRACEPARENT.exec(traceparent?.trim() ?? '') ?? [];
  if (version === undefined || traceId === undefined || spanId === undefined) return undefined;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  const known = (Number.parseInt(flags ?? '', 16) & KNOWN_FLAGS).toString(16);
  const read = `00-${traceId}-${spanId}-0${known}`;
  return { traceparent: read, ...defined({ tracestate: readState(tracestate) }) };
}

function readState(text: string | undefined): string | undefined {
  const members = (text ?? '')
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const state = members.join(',');
  const fits = members.length <= MAX_MEMBERS && state.length <= MAX_STATE_LENGTH;
  return state !== '' && fits && members.every((member) => MEMBER.test(member)) ? state : undefined;
}

/** @param traceparent as {@link readTrace} gives it */
export function partsOf(traceparent: string): TraceParent {
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

export function writeTraceparent({ traceId, spanId, sampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

function isZero(id: string): boolean {
  return /^0+$/.test(id);
}
