// `npm run demo:bottleneck`: a Baton of its own with a workshop of three plugins, the middle one slow, and a client process that
// sends 300 orders through it, with and without scaling. Minutes of CloudWatch last two seconds here: what alarms do in
// minutes when deployed is seen in seconds. The exit code is 0 only if all is as claimed.
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
run.over();

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
