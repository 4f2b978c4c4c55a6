import type { MeasuredSystem } from './measured-system.ts';
import { startMeasuredSystem } from './measured-system.ts';
import { call, placeOrders } from './orders.ts';
import { quantile } from './quantile.ts';

/** What people ask for. */
const WISHES = ['pause', 'resume', 'retry', 'cancel', 'operation'] as const;

export type Wish = (typeof WISHES)[number];

export interface Wishes {
  /** Orders that were placed while the orchestrator stood still. */
  readonly orders: number;
  /** How often each was wished for, one after another. */
  readonly times: number;
  /** Messages in all queues: when the orchestrator began again and the first wish came, and after the last one. */
  readonly waitingAtFirst: number;
  readonly waitingAtLast: number;
  readonly rows: readonly WishRow[];
}

export interface WishRow {
  readonly wish: Wish;
  readonly empty: Waited;
  readonly full: Waited;
}

/** Milliseconds until the answer: then the wish stands in the order's journal; an operation is accepted. */
export interface Waited {
  readonly median: number;
  readonly most: number;
  /** How many had to be asked again, since AWS's services answered too late; it is a part of their time. */
  readonly askedAgain: number;
}

const WORKFLOWS = {
  waits: { activities: [{ name: 'hold', pre: [{ wait: '1d' }] }] },
  fails: { activities: [{ name: 'fail', pre: [{ plugin: 'p2', input: '$error("no")' }] }] },
};

/** It is about all orders; hardly one of them is paused, so it changes nothing, and it goes through them slowly until it is stopped. */
const OPERATION = {
  ...{ action: 'resume', filter: { from: '2020-01-01T00:00:00Z' }, ratePerSecond: 0.1 },
};

/** A wish that is answered 503 is asked again, so often at most. */
const MOST_TIMES = 10;

/** A busy machine takes so long for the backlog. */
const LONG_MS = 3_600_000;

/** Orders that wait and orders that have failed, to be acted on. */
interface Subjects {
  readonly waiting: readonly string[];
  readonly failed: readonly string[];
}

/** Wishes with full queues, and then with empty ones beside the same orders. */
export async function measureWishes(quick: boolean, say: (line: string) => void): Promise<Wishes> {
  const [orders, times] = quick ? [1000, 5] : [10_000, 20];
  const system = await startMeasuredSystem({ plugins: 2, counting: false });
  try {
    for (const [name, definition] of Object.entries(WORKFLOWS)) {
      await call(system.apiUrl, 'PUT', `/workflows/${name}`, definition);
    }
    const [warmUp, first, second] = [
      await subjects(system, 2),
      await subjects(system, times),
      await subjects(system, times),
    ];
    await wishesOf(system, warmUp);

    await system.enable('orchestrate', false);
    await placeOrders(system.apiUrl, { tasks: 1, payloadBytes: 1024 }, orders);
    await system.enable('orchestrate', true);
    const waitingAtFirst = await system.waiting();
    const full = await wishesOf(system, first);
    const waitingAtLast = await system.waiting();
    say(`${waitingAtFirst} messages waited at first, ${waitingAtLast} after the wishes`);

    await system.quiet(LONG_MS);
    const empty = await wishesOf(system, second);
    const rows = WISHES.map((wish) => ({ wish, empty: empty[wish], full: full[wish] }));
    return { orders, times, waitingAtFirst, waitingAtLast, rows };
  } finally {
    await system.stop();
  }
}

async function subjects({ apiUrl, quiet }: MeasuredSystem, count: number): Promise<Subjects> {
  const place = async (workflow: string) => {
    const rows = Array.from({ length: count }, () => ({ workflow, input: {} }));
    const { accepted } = await call<{ accepted: { orderId: string }[] }>(
      ...([apiUrl, 'POST', '/orders', rows] as const),
    );
    return accepted.map(({ orderId }) => orderId);
  };
  const placed = { waiting: await place('waits'), failed: await place('fails') };
  await quiet();
  return placed;
}

/** One wish after another, of each kind in turn, so that each kind meets as full a queue as the others. */
async function wishesOf(
  { apiUrl }: MeasuredSystem,
  { waiting, failed }: Subjects,
): Promise<Record<Wish, Waited>> {
  const took: Record<Wish, number[]> = {
    ...{ pause: [], resume: [], retry: [], cancel: [], operation: [] },
  };
  const again: Record<Wish, number> = { pause: 0, resume: 0, retry: 0, cancel: 0, operation: 0 };
  const timed = async <Body>(wish: Wish, path: string, body: object): Promise<Body> => {
    const startedAt = performance.now();
    for (let asked = 0; ; asked += 1) {
      const answer = await call<Body>(apiUrl, 'POST', path, body).catch((error: Error) => {
        if (asked < MOST_TIMES && error.message.includes('UNAVAILABLE')) return undefined;
        throw error;
      });
      if (answer === undefined) continue;
      took[wish].push(performance.now() - startedAt);
      if (asked > 0) again[wish] += 1;
      return answer;
    }
  };
  for (const [index, orderId] of waiting.entries()) {
    await timed('pause', `/orders/${orderId}/pause`, {});
    await timed('resume', `/orders/${orderId}/resume`, {});
    await timed('cancel', `/orders/${orderId}/cancel`, {});
    await timed('retry', `/orders/${failed[index]}/retry`, { input: { bytes: 10 } });
    const { operationId } = await timed<{ operationId: string }>(
      ...(['operation', '/operations', OPERATION] as const),
    );
    await call(apiUrl, 'POST', `/operations/${operationId}/stop`);
  }
  const waited = (wish: Wish): Waited => ({
    median: quantile(took[wish], 0.5),
    most: quantile(took[wish], 1),
    askedAgain: again[wish],
  });
  return {
    ...{ pause: waited('pause'), resume: waited('resume'), retry: waited('retry') },
    ...{ cancel: waited('cancel'), operation: waited('operation') },
  };
}
