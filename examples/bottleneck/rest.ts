import { json } from '../../src/cli/api.ts';
import { formatMs } from '../../src/cli/durations.ts';
import type { OrderView, Receipt, StatusView } from '../../src/cli/responses.ts';
import { lookUntil, pluginIn, type Workshop } from './workshop.ts';

const REST_LIMIT_MS = 30_000;

/** Without work, all instances end; the next order starts them again. */
export async function showRest(workshop: Workshop): Promise<void> {
  const { api, checks, instances } = workshop;
  checks.title('Nothing to do');
  const since = performance.now();
  const ended = await lookUntil('all instances end', REST_LIMIT_MS, async () => {
    const counts = await instances();
    return Object.values(counts).every((count) => count === 0) && counts;
  });
  const status = await api.get<StatusView>('/status');
  const inStatus = status.plugins.map(({ name, instances: count }) => [name, count]);
  checks.pass(
    `no instances of ${Object.keys(ended).length} functions, ${formatMs(performance.now() - since)} after the last alarm`,
    checks.equal(
      'instances in the status',
      inStatus,
      status.plugins.map(({ name }) => [name, 0]),
    ),
  );
  await lookUntil('wrap is switched off', REST_LIMIT_MS, async () => {
    const { plugins } = await api.get<StatusView>('/status');
    return plugins.some(({ name, health }) => name === 'wrap' && health === 'switchedOff');
  });
  checks.pass('wrap is switched off: not even its queue is polled', true);

  await showReturn(workshop);
}

async function showReturn(workshop: Workshop): Promise<void> {
  const { api, checks } = workshop;
  checks.title('One more order');
  const since = performance.now();
  const input = { text: 'one more' };
  const { body } = await api.post<Receipt>('/orders', json({ workflow: 'engraving', input }));
  const most: Record<string, number> = {};
  let isWrapOn = false;
  const order = await lookUntil('it is done', REST_LIMIT_MS, async () => {
    const [counts, status, seen] = await Promise.all([
      workshop.instances(),
      api.get<StatusView>('/status'),
      api.get<OrderView>(`/orders/${body.orderId}`),
    ]);
    for (const [key, count] of Object.entries(counts)) most[key] = Math.max(most[key] ?? 0, count);
    isWrapOn ||= pluginIn(status, 'wrap').health === 'ok';
    return seen.status === 'completed' && seen;
  });
  const started = ['receive', 'engrave', 'wrap'].filter((key) => (most[key] ?? 0) > 0);
  checks.pass(
    `completed after ${formatMs(performance.now() - since)}, with new instances of ${started.join(', ')}`,
    checks.equal('its steps', order.result, {
      ...input,
      steps: ['received', 'engraved', 'wrapped'],
    }),
    checks.equal('functions with an instance', started.length, 3),
  );
  checks.pass('wrap is switched on again', checks.equal('wrap is on', isWrapOn, true));
}
