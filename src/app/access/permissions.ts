import { orderIdSchema } from '../../contract/json.ts';
import { Problem } from '../../contract/problem.ts';
import type { Json } from '../../core/json.ts';
import type { Journal } from '../../ports/journal.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Caller } from './caller.ts';

/**
 * Who may do what. An operator may do everything. A client may
 * 1. make the calls listed here, and no others;
 * 2. place orders in its own name only, and list its own only;
 * 3. read and cancel its own orders; others' are not there;
 * 4. give its orders no reference into the system's bucket, where other clients' files lie.
 */
const OPEN_TO_CLIENTS: ReadonlySet<string> = new Set([
  'POST /orders',
  'GET /orders',
  'GET /orders/{orderId}',
  'POST /orders/{orderId}/cancel',
  'GET /openapi.json',
]);

/** The request as its caller may make it: 1, 2 and 3. @throws {Problem} FORBIDDEN, NOT_FOUND */
export async function permit(
  { method, path }: { readonly method: string; readonly path: string },
  request: ApiRequest,
  journal: Pick<Journal, 'latest'> | undefined,
): Promise<ApiRequest> {
  const { caller, params, query } = request;
  if (caller.kind === 'operator') return request;
  if (!OPEN_TO_CLIENTS.has(`${method} ${path}`)) {
    throw new Problem('FORBIDDEN', `${method} ${path} takes an operator's token`);
  }
  if (path.startsWith('/orders/{orderId}')) {
    const { orderId = '' } = params;
    const known = orderIdSchema.safeParse(orderId).success;
    const owner = known ? (await journal?.latest(orderId))?.state.client : undefined;
    if (owner !== caller.client) throw noOrder(orderId);
  }
  if (path !== '/orders') return request;
  refuseOtherClients(caller, query.client);
  return { ...request, query: { ...query, client: caller.client } };
}

/** 2, for each order: a client's name is filled in before, so that it is never missing here. @throws {Problem} FORBIDDEN */
export function refuseOtherClients(caller: Caller, named: string | undefined): void {
  if (caller.kind === 'operator' || named === undefined || named === caller.client) return;
  const message = `client: this token is client ${caller.client}'s`;
  throw new Problem('FORBIDDEN', [{ path: 'client', message }]);
}

/**
 * 4. Plugins read what an input names, with rights of their own, so that a client could have another's file read. Whatever
 * way a reference is written, it holds the bucket's name. @throws {Problem} FORBIDDEN
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
