/**
 * The process that holds the embedded AWS services, on a core of its own. It lives as long as its parent: when the
 * IPC channel closes, by `stop` or because the parent was killed, it ends. So it does at the first failure of a store, and
 * at any signal at once: the terminal's do not come here, and the parent then ends the rest.
 */
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { FolderLock } from '../data/folder-lock.ts';
import { LOCKS } from '../data/own-files.ts';
import { isStoreError, storeFailure } from './dynalite-mends.ts';
import { startQueues } from './queues.ts';
import { startTables } from './tables.ts';
import { watchStoreFiles } from './watch-store-files.ts';

export interface EmbeddedProcessOptions {
  folder: string;
  region: string;
  /** Undefined: queues, topics and buckets are provided by someone else. */
  awsPort?: number;
  /** Undefined: tables are provided by someone else. */
  dynamodbPort?: number;
}

/** `failed`: it did not start, or can no longer write or read a file; the process is gone after that. */
export type EmbeddedProcessMessage =
  | { status: 'ready'; awsEndpoint?: string; dynamodbEndpoint?: string }
  | { status: 'failed'; code: string; reason: string; path?: string; syscall?: string };

/** The process of a run that was killed may outlive it by a moment. */
const LOCK_WITHIN_MS = 3000;
/** Closing the stores takes less, unless something hangs: the data is safe without. */
const CLOSE_MS = 800;

const options: EmbeddedProcessOptions = JSON.parse(String(process.argv[2]));
const { folder, region, awsPort, dynamodbPort } = options;
const send = (message: EmbeddedProcessMessage) => process.connected && process.send?.(message);

const started: { stop: () => void | Promise<void> }[] = [];
let ending = false;

process.once('disconnect', end);
process.on('uncaughtException', (error) => {
  if (isStoreError(error)) failed(storeFailure(error));
  else console.error(`embedded AWS services: ${error.stack ?? error}`);
});

try {
  // held until this process is gone
  const lock = await FolderLock.takeWithin(join(folder, LOCKS.embedded), LOCK_WITHIN_MS);
  if (!lock) throw Object.assign(new Error('the data folder is in use'), { code: 'LEVEL_LOCKED' });
  const tables =
    dynamodbPort === undefined
      ? undefined
      : await startTables({ folder, port: dynamodbPort, region, failed });
  if (tables) started.push(tables);
  const queues =
    awsPort === undefined
      ? undefined
      : await startQueues({ folder, port: awsPort, region, failed });
  if (queues) started.push(queues);
  started.push(watchStoreFiles(folder, failed));
  send({
    status: 'ready',
    ...(queues && { awsEndpoint: queues.endpoint }),
    ...(tables && { dynamodbEndpoint: tables.endpoint }),
  });
  flushCompileCache();
} catch (error) {
  // of LevelDB's errors, only the cause names the file
  const { code = '', message, cause = error } = error as NodeJS.ErrnoException;
  const {
    code: causeCode = code,
    message: reason = message,
    path,
    syscall,
  } = cause as NodeJS.ErrnoException;
  send({ status: 'failed', code: causeCode, reason, ...(path && syscall && { path, syscall }) });
}

async function end(): Promise<void> {
  ending = true;
  setTimeout(kill, CLOSE_MS).unref();
  await Promise.allSettled(started.map(({ stop }) => stop()));
  process.exit(0);
}

/** At once: whatever else is on its way to the store must not be acknowledged. */
function failed(failure: string): void {
  if (!ending) send({ status: 'failed', code: '', reason: failure });
  kill();
}

function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}
