/** The physical lines of a text: each ends with CRLF, LF or a lone CR. */
export interface Lines {
  readonly bytes: Buffer;
  /** Where each line begins. */
  readonly starts: readonly number[];
}

const LF = 0x0a;
const CR = 0x0d;

export function linesOf(bytes: Buffer): Lines {
  const starts = [0];
  for (let index = 0; index < bytes.length; index += 1) {
    const ends = bytes[index] === LF || (bytes[index] === CR && bytes[index + 1] !== LF);
    if (ends && index + 1 < bytes.length) starts.push(index + 1);
  }
  return { bytes, starts };
}

/** The content of a line, without its end. `line` is counted from 0. */
export function lineText({ bytes, starts }: Lines, line: number): string {
  return bytes
    .subarray(starts[line], starts[line + 1])
    .toString()
    .replace(/\r\n$|\n$|\r$/, '');
}

/** The line that begins at the offset, or the first after it. */
export function lineAt({ starts }: Lines, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first line from there on that is not empty. */
export function firstFilled({ bytes, starts }: Lines, from: number): number {
  let line = from;
  while (line < starts.length) {
    const first = bytes[starts[line] ?? bytes.length];
    if (first !== undefined && first !== LF && first !== CR) return line;
    line += 1;
  }
  return line;
}
