import { SingleBar } from 'cli-progress';
import { defined } from '../core/defined.ts';
import { Pace } from './pace.ts';
import { drawBar, drawCount, type Stand } from './progress-picture.ts';
import type { Terminal } from './terminal.ts';

/** Without a terminal, there is at most one line in this time. */
const LINE_EVERY_MS = 2000;

/** Before a terminal says how wide it is. */
const USUAL_COLUMNS = 80;

/** Shows on stderr how far a piece of work of known size has come. */
export interface Progress {
  /** @param note what else there is to say, above all how many failed */
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

/** The library redraws, hides the cursor, and gives it back when the process ends; the picture is ours, since it fits the terminal. */
function bar(what: string, total: number): Progress {
  const pace = new Pace();
  let stand: Stand = { what, done: 0, total, note: '' };
  const one = new SingleBar({
    format: () => drawBar(stand, process.stderr.columns ?? USUAL_COLUMNS),
    stream: process.stderr,
    hideCursor: true,
  });
  one.start(total, 0);
  return {
    update(done, note = '') {
      const perSecond = pace.perSecond(done, performance.now());
      stand = { what, done, total, note, ...defined({ perSecond }) };
      one.update(done);
    },
    end: () => one.stop(),
  };
}

function lines(what: string, total: number, terminal: Pick<Terminal, 'note'>): Progress {
  const pace = new Pace();
  let printedAt = performance.now();
  let line: string | undefined;
  const print = () => {
    if (line !== undefined) terminal.note(line);
    line = undefined;
    printedAt = performance.now();
  };
  return {
    update(done, note = '') {
      const perSecond = pace.perSecond(done, performance.now());
      line = drawCount({ what, done, total, note, ...defined({ perSecond }) });
      if (performance.now() - printedAt >= LINE_EVERY_MS) print();
    },
    end: print,
  };
}
