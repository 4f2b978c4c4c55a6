/** Any JSON value. All that Baton stores or sends is one. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json;
}

/** An instant: milliseconds since 1970-01-01T00:00:00Z. The core never reads a clock: instants arrive in events. */
export type Instant = number;
