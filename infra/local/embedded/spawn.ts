import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalError } from '../local-error.ts';
import type { EmbeddedProcessMessage, EmbeddedProcessOptions } from './process.ts';

export interface EmbeddedProcess {
  awsEndpoint?: string;
  dynamodbEndpoint?: string;
  /** Called when the process ends although nobody stopped it. */
  onLost: (lost: (reason: string) => void) => void;
  stop: () => Promise<void>;
}

/** Starts the embedded services in a child process and waits until they answer. */
export async function spawnEmbeddedAws(options: EmbeddedProcessOptions): Promise<EmbeddedProcess> {
  const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), [
    JSON.stringify(options),
  ]);
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as EmbeddedProcessMessage),
    ended.then((reason) => ({ status: 'failed', code: '', reason }) as const),
  ]);
  if (message.status === 'failed') {
    await stop(child, ended);
    throw startFailure(options, message);
  }
  let stopping = false;
  return {
    ...message,
    onLost: (lost) => void ended.then((reason) => stopping || lost(reason)),
    stop: async () => {
      stopping = true;
      await stop(child, ended);
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.disconnect();
  await ended;
}

function startFailure(
  { folder, awsPort, dynamodbPort }: EmbeddedProcessOptions,
  { code, reason }: { code: string; reason: string },
): LocalError {
  if (code === 'LEVEL_LOCKED')
    return new LocalError(
      `The data folder ${folder} is in use by another process; stop it, or choose another with --data DIR.`,
    );
  if (code === 'EADDRINUSE')
    return new LocalError(
      `Port ${reason.match(/:(\d+)$/)?.[1] ?? `${awsPort} or ${dynamodbPort}`} for the embedded AWS services is already taken; choose others with --aws-port PORT and --dynamodb-port PORT.`,
    );
  if (code.startsWith('LEVEL_')) return damaged(join(folder, 'tables'), 'LevelDB', reason);
  if (code === 'ERR_SQLITE_ERROR') return damaged(join(folder, 'fauxqs.db'), 'SQLite', reason);
  return new LocalError(`The embedded AWS services did not start: ${reason}.`);
}

function damaged(path: string, store: string, reason: string): LocalError {
  return new LocalError(
    `${path} cannot be read (${store}: ${reason.trim()}); put back a copy, or start with --reset, which forgets all data.`,
  );
}
