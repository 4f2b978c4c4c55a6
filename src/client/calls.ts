import { defined } from '../core/defined.ts';
import { checkText } from './check-arguments.ts';
import type { Connection, TraceOptions } from './connection.ts';
import { writeJson } from './json-text.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface RepeatableOptions extends CallOptions {
  /** Makes the request safe to send again, from another process too. Default: a key of the call's own. */
  readonly idempotencyKey?: string;
}

/** The largest page of most lists. */
const PAGE = 100;

export async function read<Answer>(
  connection: Connection,
  path: string,
  { signal }: CallOptions = {},
): Promise<Answer> {
  const request = { method: 'GET', path, repeatable: true, signal } as const;
  return (await connection.request<Answer>(request)).body;
}

/** Reads what a filter is about. */
export function readBy<Answer>(
  connection: Connection,
  path: string,
  filter: Readonly<Record<string, string | undefined>>,
  options: CallOptions,
): Promise<Answer> {
  const query = writeQuery(Object.entries(defined(filter) as Record<string, string>));
  return read(connection, `${path}?${query}`, options);
}

/** Posts under a key by which Baton knows the request again, so that it may be repeated. @param what the body's name in errors */
export async function post<Answer>(
  connection: Connection,
  path: string,
  body: object | undefined,
  what: string,
  options: RepeatableOptions & TraceOptions = {},
): Promise<Answer> {
  const { idempotencyKey = newKey(), signal, traceparent, tracestate } = options;
  const answer = await connection.request<Answer>({
    ...{ method: 'POST', path, ...json(body, what) },
    ...{ idempotencyKey, traceparent, tracestate },
    ...{ repeatable: true, signal },
  });
  return answer.body;
}

/** Posts what must not be done twice and has no key. It is sent once. */
export async function postOnce<Answer>(
  connection: Connection,
  path: string,
  body: object | undefined,
  what: string,
  { signal }: CallOptions = {},
): Promise<Answer> {
  const answer = await connection.request<Answer>({
    ...{ method: 'POST', path, ...json(body, what) },
    ...{ repeatable: false, signal },
  });
  return answer.body;
}

/** Stores what replaces what was there, so that storing it again changes nothing. */
export async function put<Answer>(
  connection: Connection,
  path: string,
  content: Content,
  { signal }: CallOptions = {},
): Promise<Answer> {
  const request = { method: 'PUT', path, ...content, repeatable: true, signal } as const;
  return (await connection.request<Answer>(request)).body;
}

/** Takes something away. It is sent once: the second time, it would not be found. */
export async function remove<Answer>(
  connection: Connection,
  path: string,
  { signal }: CallOptions = {},
): Promise<Answer> {
  const request = { method: 'DELETE', path, repeatable: false, signal } as const;
  return (await connection.request<Answer>(request)).body;
}

/** The items of a list, page by page, each page when it is needed. @param key the field of a page that holds them */
export async function* items<Item>(
  connection: Connection,
  path: string,
  key: string,
  options: CallOptions = {},
  filter: Query = [],
): AsyncGenerator<Item, void> {
  const query = writeQuery(filter);
  query.set('limit', String(PAGE));
  for (;;) {
    const page = await read<Record<string, unknown>>(connection, `${path}?${query}`, options);
    yield* page[key] as Item[];
    if (page.next === undefined) return;
    query.set('next', String(page.next));
  }
}

/** Names and values in the order in which they are sent; a name may stand there several times. */
export type Query = readonly (readonly [name: string, value: string | number | boolean])[];

/** @throws {ArgumentError} for text that `URLSearchParams` would change in silence */
function writeQuery(pairs: Query): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of pairs) {
    checkText(name, name);
    checkText(name, String(value));
    query.append(name, String(value));
  }
  return query;
}

interface Content {
  readonly body: string;
  readonly mediaType: string;
}

/** @throws {NotJsonError} that says where in `what` the value is none */
export function json(value: object, what: string): Content;
export function json(value: object | undefined, what: string): Content | undefined;
export function json(value: object | undefined, what: string): Content | undefined {
  return value && { body: writeJson(value, what), mediaType: 'application/json' };
}

/** Not `crypto.randomUUID`, which browsers have on secure pages only. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
