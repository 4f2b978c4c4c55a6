import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface Reply {
  readonly status?: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The connection ends without a response. */
export const BREAK: Reply = { body: undefined };

/** The response does not come. */
export const NEVER: Reply = { body: undefined };

/** Replies by `METHOD /path`, with or without the query. For any other path, the reply is the API's 404. */
export type Routes = Readonly<Record<string, Reply | ((request: Received) => Reply)>>;

/** An API that gives the replies of a test, on a port of its own, and records the requests. */
export class FakeApi {
  readonly received: Received[] = [];
  routes: Routes = {};
  readonly #server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: await buffer(request) };
    this.received.push(received);
    const call = `${method} ${path}`;
    const route = this.routes[call] ?? this.routes[call.replace(/\?.*/, '')] ?? notFound(path);
    const reply = typeof route === 'function' ? route(received) : route;
    if (reply === NEVER) return;
    if (reply === BREAK) {
      request.socket.destroy();
      return;
    }
    const { status = 200, body, headers: more } = reply;
    response.writeHead(status, { 'content-type': 'application/json', ...more });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Forgets the requests and replies of the previous test. */
  reset(routes: Routes = {}): void {
    this.received.length = 0;
    this.routes = routes;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export function problem(status: number, code: string, detail: string, more: object = {}): Reply {
  return {
    status,
    body: { type: `urn:baton:problem:${code}`, title: code, status, code, detail, ...more },
  };
}

function notFound(path: string): Reply {
  return problem(404, 'NOT_FOUND', `there is nothing at ${path}`);
}
