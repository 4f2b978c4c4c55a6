import { isPassingStatus } from '../client/errors.ts';
import * as paths from '../client/paths.ts';
import { FIRST_LOOK_MS, nextLookMs, pause } from '../client/pause.ts';
import type { Api } from './api.ts';
import { RefusedError, UnreachableError, WaitedTooLongError } from './errors.ts';
import type { OrderView } from './responses.ts';

/** Orders that are read in one round, and how many of these requests run at once. */
const SMALLEST_ROUND = 4;
const LARGEST_ROUND = 32;
const CONCURRENCY = 4;

/** How long a system that restarts may stay silent. */
const PATIENCE_MS = 15_000;

const ENDED = new Set(['completed', 'failed', 'cancelled']);

export interface Waiting {
  /** Called with each order whenever it was read. */
  readonly onSeen?: (order: OrderView) => void;
  /** Called for each order as it ends. */
  readonly onEnded?: (order: OrderView) => void;
  /** Gives up after this time. Default: never. */
  readonly limitMs?: number | undefined;
  readonly signal?: AbortSignal;
}

/**
 * Waits until all orders have ended. Orders end roughly in the sequence in which they were accepted, so the oldest are read first, and
 * the rounds grow while most orders in them have ended. So there is about one request for each order and a few for each pause,
 * however many orders there are. An unfinished order goes to the back, so that it does not hide those behind it.
 * @throws {WaitedTooLongError} after the limit; {@link UnreachableError} if the API is silent for 15 seconds; the signal's reason
 */
export async function waitForOrders(
  api: Pick<Api, 'get' | 'url'>,
  orderIds: readonly string[],
  { onSeen = () => undefined, onEnded = () => undefined, limitMs, signal }: Waiting = {},
): Promise<readonly OrderView[]> {
  const until = limitMs === undefined ? Number.POSITIVE_INFINITY : performance.now() + limitMs;
  const ended = new Map<string, OrderView>();
  let pending: readonly string[] = [...new Set(orderIds)];
  let round = SMALLEST_ROUND;
  let pauseMs = FIRST_LOOK_MS;
  let respondedAt = performance.now();
  while (pending.length > 0) {
    const asked = pending.slice(0, round);
    const views = await inParallel(asked, (orderId) => readOrder(api, orderId, signal));
    const unfinished: string[] = [];
    if (views.some((view) => view !== undefined)) respondedAt = performance.now();
    for (const [index, view] of views.entries()) {
      if (view !== undefined) onSeen(view);
      if (view === undefined || !ENDED.has(view.status)) unfinished.push(asked[index] ?? '');
      else {
        ended.set(view.orderId, view);
        onEnded(view);
      }
    }
    pending = [...pending.slice(round), ...unfinished];
    if (pending.length === 0) break;
    if (performance.now() >= until) {
      throw new WaitedTooLongError(
        `${pending.length} of ${orderIds.length} orders have not ended; they go on`,
      );
    }
    if (performance.now() - respondedAt > PATIENCE_MS) {
      throw new UnreachableError(`${api.url} no longer responds; the orders go on when it is back`);
    }
    const mostHaveEnded = unfinished.length * 2 < asked.length;
    round = mostHaveEnded ? Math.min(round * 2, LARGEST_ROUND) : SMALLEST_ROUND;
    if (unfinished.length < asked.length) pauseMs = FIRST_LOOK_MS;
    if (unfinished.length === 0) continue;
    await pause(Math.min(pauseMs, Math.max(0, until - performance.now())), signal);
    pauseMs = nextLookMs(pauseMs);
  }
  return orderIds.flatMap((orderId) => ended.get(orderId) ?? []);
}

/** `undefined` while the API fails for a moment. */
async function readOrder(
  api: Pick<Api, 'get'>,
  orderId: string,
  signal: AbortSignal | undefined,
): Promise<OrderView | undefined> {
  try {
    return await api.get<OrderView>(paths.order(orderId), signal);
  } catch (error) {
    const passing =
      error instanceof UnreachableError ||
      (error instanceof RefusedError && isPassingStatus(error.status));
    if (passing) return undefined;
    throw error;
  }
}

/** The results are in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const numbered = items.entries();
  const worker = async () => {
    for (const [index, item] of numbered) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}
