import { cutTo } from './text-width.ts';

/** The alternate screen, so that what stood in the terminal is there again afterwards; without a cursor, lines unbroken. */
const ENTER = '\u001B[?1049h\u001B[?25l';
const LEAVE = '\u001B[?25h\u001B[?1049l';
const REDRAW = '\u001B[H\u001B[J';

/** A terminal's screen that is drawn again and again. */
export interface Screen {
  draw(text: string): void;
  /** Must be called at the end: until then the terminal shows the other screen. */
  leave(): void;
}

/** The part of a terminal that a screen needs. */
export interface Output {
  readonly rows?: number;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Before a terminal says how large it is. */
const USUAL = { rows: 24, columns: 80 };

export function openScreen(output: Output): Screen {
  output.write(ENTER);
  return {
    draw: (text) => output.write(`${REDRAW}${clipped(text, output)}`),
    leave: () => output.write(LEAVE),
  };
}

/** As many lines, and as much of each, as the terminal has room for. What is left out is counted in the last line. */
export function clipped(
  text: string,
  { rows = USUAL.rows, columns = USUAL.columns }: Pick<Output, 'rows' | 'columns'>,
): string {
  const lines = text.split('\n');
  const shown =
    lines.length <= rows
      ? lines
      : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines`];
  return shown.map((line) => cutTo(line, columns)).join('\n');
}
