import { RefusedError, UnreachableError, WaitedTooLongError } from './errors.ts';
import type { Moment, Order } from './messages.ts';
import { pause } from './pause.ts';

/** Between two looks at an order that goes on; long orders are looked at less often. */
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2000;
const PAUSE_GROWTH = 1.5;

/** How long a system that restarts may stay silent. */
const PATIENCE_MS = 60_000;

const ENDED: ReadonlySet<string> = new Set<Order['status']>(['completed', 'failed', 'cancelled']);

export interface WaitOptions {
  /** Gives up after so many milliseconds. Default: never. The order goes on. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The order each time that it is read, until it has ended. @throws {WaitedTooLongError} */
export async function* looks(
  read: () => Promise<Order>,
  { timeoutMs = Number.POSITIVE_INFINITY, signal }: WaitOptions,
): AsyncGenerator<Order, void> {
  const until = performance.now() + timeoutMs;
  let pauseMs = SHORTEST_PAUSE_MS;
  let respondedAt = performance.now();
  for (;;) {
    const order = await read().catch((error: unknown) => {
      if (isPassing(error) && performance.now() - respondedAt < PATIENCE_MS) return undefined;
      throw error;
    });
    if (order !== undefined) {
      yield order;
      if (ENDED.has(order.status)) return;
      respondedAt = performance.now();
    }
    const left = until - performance.now();
    if (left <= 0) {
      throw new WaitedTooLongError(`the order has not ended within ${timeoutMs} ms; it goes on`);
    }
    await pause(Math.min(pauseMs, left), signal);
    pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
}

/** While a system restarts, or is unwell. */
function isPassing(error: unknown): boolean {
  if (error instanceof RefusedError) return error.status === 429 || error.status >= 500;
  return error instanceof UnreachableError;
}

/** What happened to the order, each moment once. */
export async function* moments(orders: AsyncIterable<Order>): AsyncGenerator<Moment> {
  let told = 0;
  for await (const { timeline } of orders) {
    yield* timeline.slice(told);
    told = Math.max(told, timeline.length);
  }
}
