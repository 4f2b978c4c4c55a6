import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { defined } from '../core/defined.ts';
import type { Api } from './api.ts';
import { CliError, RefusedError } from './errors.ts';
import type { OrderFile } from './order-file/read-order-file.ts';
import type { Accepted, BatchReceipt, Receipt, Rejected } from './responses.ts';

/** The outcome of sending a file. */
export interface Submission {
  readonly accepted: readonly Accepted[];
  readonly rejected: readonly Rejected[];
  /** Sending the same again under this key makes no second orders. */
  readonly idempotencyKey?: string;
  /** The order whose request got no response: it may have been placed. */
  readonly uncertain?: string;
  /** Why not everything was sent, if so. */
  readonly error?: CliError;
}

export interface SendOptions {
  readonly client?: string | undefined;
  readonly workflow?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly onProgress?: (sent: number, rejected: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Posts a file's orders, in such a way that a post can be repeated without making second orders. Line numbers count lines of the
 * file, even if it takes several posts.
 * @throws {CliError} if surely nothing was placed
 */
export async function sendFile(
  api: Pick<Api, 'post'>,
  file: OrderFile,
  options: SendOptions,
): Promise<Submission> {
  return file.holds === 'orders' ? sendMany(api, file, options) : sendOne(api, file, options);
}

/** Sends one order. Without a key, it gets an id here, so that the post can be repeated. */
async function sendOne(
  api: Pick<Api, 'post'>,
  { body, mediaType }: Exclude<OrderFile, { holds: 'orders' }>,
  { client, workflow, idempotencyKey, traceparent, signal }: SendOptions,
): Promise<Submission> {
  const orderId = idempotencyKey === undefined ? ulid() : undefined;
  const path = ordersPath({ client, workflow, orderId });
  const content = { body, mediaType, idempotencyKey, traceparent, repeatable: true, signal };
  try {
    const { body: receipt } = await api.post<Receipt>(path, content);
    return { accepted: [receipt], rejected: [] };
  } catch (error) {
    if (!(error instanceof CliError) || !error.mayHaveArrived) throw error;
    const again = defined({ uncertain: orderId, idempotencyKey });
    return { accepted: [], rejected: [], error, ...again };
  }
}

async function sendMany(
  api: Pick<Api, 'post'>,
  { pieces, mediaType }: Extract<OrderFile, { holds: 'orders' }>,
  options: SendOptions,
): Promise<Submission> {
  const { client, workflow, idempotencyKey = randomUUID(), traceparent, signal } = options;
  const { onProgress = () => undefined } = options;
  const path = ordersPath({ client, workflow });
  const accepted: Accepted[] = [];
  const rejected: Rejected[] = [];
  const submission = { accepted, rejected, idempotencyKey };
  for (const [index, { body, lineInFile }] of pieces.entries()) {
    const inFile = <Row extends { readonly line: number }>(row: Row): Row => ({
      ...row,
      line: lineInFile(row.line),
    });
    const key = pieces.length === 1 ? idempotencyKey : `${idempotencyKey}/${index + 1}`;
    try {
      const content = { body, mediaType, idempotencyKey: key, traceparent, signal };
      const receipt = await api.post<BatchReceipt>(path, content);
      accepted.push(...receipt.body.accepted.map(inFile));
      rejected.push(...receipt.body.rejected.map(inFile));
      onProgress(accepted.length + rejected.length, rejected.length);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const located = inTheFile(error, lineInFile);
      // What may have been placed can be sent again only under its key.
      if (index === 0 && !error.mayHaveArrived) throw located;
      return { ...submission, error: located };
    }
  }
  return submission;
}

/** The path for `POST /orders`, with the settings for orders that do not say themselves. */
function ordersPath(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return given.length === 0 ? '/orders' : `/orders?${new URLSearchParams(given)}`;
}

function inTheFile(error: CliError, lineInFile: (line: number) => number): CliError {
  if (!(error instanceof RefusedError) || error.problem.line === undefined) return error;
  return new RefusedError({ ...error.problem, line: lineInFile(error.problem.line) });
}
