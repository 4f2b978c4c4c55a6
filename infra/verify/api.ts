import type { Moto } from './moto.ts';

/** The deployed functions of the core, asked as API Gateway asks them. */
export class Api {
  readonly #moto: Moto;
  readonly #prefix: string;

  constructor(moto: Moto, prefix: string) {
    this.#moto = moto;
    this.#prefix = prefix;
  }

  /** The body of a 2xx answer. @throws with the problem otherwise */
  // biome-ignore lint/suspicious/noExplicitAny: an answer is any JSON; the caller says what it expects of it.
  async call(functionName: string, route: string, path: string, body?: unknown): Promise<any> {
    const [method = ''] = route.split(' ');
    const answer = (await this.#moto.invoke(`${this.#prefix}-${functionName}`, {
      version: '2.0',
      routeKey: route,
      rawPath: path,
      rawQueryString: '',
      headers: { 'content-type': 'application/json' },
      requestContext: {
        accountId: '123456789012',
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
    if (answer.statusCode >= 300) throw new Error(`${route}: ${answer.statusCode} ${answer.body}`);
    return JSON.parse(answer.body);
  }

  /** Places an order and waits until it has ended. @throws if it does not, within 90 seconds */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async order(order: unknown): Promise<any> {
    const { orderId } = await this.call('ingest', 'POST /orders', '/orders', order);
    const deadline = performance.now() + 90_000;
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
