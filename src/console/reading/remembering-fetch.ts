/** Answers that are kept so that the API may say "unchanged". A tab polls a few addresses. */
const KEPT = 30;

interface Kept {
  readonly etag: string;
  readonly body: string;
}

/**
 * A `fetch` that asks for what it has seen only if that has changed: the answer 304 becomes the body from before. In this page's memory
 * alone: what orders hold is not to lie in the browser's cache on a disk.
 */
export function rememberingFetch(send: typeof globalThis.fetch): typeof globalThis.fetch {
  const kept = new Map<string, Kept>();
  return async (input, init = {}) => {
    const request = { ...init, cache: 'no-store' } as const;
    if ((init.method ?? 'GET') !== 'GET') return send(input, request);
    const headers = new Headers(init.headers);
    // Another token may see other things.
    const key = `${headers.get('authorization')} ${input}`;
    const before = kept.get(key);
    if (before !== undefined) headers.set('if-none-match', before.etag);
    const response = await send(input, { ...request, headers });
    if (response.status === 304 && before !== undefined) {
      return new Response(before.body, { status: 200, headers: response.headers });
    }
    const etag = response.headers.get('etag');
    if (!response.ok || etag === null) return response;
    const body = await response.text();
    kept.delete(key);
    kept.set(key, { etag, body });
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return new Response(body, { status: response.status, headers: response.headers });
  };
}
