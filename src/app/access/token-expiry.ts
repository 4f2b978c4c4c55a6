import type { Instant } from '../../core/json.ts';
import type { Clock } from '../../ports/clock.ts';

const DAY_MS = 86_400_000;

/** When a token that is made now ends; `undefined` where no number of days is given: it never does. */
export function expiryIn(days: number | undefined, clock: Clock): Instant | undefined {
  return days === undefined ? undefined : clock() + days * DAY_MS;
}
