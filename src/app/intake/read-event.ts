import { CLOUD_EVENT } from '../../contract/cloud-event.ts';
import type { CloudEvent } from '../../contract/cloud-event-request.ts';
import {
  cloudEventSchema,
  eventRequestOf,
  keyOfCloudEvent,
} from '../../contract/cloud-event-request.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { readTrace } from '../../contract/trace-context.ts';
import type { Json } from '../../core/json.ts';
import type { Trace } from '../../core/order.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { isJson, jsonBody, MAX_BODY_BYTES, notTaken } from '../http/api-request.ts';
import { callersKey, idempotencyKey } from './order-identity.ts';

/** An event that somebody sent. */
export interface ReceivedEvent {
  /** As `eventRequestSchema` has it; not yet checked. */
  readonly value: Json;
  readonly key: string | undefined;
  readonly trace: Trace | undefined;
}

/** The headers in which a CloudEvent stands beside its data begin so. @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md */
const PREFIX = 'ce-';

const FAMILY = 'application/cloudevents';

/**
 * The event of a request: in Baton's own words, or a CloudEvent, which stands in the body (structured) or beside it (binary). Source and id
 * of a CloudEvent are its idempotency key, where the request has no other.
 * @throws {Problem}
 */
export function readEvent(request: ApiRequest): ReceivedEvent {
  const key = idempotencyKey(request);
  const { headers } = request;
  const trace = readTrace(headers.traceparent, headers.tracestate);
  const event = cloudEventIn(request);
  if (event === undefined) return { value: jsonBody(request, MAX_BODY_BYTES), key, trace };
  const { traceparent, tracestate } = event;
  return {
    value: eventRequestOf(event),
    key: key ?? callersKey(keyOfCloudEvent(event), request.caller),
    trace: readTrace(asText(traceparent), asText(tracestate)) ?? trace,
  };
}

function cloudEventIn(request: ApiRequest): CloudEvent | undefined {
  const { mediaType, headers } = request;
  if (mediaType === CLOUD_EVENT) return parse(cloudEventSchema, jsonBody(request, MAX_BODY_BYTES));
  if (mediaType.startsWith(FAMILY)) throw notTaken(request, ['application/json', CLOUD_EVENT]);
  if (headers['ce-specversion'] === undefined) return undefined;
  return parse(cloudEventSchema, binary(request));
}

function binary(request: ApiRequest): Json {
  const { headers, body } = request;
  const attributes = Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(PREFIX) && value !== undefined
      ? [[name.slice(PREFIX.length), unescaped(name, value)] as const]
      : [],
  );
  const hasData = body.length > 0;
  if (hasData && !isJson(request)) throw notTaken(request, ['application/json', CLOUD_EVENT]);
  return {
    ...Object.fromEntries(attributes),
    ...(hasData && { data: jsonBody(request, MAX_BODY_BYTES) }),
  };
}

/** @throws {Problem} INVALID_REQUEST */
function unescaped(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    const message = `${name}: this is no percent-encoded UTF-8`;
    throw new Problem('INVALID_REQUEST', [{ path: name, message }]);
  }
}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
