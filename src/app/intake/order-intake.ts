import { ulid } from 'ulid';
import { jsonBytes } from '../../contract/json-text.ts';
import type { OrderRequest } from '../../contract/order-request.ts';
import { orderRequestSchema } from '../../contract/order-request.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { readTrace } from '../../contract/trace-context.ts';
import { defined } from '../../core/defined.ts';
import type { OrderPlaced } from '../../core/event.ts';
import type { Json } from '../../core/json.ts';
import type { Attributes, Trace } from '../../core/order.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type { Placed } from '../../engine/placing.ts';
import { place } from '../../engine/placing.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Caller } from '../access/caller.ts';
import { refuseOtherClients, refuseReferences } from '../access/permissions.ts';
import type { LookupPorts, Lookups } from './lookups.ts';
import { checkChosenId, fingerprintOf, keyedOrderId } from './order-identity.ts';
import { resolveWorkflow } from './resolve-workflow.ts';

/** What an order's attributes may take together: they travel with each of its tasks. */
const MAX_ATTRIBUTES_BYTES = 16 * 1024;

/** An order has its input, and besides it names and attributes. */
const ORDER_OVERHEAD_BYTES = 64 * 1024;

/** What a whole order may take as JSON or as a row. */
export function maxOrderBytes({ maxInputBytes }: Pick<IntakePorts, 'maxInputBytes'>): number {
  return maxInputBytes + ORDER_OVERHEAD_BYTES;
}

export interface IntakePorts
  extends LookupPorts,
    Pick<EnginePorts, 'journal' | 'activeOrders' | 'awaitedEvents' | 'messenger' | 'clock'> {
  readonly objects: ObjectStore;
  /** What one order's input may take as JSON. */
  readonly maxInputBytes: number;
}

/** How a caller learns which order it has placed. */
export interface Receipt {
  readonly orderId: string;
  readonly status: string;
  readonly workflow: string;
  readonly version: number;
}

/** Who asks, beside what for. */
export interface Request {
  readonly caller: Caller;
  /** By which the log knows the request. */
  readonly requestId: string;
  /** The order's id is made from it, unless the order brings one. */
  readonly key?: string | undefined;
  /** The order's id where no request chooses one. */
  readonly orderId?: string;
  /** What the key is used for: an order, a line of a batch, a workflow of an event. */
  readonly scope: string;
  /** Of the request; an order may say another. */
  readonly trace?: Trace | undefined;
}

/**
 * The order that a request asks for, ready to be placed. Nothing is stored but the workflow of an ad-hoc list.
 * @throws {Problem} that says what is wrong with the request.
 */
export async function prepareOrder(
  value: Json,
  {
    caller,
    key,
    scope,
    trace,
    orderId: given,
  }: Pick<Request, 'caller' | 'key' | 'scope' | 'trace' | 'orderId'>,
  lookups: Lookups,
  { objects, maxInputBytes, clock }: Pick<IntakePorts, 'objects' | 'maxInputBytes' | 'clock'>,
): Promise<OrderPlaced> {
  checkWhole('input', value, maxInputBytes);
  const request = parse(orderRequestSchema, value);
  const { client, input, attributes } = request;
  refuseOtherClients(caller, client);
  checkSizes({ path: 'input', value: input }, attributes, maxInputBytes);
  refuseReferences(caller, { input, attributes }, objects.bucket);
  const orderId = given ?? orderIdOf(request, key, scope);
  const workflow = await resolveWorkflow(request, lookups);
  return toPlaced(request, { orderId, workflow, at: clock(), ...defined({ trace }) });
}

export function orderIdOf(
  { orderId }: Pick<OrderRequest, 'orderId'>,
  key: string | undefined,
  scope: string,
): string {
  if (orderId !== undefined) checkChosenId(orderId);
  return orderId ?? (key === undefined ? ulid() : keyedOrderId(key, scope));
}

function toPlaced(
  request: OrderRequest,
  {
    orderId,
    workflow,
    at,
    trace: ofRequest,
  }: Pick<OrderPlaced, 'orderId' | 'workflow' | 'at' | 'trace'>,
): OrderPlaced {
  // An order that is sent again comes with another trace, and is the same order.
  const { orderId: _, traceparent, tracestate, ...asked } = request;
  const trace = readTrace(traceparent, tracestate) ?? ofRequest;
  const { client, input, attributes } = request;
  const fingerprint = fingerprintOf(defined(asked));
  const pauseOnFailure = request.pauseOnFailure || undefined;
  const placed = defined({ at, orderId, workflow, client, input, attributes, fingerprint });
  return { type: 'OrderPlaced', ...placed, ...defined({ pauseOnFailure, trace }) };
}

/** Places one order. @throws {Problem} IDEMPOTENCY_CONFLICT */
export async function placeOne(event: OrderPlaced, ports: IntakePorts): Promise<Receipt> {
  return receiptOf(await place(event, ports));
}

/** @throws {Problem} IDEMPOTENCY_CONFLICT when the order was placed by another request. */
export function receiptOf({ outcome, state }: Placed): Receipt {
  const { orderId, status, workflow } = state;
  if (outcome === 'conflicting') {
    throw new Problem('IDEMPOTENCY_CONFLICT', `order ${orderId} was placed by another request`);
  }
  return { orderId, status, workflow: workflow.name, version: workflow.version };
}

/** @throws {Problem} TOO_LARGE, with the numbers */
export function checkSizes(
  input: { readonly path: string; readonly value: Json },
  attributes: Attributes,
  maxInputBytes: number,
): void {
  checkSize(input.path, input.value, maxInputBytes);
  checkSize('attributes', attributes, MAX_ATTRIBUTES_BYTES);
}

/**
 * Before the schema looks at every part of it: what is far too large is not worth that.
 * @throws {Problem} TOO_LARGE
 */
export function checkWhole(field: 'input' | 'data', value: Json, maxInputBytes: number): void {
  const limit = maxOrderBytes({ maxInputBytes });
  if (jsonBytes(value) <= limit) return;
  const { [field]: input = null } = value as Partial<Record<string, Json>>;
  checkSize(field, input, maxInputBytes);
  throw new Problem('TOO_LARGE', `it is ${jsonBytes(value)} bytes; at most ${limit} are taken`);
}

/** @throws {Problem} TOO_LARGE */
export function checkSize(path: string, value: Json, limit: number): void {
  const bytes = jsonBytes(value);
  if (bytes <= limit) return;
  const message = `${path}: ${bytes} bytes; at most ${limit} are taken`;
  throw new Problem('TOO_LARGE', [{ path, message }]);
}
