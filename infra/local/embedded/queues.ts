import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { refuseForeign } from '../host/refuse-foreign.ts';
import './fauxqs-mends.ts';
import { endOnSqliteFailure } from './end-on-sqlite-failure.ts';
import {
  buildServer,
  PersistenceManager,
  type QueueStore,
  S3Store,
  SnsStore,
  SqsStore,
} from './fauxqs-internals.ts';
import { serveQueueSamples } from './serve-queue-samples.ts';
import type { StoreFailed } from './store-failure.ts';

export interface EmbeddedServer {
  endpoint: string;
  stop: () => Promise<void>;
}

/** SQS, SNS and S3 on one port of 127.0.0.1; in memory, or kept in an SQLite file in `folder`. */
export async function startQueues(options: {
  folder?: string | undefined;
  port: number;
  region: string;
  failed: StoreFailed;
}): Promise<EmbeddedServer> {
  const { folder, port, region, failed } = options;
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  stores.sqsStore.region = region;
  stores.snsStore.region = region;
  stores.sqsStore.host = undefined;

  const persistence = folder ? new PersistenceManager(folder) : undefined;
  if (folder && persistence) {
    // WAL with synchronous=NORMAL survives the end of the process, and is six times faster than FULL.
    persistence.db.exec('PRAGMA synchronous = NORMAL');
    releaseInFlight(persistence);
    persistence.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    stores.sqsStore.persistence = persistence;
    stores.snsStore.persistence = persistence;
    stores.s3Store.persistence = persistence;
    for (const queue of stores.sqsStore.queues.values()) queue.persistence = persistence;
    endOnSqliteFailure(persistence, join(folder, 'fauxqs.db'), failed);
  }

  const server = buildServer(region, stores);
  serveQueueSamples(server, stores.sqsStore);
  refuseForeign(server.server, { subdomains: true });
  if (persistence) server.addHook('onClose', async () => persistence.close());
  await server.listen({ port, host: '127.0.0.1' });
  const endpoint = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  moveQueueUrls(stores.sqsStore, endpoint);
  return { endpoint, stop: () => server.close() };
}

/**
 * No consumer survives a restart of the stack, so nobody should wait out a visibility timeout after one; and
 * the receive that was cut short does not bring the message nearer to its dead-letter queue.
 */
function releaseInFlight(persistence: InstanceType<typeof PersistenceManager>): void {
  persistence.db.exec(`
    UPDATE sqs_messages
    SET receipt_handle = NULL, visibility_deadline = NULL,
        approximate_receive_count = MAX(0, approximate_receive_count - 1)
    WHERE receipt_handle IS NOT NULL`);
}

/** Queues kept from an earlier run still carry its port in their URL. */
function moveQueueUrls(store: QueueStore, endpoint: string): void {
  for (const [oldUrl, queue] of [...store.queues]) {
    store.queues.delete(oldUrl);
    queue.url = endpoint + new URL(oldUrl).pathname;
    store.queues.set(queue.url, queue);
  }
}
