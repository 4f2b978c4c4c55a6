import type { Evaluated } from '../core/deciding.ts';
import type { TooLargeError } from '../ports/too-large.ts';

/** Values of expressions for which an entry has no room. */
export interface Room {
  /** A value whose JSON has so many bytes, or more, yields an error. */
  readonly refusedFrom: number;
  /** Why: the entry that held them. */
  readonly error: TooLargeError;
}

/** The values, with an error in the place of each for which there is no room. */
export function within(room: Room | undefined, values: readonly Evaluated[]): readonly Evaluated[] {
  if (room === undefined) return values;
  const error = `its value does not fit: ${room.error.message}`;
  return values.map((value) => (bytesOf(value) < room.refusedFrom ? value : { error }));
}

/**
 * The room that is left when an entry with these values was too large: the largest of them go, as many as it was too large by, so
 * that a small one is not refused because of its neighbours.
 * @returns `undefined` if the values are not what made it too large
 */
export function roomWithoutLargest(
  values: readonly Evaluated[],
  error: TooLargeError,
): Room | undefined {
  let left = error.bytes - error.limit;
  for (const bytes of values.map(bytesOf).toSorted((a, b) => b - a)) {
    left -= bytes;
    if (left <= 0) return { refusedFrom: bytes, error };
  }
  return undefined;
}

/** An entry is stored packed: a value takes no more of it than its JSON has bytes. */
function bytesOf(value: Evaluated): number {
  return 'value' in value ? Buffer.byteLength(JSON.stringify(value.value)) : 0;
}
