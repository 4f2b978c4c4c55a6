import type { Instant } from '../core/json.ts';
import type { IntervalLength } from './intervals.ts';

/** How a plugin stood. */
export interface PluginSample {
  readonly queued: number;
  readonly inFlight: number;
  /** Tasks that wait for the end of its quarantine. */
  readonly parked: number;
  /** How many instances there might be at once. */
  readonly concurrency: number;
  /** How long the oldest task had waited. Absent where nobody knew. */
  readonly oldestSeconds?: number;
  /** Instances at work. Absent where nobody knew. */
  readonly instances?: number;
}

/** How the whole system stood. */
export interface SystemSample {
  /** Orders that had not ended. */
  readonly active: number;
  readonly stuck: number;
  readonly queued: number;
  readonly inFlight: number;
  readonly parked: number;
  readonly remaining: number;
}

export interface Sample {
  /** When the minute or the hour began. */
  readonly at: Instant;
  readonly system: SystemSample;
  /** By name. A plugin that was at rest is not among them. */
  readonly plugins: Readonly<Record<string, PluginSample>>;
}

/** How the system stood, minute by minute; of an hour, the most that each number came to. What was at rest is left out. */
export interface History {
  /** Keeps the sample of its minute. */
  keep(sample: Sample): Promise<void>;
  /** From one instant until before another, in the order of time. */
  read(per: IntervalLength, from: Instant, to: Instant): Promise<readonly Sample[]>;
  /** Makes hours of minutes: minutes are kept for three days, hours for a hundred. To do it again changes nothing. */
  sumUp(): Promise<void>;
}
