import { linesOf } from '../../contract/csv-lines.ts';
import { csvRecords } from '../../contract/csv-records.ts';
import type { Records } from './piece.ts';

/** No row is longer: the API refuses such a row too. It bounds how far a quote that nobody closes is followed. */
const MAX_ROW_BYTES = 1_000_000;

/** Where the rows of a CSV file end, as the API reads it too. What the rows say, and what is wrong with them, is the API's to judge. */
export function csvRows(file: Uint8Array): Records {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const { starts } = linesOf(bytes);
  const rows = csvRecords(bytes, { maxRowBytes: MAX_ROW_BYTES });
  const ends = rows.map(
    (_, index) => starts[(rows[index + 1]?.line ?? Infinity) - 1] ?? file.length,
  );
  const [headerEnd = file.length, ...records] = ends;
  return { header: file.subarray(0, headerEnd), ends: records };
}
