import { elementsOf } from '../../contract/json-scan.ts';
import { parseJson } from '../../contract/json-text.ts';
import { ordersFormat } from '../../contract/orders-format.ts';
import { Problem } from '../../contract/problem.ts';
import { readText } from '../../contract/utf8-text.ts';
import { RefusedError } from '../errors.ts';
import { readInput } from '../read-input.ts';
import { csvRows } from './csv-rows.ts';
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

/**
 * Reads a file (`-`: standard input). Its media type comes from its name or its beginning, unless it is given.
 * @throws {RefusedError} for a text that the API would refuse as a whole before it looks at any order.
 */
export async function readOrderFile(
  path: string,
  options: { readonly mediaType?: string | undefined; readonly limits?: PieceLimits } = {},
): Promise<OrderFile> {
  const body = await readInput(path);
  const mediaType = options.mediaType ?? (path === '-' ? sniffMediaType(body) : mediaTypeOf(path));
  try {
    return ordersIn(body, mediaType, options.limits ?? PIECE_LIMITS);
  } catch (error) {
    throw error instanceof Problem ? new RefusedError(error.toDocument()) : error;
  }
}

function ordersIn(body: Uint8Array, mediaType: string, limits: PieceLimits): OrderFile {
  switch (ordersFormat(mediaType)) {
    case 'csv':
      readText(body);
      return { holds: 'orders', mediaType, pieces: cut(body, csvRows(body), limits) };
    case 'ndjson':
      readText(body);
      return { holds: 'orders', mediaType, pieces: cut(body, lineRecords(body), limits) };
    case 'json':
      return ofJson(body, limits);
    case undefined:
      return { holds: 'input', mediaType, body };
  }
}

/** An array too large for one post goes as NDJSON: its lines are then the array's elements, as they are written, counted from 1. */
function ofJson(body: Uint8Array, limits: PieceLimits): OrderFile {
  const mediaType = 'application/json';
  const text = readText(body);
  // The API says which order nests too deep; the others are placed.
  const value = parseJson(text, Number.POSITIVE_INFINITY);
  if (!Array.isArray(value)) return { holds: 'order', mediaType, body };
  if (value.length <= limits.orders && body.length <= limits.bytes) {
    const piece = { body, orders: value.length, lineInFile: (line: number) => line };
    return { holds: 'orders', mediaType, pieces: [piece] };
  }
  const lines = Buffer.from(elementsOf(text).map(onOneLine).join(''));
  return { holds: 'orders', mediaType: NDJSON, pieces: cut(lines, lineRecords(lines), limits) };
}

/** Lines end only between JSON's tokens, never within. */
function onOneLine(element: string): string {
  return `${element.trim().replaceAll(/[\r\n]+/g, ' ')}\n`;
}
