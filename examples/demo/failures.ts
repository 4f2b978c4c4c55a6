import { json } from '../../src/cli/api.ts';
import type { OrderView, Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder, untilEnded } from './demonstration.ts';

/** Orders that fail, and are undone, held, mended and retried. */
export async function showFailures(demonstration: Demonstration): Promise<void> {
  demonstration.checks.title('Failure: a trip is undone, an order is held, another is retried');
  await showUndoing(demonstration);
  await showHolding(demonstration);
  await showRetrying(demonstration);
}

async function showUndoing({ api, checks }: Demonstration): Promise<void> {
  const cheap = await performOrder(api, { workflow: 'trip', input: { to: 'Oslo', price: 400 } });
  checks.pass('a trip for 400 is booked and paid', checks.completed('the trip', cheap));
  const dear = await performOrder(api, { workflow: 'trip', input: { to: 'Oslo', price: 4000 } });
  checks.pass(
    'a trip for 4000: the card is declined; room and flight are given back, in this order',
    checks.equal('the dear trip: status', dear.status, 'failed'),
    checks.equal('the dear trip: error', dear.error?.code, 'CARD_DECLINED'),
    checks.equal('the dear trip: undone', undone(dear), ['hotel completed', 'flight completed']),
  );
}

async function showHolding({ api, checks }: Demonstration): Promise<void> {
  const { body } = await api.post<Receipt>('/orders', json({ todo: ['A', 'B'], input: 5 }));
  const { orderId } = body;
  const ask = (act: string) => api.post<Receipt>(`/orders/${orderId}/${act}`, json({}));
  // It may have been faster than we: then there is nothing to hold.
  const held = await ask('pause').then(
    ({ body: { status } }) => status,
    () => 'ended',
  );
  if (held === 'paused') await ask('resume');
  const order = await untilEnded(api, orderId);
  checks.pass(
    'an order is paused, and goes on when it is resumed',
    checks.completed('the held order', order),
    checks.equal('the held order: result', order.result, 14),
  );
}

async function showRetrying({ api, checks }: Demonstration): Promise<void> {
  const failed = await performOrder(api, {
    todo: ['card', 'A'],
    input: { to: 'Oslo', price: 4000 },
  });
  checks.equal('the order to retry: status', failed.status, 'failed');
  const { orderId } = failed;
  const input = { to: 'Oslo', price: 40 };
  await api.post<Receipt>(`/orders/${orderId}/retry`, json({ input, reason: 'a mended price' }));
  const again = await untilEnded(api, orderId);
  // A cannot add 2 to a charge: the card's work is undone, and nothing can be retried any more.
  checks.pass(
    'a failed order is retried with another input; it fails later, and what it did is undone',
    checks.equal('the retried order: jobs', Object.keys(again.jobs), ['card']),
    checks.equal('the retried order: error', again.error?.task, 'A'),
    checks.equal('the retried order: undone', undone(again), ['card completed']),
  );
  const refused = await api.post(`/orders/${orderId}/retry`, json({})).then(
    () => 'taken',
    (error: { code?: string }) => error.code,
  );
  checks.pass(
    'an order that was undone is not retried',
    checks.equal('the undone order', refused, 'ALREADY_UNDONE'),
  );
}

function undone({ compensations = [] }: OrderView): readonly string[] {
  return compensations.map(({ job, status }) => `${job} ${status}`);
}
