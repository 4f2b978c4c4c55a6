import type { Style, Terminal } from './terminal.ts';

/** Of orders and of tasks. A status that is new since this program was written has no colour. */
const COLOURS: Readonly<Record<string, Style>> = {
  completed: 'green',
  failed: 'red',
  abandoned: 'red',
  cancelled: 'yellow',
  backingOff: 'yellow',
  waiting: 'yellow',
  paused: 'yellow',
  running: 'cyan',
  inFlight: 'cyan',
  accepted: 'dim',
  skipped: 'dim',
};

const WORDS: Readonly<Record<string, string>> = {
  inFlight: 'in flight',
  backingOff: 'backing off',
};

/** A status as people read it, coloured by how it stands. */
export function sayStatus(status: string, paint: Terminal['paint']): string {
  const colour = COLOURS[status];
  const word = WORDS[status] ?? status;
  return colour === undefined ? word : paint(colour, word);
}
