// `npm run demo:failure` starts a Baton of its own with a service that sells trips. The office that issues the tickets breaks down: the
// plugin that asks it is quarantined, canaries fail, the office is mended, the plugin reopens. The exit code is 0 only if every check passed.
import { fileURLToPath } from 'node:url';
import { formatMs } from '../../src/cli/durations.ts';
import { boundRun } from '../demo/bounded-run.ts';
import { Stack } from '../demo/stack.ts';
import { startOffice } from './office.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const SERVICES = fileURLToPath(new URL('.', import.meta.url));
const DEADLINE_MS = 240_000;

const run = boundRun(DEADLINE_MS);

process.exitCode = await runWithStack();
run.finish();

async function runWithStack(): Promise<number> {
  const since = performance.now();
  const office = await startOffice();
  const stack = new Stack(['--plugins', SERVICES, '--param', `office-url=${office.url}`]);
  try {
    console.log('Baton starts, with embedded AWS services and a fresh data folder …');
    const url = await run.until(stack.ready());
    console.log(`ready at ${url} after ${formatMs(performance.now() - since)}`);
    const exitCode = await run.client(CLIENT, [url, office.url]);
    if (exitCode !== 0) console.error(`\nThe stack's last words:\n${stack.lastWords()}`);
    return exitCode;
  } catch (error) {
    console.error(`demo: ${(error as Error).message}`);
    return 1;
  } finally {
    await stack.stop();
    office.stop();
  }
}
