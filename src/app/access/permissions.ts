import { orderIdSchema } from '../../contract/order-id.ts';
import { Problem } from '../../contract/problem.ts';
import type { Json } from '../../core/json.ts';
import type { Clients } from '../../ports/clients.ts';
import type { Journal } from '../../ports/journal.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Caller } from './caller.ts';

/**
 * An operator may do everything. A client
 * 1. may make only the calls listed here;
 * 2. may place orders only in its own name, and list only its own;
 * 3. may read and cancel its own orders, and retry them as they are if its contract says `mayRetry`; for other orders it gets a 404, as if they did not exist;
 * 4. may not refer to the system's bucket, which also holds other clients' files.
 */
const RETRY = 'POST /orders/{orderId}/retry';

/** No events: a client could say of itself that it has paid. */
const OPEN_TO_CLIENTS: ReadonlySet<string> = new Set([
  'POST /orders',
  'GET /orders',
  'GET /orders/{orderId}',
  'POST /orders/{orderId}/cancel',
  'GET /openapi.json',
  'GET /me',
]);

/** What says who may do what to which order. */
export interface AccessPorts {
  readonly journal: Pick<Journal, 'latest'>;
  /** Without them, no contract allows anything more. */
  readonly clients?: Pick<Clients, 'get'>;
}

/** Enforces 1 to 3. @returns the request, limited to the caller's own orders @throws {Problem} FORBIDDEN, NOT_FOUND */
export async function permit(
  { method, path }: { readonly method: string; readonly path: string },
  request: ApiRequest,
  ports: AccessPorts | undefined,
): Promise<ApiRequest> {
  const { caller, params, query } = request;
  if (caller.kind === 'operator') return request;
  const call = `${method} ${path}`;
  const isOpen = call === RETRY ? await mayRetry(caller.client, ports) : OPEN_TO_CLIENTS.has(call);
  if (!isOpen) {
    throw new Problem('FORBIDDEN', `${call} takes an operator's token`);
  }
  if (path.startsWith('/orders/{orderId}')) {
    const { orderId = '' } = params;
    const isOrderId = orderIdSchema.safeParse(orderId).success;
    const owner = isOrderId ? (await ports?.journal.latest(orderId))?.state.client : undefined;
    if (owner !== caller.client) throw noOrder(orderId);
  }
  if (path !== '/orders') return request;
  refuseOtherClients(caller, query.client);
  return { ...request, query: { ...query, client: caller.client } };
}

/** All that a client may call. @param retries its contract lets it retry its orders */
export function callsOfClient(retries: boolean): readonly string[] {
  return [...OPEN_TO_CLIENTS, ...(retries ? [RETRY] : [])];
}

async function mayRetry(client: string, ports: AccessPorts | undefined): Promise<boolean> {
  return (await ports?.clients?.get(client))?.mayRetry === true;
}

/**
 * Enforces 2 for one order.
 * @param named the client that the order names; `permit` has filled in the caller's where a request names none
 * @throws {Problem} FORBIDDEN
 */
export function refuseOtherClients(caller: Caller, named: string | undefined): void {
  if (caller.kind === 'operator' || named === undefined || named === caller.client) return;
  const message = `client: this token is client ${caller.client}'s`;
  throw new Problem('FORBIDDEN', [{ path: 'client', message }]);
}

/**
 * Enforces 4. Plugins read the files that an input refers to, with their own rights: a client could make them read another client's
 * file. However a reference is written, it contains the bucket's name.
 * @throws {Problem} FORBIDDEN
 */
export function refuseReferences(
  caller: Caller,
  given: Readonly<Record<'input' | 'attributes', Json>>,
  bucket: string,
): void {
  if (caller.kind === 'operator') return;
  for (const [path, value] of Object.entries(given)) {
    if (!JSON.stringify(value).includes(bucket)) continue;
    const message = `${path}: only operators name the bucket ${bucket}; post the file itself as the body`;
    throw new Problem('FORBIDDEN', [{ path, message }]);
  }
}

export function noOrder(orderId: string): Problem {
  return new Problem('NOT_FOUND', `there is no order ${orderId}`);
}

/** @throws {Problem} NOT_FOUND: what is no order's id is no order. */
export function orderIdIn({ params: { orderId = '' } }: Pick<ApiRequest, 'params'>): string {
  if (!orderIdSchema.safeParse(orderId).success) throw noOrder(orderId);
  return orderId;
}
