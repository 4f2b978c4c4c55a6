// The client process of the demo. It knows the address of the API, and starts the workers.
import { setTimeout as pause } from 'node:timers/promises';
import { connect, json } from '../../src/cli/api.ts';
import type { OrderView, Receipt, StatusView } from '../../src/cli/responses.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { checked } from '../demo/checked.ts';
import { Checks } from '../demo/checks.ts';
import { startWorker } from './worker-process.ts';

const LOOK_EVERY_MS = 500;
const LIMIT_MS = 300_000;

const [url = '', settings = ''] = process.argv.slice(2);
const terminal = openTerminal({ json: false, color: true });
const checks = new Checks(terminal);
const api = connect({ url });

process.exitCode = await checked(show, { checks, terminal });

async function show(): Promise<void> {
  checks.title('A worker starts, and performs three tasks at once');
  const first = startWorker(settings, ['--concurrency', '3', '--grace', '1']);
  await first.says('worker started');
  await until('status knows one instance', async () => (await render()).instances === 1);
  const short = await Promise.all([1, 2, 3].map(() => place({ frames: 5, msPerFrame: 100 })));
  for (const orderId of short) await ended(orderId, { frames: 5 });
  checks.pass('three orders completed, by one instance');

  checks.title('It is told to stop in the middle of a long task');
  const long = await place({ frames: 100, msPerFrame: 100 });
  await first.says('rendering', 4);
  const exitCode = await first.end('SIGTERM');
  const status = (await api.get<OrderView>(`/orders/${long}`)).status;
  checks.pass(
    'it ended in good order, and the task was put off',
    checks.equal('exit code', exitCode, 0),
    checks.equal('status of the order', status, 'running'),
  );
  const second = startWorker(settings, []);
  await ended(long, { frames: 100 });
  checks.pass('another worker has performed the task, in the same attempt');

  checks.title('A worker is killed in the middle of a task');
  const orphan = await place({ frames: 20, msPerFrame: 500 });
  await second.says('rendering', 2);
  await second.end('SIGKILL');
  const third = startWorker(settings, []);
  checks.note('its message comes again within a minute …');
  await ended(orphan, { frames: 20 });
  checks.pass('another worker has performed the task');
  checks.pass('it ended in good order', checks.equal('exit code', await third.end('SIGTERM'), 0));
}

async function place(input: object): Promise<string> {
  const { body } = await api.post<Receipt>('/orders', json({ input, todo: ['render'] }));
  return body.orderId;
}

async function ended(orderId: string, result: object): Promise<void> {
  const order = await until(`order ${orderId} ends`, async () => {
    const read = await api.get<OrderView>(`/orders/${orderId}`);
    return ['completed', 'failed', 'cancelled'].includes(read.status) && read;
  });
  if (!checks.completed('render', order)) return;
  checks.equal('result', order.result, result);
  const [task] = order.tasks;
  checks.equal('attempts', task && 'attempts' in task && task.attempts.length, 1);
}

async function render(): Promise<{ readonly instances?: number | undefined }> {
  const { plugins } = await api.get<StatusView>('/status');
  return plugins.find(({ name }) => name === 'render') ?? {};
}

async function until<T>(what: string, look: () => Promise<T | false>): Promise<T> {
  const givesUpAt = performance.now() + LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== false) return found;
    if (performance.now() > givesUpAt) throw new Error(`not within ${LIMIT_MS / 1000} s: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
