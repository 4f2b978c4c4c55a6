import type { Instant } from '../core/json.ts';
import type { IntervalLength } from './intervals.ts';

/** What counts are kept by: orders by their workflow, attempts by their plugin, failed orders by the code of their error. */
export type CountedBy = 'workflow' | 'plugin' | 'errorCode';

export type HowEnded = 'completed' | 'failed' | 'cancelled';

/** An order or an attempt that has ended, under one of the names that it is counted by. */
export interface Ended {
  readonly by: CountedBy;
  readonly name: string;
  readonly how: HowEnded;
}

/** What ended within one interval under one name. */
export interface Count extends Readonly<Record<HowEnded, number>> {
  readonly name: string;
  /** When the interval began. */
  readonly at: Instant;
}

/** Stands for the names that are left out where there are too many. No name has such letters. */
export const OTHERS = '(others)';

/**
 * What has ended, by minute and hour. The counts are approximate: an instance keeps the latest to itself for a while, and they are lost if
 * it dies then. What is counted late counts for the minute in which it is stored.
 */
export interface Counts {
  /** Counts what has ended. It never rejects: what cannot be stored is not counted, and the log says so. */
  add(ended: readonly Ended[]): Promise<void>;
  /** The counts from one instant until before another, in the order of time; an interval without any is left out. */
  read(by: CountedBy, per: IntervalLength, from: Instant, to: Instant): Promise<readonly Count[]>;
  /** Makes hours of minutes: minutes are kept for three days, hours for a hundred. To do it again changes nothing. */
  sumUp(): Promise<void>;
}
