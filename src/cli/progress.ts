import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** Without a terminal, there is at most one line in this time. */
const LINE_EVERY_MS = 2000;

/** Shows on stderr how far a piece of work of known size has come. */
export interface Progress {
  update(done: number, note?: string): void;
  /** Must be called at the end: until then the cursor is hidden. */
  end(): void;
}

/** A bar for a person, lines for a log file, nothing for a script. */
export function startProgress(
  what: string,
  total: number,
  terminal: Pick<Terminal, 'json' | 'interactive' | 'note'>,
): Progress {
  if (terminal.json || total <= 1) return { update: () => undefined, end: () => undefined };
  return terminal.interactive ? bar(what, total) : lines(what, total, terminal);
}

function bar(what: string, total: number): Progress {
  const one = new SingleBar({
    format: `${what} {bar} {value}/{total}{note}`,
    stream: process.stderr,
    barsize: 30,
    barCompleteChar: '━',
    barIncompleteChar: '┄',
  });
  one.start(total, 0, { note: '' });
  return {
    update: (done, note = '') => one.update(done, { note: note === '' ? '' : `  ${note}` }),
    end: () => one.stop(),
  };
}

function lines(what: string, total: number, terminal: Pick<Terminal, 'note'>): Progress {
  let printedAt = performance.now();
  let line: string | undefined;
  const print = () => {
    if (line !== undefined) terminal.note(line);
    line = undefined;
    printedAt = performance.now();
  };
  return {
    update(done, note = '') {
      line = `${what} ${done}/${total}${note === '' ? '' : `  ${note}`}`;
      if (performance.now() - printedAt >= LINE_EVERY_MS) print();
    },
    end: print,
  };
}
