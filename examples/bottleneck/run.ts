// `npm run demo:bottleneck` starts a Baton of its own with a workshop of three plugins, of which the middle one is slow. A client process
// sends 300 orders through it, without and with scaling. A minute of CloudWatch lasts two seconds here, so that the alarms act within
// seconds. The exit code is 0 only if every check passed.
import { fileURLToPath } from 'node:url';
import { formatMs } from '../../src/cli/durations.ts';
import { boundRun } from '../demo/bounded-run.ts';
import { Stack } from '../demo/stack.ts';
import { startWebhook } from './webhook.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICES = fileURLToPath(new URL('.', import.meta.url));
const DEADLINE_MS = 240_000;

const run = boundRun(DEADLINE_MS);

process.exitCode = await runWithStack();
run.finish();

async function runWithStack(): Promise<number> {
  const since = performance.now();
  const webhook = await startWebhook();
  const stack = new Stack([
    ...['--plugins', SERVICES, '--param', `webhook-url=${webhook.url}`],
    ...['--alarm-period-seconds', '2', '--idle-seconds', '4'],
  ]);
  try {
    console.log('Baton starts, with embedded AWS services and a fresh data folder …');
    const url = await run.until(stack.ready());
    console.log(`ready at ${url} after ${formatMs(performance.now() - since)}`);
    const exitCode = await run.client(CLIENT, [url, String(stack.controlUrl), webhook.url]);
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
