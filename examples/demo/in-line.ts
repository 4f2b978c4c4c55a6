import { json } from '../../src/cli/api.ts';
import type { BatchReceipt, OrderView } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { untilEnded } from './demonstration.ts';

const PLUGIN = 'book';

const ENTRIES = [
  { account: 'A-1', amount: 10, closedAtFirst: true },
  { account: 'A-1', amount: 20 },
  { account: 'B-2', amount: 30 },
  { account: 'A-1', amount: 40 },
  { account: 'B-2', amount: 50, closedAtFirst: true },
  { account: 'B-2', amount: 60 },
];

/** An ordered plugin, examples/accounts: of each account, one entry is booked at a time. */
export async function showInLine({ api, checks }: Demonstration): Promise<void> {
  const { plugins } = await api.get<{ plugins: { name: string }[] }>('/plugins');
  if (!plugins.some(({ name }) => name === PLUGIN)) return;
  checks.title('In line: of each account, one entry is booked at a time');
  const orders = ENTRIES.map(({ account, ...input }) => ({
    ...{ input, todo: [PLUGIN], attributes: { account } },
  }));
  const { body } = await api.post<BatchReceipt>('/orders', json(orders));
  const booked: OrderView[] = [];
  for (const { orderId } of body.accepted) booked.push(await untilEnded(api, orderId));
  for (const account of ['A-1', 'B-2']) {
    const own = booked.filter(({ attributes }) => attributes.account === account);
    const turns = own.map(turnOf).sort((one, other) => one.from - other.from);
    const overlaps = turns.filter(({ until }, index) => until > (turns[index + 1]?.from ?? until));
    checks.pass(
      `${account}: ${own.length} entries one after another, also while one is tried again`,
      ...own.map((order) => checks.completed(account, order)),
      checks.equal(`${account}: entries`, own.length, 3),
      checks.equal(`${account}: begun before the one before had ended`, overlaps, []),
    );
  }
}

/** From the beginning of the first attempt to the end of the last one. */
export function turnOf({ orderId, tasks }: OrderView) {
  const attempts = tasks.flatMap((task) => ('attempts' in task ? task.attempts : []));
  const instant = (at: string | undefined) => Date.parse(at ?? '');
  return {
    orderId,
    from: Math.min(...attempts.map(({ startedAt }) => instant(startedAt))),
    until: Math.max(...attempts.map(({ endedAt }) => instant(endedAt))),
  };
}
