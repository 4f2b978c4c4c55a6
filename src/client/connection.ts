import { defined } from '../core/defined.ts';
import { checkedUrl, checkHeaders, checkPath, checkTries } from './check-arguments.ts';
import type { Refusal } from './errors.ts';
import { RefusedError, UnreachableError } from './errors.ts';
import { pause } from './pause.ts';

/** API Gateway ends every request after 29 seconds. */
const RESPONSE_TIMEOUT_MS = 35_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/** What a refusal says that comes from API Gateway, which gives no reasons. */
export const TOKEN_REFUSED = 'the API does not accept the token';

/** Where a connection ends in one of these, it never was one. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** Statuses after which the same request may succeed. */
const PASSING = new Set([429, 500, 502, 503, 504]);

export interface ConnectionOptions {
  /** The API's address, such as `http://localhost:3000`. */
  readonly url: string;
  /** A bearer token, or what gives one at each request. Default: none, which a local Baton accepts. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** How often a request that is safe to repeat is tried in all. */
  readonly tries: number;
  /** Whether it is tried again when nothing responds; otherwise only when Baton says that it is busy. */
  readonly retriesUnreachable: boolean;
  /** Default: the global one, at the time of each request. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The headers of W3C Trace Context, if what you do is traced: https://www.w3.org/TR/trace-context/ */
export interface TraceOptions {
  /** The span under which the order's hang. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** With the query. */
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly mediaType?: string;
  readonly idempotencyKey?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
  /** Whether to send it twice has the same effect as to send it once. */
  readonly repeatable: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface ApiResponse<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Sends requests to one API. */
export interface Connection {
  readonly url: string;
  /** @throws {RefusedError} with the problem document; {@link UnreachableError}; {@link ArgumentError}; the signal's reason */
  request<Body>(request: ApiRequest): Promise<ApiResponse<Body>>;
}

/**
 * While the system is busy for a moment, requests that are safe to repeat are repeated, after pauses that grow and vary.
 * @throws {ArgumentError} for a wrong `url` or `tries`
 */
export function openConnection(options: ConnectionOptions): Connection {
  const { tries, retriesUnreachable } = options;
  const url = checkedUrl(options.url);
  checkTries(tries);

  async function once(request: ApiRequest): Promise<Response> {
    const { method, path, body, mediaType, idempotencyKey, signal } = request;
    const { traceparent, tracestate } = request;
    const token = typeof options.token === 'function' ? await options.token() : options.token;
    const headers = defined({
      authorization: token === undefined ? undefined : `Bearer ${token}`,
      'content-type': mediaType,
      'idempotency-key': idempotencyKey,
      ...{ traceparent, tracestate },
    });
    checkHeaders(headers);
    const timeout = AbortSignal.timeout(RESPONSE_TIMEOUT_MS);
    const send = options.fetch ?? globalThis.fetch;
    try {
      return await send(`${url}${path}`, {
        method,
        headers,
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        ...defined({ body: body as string | undefined }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw unreachable(url, error, timeout.aborted);
    }
  }

  async function request<Body>(request: ApiRequest): Promise<ApiResponse<Body>> {
    checkPath(request.path);
    for (let tried = 1; ; tried += 1) {
      const isLast = !request.repeatable || tried === tries;
      const growing = Math.min(FIRST_PAUSE_MS * 2 ** (tried - 1), LONGEST_PAUSE_MS);
      let pauseMs = growing * (0.5 + Math.random() / 2);
      try {
        const response = await once(request);
        if (isLast || !PASSING.has(response.status)) return await read<Body>(response, url);
        await response.body?.cancel();
        const asked = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
        if (!Number.isNaN(asked)) pauseMs = Math.min(asked, LONGEST_PAUSE_MS);
      } catch (error) {
        if (isLast || !retriesUnreachable || !(error instanceof UnreachableError)) throw error;
      }
      await pause(pauseMs, request.signal);
    }
  }

  return { url, request };
}

function unreachable(url: string, error: unknown, timedOut: boolean): UnreachableError {
  if (timedOut) {
    const message = `${url} does not respond within ${RESPONSE_TIMEOUT_MS / 1000} s`;
    return new UnreachableError(message, { mayHaveArrived: true });
  }
  const { code } = (error as { cause?: { code?: string } }).cause ?? {};
  const mayHaveArrived = code === undefined || !NEVER_CONNECTED.has(code);
  const reason = code === undefined ? '' : ` (${code})`;
  return new UnreachableError(`nothing responds at ${url}${reason}`, {
    cause: error,
    mayHaveArrived,
  });
}

async function read<Body>(response: Response, url: string): Promise<ApiResponse<Body>> {
  const { status } = response;
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(url, error, false);
  });
  const body = parseJson(text);
  if (response.ok && body !== undefined) return { status, body: body as Body };
  if (isRefusal(body)) throw new RefusedError(body);
  // API Gateway's own answers are no problem documents.
  if (status === 401 || status === 403) {
    const code = status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN';
    throw new RefusedError({ status, code, detail: TOKEN_REFUSED });
  }
  const { message } = (body ?? {}) as { message?: unknown };
  const explanation = typeof message === 'string' ? `: ${message}` : '';
  throw new UnreachableError(
    `${url} is not the API of a Baton system (status ${status}${explanation})`,
    { mayHaveArrived: status >= 500 },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRefusal(body: unknown): body is Refusal {
  const { code, detail } = (body ?? {}) as Partial<Refusal>;
  return typeof code === 'string' && typeof detail === 'string';
}
