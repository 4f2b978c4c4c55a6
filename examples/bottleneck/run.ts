// `npm run demo:bottleneck` starts a Baton of its own with a workshop of three plugins, of which the middle one is slow. A client process
// sends 300 orders through it, without and with scaling. A minute of CloudWatch lasts two seconds here, so that the alarms act within
// seconds. The exit code is 0 only if every check passed.
import { fileURLToPath } from 'node:url';
import { boundRun } from '../demo/bounded-run.ts';
import { runWithStack } from '../demo/run-with-stack.ts';
import { startWebhook } from './webhook.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICES = fileURLToPath(new URL('.', import.meta.url));
const DEADLINE_MS = 240_000;

const run = boundRun(DEADLINE_MS);

const webhook = await startWebhook();
process.exitCode = await runWithStack(run, {
  client: CLIENT,
  flags: [
    ...['--plugins', SERVICES, '--param', `webhook-url=${webhook.url}`],
    ...['--alarm-period-seconds', '2', '--idle-seconds', '4'],
  ],
  addresses: (apiUrl, stack) => [apiUrl, String(stack.controlUrl), webhook.url],
});
webhook.stop();
run.finish();
