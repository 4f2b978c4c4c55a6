import { setTimeout as pause } from 'node:timers/promises';
import { defined } from '../core/defined.ts';
import type { Refusal } from './errors.ts';
import { RefusedError, UnreachableError } from './errors.ts';

/** API Gateway ends every request after 29 seconds. */
const RESPONSE_TIMEOUT_MS = 35_000;
const MAX_TRIES = 4;
const FIRST_PAUSE_MS = 200;

/** Statuses after which the same request may succeed. */
const PASSING = new Set([429, 502, 503, 504]);

export interface ApiResponse<T> {
  readonly status: number;
  readonly body: T;
}

export interface Post {
  readonly body: string | Uint8Array;
  readonly mediaType: string;
  /** With a key, the request is safe to repeat. */
  readonly idempotencyKey?: string | undefined;
  /** Without a key, safe to repeat all the same: its order has an id. */
  readonly repeatable?: boolean;
}

/** The HTTP API of one Baton system. While the system is busy for a moment, requests that are safe to repeat are repeated. */
export interface Api {
  readonly url: string;
  /** @throws {RefusedError} with the problem document; {@link UnreachableError} if nothing responds, or something other than Baton */
  get<T>(path: string): Promise<T>;
  put<T>(path: string, content: Pick<Post, 'body' | 'mediaType'>): Promise<ApiResponse<T>>;
  post<T>(path: string, content: Post): Promise<ApiResponse<T>>;
  delete<T>(path: string): Promise<T>;
}

export function connect(address: {
  readonly url: string;
  readonly token?: string | undefined;
}): Api {
  const url = address.url.replace(/\/+$/, '');
  const authorization: Record<string, string> =
    address.token === undefined ? {} : { authorization: `Bearer ${address.token}` };

  async function send<T>(
    path: string,
    init: RequestInit,
    repeatable: boolean,
  ): Promise<ApiResponse<T>> {
    for (let tries = 1; ; tries += 1) {
      const response = await request(url, path, {
        ...init,
        headers: { ...authorization, ...init.headers },
      });
      if (!repeatable || !PASSING.has(response.status) || tries === MAX_TRIES) {
        return readResponse<T>(response, url);
      }
      await response.body?.cancel();
      const asked = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
      await pause(Number.isNaN(asked) ? FIRST_PAUSE_MS * 2 ** (tries - 1) : Math.min(asked, 5000));
    }
  }

  return {
    url,
    get: async <T>(path: string) => (await send<T>(path, {}, true)).body,
    put: <T>(path: string, { body, mediaType }: Pick<Post, 'body' | 'mediaType'>) =>
      send<T>(path, { method: 'PUT', body, headers: { 'content-type': mediaType } }, true),
    post: <T>(path: string, { body, mediaType, idempotencyKey, repeatable = false }: Post) => {
      const headers = {
        'content-type': mediaType,
        ...defined({ 'idempotency-key': idempotencyKey }),
      };
      const isRepeatable = repeatable || idempotencyKey !== undefined;
      return send<T>(path, { method: 'POST', body, headers }, isRepeatable);
    },
    delete: async <T>(path: string) => (await send<T>(path, { method: 'DELETE' }, false)).body,
  };
}

/** A JSON body to post or put. */
export function json(value: unknown): Pick<Post, 'body' | 'mediaType'> {
  return { body: JSON.stringify(value), mediaType: 'application/json' };
}

async function request(url: string, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.timeout(RESPONSE_TIMEOUT_MS),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'TimeoutError') {
      throw new UnreachableError(`${url} does not respond within ${RESPONSE_TIMEOUT_MS / 1000} s`);
    }
    const { cause } = error as { cause?: { code?: string } };
    const reason = cause?.code === undefined ? '' : ` (${cause.code})`;
    throw new UnreachableError(
      `nothing responds at ${url}${reason}; start it with \`npm start\`, or name another address with --api`,
    );
  }
}

async function readResponse<T>(response: Response, url: string): Promise<ApiResponse<T>> {
  const { status } = response;
  const text = await response.text();
  const body = parseJson(text);
  if (response.ok && body !== undefined) return { status, body: body as T };
  if (isRefusal(body)) throw new RefusedError(body);
  if (status === 401 || status === 403) {
    const detail = 'the API does not accept the token: give another with --token or BATON_TOKEN';
    throw new RefusedError({ status, code: status === 401 ? 'UNAUTHORIZED' : 'FORBIDDEN', detail });
  }
  const { message } = (body ?? {}) as { message?: unknown };
  const explanation = typeof message === 'string' ? `: ${message}` : '';
  throw new UnreachableError(
    `${url} is not the API of a Baton system (status ${status}${explanation})`,
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
