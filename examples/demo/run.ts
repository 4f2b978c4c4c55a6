// `npm run demo` starts a Baton of its own on free ports and a client process that talks HTTP to it. The exit code is 0 only if
// every result is as expected. `npm run demo -- --api URL` uses a running system.
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { boundRun } from './bounded-run.ts';
import { startDesk } from './desk.ts';
import { runWithStack } from './run-with-stack.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
const DEADLINE_MS = 300_000;

const { api } = new Command('npm run demo --')
  .description('Starts Baton, sends it orders of every kind, and checks each result.')
  .option('--api <url>', 'use a running system instead of starting one')
  .parse()
  .opts<{ api?: string }>();
const run = boundRun(DEADLINE_MS);

process.exitCode = api === undefined ? await runAlone() : await runAgainst(api);
run.finish();

async function runAlone(): Promise<number> {
  const desk = await startDesk();
  try {
    return await runWithStack(run, {
      client: CLIENT,
      flags: [
        '--param',
        `desk-url=${desk.url}`,
        '--with',
        'examples/accounts',
        'examples/fairness',
        'examples/letters',
      ],
      addresses: (apiUrl) => [apiUrl, desk.url],
    });
  } finally {
    desk.stop();
  }
}

async function runAgainst(url: string): Promise<number> {
  try {
    return await run.client(CLIENT, [url]);
  } catch (error) {
    console.error(`demo: ${(error as Error).message}`);
    return 1;
  }
}
