import { ulid } from 'ulid';
import { operationRequestSchema } from '../../contract/operation-request.ts';
import { noSuchPage } from '../../contract/page-token.ts';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { pageQuerySchema } from '../../contract/requests.ts';
import { defined } from '../../core/defined.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeadLetters } from '../../ports/dead-letters.ts';
import type { Operation, OperationQueue, Operations } from '../../ports/operations.ts';
import type { OrderFilter, OrderList, OrderSummary } from '../../ports/order-list.ts';
import { deadLetterRoutes } from '../dead-letters/dead-letters-api.ts';
import type { ApiRequest } from '../http/api-request.ts';
import { jsonBody } from '../http/api-request.ts';
import type { Route } from '../http/http-api.ts';
import { httpApi } from '../http/http-api.ts';
import { iso } from '../http/iso.ts';
import { fingerprintOf, idempotencyKey } from '../intake/order-identity.ts';
import { actorOf } from '../orders/acts-api.ts';
import { viewSummary } from '../orders/order-view.ts';
import { actIn, filterIn } from './operation-request.ts';

export interface OperationsPorts {
  readonly orderList: OrderList;
  readonly operations: Operations;
  readonly operationQueue: OperationQueue;
  readonly deadLetters: DeadLetters;
  readonly clock: Clock;
}

/** Before an operation begins, at most this many matching orders are counted, for at most this many milliseconds. */
const COUNTED = 1000;
const COUNT_FOR_MS = 8000;

/** Orders of a page while counting. */
const LOOKED_UP_AT_ONCE = 100;

/** How many of the orders that match are shown. */
const SAMPLE = 5;

export function makeOperations(ports: OperationsPorts) {
  return httpApi([...operationRoutes(ports), ...deadLetterRoutes(ports)]);
}

function operationRoutes(ports: OperationsPorts): readonly Route[] {
  return [
    { method: 'POST', path: '/operations', handle: (request) => begin(request, ports) },
    {
      method: 'GET',
      path: '/operations',
      readsQuery: true,
      handle: (request) => list(request, ports),
    },
    {
      method: 'GET',
      path: '/operations/{operationId}',
      handle: async ({ params: { operationId = '' } }) => {
        const operation = await ports.operations.get(operationId);
        if (operation === undefined) throw unknown(operationId);
        return { status: 200, body: view(operation) };
      },
    },
    {
      method: 'POST',
      path: '/operations/{operationId}/stop',
      handle: async ({ params: { operationId = '' } }) => {
        const operation = await ports.operations.change(operationId, (one) =>
          one.status === 'running'
            ? { ...one, status: 'stopped', endedAt: ports.clock() }
            : undefined,
        );
        if (operation === undefined) throw unknown(operationId);
        return { status: 200, body: view(operation) };
      },
    },
  ];
}

async function begin(request: ApiRequest, ports: OperationsPorts) {
  const body = jsonBody(request);
  const asked = parse(operationRequestSchema, body);
  const filter = filterIn(asked);
  const { sample, ...found } = await countMatching(filter, ports);
  const shown = sample.map(viewSummary);
  if (asked.dryRun) return { status: 200, body: { ...found, sample: shown } };

  const key = idempotencyKey(request);
  const operationId = `op-${key === undefined ? ulid(ports.clock()) : fingerprintOf(['operation', key])}`;
  const fingerprint = fingerprintOf(body);
  const operation: Operation = {
    ...{ operationId, act: actIn(asked), filter, ratePerSecond: asked.ratePerSecond },
    ...{ actor: actorOf(request.caller), askedAt: ports.clock(), fingerprint },
    ...defined({ reason: asked.reason }),
    ...{ status: 'running', ...found, done: 0, refused: 0, refusals: {}, page: 0 },
  };
  // First the message, then the operation: one that is stored is under way, whoever dies in between.
  await ports.operationQueue.send({ operationId, page: 0 }, 1);
  const isNew = await ports.operations.add(operation);
  const stored = isNew ? operation : ((await ports.operations.get(operationId)) ?? operation);
  if (stored.fingerprint !== fingerprint) {
    const message = `operation ${operationId} was begun by another request`;
    throw new Problem('IDEMPOTENCY_CONFLICT', message);
  }
  const { matched, more } = stored;
  return { status: 202, body: { operationId, matched, ...defined({ more }), sample: shown } };
}

async function countMatching(
  filter: OrderFilter,
  { orderList, clock }: OperationsPorts,
): Promise<{ matched: number; more?: true; sample: readonly OrderSummary[] }> {
  const until = clock() + COUNT_FOR_MS;
  const sample: OrderSummary[] = [];
  let matched = 0;
  let next: string | undefined;
  do {
    const page = await orderList.page({ ...filter, limit: LOOKED_UP_AT_ONCE, next });
    matched += page.orders.length;
    sample.push(...page.orders.slice(0, SAMPLE - sample.length));
    next = page.next;
  } while (next !== undefined && matched < COUNTED && clock() < until);
  return { matched, ...(next !== undefined && { more: true as const }), sample };
}

async function list({ query }: ApiRequest, { operations }: OperationsPorts) {
  const { limit, next } = parse(pageQuerySchema, query);
  const newestFirst = (await operations.list()).toSorted(
    (a, b) => b.askedAt - a.askedAt || (a.operationId < b.operationId ? 1 : -1),
  );
  const from = newestFirst.findIndex(({ operationId }) => operationId === next) + 1;
  if (next !== undefined && from === 0) throw noSuchPage();
  const page = newestFirst.slice(from, from + limit);
  const last = from + limit < newestFirst.length ? page.at(-1)?.operationId : undefined;
  return { status: 200, body: { operations: page.map(view), ...defined({ next: last }) } };
}

function view(operation: Operation): object {
  const { act, filter, ratePerSecond, actor, reason, askedAt, endedAt, status } = operation;
  const { operationId, matched, more, done, refused, refusals } = operation;
  const { from, to, ...rest } = filter;
  return {
    ...{ operationId, status, ...act },
    filter: { ...rest, ...defined({ from: from && iso(from), to: to && iso(to) }) },
    ...{ ratePerSecond, actor, ...defined({ reason }), askedAt: iso(askedAt) },
    ...defined({ endedAt: endedAt && iso(endedAt) }),
    ...{ matched, ...defined({ more }), done, refused, refusals },
  };
}

function unknown(operationId: string): Problem {
  return new Problem('NOT_FOUND', `there is no operation ${operationId}`);
}
