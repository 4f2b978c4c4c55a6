// `npm run demo:failure` starts a Baton of its own with a service that sells trips. The office that issues the tickets breaks down: the
// plugin that asks it is quarantined, canaries fail, the office is mended, the plugin reopens. The exit code is 0 only if every check passed.
import { fileURLToPath } from 'node:url';
import { boundRun } from '../demo/bounded-run.ts';
import { runWithStack } from '../demo/run-with-stack.ts';
import { startOffice } from './office.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICES = fileURLToPath(new URL('.', import.meta.url));
const DEADLINE_MS = 240_000;

const run = boundRun(DEADLINE_MS);

const office = await startOffice();
process.exitCode = await runWithStack(run, {
  client: CLIENT,
  flags: ['--plugins', SERVICES, '--param', `office-url=${office.url}`],
  addresses: (apiUrl) => [apiUrl, office.url],
});
office.stop();
run.finish();
