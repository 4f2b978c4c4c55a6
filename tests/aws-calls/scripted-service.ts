import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Reply {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** There is no reply at all. */
  readonly silent?: true;
}

export interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that keeps what it is asked, and answers with the replies in their order; with the last one from then on. */
export async function startScriptedService() {
  const received: Received[] = [];
  let replies: readonly Reply[] = [{}];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    const [reply = {}] = replies;
    if (replies.length > 1) replies = replies.slice(1);
    if (reply.silent) return;
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body ?? '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    received,
    replyWith: (...next: readonly Reply[]) => {
      replies = next;
    },
    /** With which calls are made that this service answers. */
    options: {
      maxAttempts: 1,
      patience: { connectionTimeout: 60_000, requestTimeout: 60_000 },
      variables: {
        AWS_ENDPOINT_URL: origin,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKID',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
