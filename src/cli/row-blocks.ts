import type { Terminal } from './terminal.ts';
import { fold, textWidth } from './text-width.ts';

const GAP = '  ';
const INDENT = '  ';

/** A value that takes more lines ends with `…`. */
const MOST_LINES = 3;

/**
 * The rows of a table for a terminal that is too narrow for its columns. Each is a block: its first value at the margin, then the others
 * with their titles, as many on a line as fit. A value that is wider than a line is folded.
 */
export function rowBlocks(
  cells: readonly (readonly string[])[],
  columns: readonly { readonly title: string }[],
  { paint, room }: { readonly paint: Terminal['paint']; readonly room: number },
): string {
  const block = ([first = '', ...others]: readonly string[]) => {
    const named = others
      .map((text, index) => ({ text, title: columns[index + 1]?.title ?? '' }))
      .filter(({ text }) => text !== '-')
      .map(({ text, title }) => `${paint('dim', title)} ${text}`);
    return flow([first, ...named], room - INDENT.length).join(`\n${INDENT}`);
  };
  return cells.map(block).join('\n');
}

/** As many texts on a line as fit; one that is folded has its lines for itself. */
function flow(texts: readonly string[], room: number): readonly string[] {
  const lines: string[] = [];
  let isOpen = false;
  for (const text of texts) {
    const joined = [...lines.slice(-1), text].join(GAP);
    if (isOpen && textWidth(joined) <= room) {
      lines[lines.length - 1] = joined;
      continue;
    }
    const folded = fold(text, room, MOST_LINES);
    lines.push(...folded);
    isOpen = folded.length === 1;
  }
  return lines;
}
