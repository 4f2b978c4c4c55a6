import type { Connection, ConnectionOptions } from '../client/connection.ts';
import { openConnection, TOKEN_REFUSED } from '../client/connection.ts';
import * as client from '../client/errors.ts';
import { RefusedError, UnreachableError, UsageError } from './errors.ts';
import { IS_PACKAGE } from './own-package.ts';
import { visibleIn } from './visible-text.ts';

const MAX_TRIES = 4;

const START = IS_PACKAGE ? 'npx baton dev' : 'npm start';

export interface ApiResponse<T> {
  readonly status: number;
  readonly body: T;
}

export interface Post {
  readonly body: string | Uint8Array;
  readonly mediaType: string;
  /** With a key, the request is safe to repeat. */
  readonly idempotencyKey?: string | undefined;
  readonly traceparent?: string | undefined;
  /** Without a key, safe to repeat all the same: its order has an id. */
  readonly repeatable?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** The HTTP API of one Baton system, with errors for the person at the terminal. */
export interface Api {
  readonly url: string;
  /** @throws {RefusedError} with the problem document; {@link UnreachableError} if nothing responds, or something other than Baton */
  get<T>(path: string, signal?: AbortSignal): Promise<T>;
  put<T>(path: string, content: Pick<Post, 'body' | 'mediaType'>): Promise<ApiResponse<T>>;
  post<T>(path: string, content: Post): Promise<ApiResponse<T>>;
  delete<T>(path: string): Promise<T>;
}

/** @param isForPeople the text of the responses is shown, and made safe for that; JSON is for programs, and stays as it is */
export function connect({
  isForPeople = false,
  ...address
}: {
  readonly url: string;
  readonly token?: string | undefined;
  readonly isForPeople?: boolean;
}): Api {
  // Where nothing listens, a person wants to know at once.
  const connection = opened({ ...address, tries: MAX_TRIES, retriesUnreachable: false });
  const send: typeof connection.request = (request) =>
    connection.request<never>(request).then(
      (response) => (isForPeople ? { ...response, body: visibleIn(response.body) } : response),
      (error: unknown) => {
        throw forPeople(error);
      },
    );

  return {
    url: connection.url,
    get: async <T>(path: string, signal?: AbortSignal) =>
      (await send<T>({ method: 'GET', path, repeatable: true, signal })).body,
    put: <T>(path: string, { body, mediaType }: Pick<Post, 'body' | 'mediaType'>) =>
      send<T>({ method: 'PUT', path, body, mediaType, repeatable: true }),
    post: <T>(path: string, { repeatable = false, idempotencyKey, ...content }: Post) =>
      send<T>({
        ...{ method: 'POST', path, ...content, idempotencyKey },
        repeatable: repeatable || idempotencyKey !== undefined,
      }),
    delete: async <T>(path: string) =>
      (await send<T>({ method: 'DELETE', path, repeatable: false })).body,
  };
}

/** @throws {UsageError} for an address that is none */
function opened(options: ConnectionOptions): Connection {
  try {
    return openConnection(options);
  } catch (error) {
    throw forPeople(error);
  }
}

/** A JSON body to post or put. */
export function json(value: unknown): Pick<Post, 'body' | 'mediaType'> {
  return { body: JSON.stringify(value), mediaType: 'application/json' };
}

/** The names of options, where the command line has others than the client. */
const OPTIONS: Readonly<Record<string, string>> = {
  url: '--api',
  token: '--token',
  mediaType: '--type',
  idempotencyKey: '--idempotency-key',
  traceparent: '--traceparent',
};

/** The client's error with what to do about it at a terminal. */
function forPeople(error: unknown): unknown {
  if (error instanceof client.ArgumentError) {
    const { argument, message, reason } = error;
    if (argument === 'path') return new UsageError(reason);
    const option = OPTIONS[argument];
    return new UsageError(option === undefined ? message : `${option}: ${reason}`);
  }
  if (error instanceof client.UnreachableError) {
    const remedy = error.message.startsWith('nothing responds')
      ? `; start it with \`${START}\`, or name another address with --api`
      : '';
    return new UnreachableError(error.message + remedy, error);
  }
  if (!(error instanceof client.RefusedError)) return error;
  const { problem } = error;
  return new RefusedError(
    problem.detail === TOKEN_REFUSED
      ? { ...problem, detail: `${TOKEN_REFUSED}: give another with --token or BATON_TOKEN` }
      : problem,
  );
}
