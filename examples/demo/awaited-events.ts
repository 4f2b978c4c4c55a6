import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from '../../src/cli/api.ts';
import { json } from '../../src/cli/api.ts';
import type { OrderView, Receipt } from '../../src/cli/responses.ts';
import type { Demonstration } from './demonstration.ts';
import { PATIENCE_MS, untilEnded } from './demonstration.ts';

const LOOK_EVERY_MS = 100;

/** The price is doubled once it is paid. */
const INVOICE = {
  activities: [
    {
      name: 'sell',
      pre: [
        'A',
        { waitFor: { event: 'payment.received', key: 'attributes.invoice' } },
        { plugin: 'B', input: 'payload.cents' },
      ],
    },
  ],
};

/** Orders that wait until something happens outside. */
export async function showAwaitedEvents({ api, checks }: Demonstration): Promise<void> {
  checks.title('Events into orders: two wait for a payment, one is paid before it asks');
  await api.put('/workflows/invoice', json(INVOICE));
  const place = async (invoice: string) => {
    const order = { workflow: 'invoice', input: 5, attributes: { invoice } };
    return (await api.post<Receipt>('/orders', json(order))).body.orderId;
  };
  const paid = async (key: string, cents: number) => {
    const event = { type: 'payment.received', key, data: { cents } };
    await api.post('/events', json(event));
  };

  const orders = [await place('R-1'), await place('R-1')];
  for (const orderId of orders) await untilWaiting(orderId, api);
  await paid('R-1', 500);
  const [one, other] = await Promise.all(orders.map((orderId) => untilEnded(api, orderId)));
  checks.pass(
    'one payment wakes both orders of the invoice',
    checks.equal('the first: result', one?.result, 1000),
    checks.equal('the second: result', other?.result, 1000),
  );

  await paid('R-2', 700);
  const early = await untilEnded(api, await place('R-2'));
  checks.pass(
    'a payment that came before its order is not lost',
    checks.equal('the order that was paid before: result', early.result, 1400),
  );

  const alone = await place('R-3');
  const waiting = await untilWaiting(alone, api);
  const event = { type: 'payment.received', data: { cents: 900 } };
  await api.post(`/orders/${alone}/events`, json(event));
  checks.pass(
    'an event for one order alone wakes it',
    checks.equal('what it waits for', waiting.waitingFor?.what, WHAT),
    checks.equal('the order alone: result', (await untilEnded(api, alone)).result, 1800),
  );
}

const WHAT = 'the event payment.received under the key R-3';

async function untilWaiting(orderId: string, api: Api): Promise<OrderView> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const order = await api.get<OrderView>(`/orders/${orderId}`);
    if (order.status === 'waiting' || performance.now() > until) return order;
    await pause(LOOK_EVERY_MS);
  }
}
