import { defined } from '../../core/defined.ts';
import type { EnginePorts } from '../../engine/engine-ports.ts';
import type {
  Applied,
  Operation,
  OperationMessage,
  OperationQueue,
  Operations,
} from '../../ports/operations.ts';
import type { OrderList, OrderPage } from '../../ports/order-list.ts';
import { logger } from '../logger.ts';
import { applyToPage } from './apply-to-page.ts';

export interface DoPagePorts extends EnginePorts {
  readonly orderList: OrderList;
  readonly operations: Operations;
  readonly operationQueue: OperationQueue;
}

/** A page holds what the rate allows in this many seconds. */
const PAGE_SECONDS = 5;
const MAX_PAGE = 100;

/** Where few orders match, the search for a page ends after this long, and the next message goes on. Milliseconds. */
const LOOK_FOR_MS = 20_000;

/** The request that sends the first message stores the operation right after it. One that is unknown for longer was never stored. */
const STORED_WITHIN_MS = 60_000;

/** The page before it is not counted yet. */
export class EarlyPageError extends Error {
  override readonly name = 'EarlyPageError';
}

/** What the queue says of a message. */
export interface Delivery {
  readonly sentAt: number;
  /** 1 at its first delivery. */
  readonly receiveCount: number;
}

/**
 * Does one page of an operation, and asks for the next. It may be repeated at any point:
 *
 * 1. The page's orders are written down before the first of them is touched, so that a repeat means the same ones.
 * 2. Each is acted on under the operation's id: what its journal holds already changes nothing. How far the page has come is written down on the way.
 * 3. The next page is asked for, then this one is counted. So a page that is counted has a successor, and its message may go; a message that
 *    comes twice finds its page counted.
 *
 * @throws when the message has to come again
 */
export async function doPage(
  { operationId, page }: OperationMessage,
  delivery: Delivery,
  ports: DoPagePorts,
): Promise<void> {
  const begunAt = ports.clock();
  const found = await ports.operations.get(operationId);
  if (found === undefined) {
    if (begunAt - delivery.sentAt > STORED_WITHIN_MS) return notStored(operationId);
    throw new Error(`operation ${operationId} is not stored yet`);
  }
  if (found.page > page) return;
  if (found.page < page) {
    throw new EarlyPageError(`operation ${operationId}: page ${page} comes early`);
  }
  const operation = await withOrders(found, ports);
  if (operation?.page !== page || operation.underWay === undefined) return;

  const { orderIds, after } = operation.underWay;
  const { receiveCount } = delivery;
  const applied = await applyToPage(operation, operation.underWay, receiveCount, ports);
  if (after !== undefined) {
    const takes = orderIds.length / operation.ratePerSecond;
    const rest = Math.round(takes - (ports.clock() - begunAt) / 1000);
    // At least a second: the next page must not come before this one is counted.
    await ports.operationQueue.send({ operationId, page: page + 1 }, Math.max(1, rest));
  }
  await ports.operations.change(operationId, (one) =>
    one.page === page ? counted(one, [...applied.values()], after, ports.clock()) : undefined,
  );
}

function notStored(operationId: string): void {
  logger.warn('operation was never stored', { operationId });
}

/** The operation with the orders of its page; one that was stopped begins no page, but ends what it has begun of the one that is under way. */
async function withOrders(
  operation: Operation,
  ports: DoPagePorts,
): Promise<Operation | undefined> {
  if (operation.underWay !== undefined || operation.status !== 'running') return operation;
  const { orders, next: after } = await nextOrders(operation, ports);
  const orderIds = orders.map(({ orderId }) => orderId);
  const underWay = { orderIds, ...(after !== undefined && { after }) };
  return ports.operations.change(operation.operationId, (one) =>
    one.page === operation.page && one.underWay === undefined && one.status === 'running'
      ? { ...one, underWay }
      : undefined,
  );
}

async function nextOrders(
  { filter, askedAt, ratePerSecond, next: from }: Operation,
  { orderList, clock }: DoPagePorts,
): Promise<OrderPage> {
  const limit = Math.min(MAX_PAGE, Math.max(1, Math.round(ratePerSecond * PAGE_SECONDS)));
  const to = Math.min(filter.to ?? Infinity, askedAt + 1);
  const until = clock() + LOOK_FOR_MS;
  let next = from;
  for (;;) {
    try {
      const page = await orderList.page({ ...filter, to, limit, next });
      if (page.orders.length > 0 || page.next === undefined || clock() >= until) return page;
      next = page.next;
    } catch (error) {
      if (next === from) throw error;
      // A page without orders writes down that none matched so far.
      return { orders: [], ...defined({ next }) };
    }
  }
}

function counted(
  { underWay: _, next: __, ...operation }: Operation,
  applied: readonly Applied[],
  after: string | undefined,
  now: number,
): Operation {
  const refusals = { ...operation.refusals };
  for (const one of applied) {
    if (one !== 'done') refusals[one.refused] = (refusals[one.refused] ?? 0) + 1;
  }
  const done = operation.done + applied.filter((one) => one === 'done').length;
  const refused = operation.refused + applied.filter((one) => one !== 'done').length;
  const seen = done + refused;
  const going = { ...operation, page: operation.page + 1, done, refused, refusals };
  if (after !== undefined || going.status === 'stopped') {
    return { ...going, matched: Math.max(going.matched, seen), ...defined({ next: after }) };
  }
  const { more: ___, ...ended } = going;
  return { ...ended, matched: seen, status: 'done', endedAt: now };
}
