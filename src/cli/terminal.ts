import { styleText } from 'node:util';
import { visible, visibleJson } from './visible-text.ts';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/**
 * A command's output. The result goes to stdout: a picture for people, or one JSON document with `--json`. Progress goes to stderr,
 * and only without `--json`. What a picture shows from outside has gone through `visible`: from the API it comes so (see `connect`).
 */
export interface Terminal {
  readonly json: boolean;
  /** Whether a person watches stderr: then there are progress bars. */
  readonly interactive: boolean;
  /** Whether stdout is a screen that can be redrawn. */
  readonly screen: boolean;
  /** The width of stdout, where it is a terminal. */
  readonly columns: number | undefined;
  result(value: unknown, picture: () => string): void;
  note(line: string): void;
  /** Prints an error on stderr, with `--json` too. */
  complain(text: string): void;
  paint(style: Style, text: string): string;
}

export function openTerminal(options: {
  readonly json: boolean;
  readonly color: boolean;
}): Terminal {
  const { json } = options;
  // styleText knows NO_COLOR, FORCE_COLOR and streams that are not terminals.
  const paint = (style: Style, text: string): string =>
    options.color ? styleText(style, text, { stream: process.stdout }) : text;
  return {
    json,
    interactive: !json && process.stderr.isTTY === true,
    screen: !json && process.stdout.isTTY === true,
    // Read each time: the window may change. Some terminals say 0 because they do not know.
    get columns() {
      return process.stdout.isTTY ? process.stdout.columns || undefined : undefined;
    },
    result(value, picture) {
      const text = json ? visibleJson(value, 2) : picture();
      if (text !== '') process.stdout.write(`${text}\n`);
    },
    note(line) {
      if (!json) process.stderr.write(`${line}\n`);
    },
    complain(text) {
      process.stderr.write(`${paint('red', 'baton:')} ${visible(text)}\n`);
    },
    paint,
  };
}
