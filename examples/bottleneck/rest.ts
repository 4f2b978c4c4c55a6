import type { StatusView } from '../../src/cli/answers.ts';
import { sayMs } from '../../src/cli/durations.ts';
import { performOrder } from '../demo/demonstration.ts';
import { lookUntil, pluginIn, type Workshop } from './workshop.ts';

const REST_LIMIT_MS = 30_000;

/** All instances end when there is nothing to do, and the next order starts them again. */
export async function showRest({ api, checks, instances }: Workshop): Promise<void> {
  checks.title('Nothing to do');
  const since = performance.now();
  const ended = await lookUntil('all instances end', REST_LIMIT_MS, async () => {
    const counts = await instances();
    return Object.values(counts).every((count) => count === 0) && counts;
  });
  const status = await api.get<StatusView>('/status');
  const inStatus = status.plugins.map(({ name, instances: count }) => [name, count]);
  checks.pass(
    `0 instances of ${Object.keys(ended).length} functions, ${sayMs(performance.now() - since)} after the last alarm`,
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

  checks.title('One more order');
  const again = performance.now();
  const order = await performOrder(api, { workflow: 'engraving', input: { text: 'one more' } });
  const after = await instances();
  const counts = ['receive', 'engrave', 'wrap'].map((key) => [key, after[key] ?? 0]);
  checks.pass(
    `completed after ${sayMs(performance.now() - again)}; instances: ${counts.map(([key, count]) => `${key} ${count}`).join(', ')}`,
    checks.completed('one more', order),
    checks.equal(
      'functions with an instance',
      counts.filter(([, count]) => Number(count) >= 1).length,
      3,
    ),
  );
  const on = await api.get<StatusView>('/status');
  checks.pass('wrap is switched on again', checks.equal('wrap', pluginIn(on, 'wrap').health, 'ok'));
}
