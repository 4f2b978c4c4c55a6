import { randomBytes } from 'node:crypto';
import { writeLine } from '../log.ts';
import { connect, systemClock } from '../runtime.ts';
import { keepCredentials } from './credentials.ts';
import { loadPlugin } from './load-plugin.ts';
import { readSettings } from './settings.ts';
import { startWorker } from './worker.ts';
import { connectWorkerQueue } from './worker-queue.ts';

/** What may be said of a worker. */
export interface WorkerOptions {
  /** The plugin's file. */
  readonly file: string;
  readonly exportName?: string;
  readonly settingsFile?: string;
  readonly concurrency: number;
  readonly graceSeconds: number;
}

/**
 * Runs a plugin in this process until the signal fires, and what it has begun has ended.
 * @throws {Error} when it cannot begin: no plugin in the file, no settings, no credentials
 */
export async function runWorker(
  { file, exportName, settingsFile, concurrency, graceSeconds }: WorkerOptions,
  until: AbortSignal,
): Promise<void> {
  const variables = readSettings(settingsFile, process.env);
  // For the plugin's own code: its variables, its region. Credentials stay out of it, see keepCredentials.
  for (const [name, value] of Object.entries(variables)) process.env[name] ??= value;
  const work = await loadPlugin(file, exportName);
  const runtime = connect(work, variables);
  const worker = randomBytes(4).toString('hex');
  const { plugin } = runtime;
  const endRenewals = await keepCredentials(variables, systemClock, (error) =>
    writeLine({
      level: 'error',
      message: 'no new credentials',
      plugin,
      worker,
      reason: String(error),
    }),
  );
  const queue = connectWorkerQueue(String(variables.BATON_QUEUE_URL), variables);
  const running = startWorker(work, { worker, concurrency, graceSeconds }, queue, runtime);
  writeLine({ level: 'info', message: 'worker started', plugin, worker, concurrency });
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  until.addEventListener('abort', () => resolve(), { once: true });
  if (!until.aborted) await stopped;
  const inWork = running.busy();
  writeLine({ level: 'info', message: 'worker stops', plugin, worker, inWork, graceSeconds });
  await running.stop();
  endRenewals();
  writeLine({ level: 'info', message: 'worker stopped', plugin, worker });
}
