// `npm run demo:container` starts a Baton of its own with a plugin that runs in a container, and workers as processes of this machine. One
// is told to stop in the middle of a task, one is killed: no task is lost. It takes two minutes, since a killed worker's message comes again after one.
import { fileURLToPath } from 'node:url';
import { boundRun } from '../demo/bounded-run.ts';
import { runWithStack } from '../demo/run-with-stack.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICE = fileURLToPath(new URL('.', import.meta.url));
const DEADLINE_MS = 600_000;

const run = boundRun(DEADLINE_MS);
process.exitCode = await runWithStack(run, {
  client: CLIENT,
  // No service but this one.
  flags: ['--plugins', SERVICE, '--with', SERVICE],
  addresses: (apiUrl, stack) => [apiUrl, stack.workerSettings('render')],
});
run.finish();
