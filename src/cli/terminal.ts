import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/**
 * What a command has to say, and to whom. Results go to stdout: as a picture for people, or as one JSON document with
 * `--json`. Progress goes to stderr, and only to people.
 */
export interface Terminal {
  readonly json: boolean;
  /** Whether a person watches: progress bars, and screens that refresh. */
  readonly interactive: boolean;
  /** Whether stdout is a screen that can be drawn anew. */
  readonly screen: boolean;
  result(value: unknown, picture: () => string): void;
  note(line: string): void;
  /** What went wrong: on stderr, to everyone. */
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
    result(value, picture) {
      const text = json ? JSON.stringify(value, undefined, 2) : picture();
      if (text !== '') process.stdout.write(`${text}\n`);
    },
    note(line) {
      if (!json) process.stderr.write(`${line}\n`);
    },
    complain(text) {
      process.stderr.write(`${paint('red', 'baton:')} ${text}\n`);
    },
    paint,
  };
}
