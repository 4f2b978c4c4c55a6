import { randomBytes } from 'node:crypto';

/** What an order of the bench is made of. */
export interface OrderShape {
  /** Plugins in a row, or at once. */
  readonly tasks: number;
  readonly parallel?: boolean;
  readonly payloadBytes: number;
  /** Whether every plugin hands its input on unchanged. */
  readonly carried?: boolean;
}

/** A row of tasks goes round these plugins, so that each of their queues gets a share of the load. */
const IN_A_ROW = 5;

/** Rows that one request holds: those that one call to SQS starts. A busy machine writes no more within the four seconds that the core gives a call. */
const AT_ONCE = 10;

const LOOKED_AT_ONCE = 5;

export function orderOf({ tasks, parallel = false, payloadBytes, carried = false }: OrderShape) {
  const names = Array.from({ length: tasks }, (_, index) =>
    parallel ? `p${index + 1}` : `p${(index % IN_A_ROW) + 1}`,
  );
  const text = randomBytes(Math.ceil(payloadBytes / 2)).toString('hex');
  return {
    input: { bytes: payloadBytes, text, ...(carried && { carried }) },
    todo: parallel ? [names] : names,
  };
}

/** Places so many orders, some in each request, or as many requests at once. @returns their ids */
export async function placeOrders(
  apiUrl: string,
  shape: OrderShape,
  count: number,
  oneByOne = false,
): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - ids.length) });
    if (oneByOne) {
      ids.push(...(await Promise.all(next.map(() => placeOrder(apiUrl, shape)))));
      continue;
    }
    const rows = next.map(() => orderOf(shape));
    const { accepted, rejected } = await call<{
      accepted: { orderId: string }[];
      rejected: unknown[];
    }>(apiUrl, 'POST', '/orders', rows);
    if (rejected.length > 0) throw new Error(`refused: ${JSON.stringify(rejected[0])}`);
    ids.push(...accepted.map(({ orderId }) => orderId));
  }
  return ids;
}

/** Places one order, alone in its request. */
export async function placeOrder(apiUrl: string, shape: OrderShape): Promise<string> {
  const placed = await call<{ orderId: string }>(apiUrl, 'POST', '/orders', orderOf(shape));
  return placed.orderId;
}

export interface SeenOrder {
  readonly status: string;
  readonly acceptedAt: string;
  readonly endedAt?: string;
  readonly tasks: readonly { readonly dispatchedAt?: string; readonly endedAt?: string }[];
}

/** The orders, all of which must have completed. @throws {Error} that names the first that has not */
export async function completedOrders(
  apiUrl: string,
  ids: readonly string[],
): Promise<readonly SeenOrder[]> {
  const seen: SeenOrder[] = [];
  for (let first = 0; first < ids.length; first += LOOKED_AT_ONCE) {
    const some = ids.slice(first, first + LOOKED_AT_ONCE);
    const look = (id: string) => call<SeenOrder>(apiUrl, 'GET', `/orders/${id}`);
    seen.push(...(await Promise.all(some.map(look))));
  }
  const open = seen.findIndex(({ status }) => status !== 'completed');
  if (open >= 0) throw new Error(`order ${ids[open]} is ${seen[open]?.status}`);
  return seen;
}

/** Calls the API. @throws with what it says when it refuses */
export async function call<Body>(
  apiUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Body> {
  const response = await fetch(apiUrl + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Body;
}
