import fc from 'fast-check';
import type { OpenapiDocument } from '../app/http/document.ts';
import { undocumented } from '../app/http/document.ts';
import type { FuzzRequest } from './requests.ts';
import { requestsOf } from './requests.ts';
import { type FuzzAnswer, HANGS_AFTER_MS, send } from './send.ts';

/** Calls that are under way together: they may meet in one order, workflow or client. */
const AT_ONCE = 4;

type Holder = readonly [name: string, token: string | undefined];

export interface FuzzOptions {
  /** The API's address. */
  readonly url: string;
  readonly document: OpenapiDocument;
  readonly seed: number;
  readonly seconds: number;
  /** By what is said of it; `undefined` sends none. One that is named several times is sent more often. */
  readonly tokens: readonly Holder[];
  /** Names of things that are there, by the name of a path's parameter. */
  readonly found: Readonly<Record<string, readonly string[]>>;
}

export interface FuzzCounts {
  /** Answers by token and status. */
  readonly answers: ReadonlyMap<string, number>;
  /** The document's calls that answered with success at least once. */
  readonly succeeded: ReadonlySet<string>;
}

/**
 * Sends requests made from the OpenAPI document until the time is over.
 * @throws with the smallest request found whose answer is a 5xx, does not come, or is not as documented.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzCounts> {
  const { url, document, seed, seconds, tokens, found } = options;
  const answers = new Map<string, number>();
  const succeeded = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom(...tokens), requestsOf(document, found)), {
        minLength: 1,
        maxLength: AT_ONCE,
      }),
      async (sent) => {
        const faults = await Promise.all(sent.map(([holder, request]) => tried(holder, request)));
        if (faults.some(Boolean)) throw new Error(faults.filter(Boolean).join('\n'));
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
  return { answers, succeeded };

  /** What is wrong with the answer. */
  async function tried([holder, token]: Holder, request: FuzzRequest): Promise<string | undefined> {
    const answer = await send(url, request, token);
    const counted = `${holder} ${answer?.status ?? 'hung up'}`;
    answers.set(counted, (answers.get(counted) ?? 0) + 1);
    if (answer === undefined) return undefined;
    if (answer.status < 300) succeeded.add(`${request.method} ${request.template}`);
    const faults = faultsOf(request, answer);
    return faults.length > 0
      ? `${faults.join('; ')}: ${describe(holder, request, answer)}`
      : undefined;
  }
}

function faultsOf(request: FuzzRequest, answer: FuzzAnswer): readonly string[] {
  if (request.isForeign) return foreignFaults(answer);
  return [
    ...(answer.status >= 500 ? [`answers ${answer.status}`] : []),
    ...undocumented(request.method, pathOf(request), answer),
  ];
}

/** The local server refuses it before the API sees it. */
function foreignFaults({ status, contentType, headers }: FuzzAnswer): readonly string[] {
  const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
  return [
    ...(status === 403 && contentType === 'application/problem+json' ? [] : ['is not refused']),
    ...cors.map((name) => `has the header ${name}`),
  ];
}

/** The path as it is sent. */
function pathOf({ address }: FuzzRequest): string {
  return address.split('?')[0] ?? '';
}

function describe(holder: string, request: FuzzRequest, { status, text }: FuzzAnswer): string {
  const { method, address, headers, body } = request;
  const sent = body
    ? ` ${body.length} bytes ${JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 500))}`
    : '';
  return `${holder}: ${method} ${address} ${JSON.stringify(headers)}${sent} -> ${status} ${text.slice(0, 300)}`;
}
