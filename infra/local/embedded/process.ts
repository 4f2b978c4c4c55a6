/**
 * The process that holds the embedded AWS services, on a core of its own. It lives as long as its parent: when the
 * IPC channel closes, by `stop` or because the parent was killed, it ends. Signals from the terminal are the parent's to handle.
 */
import { join } from 'node:path';
import { FolderLock } from '../data/folder-lock.ts';
import { LOCKS } from '../data/own-files.ts';
import { startQueues } from './queues.ts';
import { startTables } from './tables.ts';

export interface EmbeddedProcessOptions {
  folder: string;
  region: string;
  /** Undefined: queues, topics and buckets are provided by someone else. */
  awsPort?: number;
  /** Undefined: tables are provided by someone else. */
  dynamodbPort?: number;
}

export type EmbeddedProcessMessage =
  | { status: 'ready'; awsEndpoint?: string; dynamodbEndpoint?: string }
  | { status: 'failed'; code: string; reason: string };

/** The process of a run that was killed may outlive it by a moment. */
const LOCK_WITHIN_MS = 3000;

const options: EmbeddedProcessOptions = JSON.parse(String(process.argv[2]));
const { folder, region, awsPort, dynamodbPort } = options;

process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('uncaughtException', (error) =>
  console.error(`embedded AWS services: ${error.stack ?? error}`),
);

const started: { endpoint: string; stop: () => Promise<void> }[] = [];
process.once('disconnect', async () => {
  setTimeout(() => process.exit(0), 800).unref();
  await Promise.allSettled(started.map(({ stop }) => stop()));
  process.exit(0);
});

const send = (message: EmbeddedProcessMessage) => process.connected && process.send?.(message);
try {
  // held until this process is gone
  const lock = await FolderLock.takeWithin(join(folder, LOCKS.embedded), LOCK_WITHIN_MS);
  if (!lock) throw Object.assign(new Error('the data folder is in use'), { code: 'LEVEL_LOCKED' });
  const tables =
    dynamodbPort === undefined
      ? undefined
      : await startTables({ folder, port: dynamodbPort, region });
  if (tables) started.push(tables);
  const queues =
    awsPort === undefined ? undefined : await startQueues({ folder, port: awsPort, region });
  if (queues) started.push(queues);
  send({
    status: 'ready',
    ...(queues && { awsEndpoint: queues.endpoint }),
    ...(tables && { dynamodbEndpoint: tables.endpoint }),
  });
} catch (error) {
  const { code, message, cause } = error as NodeJS.ErrnoException & {
    cause?: Error & { code?: string };
  };
  send({ status: 'failed', code: cause?.code ?? code ?? '', reason: cause?.message ?? message });
}
