import type { Moto } from './moto.ts';

interface Verdict {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Invokes the core's deployed functions with the events that API Gateway sends. */
export class Api {
  readonly #moto: Moto;
  readonly #prefix: string;
  /** The authorizer's context for the token. */
  #caller: Readonly<Record<string, unknown>> = {};

  constructor(moto: Moto, prefix: string) {
    this.#moto = moto;
    this.#prefix = prefix;
  }

  /** Makes an operator's token and lets the authorizer check it. @throws if it is refused, or a made-up token is not */
  async signIn(): Promise<void> {
    const made = await this.#moto.invoke(`${this.#prefix}-tokens`, { operator: 'verify' });
    const { token } = made as { token: string };
    const { isAuthorized, context } = await this.#authorize(token);
    if (!isAuthorized) throw new Error("the authorizer refuses an operator's token");
    if ((await this.#authorize(`${token.slice(0, -4)}none`)).isAuthorized) {
      throw new Error('the authorizer accepts a made-up token');
    }
    this.#caller = context ?? {};
  }

  async #authorize(token: string): Promise<Verdict> {
    return (await this.#moto.invoke(`${this.#prefix}-authorize`, {
      version: '2.0',
      type: 'REQUEST',
      identitySource: [`Bearer ${token}`],
    })) as Verdict;
  }

  /** Calls a route. @returns the body of a 2xx response @throws with the problem otherwise */
  // biome-ignore lint/suspicious/noExplicitAny: a body is any JSON; the caller says what it expects of it.
  async call(functionName: string, route: string, address: string, body?: unknown): Promise<any> {
    const [method = ''] = route.split(' ');
    const [path = '', query = ''] = address.split('?');
    const response = (await this.#moto.invoke(`${this.#prefix}-${functionName}`, {
      version: '2.0',
      routeKey: route,
      rawPath: path,
      rawQueryString: query,
      queryStringParameters: Object.fromEntries(new URLSearchParams(query)),
      headers: { 'content-type': 'application/json' },
      requestContext: {
        accountId: '123456789012',
        authorizer: { lambda: this.#caller },
        http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'verify' },
        requestId: crypto.randomUUID(),
        routeKey: route,
        stage: '$default',
        time: '01/Jan/2026:00:00:00 +0000',
        timeEpoch: 1767225600000,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      isBase64Encoded: false,
    })) as { statusCode: number; body: string };
    if (response.statusCode >= 300) {
      throw new Error(`${route}: ${response.statusCode} ${response.body}`);
    }
    return JSON.parse(response.body);
  }

  /** Places an order and waits until it has completed. @throws if it fails, or takes longer than four minutes */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async order(order: unknown): Promise<any> {
    const { orderId } = await this.call('ingest', 'POST /orders', '/orders', order);
    const deadline = performance.now() + 240_000;
    for (;;) {
      const shown = await this.call('orders', 'GET /orders/{orderId}', `/orders/${orderId}`);
      if (shown.status === 'completed') return shown;
      if (shown.status === 'failed' || performance.now() > deadline) {
        throw new Error(`the order is ${shown.status}: ${JSON.stringify(shown)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}
