import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const BATON = fileURLToPath(new URL('../../src/cli/baton.js', import.meta.url));
const HANDLER = fileURLToPath(new URL('handler.ts', import.meta.url));

/** A worker that runs as a process of its own. */
export interface WorkerProcess {
  /** Waits until a line of its log has this message, or so many lines have. @throws if it ends before */
  says(message: string, times?: number): Promise<void>;
  /** @returns its exit code; `null` when the signal has ended it */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** Starts `baton worker`, which ends with this process. */
export function startWorker(settings: string, options: readonly string[]): WorkerProcess {
  const args = ['worker', HANDLER, '--settings', settings, ...options];
  const child = spawn(process.execPath, [BATON, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  process.on('exit', () => child.kill('SIGKILL'));
  const seen = new Map<string, number>();
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    const { message } = JSON.parse(line) as { readonly message: string };
    seen.set(message, (seen.get(message) ?? 0) + 1);
  });
  return {
    async says(message, times = 1) {
      while ((seen.get(message) ?? 0) < times) {
        const next = await Promise.race([once(lines, 'line'), ended.then(() => 'ended' as const)]);
        if (next === 'ended') throw new Error(`the worker ended before it said: ${message}`);
      }
    },
    async end(signal) {
      child.kill(signal);
      const [exitCode] = await ended;
      return exitCode;
    },
  };
}
