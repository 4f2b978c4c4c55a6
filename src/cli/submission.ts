import type { Accepted, BatchReceipt, Receipt, Rejected } from './answers.ts';
import type { Api } from './api.ts';
import { CliError, RefusedError } from './errors.ts';
import type { OrderFile } from './order-file/read-order-file.ts';

/** What became of what was sent. */
export interface Submission {
  readonly accepted: readonly Accepted[];
  readonly rejected: readonly Rejected[];
  /** What stopped the sending before its end, if something did. */
  readonly error?: CliError;
}

export interface SendOptions {
  readonly client?: string | undefined;
  readonly workflow?: string | undefined;
  /** Sending the same file again with the same key makes no second orders. */
  readonly idempotencyKey: string;
  readonly onProgress?: (sent: number, rejected: number) => void;
}

/** Posts what a file holds. Lines are those of the file, however many posts it takes. */
export async function sendFile(
  api: Pick<Api, 'post'>,
  file: OrderFile,
  options: SendOptions,
): Promise<Submission> {
  const { idempotencyKey, onProgress = () => undefined } = options;
  const path = ordersPath(options);
  const { mediaType } = file;
  if (file.holds !== 'orders') {
    const { body } = await api.post<Receipt>(path, { body: file.body, mediaType, idempotencyKey });
    return { accepted: [body], rejected: [] };
  }
  const accepted: Accepted[] = [];
  const rejected: Rejected[] = [];
  for (const [index, { body, lineInFile }] of file.pieces.entries()) {
    const inFile = <Row extends { readonly line: number }>(row: Row): Row => ({
      ...row,
      line: lineInFile(row.line),
    });
    const key = file.pieces.length === 1 ? idempotencyKey : `${idempotencyKey}/${index + 1}`;
    try {
      const content = { body, mediaType, idempotencyKey: key };
      const answer = await api.post<BatchReceipt>(path, content);
      accepted.push(...answer.body.accepted.map(inFile));
      rejected.push(...answer.body.rejected.map(inFile));
      onProgress(accepted.length + rejected.length, rejected.length);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      return { accepted, rejected, error: inTheFile(error, lineInFile) };
    }
  }
  return { accepted, rejected };
}

/** `POST /orders`, with what the orders do not say themselves. */
export function ordersPath({ client, workflow }: Pick<SendOptions, 'client' | 'workflow'>): string {
  const query = new URLSearchParams({
    ...(client === undefined ? {} : { client }),
    ...(workflow === undefined ? {} : { workflow }),
  });
  return query.size === 0 ? '/orders' : `/orders?${query}`;
}

function inTheFile(error: CliError, lineInFile: (line: number) => number): CliError {
  if (!(error instanceof RefusedError) || error.problem.line === undefined) return error;
  return new RefusedError({ ...error.problem, line: lineInFile(error.problem.line) });
}
