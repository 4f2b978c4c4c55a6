import { checkTimeout } from './check-arguments.ts';
import { isPassingStatus, RefusedError, UnreachableError, WaitedTooLongError } from './errors.ts';
import type { Moment, Operation, Order } from './messages.ts';
import { FIRST_LOOK_MS, nextLookMs, pause } from './pause.ts';

/** How long a system that restarts may stay silent. */
const PATIENCE_MS = 60_000;

const ENDS: ReadonlySet<string> = new Set<Order['status'] | Operation['status']>([
  ...(['completed', 'failed', 'cancelled'] as const),
  ...(['done', 'stopped'] as const),
]);

export interface WaitOptions {
  /** Gives up after so many milliseconds. Default: never. What was waited for goes on. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** An order or an operation, each time that it is read, until it has ended. @param what its name in errors @param since from when on `timeoutMs` counts @throws {WaitedTooLongError} */
export async function* looks<Looked extends Order | Operation>(
  read: () => Promise<Looked>,
  what: 'order' | 'operation',
  { timeoutMs = Number.POSITIVE_INFINITY, signal }: WaitOptions,
  since = performance.now(),
): AsyncGenerator<Looked, void> {
  checkTimeout(timeoutMs);
  const until = since + timeoutMs;
  let pauseMs = FIRST_LOOK_MS;
  let respondedAt = performance.now();
  for (;;) {
    const looked = await read().catch((error: unknown) => {
      if (isPassing(error) && performance.now() - respondedAt < PATIENCE_MS) return undefined;
      throw error;
    });
    if (looked !== undefined) {
      yield looked;
      if (ENDS.has(looked.status)) return;
      respondedAt = performance.now();
    }
    const left = until - performance.now();
    if (left <= 0) {
      throw new WaitedTooLongError(`the ${what} has not ended within ${timeoutMs} ms; it goes on`);
    }
    await pause(Math.min(pauseMs, left), signal);
    pauseMs = nextLookMs(pauseMs);
  }
}

/** What was read when it had ended. */
export async function lastOf<Looked>(looked: AsyncIterable<Looked>): Promise<Looked> {
  let last: Looked | undefined;
  for await (const one of looked) last = one;
  return last!;
}

/** While a system restarts, or is unwell. */
function isPassing(error: unknown): boolean {
  if (error instanceof RefusedError) return isPassingStatus(error.status);
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
