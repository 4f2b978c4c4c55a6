import { SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** Without a terminal, a line at most this often. */
const LINE_EVERY_MS = 2000;

/** How far something of known size has come, shown on stderr. */
export interface Progress {
  update(done: number, note?: string): void;
  /** Always to be called, or the cursor stays hidden. */
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

function lines(what: string, total: number, { note: say }: Pick<Terminal, 'note'>): Progress {
  let told = performance.now();
  let line: string | undefined;
  const tell = () => {
    if (line !== undefined) say(line);
    line = undefined;
    told = performance.now();
  };
  return {
    update(done, note = '') {
      line = `${what} ${done}/${total}${note === '' ? '' : `  ${note}`}`;
      if (performance.now() - told >= LINE_EVERY_MS) tell();
    },
    end: tell,
  };
}
