// `npm run demo`: a Baton of its own on free ports, a client process that talks HTTP to it, and an exit code that is 0
// only if every result is the expected one. `npm run demo -- --api URL` uses a system that runs already.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { sayMs } from '../../src/cli/durations.ts';
import { Stack } from './stack.ts';

const CLIENT = fileURLToPath(new URL('client.ts', import.meta.url));
/** Longer than the slowest machine needs; something hangs then. */
const DEADLINE_MS = 120_000;

const { api } = new Command('npm run demo --')
  .description('Starts Baton, sends it orders of every kind, and checks each result.')
  .option('--api <url>', 'use a system that runs already, instead of starting one')
  .parse()
  .opts<{ api?: string }>();
const halt = new AbortController();
const STOPPED = new Error('stopped');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => halt.abort(STOPPED));
}
const deadline = setTimeout(() => {
  halt.abort(new Error(`the demo has not ended after ${DEADLINE_MS / 1000} s: it gives up`));
}, DEADLINE_MS);

process.exitCode = api === undefined ? await runWithStack() : await runClient(api);
clearTimeout(deadline);

async function runWithStack(): Promise<number> {
  const since = performance.now();
  const stack = new Stack();
  try {
    console.log('Baton starts, with embedded AWS services and a fresh data folder …');
    const url = await untilHalted(stack.ready());
    console.log(`ready at ${url} after ${sayMs(performance.now() - since)}`);
    const exitCode = await runClient(url);
    if (exitCode !== 0 && halt.signal.reason !== STOPPED) {
      console.error(`\nThe stack's last words:\n${stack.lastWords()}`);
    }
    return exitCode;
  } catch (error) {
    console.error(`demo: ${(error as Error).message}`);
    return 1;
  } finally {
    await stack.stop();
  }
}

async function runClient(url: string): Promise<number> {
  const client = spawn(process.execPath, [CLIENT, url], { stdio: 'inherit' });
  const ended = once(client, 'exit') as Promise<[number | null]>;
  try {
    const [exitCode] = await untilHalted(ended);
    return exitCode ?? 1;
  } catch (error) {
    client.kill();
    await ended;
    console.error(`demo: ${(error as Error).message}`);
    return 1;
  }
}

async function untilHalted<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onHalt = () => reject(halt.signal.reason);
  if (halt.signal.aborted) onHalt();
  halt.signal.addEventListener('abort', onHalt);
  try {
    return await Promise.race([work, promise]);
  } finally {
    halt.signal.removeEventListener('abort', onHalt);
  }
}
