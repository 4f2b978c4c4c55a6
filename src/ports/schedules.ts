import type { ScheduleDefinition } from '../contract/schedule-definition.ts';
import type { Instant } from '../core/json.ts';
import type { Recorded, Records } from './records.ts';

/** What became of one run of a schedule. */
export interface ScheduledRun {
  /** The minute for which it was planned. */
  readonly at: Instant;
  /** `missed`: nobody was there to fire it. `refused`: the order was not taken, and `reason` says why. */
  readonly outcome: 'placed' | 'skipped' | 'missed' | 'refused';
  readonly orderId?: string;
  /** Of several that were missed in a row, the last one. */
  readonly until?: Instant;
  readonly reason?: string;
}

export interface Schedule {
  readonly name: string;
  readonly definition: ScheduleDefinition;
  /** From here `every` counts. */
  readonly since: Instant;
  /** The next run; absent where the clock never comes to one again. */
  readonly nextAt?: Instant;
  /** When there is something to do for it next; absent while there is nothing. */
  readonly lookAt?: Instant;
  /** The run that waits for the previous order's end. */
  readonly queuedAt?: Instant;
  readonly paused?: { readonly at: Instant; readonly actor?: string; readonly reason?: string };
  /** The latest ones, the newest first. */
  readonly runs: readonly ScheduledRun[];
}

export type RecordedSchedule = Recorded<Schedule>;

export interface Schedules extends Records<Schedule> {
  /** Those to be looked at by now. What is not due costs nothing. */
  due(now: Instant): Promise<readonly RecordedSchedule[]>;
}
