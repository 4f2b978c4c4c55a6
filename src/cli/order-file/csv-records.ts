import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import type { Records } from './piece.ts';

/** No row is longer: the API refuses such a one too. It bounds how far a quote that nobody closes is followed. */
const MAX_ROW_BYTES = 1_000_000;
const NEWLINE = 10;

/**
 * Where the records of a CSV file end. Only that: what they say, and what is wrong with them, is the API's to read. A
 * row that is no CSV ends with its line, as the API sees it too.
 */
export function csvRecords(file: Uint8Array): Records {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length);
  const ends: number[] = [];
  for (let begin = 0; begin < bytes.length; begin = ends.at(-1) ?? bytes.length) {
    if (readUntilBroken(bytes, begin, ends)) break;
    const newline = bytes.indexOf(NEWLINE, ends.at(-1) ?? 0);
    ends.push(newline === -1 ? bytes.length : newline + 1);
  }
  const [headerEnd = file.length, ...records] = ends;
  return { header: file.subarray(0, headerEnd), ends: records };
}

/** Appends the ends of the records from an offset on; `false` if it came to one that is broken. */
function readUntilBroken(bytes: Buffer, begin: number, ends: number[]): boolean {
  try {
    parse(bytes.subarray(begin), {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: MAX_ROW_BYTES,
      on_record: (_, { bytes: consumed }) => {
        ends.push(begin + consumed);
        return null;
      },
    });
    return true;
  } catch (error) {
    if (error instanceof CsvError) return false;
    throw error;
  }
}
