import type { Style, Terminal } from './terminal.ts';

/** Colours of orders' and tasks' statuses. A status that this program does not know yet has none. */
const COLOURS: Readonly<Record<string, Style>> = {
  completed: 'green',
  failed: 'red',
  abandoned: 'red',
  cancelled: 'yellow',
  backingOff: 'yellow',
  waiting: 'yellow',
  paused: 'yellow',
  compensating: 'yellow',
  running: 'cyan',
  inFlight: 'cyan',
  deferred: 'yellow',
  awaiting: 'yellow',
  accepted: 'dim',
  skipped: 'dim',
  notInvited: 'dim',
  calledOff: 'dim',
};

const WORDS: Readonly<Record<string, string>> = {
  inFlight: 'in flight',
  backingOff: 'backing off',
  notInvited: 'not invited',
  calledOff: 'called off',
};

/** A status for people, coloured. */
export function formatStatus(status: string, paint: Terminal['paint']): string {
  const colour = COLOURS[status];
  const word = WORDS[status] ?? status;
  return colour === undefined ? word : paint(colour, word);
}
