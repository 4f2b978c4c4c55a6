import { readInput } from '../read-input.ts';
import { csvRecords } from './csv-records.ts';
import { lineRecords } from './line-records.ts';
import { mediaTypeOf, sniffMediaType } from './media-type.ts';
import type { Piece, PieceLimits } from './piece.ts';
import { cut, PIECE_LIMITS } from './piece.ts';

/** What a file holds: many orders, to be posted piece by piece; one order; or the input of one, such as an image. */
export type OrderFile = { readonly mediaType: string } & (
  | { readonly holds: 'orders'; readonly pieces: readonly Piece[] }
  | { readonly holds: 'order'; readonly body: Uint8Array }
  | { readonly holds: 'input'; readonly body: Uint8Array }
);

const NDJSON = 'application/x-ndjson';

/** Reads a file (`-`: standard input). Its media type comes from its name or its beginning, unless it is given. */
export async function readOrderFile(
  path: string,
  options: { readonly mediaType?: string | undefined; readonly limits?: PieceLimits } = {},
): Promise<OrderFile> {
  const body = await readInput(path);
  const mediaType = options.mediaType ?? (path === '-' ? sniffMediaType(body) : mediaTypeOf(path));
  const limits = options.limits ?? PIECE_LIMITS;
  switch (mediaType) {
    case 'text/csv':
      return { holds: 'orders', mediaType, pieces: cut(body, csvRecords(body), limits) };
    case NDJSON:
      return { holds: 'orders', mediaType, pieces: cut(body, lineRecords(body), limits) };
    case 'application/json':
      return ofJson(body, limits);
    default:
      return { holds: 'input', mediaType, body };
  }
}

/** An array too large for one post goes as NDJSON: its lines are then the array's elements, counted from 1. */
function ofJson(body: Uint8Array, limits: PieceLimits): OrderFile {
  const mediaType = 'application/json';
  const value = parseJson(body);
  if (!Array.isArray(value)) return { holds: 'order', mediaType, body };
  if (value.length <= limits.orders && body.length <= limits.bytes) {
    const piece = { body, orders: value.length, lineInFile: (line: number) => line };
    return { holds: 'orders', mediaType, pieces: [piece] };
  }
  const lines = Buffer.from(value.map((element) => `${JSON.stringify(element)}\n`).join(''));
  return { holds: 'orders', mediaType: NDJSON, pieces: cut(lines, lineRecords(lines), limits) };
}

/** What is no JSON is posted all the same: the API says what is wrong with it. */
function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return undefined;
  }
}
