import type { Instant } from './json.ts';

/**
 * What holds a plugin up.
 *
 * - `switchedOff`: its event source mapping is disabled.
 * - `noWorker`: it runs in containers, and none of them is at work.
 * - `quarantined`: it is held back, and gets nothing but canaries.
 * - `failing`: at least half of its attempts fail.
 * - `atCap`: as many instances work as may.
 * - `slow`: fewer work than may, so that more would not help: what it calls is slow, or the account has no instances left.
 */
export type BottleneckCause =
  | 'atCap'
  | 'failing'
  | 'noWorker'
  | 'quarantined'
  | 'slow'
  | 'switchedOff';

/** A plugin that is, or until a moment ago was, behind with its tasks. */
export interface Bottleneck {
  readonly plugin: string;
  /** Names of its alarms that ring; none while its concurrency goes back to where it began. */
  readonly alarms: readonly string[];
  readonly since: Instant;
  readonly cause: BottleneckCause;
  /** At the present rate; `null` when nothing gets done. */
  readonly timeToDrainSeconds: number | null;
  /** Of the event source mapping; in containers, what all workers together may have in work. */
  readonly maximumConcurrency: number;
}

/** What is known of a plugin that is looked at. */
export interface Load {
  readonly inAlarm: boolean;
  /** Tasks that wait in its queue. */
  readonly queued: number;
  readonly inFlight: number;
  /** As last measured, a minute or two ago; `undefined` when nobody knows. */
  readonly instances: number | undefined;
  /** Attempts that ended, those that failed among them. */
  readonly endedPerSecond: number;
  readonly failedPerSecond: number;
  /** Invocations that died: their attempts neither ended nor failed, but come again. */
  readonly crashedPerSecond: number;
  /** Whether its event source mapping is. */
  readonly enabled: boolean;
  /** It is held back: see quarantine.ts. */
  readonly quarantined?: boolean;
  /** What the event source mapping has now; in containers, what all workers together may have in work. */
  readonly maximumConcurrency: number;
  /** Workers at work, of a plugin that runs in containers: Baton neither starts nor ends any. */
  readonly workers?: number;
  readonly concurrency: { readonly base: number; readonly ceiling: number };
}

export interface Assessment {
  readonly cause: BottleneckCause;
  readonly timeToDrainSeconds: number | null;
  /** What the event source mapping should have next. */
  readonly nextConcurrency: number;
}

/** The least that Lambda takes. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const LEAST_CONCURRENCY = 2;

const FAILING_SHARE = 0.5;

/** Each step halves the time to drain, and nine lead from the least to the most that Lambda takes, 2 to 1000. */
const STEP_UP = 2;

/** Slower than up: a cap that is too high costs nothing, and one that comes down too fast brings the alarm back. */
const STEP_DOWN = 0.75;

/** What holds the plugin up, how long it will take, and the next step against it. */
export function assess(load: Load): Assessment {
  const cause = causeOf(load);
  return {
    cause,
    timeToDrainSeconds: timeToDrain(load),
    nextConcurrency: nextConcurrency(load, cause),
  };
}

function causeOf(load: Load): BottleneckCause {
  const { enabled, quarantined, inFlight, instances, maximumConcurrency, workers } = load;
  if (quarantined) return 'quarantined';
  if (workers === 0) return 'noWorker';
  if (!enabled) return 'switchedOff';
  if (isFailing(load)) return 'failing';
  // The measure of instances is old, and an instance may hold several tasks: only if both say that there is room, there is.
  return inFlight >= maximumConcurrency || (instances ?? 0) >= maximumConcurrency
    ? 'atCap'
    : 'slow';
}

function isFailing({ endedPerSecond, failedPerSecond, crashedPerSecond }: Load): boolean {
  const failures = failedPerSecond + crashedPerSecond;
  // A dead letter is counted as failed and never ended.
  const attempts = Math.max(endedPerSecond + crashedPerSecond, failures);
  return attempts > 0 && failures / attempts >= FAILING_SHARE;
}

/** Failed attempts come again: only those that succeed empty the queue. */
function timeToDrain({ queued, endedPerSecond, failedPerSecond }: Load): number | null {
  if (queued === 0) return 0;
  const perSecond = endedPerSecond - failedPerSecond;
  return perSecond > 0 ? Math.ceil(queued / perSecond) : null;
}

/** Up only when instances are what is missing: more instances of a plugin that fails only fail faster. */
function nextConcurrency(load: Load, cause: BottleneckCause): number {
  if (load.workers !== undefined) return load.maximumConcurrency;
  const least = leastConcurrency(load);
  const most = Math.max(least, load.concurrency.ceiling);
  const now = Math.min(most, Math.max(least, load.maximumConcurrency));
  if (!load.inAlarm) return Math.max(least, Math.floor(now * STEP_DOWN));
  return cause === 'atCap' ? Math.min(most, now * STEP_UP) : now;
}

/** Where a plugin's concurrency begins, and where it returns to. */
export function leastConcurrency({ concurrency: { base } }: Pick<Load, 'concurrency'>): number {
  return Math.max(LEAST_CONCURRENCY, base);
}
