import type { Instant } from '../core/json.ts';

/** An attempt whose plugin is registered. */
export interface LoggedAttempt {
  readonly orderId: string;
  /** Lambda's name of the plugin's function. */
  readonly functionName: string;
  /** The instance that performed it, in eight characters; absent where no answer said it. */
  readonly instance?: string;
  readonly from: Instant;
  /** Absent while nobody knows of its end. */
  readonly to?: Instant;
}

/** Where people read what functions have written. */
export interface LogLinks {
  /** The address that shows what an attempt's instance wrote meanwhile; undefined where there is no such page, as on a laptop. */
  to(attempt: LoggedAttempt): string | undefined;
}
