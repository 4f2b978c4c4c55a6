import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { StatusView } from '../../src/cli/responses.ts';
import { until } from '../local/until.ts';
import type { OrderSystem, SeenOrder } from '../stack/order-system.ts';
import { demand } from './client.ts';
import type { Expected } from './workload.ts';

/** What is wrong with an order that has ended: nothing, if it is as expected. */
export function complaintsOf(seen: SeenOrder, expected: Expected): readonly string[] {
  const { orderId, status, result, error, jobs, tasks } = seen;
  if (status !== 'completed') return [`${orderId} is ${status}: ${JSON.stringify(error)}`];
  const complaints: string[] = [];
  if (!isDeepStrictEqual(result, expected.result)) {
    complaints.push(
      `${orderId} has the result ${JSON.stringify(result)}, not ${JSON.stringify(expected.result)}`,
    );
  }
  const results = Object.fromEntries(Object.entries(jobs).map(([job, done]) => [job, done.result]));
  if (!isDeepStrictEqual(results, { ...expected.jobs })) {
    complaints.push(
      `${orderId} has the jobs ${JSON.stringify(results)}, not ${JSON.stringify(expected.jobs)}`,
    );
  }
  const names = tasks.map(({ job }) => job);
  if (new Set(names).size < names.length) complaints.push(`${orderId} has the tasks ${names}`);
  return complaints;
}

/** What a process that was killed has left of orders that have ended is swept up a minute or two later. */
const SWEPT_WITHIN_MS = 300_000;

/** What is left in the system when all orders should have ended, and which orders are there that nobody placed. */
export async function leftBehind(
  system: OrderSystem,
  placed: readonly { readonly orderId: string }[],
  askEveryMs = 2000,
): Promise<readonly string[]> {
  let active = Number.NaN;
  await until(
    'no order is active',
    async () => {
      const { orders } = await demand<StatusView>(system, { path: '/status' });
      active = orders.active;
      return active === 0 || pause(askEveryMs, false);
    },
    SWEPT_WITHIN_MS,
  ).catch(() => undefined);
  const known = new Set(placed.map(({ orderId }) => orderId));
  const listed = await idsOf(system);
  const twice = listed.length - new Set(listed).size;
  const strange = listed.filter((orderId) => !known.has(orderId));
  const unlisted = [...known].filter((orderId) => !listed.includes(orderId));
  return [
    ...(active > 0 ? [`${active} orders are still active`] : []),
    ...(twice > 0 ? [`${twice} orders are listed twice`] : []),
    ...(strange.length > 0 ? [`nobody placed ${strange}`] : []),
    ...(unlisted.length > 0 ? [`not listed: ${unlisted}`] : []),
  ];
}

/** How many orders have ended. */
export async function countEnded(system: OrderSystem): Promise<number> {
  const counts = await Promise.all(
    ['completed', 'failed', 'cancelled'].map(
      async (status) => new Set(await idsOf(system, status)).size,
    ),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

async function idsOf(system: OrderSystem, status?: string): Promise<readonly string[]> {
  const ids: string[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({
      limit: '100',
      ...(status && { status }),
      ...(next && { next }),
    });
    const page = await system.call<{ orders: { orderId: string }[]; next?: string }>(
      ...(['GET', `/orders?${query}`] as const),
    );
    ids.push(...page.orders.map(({ orderId }) => orderId));
    next = page.next;
  } while (next !== undefined);
  return ids;
}
