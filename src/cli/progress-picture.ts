import { formatSeconds } from './durations.ts';
import { cutTo, textWidth } from './text-width.ts';

/** How far a piece of work has come. */
export interface Stand {
  readonly what: string;
  readonly done: number;
  readonly total: number;
  /** What else there is to say, above all how many failed. */
  readonly note: string;
  /** Undefined while it is not known yet. */
  readonly perSecond?: number;
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 8;
const GAP = '  ';

/**
 * One line of so many columns: what counts most stays, and the bar takes what is left. First the time left gives way, then the rate;
 * the note stays as long as there is room.
 */
export function drawBar(stand: Stand, columns: number): string {
  const { what, done, total, note } = stand;
  const [rate, left] = [writeRate(stand), writeLeft(stand)];
  for (const facts of [[rate, left, note], [rate, note], [note]]) {
    const text = [`${done}/${total}`, ...facts.filter((fact) => fact !== '')].join(GAP);
    // One column stays free: some terminals break the line in the last one.
    const room = columns - 1 - textWidth(`${what}  ${text}`);
    if (room >= SHORTEST_BAR) return `${what} ${strip(done / total, room)} ${text}`;
  }
  return cutTo([`${what} ${done}/${total}`, note].join(note && GAP), columns - 1);
}

/** The same without a bar, for a log. */
export function drawCount(stand: Stand): string {
  const facts = [writeRate(stand), writeLeft(stand), stand.note];
  const start = `${stand.what} ${stand.done}/${stand.total}`;
  return [start, ...facts.filter((fact) => fact !== '')].join(GAP);
}

function strip(share: number, room: number): string {
  const length = Math.min(LONGEST_BAR, room);
  const full = Math.round(length * Math.min(1, share));
  return '━'.repeat(full) + '┄'.repeat(length - full);
}

function writeRate({ perSecond, done, total }: Stand): string {
  if (perSecond === undefined || done >= total) return '';
  return `${perSecond < 10 ? Number(perSecond.toFixed(1)) : Math.round(perSecond)}/s`;
}

function writeLeft({ perSecond = 0, done, total }: Stand): string {
  if (perSecond <= 0 || done >= total) return '';
  return `${formatSeconds(Math.ceil((total - done) / perSecond))} left`;
}
