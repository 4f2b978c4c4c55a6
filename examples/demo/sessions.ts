import { json } from '../../src/cli/api.ts';
import type { BatchReceipt, OrderView } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { untilEnded } from './demonstration.ts';
import { turnOf } from './in-line.ts';

const PLUGIN = 'basket';
const SESSION = 's-1';

/** Two orders of one session, each with two tasks of the plugin. */
const PUTS = [{ items: 1, failsAfterwards: true }, { items: 2 }];

/** A stateful plugin, examples/accounts: its tasks know their session, and themselves over all attempts. */
export async function showSessions({ api, checks }: Demonstration): Promise<void> {
  const { plugins } = await api.get<{ plugins: { name: string }[] }>('/plugins');
  if (!plugins.some(({ name }) => name === PLUGIN)) return;
  checks.title('Sessions: a stateful plugin knows its tasks again');
  const orders = PUTS.map((input) => ({
    ...{ input, todo: [PLUGIN, PLUGIN], attributes: { session: SESSION } },
  }));
  const { body } = await api.post<BatchReceipt>('/orders', json(orders));
  const ended: OrderView[] = [];
  for (const { orderId } of body.accepted) ended.push(await untilEnded(api, orderId));
  const told = ended.flatMap(({ tasks }) => tasks.map(toldOf));
  const transactions = new Set(told.map(({ transactionId }) => transactionId));
  checks.pass(
    'four tasks of two orders have one session, and each a transaction of its own',
    ...ended.map((order) => checks.completed('basket', order)),
    checks.equal('sessions', [...new Set(told.map(({ sessionId }) => sessionId))], [SESSION]),
    checks.equal('transactions', transactions.size, 4),
  );
  const again = told.filter(({ failures }) => failures.length > 0);
  checks.pass(
    'one that failed after its work is tried again under the same transaction',
    checks.equal('tasks that failed at first', again.length > 0, true),
    ...again.map(({ transactionId, failures }) =>
      checks.equal('its failure', failures, [`no answer to ${transactionId}`]),
    ),
  );
  const turns = ended.flatMap(turnsOf).sort((one, other) => one.from - other.from);
  const overlaps = turns.filter(({ until }, index) => until > (turns[index + 1]?.from ?? until));
  checks.pass(
    'no two of them are at work at once',
    checks.equal('begun before the one before had ended', overlaps, []),
  );
}

interface Given {
  readonly sessionId?: string;
  readonly transactionId?: string;
}

function toldOf(task: OrderView['tasks'][number]) {
  if (!('attempts' in task)) throw new Error(`${task.plugin} took no part`);
  const { sessionId, transactionId } = task.result as Given;
  const failures = task.attempts.flatMap(({ error }) => (error ? [error.message] : []));
  return { sessionId, transactionId, failures };
}

function turnsOf(order: OrderView) {
  return order.tasks.map((task) => turnOf({ ...order, tasks: [task] }));
}
