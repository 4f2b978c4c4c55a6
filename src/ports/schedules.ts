import type { ScheduleDefinition } from '../contract/schedule-definition.ts';
import type { Instant } from '../core/json.ts';

/** What became of one run of a schedule. */
export interface Run {
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
  readonly runs: readonly Run[];
}

/** A schedule as it was read; `version` grows with each change. */
export type StoredSchedule = Schedule & { readonly version: number };

export interface Schedules {
  get(name: string): Promise<StoredSchedule | undefined>;
  /** All of them, in no order. */
  list(): Promise<readonly StoredSchedule[]>;
  /** Stores the schedule. @returns false when somebody has changed it since it was `read` */
  put(schedule: Schedule, read: StoredSchedule | undefined): Promise<boolean>;
  /** @returns false when somebody has changed it since it was `read` */
  remove(read: StoredSchedule): Promise<boolean>;
  /** Those to be looked at by now. What is not due costs nothing. */
  due(now: Instant): Promise<readonly StoredSchedule[]>;
}
