import { Agent, request } from 'node:http';
import type { FuzzRequest } from './requests.ts';

/** An answer later than that is a hang. The API itself ends every call within 29 seconds. */
export const HANGS_AFTER_MS = 30_000;

export interface FuzzAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly contentType: string;
  readonly text: string;
  /** `undefined`, which fits no schema, for what is not JSON. */
  readonly body: unknown;
}

const agent = new Agent({ keepAlive: true });

/** Whoever refuses a body before its end may hang up on the rest of it; of a smaller one there is no rest. */
const LARGE_BYTES = 64 * 1024;

/**
 * By hand: fetch sends no Host of one's own, and tidies up paths.
 * @returns `undefined` when the server hung up on a large body
 * @throws when no answer comes
 */
export function send(
  url: string,
  sent: FuzzRequest,
  token?: string,
): Promise<FuzzAnswer | undefined> {
  const { hostname, port } = new URL(url);
  const { method, address, body } = sent;
  const headers = {
    ...sent.headers,
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-length': String(body.length) }),
  };
  const { promise, resolve, reject } = Promise.withResolvers<FuzzAnswer | undefined>();
  const call = request(
    { agent, hostname, port, path: address, method, headers, timeout: HANGS_AFTER_MS },
    (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      response.on('error', fail).on('end', () => {
        const [contentType = ''] = (response.headers['content-type'] ?? '').split(';');
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, contentType, text, body: parsed(text) });
      });
    },
  );
  function fail(error: NodeJS.ErrnoException): void {
    const hungUp = error.code === 'EPIPE' || error.code === 'ECONNRESET';
    if (hungUp && (body?.length ?? 0) > LARGE_BYTES) resolve(undefined);
    else reject(new Error(`no answer (${error.message}) to ${method} ${address}`));
  }
  call.on('error', fail).on('timeout', () => call.destroy(new Error('it hangs')));
  call.end(body);
  return promise;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
