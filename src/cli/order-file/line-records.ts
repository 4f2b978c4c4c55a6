import type { Records } from './piece.ts';

const NEWLINE = 10;

/** Where the lines of an NDJSON file end. Blank lines belong to the record before them. */
export function lineRecords(file: Uint8Array): Records {
  const ends: number[] = [];
  for (let begin = 0; begin < file.length; ) {
    const newline = file.indexOf(NEWLINE, begin);
    const end = newline === -1 ? file.length : newline + 1;
    if (isBlank(file.subarray(begin, end)) && ends.length > 0) ends[ends.length - 1] = end;
    else if (!isBlank(file.subarray(begin, end))) ends.push(end);
    begin = end;
  }
  return { header: file.subarray(0, 0), ends };
}

function isBlank(line: Uint8Array): boolean {
  return line.every((byte) => byte === 32 || (byte >= 9 && byte <= 13));
}
