import { defined } from '../../core/defined.ts';
import type { Instant } from '../../core/json.ts';
import type { Schedule } from '../../ports/schedules.ts';

/** How soon a schedule whose run waits for the previous order's end is looked at again. */
const LOOK_AGAIN_MS = 60_000;

/** The schedule with the instant at which there is something to do for it next: never while it is paused. */
export function withLookAt({ lookAt: _, ...schedule }: Schedule, now: Instant): Schedule {
  const { paused, queuedAt, nextAt } = schedule;
  if (paused !== undefined) return schedule;
  if (queuedAt === undefined) return { ...schedule, ...defined({ lookAt: nextAt }) };
  return { ...schedule, lookAt: Math.min(nextAt ?? Infinity, now + LOOK_AGAIN_MS) };
}
