// The client process of the demo. It knows two addresses: of the API, and of the office that issues the tickets.
import { setTimeout as pause } from 'node:timers/promises';
import { connect, json } from '../../src/cli/api.ts';
import { formatMs } from '../../src/cli/durations.ts';
import type {
  BatchReceipt,
  OperationView,
  OrderPage,
  OrderView,
  StatusView,
} from '../../src/cli/responses.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { checked } from '../demo/checked.ts';
import { Checks } from '../demo/checks.ts';
import type { OfficeRecord } from './office.ts';

const TRIPS = 30;
const LOOK_EVERY_MS = 500;
const LIMIT_MS = 120_000;

const [url = '', officeUrl = ''] = process.argv.slice(2);
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const api = connect({ url });

process.exitCode = await checked(show, { checks, terminal });

async function show(): Promise<void> {
  await putWorkflows();

  checks.title('All is well: two trips are booked, and their tickets issued');
  const well = await place('trip', 2);
  await untilStatus(well, 'completed');
  const { quarantine: beginning } = await ticket();
  checks.pass(
    'two orders completed; the plugin ticket, which is new, began with a canary',
    checks.equal('why it is open', beginning?.reason, 'a canary worked'),
  );

  checks.title('The office breaks down, and three receipts cannot be printed');
  await office('/break');
  const receipts = await place('receipt', 3);
  const quarantine = await lookUntil('the plugin ticket is quarantined', async () => {
    const { health, quarantine } = await ticket();
    return health === 'quarantined' && quarantine;
  });
  const [firstFailure = 0] = (await office('/')).refused;
  const tripMs = Date.parse(quarantine.since) - firstFailure;
  checks.pass(`quarantined: ${quarantine.reason}`);
  await untilStatus(receipts, 'failed');
  checks.pass('the three receipts have failed, with their only attempt');

  checks.title(`${TRIPS} trips are ordered meanwhile: the flights are booked, the tickets wait`);
  const trips = await place('trip', TRIPS);
  const [first = '', ...others] = trips;
  await lookUntil('all tickets are parked but a canary', async () => {
    const { tasks } = await api.get<StatusView>('/status');
    return tasks.parked >= TRIPS - 1;
  });
  const waiting = await lookUntil('the last one is among them', async () => {
    const order = await api.get<OrderView>(`/orders/${others.at(-1)}`);
    return order.waitingFor?.what.includes('quarantine') && order;
  });
  checks.pass(
    `an order says what it waits for: ${waiting.waitingFor?.what}`,
    checks.equal('status', waiting.status, 'running'),
    checks.equal(
      'statuses of its tasks',
      waiting.tasks.map(({ status }) => status),
      ['completed', 'parked'],
    ),
  );

  checks.title('One of them is cancelled, and undone');
  // The last one: the first ones are canaries.
  const cancelled = others.pop() ?? first;
  await api.post(`/orders/${cancelled}/cancel`, json({ reason: 'the traveller is ill' }));
  await untilStatus([cancelled], 'cancelled');
  const undone = await api.get<OrderView>(`/orders/${cancelled}`);
  checks.pass(
    'its flight is given back, although the ticket office is broken',
    checks.equal(
      'undone',
      undone.compensations?.map(({ job, status }) => ({ job, status })),
      [{ job: 'flight', status: 'completed' }],
    ),
  );

  checks.title('Canaries are sent, ever more seldom, and fail');
  const before = (await office('/')).refused.length;
  await lookUntil('two canaries have failed', async () => {
    return (await office('/')).refused.length >= before + 2;
  });
  const { quarantine: still } = await ticket();
  checks.pass(`the next one goes at ${still?.nextCanaryAt}`);
  const running = await statusesOf([first, ...others]);
  checks.pass(
    'no order has failed for them',
    checks.equal('statuses', [...new Set(running)], ['running']),
  );

  checks.title('The office is mended');
  await office('/mend');
  const mendedAt = Date.now();
  const reopened = await lookUntil('the plugin ticket reopens', async () => {
    const { health, quarantine } = await ticket();
    return health !== 'quarantined' && quarantine;
  });
  await untilStatus([first, ...others], 'completed');
  const fullSpeedMs = Date.now() - mendedAt;
  const reopenMs = Date.parse(reopened.since) - mendedAt;
  checks.pass(`${TRIPS - 1} trips are completed: ${reopened.reason}`);

  checks.title('The three failed receipts are retried in bulk');
  const filter = { status: ['failed'], workflow: 'receipt' };
  const { body } = await api.post<{ operationId: string }>(
    '/operations',
    json({ action: 'retry', filter, reason: 'the office is mended' }),
  );
  await untilStatus(receipts, 'completed');
  const operation = await lookUntil('the operation is done', async () => {
    const view = await api.get<OperationView>(`/operations/${body.operationId}`);
    return view.status === 'done' && view;
  });
  checks.pass('three orders retried, and completed', checks.equal('done', operation.done, 3));

  checks.title('The plugin flight is drained by hand, and reopened');
  await api.post('/plugins/flight/drain', json({ reason: 'its database moves' }));
  const late: string[] = [];
  // Instances that have not heard of it yet, for five seconds, still send it something.
  await lookUntil('a flight is parked', async () => {
    late.push(...(await place('trip', 1)));
    const { tasks } = await api.get<StatusView>('/status');
    return tasks.parked > 0;
  });
  const { waitingFor } = await api.get<OrderView>(`/orders/${late.at(-1)}`);
  await api.post('/plugins/flight/reopen', json({ reason: 'it has moved' }));
  await untilStatus(late, 'completed');
  checks.pass(
    `a trip says what it waits for: ${waitingFor?.what}`,
    checks.equal('the reason', waitingFor?.what.includes('its database moves'), true),
  );

  console.log(`
  from the first failure to quarantine   ${formatMs(tripMs)}
  from the mend to the canary that works ${formatMs(reopenMs)} (at most the pause between two canaries)
  from the mend until ${TRIPS - 1} trips are done    ${formatMs(fullSpeedMs)}`);
}

async function putWorkflows(): Promise<void> {
  const trip = [
    { name: 'book', pre: ['flight'] },
    { name: 'issue', pre: ['ticket'] },
  ];
  await api.put('/workflows/trip', json({ activities: trip }));
  // Without a second attempt, so that it fails at once.
  const print = { plugin: 'ticket', retry: { maxAttempts: 1 } };
  await api.put('/workflows/receipt', json({ activities: [{ name: 'print', pre: [print] }] }));
}

async function place(workflow: string, many: number): Promise<readonly string[]> {
  const orders = Array.from({ length: many }, (_, index) => ({ workflow, input: { trip: index } }));
  const { body } = await api.post<BatchReceipt>('/orders', json(orders));
  checks.equal('rejected orders', body.rejected, []);
  return body.accepted.map(({ orderId }) => orderId);
}

async function ticket(): Promise<StatusView['plugins'][number]> {
  const { plugins } = await api.get<StatusView>('/status');
  const plugin = plugins.find(({ name }) => name === 'ticket');
  if (plugin === undefined) throw new Error('the status does not list the plugin ticket');
  return plugin;
}

/** Waits until all of these orders stand so. */
async function untilStatus(orderIds: readonly string[], status: string): Promise<void> {
  await lookUntil(`${orderIds.length} orders are ${status}`, async () => {
    const statuses = await statusesOf(orderIds);
    return statuses.every((one) => one === status);
  });
}

async function statusesOf(orderIds: readonly string[]): Promise<readonly string[]> {
  const { orders } = await api.get<OrderPage>('/orders?limit=100');
  return orders.flatMap(({ orderId, status }) => (orderIds.includes(orderId) ? [status] : []));
}

async function office(path: string): Promise<OfficeRecord> {
  const method = path === '/' ? 'GET' : 'POST';
  const response = await fetch(`${officeUrl}${path}`, { method });
  return (await response.json()) as OfficeRecord;
}

/** Calls `look` until it gives a value. @throws if there is none in time */
async function lookUntil<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
  const until = performance.now() + LIMIT_MS;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > until) throw new Error(`${what}: not within ${LIMIT_MS / 1000} s`);
    await pause(LOOK_EVERY_MS);
  }
}
