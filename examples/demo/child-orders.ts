import { json } from '../../src/cli/api.ts';
import type { OrderView } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { performOrder } from './demonstration.ts';

/** Each trip is an order of the workflow `trip`, which books, pays, and undoes both. */
const JOURNEY = {
  activities: [
    { name: 'book', pre: [{ workflow: 'trip', input: 'payload.there' }] },
    { name: 'return', pre: [{ workflow: 'trip', input: 'input.back' }] },
  ],
};

/** Orders whose tasks are orders of another workflow. */
export async function showChildOrders({ api, checks }: Demonstration): Promise<void> {
  checks.title('Child orders: a journey of two trips');
  await api.put('/workflows/journey', json(JOURNEY));
  const journey = (price: number) =>
    performOrder(api, {
      workflow: 'journey',
      input: { there: { to: 'Oslo', price: 400 }, back: { to: 'home', price } },
    });
  const both = await journey(300);
  checks.pass(
    'both trips are booked, each as an order of its own',
    checks.completed('the journey', both),
    checks.equal('the journey: children', both.children?.length, 2),
  );
  const halfway = await journey(3000);
  const [there, back] = await Promise.all(
    (halfway.children ?? []).map(({ orderId }) => api.get<OrderView>(`/orders/${orderId}`)),
  );
  checks.pass(
    'the card is declined for the way back: the way there, which was booked and paid, is undone',
    checks.equal('half a journey: error', halfway.error?.code, 'CHILD_FAILED'),
    checks.equal('the way back: error', back?.error?.code, 'CARD_DECLINED'),
    checks.equal('the way there: status', there?.status, 'cancelled'),
    checks.equal(
      'the way there: undone',
      there?.compensations?.map(({ job, status }) => `${job} ${status}`),
      ['card completed', 'hotel completed', 'flight completed'],
    ),
  );
}
