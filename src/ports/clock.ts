import type { Instant } from '../core/json.ts';

/** The clock; milliseconds since 1970. */
export type Clock = () => Instant;
