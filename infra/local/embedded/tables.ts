import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { refuseForeign } from '../host/refuse-foreign.ts';
import { ACCOUNT_ID } from './account.ts';
import { createServer, type TableStore } from './dynalite-internals.ts';
import {
  closeIterators,
  endOnFailure,
  keepIndexesInStep,
  readAtOnce,
  rememberTables,
} from './dynalite-mends.ts';
import type { EmbeddedServer } from './queues.ts';
import { readThrough } from './read-through.ts';
import type { StoreFailed } from './store-failure.ts';
import { TimeToLive, type TimeToLiveRequest } from './time-to-live.ts';

/** DynamoDB on a port of 127.0.0.1; in memory, or kept in a LevelDB in `folder`. */
export async function startTables(options: {
  folder?: string | undefined;
  port: number;
  region: string;
  failed: StoreFailed;
}): Promise<EmbeddedServer & { reapExpired: () => Promise<number> }> {
  const { folder, port, region, failed } = options;
  const { server, store } = createServer({
    ...(folder && { path: join(folder, 'tables') }),
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
  });
  closeIterators(store);
  readAtOnce(store);
  endOnFailure(store, failed);
  keepIndexesInStep(store);
  rememberTables(store);
  store.tableDb.awsAccountId = ACCOUNT_ID;
  store.tableDb.awsRegion = region;
  await openStore(store);
  if (folder) await readThrough(store);

  const [answer] = server.listeners('request') as [RequestListener];
  server.removeAllListeners('request');
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const timeToLive = new TimeToLive(
    (operation, input) => call(endpoint, region, operation, input),
    folder && join(folder, 'time-to-live.json'),
  );

  server.on('request', (request, response) => {
    const operation = String(request.headers['x-amz-target']).split('.')[1];
    if (operation === 'UpdateTimeToLive' || operation === 'DescribeTimeToLive')
      return void answerTimeToLive(timeToLive, operation, request, response);
    answer(request, response);
    // dynalite throws when a client hangs up in the middle of a request
    request.removeAllListeners('error').on('error', () => {});
  });
  refuseForeign(server);

  return {
    endpoint,
    reapExpired: () => timeToLive.reap(),
    stop: async () => {
      timeToLive.stop();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await store.db.close();
    },
  };
}

/** After a kill, the LevelDB lock of the earlier process may outlive it by a moment. */
async function openStore(store: TableStore): Promise<void> {
  const until = Date.now() + 3000;
  for (;;) {
    try {
      return await store.db.open();
    } catch (error) {
      const locked = (error as { cause?: { code?: string } }).cause?.code === 'LEVEL_LOCKED';
      if (!locked || Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

async function answerTimeToLive(
  timeToLive: TimeToLive,
  operation: 'UpdateTimeToLive' | 'DescribeTimeToLive',
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const input = (await json(request)) as TimeToLiveRequest;
  const body = JSON.stringify(
    operation === 'UpdateTimeToLive' ? timeToLive.update(input) : timeToLive.describe(input),
  );
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
}

async function call<Answer>(
  endpoint: string,
  region: string,
  operation: string,
  input: object,
): Promise<Answer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
      'x-amz-date': new Date().toISOString(),
      authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${region}/dynamodb/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${operation}: ${JSON.stringify(answer)}`);
  return answer as Answer;
}
