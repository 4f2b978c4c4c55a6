import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A run that ends early if somebody stops it, or if it takes too long. */
export interface BoundedRun {
  /** Waits for the work. @throws {Error} if the run ends first, with the reason */
  until<T>(work: Promise<T>): Promise<T>;
  /** Runs a client as a process of its own, which ends with the run. @returns its exit code */
  client(file: string, addresses: readonly string[]): Promise<number>;
  /** Whether somebody stopped the run. */
  isStopped(): boolean;
  /** Ends the watch over the time. */
  finish(): void;
}

/** Ends the run on Ctrl-C and the like, and after `limitMs`: by then something hangs, since even the slowest machine needs less. */
export function boundRun(limitMs: number): BoundedRun {
  const halt = new AbortController();
  const stopped = new Error('stopped');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => halt.abort(stopped));
  }
  const timer = setTimeout(() => {
    halt.abort(new Error(`the demo gives up: it has not ended after ${limitMs / 1000} s`));
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
    finish: () => clearTimeout(timer),
  };
}
