import fc from 'fast-check';
import type { OpenapiDocument } from '../app/http/document.ts';
import { undocumented } from '../app/http/document.ts';
import type { FuzzRequest } from './requests.ts';
import { requestsOf } from './requests.ts';

export interface FuzzOptions {
  /** The API's address. */
  readonly url: string;
  readonly seed: number;
  readonly seconds: number;
  /** By what is said of it; `undefined` sends none. */
  readonly tokens: Readonly<Record<string, string | undefined>>;
}

/** An answer later than that is a hang. The API itself ends every call within 29 seconds. */
const HANGS_AFTER_MS = 30_000;

/**
 * Sends requests made from the OpenAPI document until the time is over.
 * @returns how many answers there were, by token and status.
 * @throws with the smallest request found whose answer is a 5xx, does not come, or is not as documented.
 */
export async function fuzz({ url, seed, seconds, tokens }: FuzzOptions) {
  const operator = Object.values(tokens).find((token) => token?.startsWith('baton_o_'));
  const document = (await (
    await fetch(`${url}/openapi.json`, { headers: authorization(operator) })
  ).json()) as OpenapiDocument;
  const counts = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(tokens)),
      requestsOf(document),
      async (holder, request) => {
        const answer = await send(url, request, tokens[holder]);
        const counted = `${holder} ${answer.status}`;
        counts.set(counted, (counts.get(counted) ?? 0) + 1);
        const faults = [
          ...(answer.status >= 500 ? [`answers ${answer.status}`] : []),
          ...undocumented(request.method, pathOf(request), answer),
        ];
        if (faults.length > 0)
          throw new Error(`${faults.join('; ')}: ${describe(request, answer)}`);
      },
    ),
    {
      seed,
      includeErrorInReport: true,
      numRuns: Number.MAX_SAFE_INTEGER,
      interruptAfterTimeLimit: seconds * 1000,
      timeout: HANGS_AFTER_MS + 1000,
    },
  );
  return counts;
}

async function send(url: string, request: FuzzRequest, token?: string) {
  const { method, address, headers, body } = request;
  try {
    const response = await fetch(`${url}${address}`, {
      method,
      headers: { ...headers, ...authorization(token) },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(HANGS_AFTER_MS),
    });
    const text = await response.text();
    const [contentType = ''] = (response.headers.get('content-type') ?? '').split(';');
    return { status: response.status, contentType, text, body: parsed(text) };
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Error(`no answer (${message}: ${cause}) to ${method} ${address}`);
  }
}

/** `undefined`, which fits no schema, for what is not JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function authorization(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** The path as it is sent: a URL has no dots as segments. */
function pathOf({ address }: FuzzRequest): string {
  return new URL(address, 'http://localhost').pathname;
}

function describe(
  request: FuzzRequest,
  { status, text }: { status: number; text: string },
): string {
  const { method, address, headers, body } = request;
  const sent = body === undefined ? '' : ` ${JSON.stringify(Buffer.from(body).toString('latin1'))}`;
  return `${method} ${address} ${JSON.stringify(headers)}${sent} -> ${status} ${text.slice(0, 300)}`;
}
