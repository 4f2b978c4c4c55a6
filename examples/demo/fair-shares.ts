import { json } from '../../src/cli/api.ts';
import type { BatchReceipt, OrderView } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { untilEnded } from './demonstration.ts';
import { turnOf } from './in-line.ts';

const PLUGIN = 'render';

/** As its serverless.yml says. */
const TASKS_PER_CLIENT = 2;

/** A plugin that takes two tasks of one client at once, examples/fairness: the seven orders of one do not keep the one of another waiting. */
export async function showFairShares({ api, checks }: Demonstration): Promise<void> {
  const { plugins } = await api.get<{ plugins: { name: string }[] }>('/plugins');
  if (!plugins.some(({ name }) => name === PLUGIN)) return;
  checks.title('Fair shares: two tasks of one client at once');
  const clients = [...Array.from({ length: 7 }, () => 'studio'), 'student'];
  for (const client of new Set(clients))
    await api.put(`/clients/${client}`, json({ todo: [PLUGIN] }));
  const orders = clients.map((client, scene) => ({ client, input: { scene } }));
  const { body } = await api.post<BatchReceipt>('/orders', json(orders));
  const rendered: OrderView[] = [];
  for (const { orderId } of body.accepted) rendered.push(await untilEnded(api, orderId));
  const studio = rendered.filter(({ client }) => client === 'studio');
  const [student] = rendered.filter(({ client }) => client === 'student');
  const works = studio.map(turnOf);
  const most = Math.max(
    ...works.map(({ from }) => works.filter((one) => one.from <= from && from < one.until).length),
  );
  const before = works.filter(({ until }) => until > turnOf(student as OrderView).until).length;
  checks.pass(
    'seven of one client two by two, and the one of another before most of them',
    ...rendered.map((order) => checks.completed(String(order.client), order)),
    checks.equal('orders of the studio', studio.length, 7),
    checks.equal('at work at once, and no more', most <= TASKS_PER_CLIENT, true),
    checks.equal('some have waited for their turn', studio.some(hasWaited), true),
    checks.equal('the student is done before the last of the studio', before > 0, true),
  );
}

const hasWaited = ({ timeline }: OrderView) =>
  timeline.some(({ event }) => event === 'TaskReleased');
