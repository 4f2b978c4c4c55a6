/** Digits of an instant in a sort key: enough until the year 33658. */
export const INSTANT_DIGITS = 15;

/** How an instant begins a sort key, so that keys sort as their instants do. */
export function digitsOf(instant: number): string {
  return String(Math.min(instant, 10 ** INSTANT_DIGITS - 1)).padStart(INSTANT_DIGITS, '0');
}
