import type { Instant } from '../core/json.ts';

/** Gives the present instant, in milliseconds since 1970. */
export type Clock = () => Instant;
