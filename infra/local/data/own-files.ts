/**
 * What Baton writes into a data folder. `DataFolder.file` takes no other name, and a reset removes no other. The marker and
 * the locks stay: who removed a lock that is held would let a second run in.
 */
const OWN_FILES = [
  'alarms.json',
  'bundles',
  'fauxqs.db',
  'logs',
  'running.json',
  'stacks.json',
  'tables',
  'time-to-live.json',
  'workers',
] as const;

export type OwnFile = (typeof OWN_FILES)[number];

/** Says whose folder it is: written first, and never removed. */
export const MARKER = 'baton-data.json';

/** Held by `npm start`, and by the process of the embedded AWS services, which may outlive it by a moment. */
export const LOCKS = { start: 'start.lock', embedded: 'embedded.lock' } as const;

/** A file that is being replaced, and what SQLite keeps beside a database. */
const COMPANIONS = ['', '.next', '-journal', '-shm', '-wal'];

/** All names that a reset removes. */
export const RESET_NAMES: readonly string[] = OWN_FILES.flatMap((name) =>
  COMPANIONS.map((companion) => name + companion),
);

/** What may lie in a folder whose marker was never written: the start was cut short. */
const BEFORE_THE_MARKER = new Set(
  [`${MARKER}.next`, ...Object.values(LOCKS)].flatMap((name) => [name, `${name}-journal`]),
);

export function isOlderThanMarker(name: string): boolean {
  return BEFORE_THE_MARKER.has(name);
}
