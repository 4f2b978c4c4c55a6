import { formatMs } from '../../src/cli/durations.ts';
import type { BoundedRun } from './bounded-run.ts';
import { Stack } from './stack.ts';

export interface DemoOptions {
  /** The file of the client process. */
  readonly client: string;
  /** Flags of the local stack. Default: none. */
  readonly flags?: readonly string[];
  /** What the client is told. Default: the API's address. */
  readonly addresses?: (apiUrl: string, stack: Stack) => readonly string[];
}

/** Starts a Baton of its own and a client process that talks to it, and ends both. @returns the exit code */
export async function runWithStack(
  run: BoundedRun,
  { client, flags, addresses = (apiUrl) => [apiUrl] }: DemoOptions,
): Promise<number> {
  const since = performance.now();
  const stack = new Stack(flags);
  try {
    console.log('Baton starts, with embedded AWS services and a fresh data folder …');
    const url = await run.until(stack.ready());
    console.log(`ready at ${url} after ${formatMs(performance.now() - since)}`);
    const exitCode = await run.client(client, addresses(url, stack));
    if (exitCode !== 0 && !run.isStopped()) {
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
