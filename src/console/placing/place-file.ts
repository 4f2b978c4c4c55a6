import type { BatchReceipt, Receipt } from '../messages.ts';
import { api } from '../reading/api.ts';
import type { Draft } from './draft.ts';
import { mediaTypeOf } from './order-body.ts';

/** What one request to a Lambda function may hold, with room for its base64. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Sends a file: rows of orders, or a picture that is one order's input. @throws {Error} with a sentence */
export async function placeFile(
  file: File,
  { kind, workflow }: Pick<Draft, 'kind' | 'workflow'>,
): Promise<Receipt | BatchReceipt> {
  const type = mediaTypeOf(file);
  if (type === undefined) {
    throw new Error(`${file.name}: orders come as CSV, JSON, NDJSON or a picture.`);
  }
  if (file.size > MOST_BYTES) {
    throw new Error(`${file.name} is larger than 4 MB: cut it up, or use npx baton submit.`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  return api.place(bytes, type, { workflow: kind === 'workflow' ? workflow : '' });
}
