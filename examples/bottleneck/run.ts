// `npm run demo:bottleneck`: a Baton of its own with a workshop of three plugins, the middle one slow, and a client process that
// sends 300 orders through it, with and without scaling. Minutes of CloudWatch last two seconds here: what alarms do in
// minutes when deployed is seen in seconds. The exit code is 0 only if all is as claimed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sayMs } from '../../src/cli/durations.ts';
import { Stack } from '../demo/stack.ts';
import { startWebhook } from './webhook.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICES = fileURLToPath(new URL('.', import.meta.url));
/** Longer than the slowest machine needs; something hangs then. */
const DEADLINE_MS = 240_000;

const halt = new AbortController();
const STOPPED = new Error('stopped');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => halt.abort(STOPPED));
}
const deadline = setTimeout(() => {
  halt.abort(new Error(`the demo has not ended after ${DEADLINE_MS / 1000} s: it gives up`));
}, DEADLINE_MS);
const halted = new Promise<never>((_, reject) => {
  halt.signal.addEventListener('abort', () => reject(halt.signal.reason));
});

process.exitCode = await run();
clearTimeout(deadline);

async function run(): Promise<number> {
  const since = performance.now();
  const webhook = await startWebhook();
  const stack = new Stack([
    ...['--plugins', SERVICES, '--param', `webhook-url=${webhook.url}`],
    ...['--alarm-period-seconds', '2', '--idle-seconds', '4'],
  ]);
  try {
    console.log('Baton starts, with embedded AWS services and a fresh data folder …');
    const url = await Promise.race([stack.ready(), halted]);
    console.log(`ready at ${url} after ${sayMs(performance.now() - since)}`);
    const exitCode = await runClient([url, String(stack.controlUrl), webhook.url]);
    if (exitCode !== 0) console.error(`\nThe stack's last words:\n${stack.lastWords()}`);
    return exitCode;
  } catch (error) {
    console.error(`demo: ${(error as Error).message}`);
    return 1;
  } finally {
    await stack.stop();
    webhook.stop();
  }
}

async function runClient(addresses: readonly string[]): Promise<number> {
  const client = spawn(process.execPath, [CLIENT, ...addresses], { stdio: 'inherit' });
  const ended = once(client, 'exit') as Promise<[number | null]>;
  try {
    const [exitCode] = await Promise.race([ended, halted]);
    return exitCode ?? 1;
  } catch (error) {
    client.kill();
    await ended;
    throw error;
  }
}
