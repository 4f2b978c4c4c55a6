import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import type { Accepted, BatchReceipt, Receipt, Rejected } from './answers.ts';
import type { Api } from './api.ts';
import { CliError, RefusedError } from './errors.ts';
import type { OrderFile } from './order-file/read-order-file.ts';

/** What became of what was sent. */
export interface Submission {
  readonly accepted: readonly Accepted[];
  readonly rejected: readonly Rejected[];
  /** Under this key, sending the same again makes no second orders. */
  readonly idempotencyKey?: string;
  /** What stopped the sending before its end, if something did. */
  readonly error?: CliError;
}

export interface SendOptions {
  readonly client?: string | undefined;
  readonly workflow?: string | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly onProgress?: (sent: number, rejected: number) => void;
}

/**
 * Posts what a file holds, so that a post can be repeated without making second orders. Lines are those of the file,
 * however many posts it takes.
 * @throws {CliError} when nothing was sent.
 */
export async function sendFile(
  api: Pick<Api, 'post'>,
  file: OrderFile,
  options: SendOptions,
): Promise<Submission> {
  return file.holds === 'orders' ? sendMany(api, file, options) : sendOne(api, file, options);
}

/** One order: unless it has a key, it gets an id here. */
async function sendOne(
  api: Pick<Api, 'post'>,
  { body, mediaType }: Exclude<OrderFile, { holds: 'orders' }>,
  { client, workflow, idempotencyKey }: SendOptions,
): Promise<Submission> {
  const orderId = idempotencyKey === undefined ? ulid() : undefined;
  const path = ordersPath({ client, workflow, orderId });
  const content = { body, mediaType, idempotencyKey, repeatable: true };
  const { body: receipt } = await api.post<Receipt>(path, content);
  return { accepted: [receipt], rejected: [] };
}

async function sendMany(
  api: Pick<Api, 'post'>,
  { pieces, mediaType }: Extract<OrderFile, { holds: 'orders' }>,
  { client, workflow, idempotencyKey = randomUUID(), onProgress = () => undefined }: SendOptions,
): Promise<Submission> {
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
      const content = { body, mediaType, idempotencyKey: key };
      const answer = await api.post<BatchReceipt>(path, content);
      accepted.push(...answer.body.accepted.map(inFile));
      rejected.push(...answer.body.rejected.map(inFile));
      onProgress(accepted.length + rejected.length, rejected.length);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      const located = inTheFile(error, lineInFile);
      if (index === 0) throw located;
      return { ...submission, error: located };
    }
  }
  return submission;
}

/** `POST /orders`, with what the orders do not say themselves. */
function ordersPath(query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return given.length === 0 ? '/orders' : `/orders?${new URLSearchParams(given)}`;
}

function inTheFile(error: CliError, lineInFile: (line: number) => number): CliError {
  if (!(error instanceof RefusedError) || error.problem.line === undefined) return error;
  return new RefusedError({ ...error.problem, line: lineInFile(error.problem.line) });
}
