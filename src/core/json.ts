/** Any JSON value. All that Baton stores or sends is one. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** An instant: milliseconds since 1970-01-01T00:00:00Z. The core never reads a clock: instants arrive in events. */
export type Instant = number;

/** Durations may be fractions of a second; instants are whole milliseconds, since the list of active orders is sorted by them. */
export function millisecondsOf(seconds: number): number {
  return Math.round(seconds * 1000);
}
