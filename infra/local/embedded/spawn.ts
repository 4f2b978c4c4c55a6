import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { getCompileCacheDir } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalError, withRemedy } from '../local-error.ts';
import type { EmbeddedProcessMessage, EmbeddedProcessOptions } from './process.ts';

export interface EmbeddedProcess {
  awsEndpoint?: string;
  dynamodbEndpoint?: string;
  /** Called with the whole story when the process ends although nobody stopped it. */
  onLost: (lost: (reason: string) => void) => void;
  stop: () => Promise<void>;
}

/** After that the process is killed: the files bear it, and it may hang. */
const STOP_MS = 350;

/** Starts the embedded services in a child process and waits until they answer. */
export async function spawnEmbeddedAws(options: EmbeddedProcessOptions): Promise<EmbeddedProcess> {
  const child = fork(
    fileURLToPath(new URL('./process.ts', import.meta.url)),
    [JSON.stringify(options)],
    { env: { ...process.env, ...sameCompileCache() } },
  );
  let failure: string | undefined;
  // its last message may come after its end, but not after that of the channel
  const ended = Promise.all([once(child, 'exit'), once(child, 'disconnect')]).then(
    ([[code, signal]]) => String(signal ?? `exit code ${code}`),
  );
  const message = await Promise.race([
    once(child, 'message').then(([first]) => first as EmbeddedProcessMessage),
    ended.then((reason) => ({ status: 'failed', code: '', reason }) as const),
  ]);
  if (message.status === 'failed') {
    await stop(child, ended);
    throw startFailure(options, message);
  }
  child.on('message', (later: EmbeddedProcessMessage) => {
    if (later.status === 'failed') failure = later.reason;
  });
  let stopping = false;
  return {
    ...message,
    onLost: (lost) =>
      void ended.then((reason) => {
        if (!stopping) lost(sayLost(reason, failure));
      }),
    stop: async () => {
      stopping = true;
      await stop(child, ended);
    },
  };
}

/** Node makes a folder of its own version in the one that it is given. */
function sameCompileCache(): { NODE_COMPILE_CACHE?: string } {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

async function stop(child: ChildProcess, ended: Promise<string>): Promise<void> {
  if (child.connected) child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(late);
}

function sayLost(reason: string, storeFailure: string | undefined): string {
  return storeFailure
    ? `The data can no longer be kept: ${storeFailure}. Put that right and start again: all that was acknowledged is there.`
    : `The embedded AWS services ended (${reason}); start again, nothing is lost.`;
}

function startFailure(
  { folder, awsPort, dynamodbPort }: EmbeddedProcessOptions,
  failure: { code: string; reason: string; path?: string; syscall?: string },
): LocalError {
  const { code, reason } = failure;
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
  const withWayOut = withRemedy(failure);
  if (withWayOut instanceof LocalError) return withWayOut;
  return new LocalError(`The embedded AWS services did not start: ${reason}.`);
}

function damaged(path: string, store: string, reason: string): LocalError {
  return new LocalError(
    `${path} cannot be read (${store}: ${reason.trim()}); put back a copy, or start with --reset, which forgets all data.`,
  );
}
