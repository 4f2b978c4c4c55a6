import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A run that ends early when someone stops it, or when it takes too long. */
export interface BoundedRun {
  /** The work's outcome. @throws {Error} the reason, when the run is ended before the work is. */
  until<T>(work: Promise<T>): Promise<T>;
  /** Runs a client as a process of its own, which goes with the run. @returns its exit code. */
  client(file: string, addresses: readonly string[]): Promise<number>;
  /** Whether someone stopped it. */
  isStopped(): boolean;
  /** Nothing ends the run any more. */
  over(): void;
}

/** Ends on Ctrl-C and the like, and after `limitMs`: longer than the slowest machine needs, so that something hangs then. */
export function boundRun(limitMs: number): BoundedRun {
  const halt = new AbortController();
  const stopped = new Error('stopped');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => halt.abort(stopped));
  }
  const timer = setTimeout(() => {
    halt.abort(new Error(`the demo has not ended after ${limitMs / 1000} s: it gives up`));
  }, limitMs);

  async function until<T>(work: Promise<T>): Promise<T> {
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

  async function client(file: string, addresses: readonly string[]): Promise<number> {
    const child = spawn(process.execPath, [file, ...addresses], { stdio: 'inherit' });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    try {
      const [exitCode] = await until(ended);
      return exitCode ?? 1;
    } catch (error) {
      child.kill();
      await ended;
      throw error;
    }
  }

  return {
    until,
    client,
    isStopped: () => halt.signal.reason === stopped,
    over: () => clearTimeout(timer),
  };
}
