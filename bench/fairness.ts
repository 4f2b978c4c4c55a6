import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startMeasuredSystem } from './measured-system.ts';
import { call } from './orders.ts';
import { quantile } from './quantile.ts';

/** How long the orders of one client take that come now and then, and what else there is meanwhile. Seconds. */
export interface FairnessRow {
  readonly beside: 'nothing' | 'all at once' | 'so many at once';
  readonly median: number;
  readonly longest: number;
  /** Of these many orders. */
  readonly orders: number;
  /** Until the last order of the other client had ended. */
  readonly otherSeconds?: number;
}

export interface Fairness {
  /** Orders that the other client places in one go. */
  readonly many: number;
  readonly tasksPerClient: number;
  readonly instances: number;
  readonly workMs: number;
  readonly rows: readonly FairnessRow[];
}

const MANY = 'a';
const FEW = 'b';

/** Two plugins that differ in nothing else: of each, so many instances perform one task at a time. */
const INSTANCES = 10;
const TASKS_PER_CLIENT = 8;
const WORK_MS = 500;
const SLOW = { batchSize: 1, concurrency: INSTANCES };
const FREE = 'p1';
const BOUNDED = 'p2';

/** The other client's orders are in the plugin's queue by then. */
const HEAD_START_MS = 5000;

const EVERY_MS = 2000;

/** Orders that one request holds. */
const AT_ONCE = 100;

const MOST_ASKED = 10;

/** A busy machine takes so long. */
const LONG_MS = 900_000;

export async function measureFairness(
  quick: boolean,
  say: (line: string) => void,
): Promise<Fairness> {
  const [many, few] = quick ? [200, 4] : [1000, 20];
  const system = await startMeasuredSystem({
    ...{ plugins: 2, counting: false },
    blocks: { [FREE]: SLOW, [BOUNDED]: { ...SLOW, tasksPerClient: TASKS_PER_CLIENT } },
  });
  const { apiUrl } = system;
  try {
    const nowAndThen = async (): Promise<readonly number[]> => {
      const ids: string[] = [];
      for (let one = 0; one < few; one += 1) {
        ids.push(...(await place(apiUrl, FEW, 1)));
        await pause(EVERY_MS);
      }
      return Promise.all(ids.map((id) => secondsOf(apiUrl, id)));
    };
    const rowOf = async (
      beside: FairnessRow['beside'],
      plugin: string,
      others: number,
    ): Promise<FairnessRow> => {
      for (const client of [MANY, FEW]) {
        await call(apiUrl, 'PUT', `/clients/${client}`, { todo: [plugin] });
      }
      const startedAt = Date.now();
      const ids = await place(apiUrl, MANY, others);
      if (others > 0) await pause(HEAD_START_MS);
      const seconds = await nowAndThen();
      await system.quiet(LONG_MS);
      const other =
        ids.length === 0 ? {} : { otherSeconds: await untilAllEnded(apiUrl, ids, startedAt) };
      const [median, longest] = [quantile(seconds, 0.5), Math.max(...seconds)];
      say(`beside ${beside}: ${median.toFixed(1)} s, ${longest.toFixed(1)} s at most`);
      return { beside, median, longest, orders: few, ...other };
    };
    const rows = [
      await rowOf('nothing', FREE, 0),
      await rowOf('all at once', FREE, many),
      await rowOf('so many at once', BOUNDED, many),
    ];
    const about = { tasksPerClient: TASKS_PER_CLIENT, instances: INSTANCES, workMs: WORK_MS };
    return { many, ...about, rows };
  } finally {
    await system.stop();
  }
}

async function place(apiUrl: string, client: string, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, () => ({
      ...{ orderId: randomUUID(), client, input: { bytes: 16, workMs: WORK_MS } },
    }));
    await again(() => call(apiUrl, 'POST', '/orders', rows));
    ids.push(...rows.map(({ orderId }) => orderId));
  }
  return ids;
}

/** A busy machine may not answer in time. An order that has an id is placed once, however often it is asked for. */
async function again<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let asked = 1; ; asked += 1) {
    try {
      return await ask();
    } catch (error) {
      if (asked === MOST_ASKED) throw error;
      await pause(500);
    }
  }
}

interface Ended {
  readonly status: string;
  readonly acceptedAt: string;
  readonly endedAt?: string;
}

/** From accepted to completed. */
async function secondsOf(apiUrl: string, orderId: string): Promise<number> {
  const { acceptedAt, endedAt } = await ended(apiUrl, orderId);
  return (Date.parse(endedAt) - Date.parse(acceptedAt)) / 1000;
}

async function untilAllEnded(
  apiUrl: string,
  ids: readonly string[],
  since: number,
): Promise<number> {
  let last = since;
  for (const id of ids) last = Math.max(last, Date.parse((await ended(apiUrl, id)).endedAt));
  return (last - since) / 1000;
}

/** The order once it has completed. */
async function ended(apiUrl: string, orderId: string): Promise<Required<Ended>> {
  for (;;) {
    const { status, acceptedAt, endedAt } = await again(() =>
      call<Ended>(apiUrl, 'GET', `/orders/${orderId}`),
    );
    if (status === 'completed' && endedAt !== undefined) return { status, acceptedAt, endedAt };
    if (endedAt !== undefined) throw new Error(`order ${orderId} is ${status}`);
    await pause(500);
  }
}
