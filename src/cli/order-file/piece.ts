import { linesOf } from '../../contract/csv-lines.ts';

/** Orders go in posts of a size that the API answers well within its time, and that let the progress be seen. */
export const PIECE_LIMITS: PieceLimits = { orders: 200, bytes: 2_000_000 };

export interface PieceLimits {
  readonly orders: number;
  readonly bytes: number;
}

/** A part of a file that is posted at once. */
export interface Piece {
  readonly body: Uint8Array;
  /** How many orders it seems to hold; the API has the last word. */
  readonly orders: number;
  /** Where a line of the piece (from 1) stands in the whole file. */
  lineInFile(line: number): number;
}

/** What the records of a file are made of: where each ends, in bytes, and what stands above them in every piece. */
export interface Records {
  readonly header: Uint8Array;
  readonly ends: readonly number[];
}

/** Cuts a file between records; every piece begins with the header. A file within the limits is one piece, untouched. */
export function cut(file: Uint8Array, { header, ends }: Records, limits: PieceLimits): Piece[] {
  if (ends.length <= limits.orders && file.length <= limits.bytes) {
    return [{ body: file, orders: ends.length, lineInFile: (line) => line }];
  }
  const pieces: Piece[] = [];
  const headerLines = lineCount(header);
  let begin = header.length;
  let linesAbove = headerLines;
  let orders = 0;
  ends.forEach((end, index) => {
    orders += 1;
    const next = ends[index + 1] ?? end;
    const full = orders === limits.orders || header.length + next - begin > limits.bytes;
    const last = index === ends.length - 1;
    if (!full && !last) return;
    const part = file.subarray(begin, last ? file.length : end);
    const offset = linesAbove - headerLines;
    pieces.push({
      body: header.length === 0 ? part : Buffer.concat([header, part]),
      orders,
      lineInFile: (line) => (line <= headerLines ? line : line + offset),
    });
    begin += part.length;
    linesAbove += lineCount(part);
    orders = 0;
  });
  return pieces;
}

/** How many lines end in the bytes. */
function lineCount(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const { starts } = linesOf(buffer);
  const isEnded = buffer.at(-1) === 0x0a || buffer.at(-1) === 0x0d;
  return isEnded ? starts.length : starts.length - 1;
}
