import type { RetryAdvice } from './event.ts';
import type { Instant } from './json.ts';
import { millisecondsOf } from './json.ts';
import type { Plugin } from './plugin.ts';
import type { PluginStep, RetryPolicy } from './workflow.ts';

/** How long a task may take and how often it may be tried: the workflow's word, or else the plugin's, or else the defaults. */
export interface TaskPolicy {
  readonly retry: RetryPolicy;
  readonly timeoutSeconds: number;
  readonly totalSeconds: number;
}

export const DEFAULT_POLICY: TaskPolicy = {
  retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
  // An hour, since the wait in the plugin's queue counts. An attempt whose function dies comes back through its queue long
  // before; the deadline is for an attempt that is lost altogether.
  timeoutSeconds: 3600,
  totalSeconds: 86_400,
};

export function policyOf(step: PluginStep | undefined, plugin: Plugin | undefined): TaskPolicy {
  return {
    retry: { ...DEFAULT_POLICY.retry, ...plugin?.retry, ...step?.retry },
    timeoutSeconds: step?.timeoutSeconds ?? plugin?.timeoutSeconds ?? DEFAULT_POLICY.timeoutSeconds,
    totalSeconds: step?.totalSeconds ?? plugin?.totalSeconds ?? DEFAULT_POLICY.totalSeconds,
  };
}

export interface FailedAttempt {
  readonly orderId: string;
  readonly taskId: string;
  readonly attempt: number;
  /** How many of these attempts never began, and so do not count. */
  readonly givenBack?: number;
  readonly at: Instant;
  readonly giveUpAt: Instant;
}

/** When the task is sent again, or `undefined` when it is not. */
export function retryAt(
  failed: FailedAttempt,
  advice: RetryAdvice,
  policy: RetryPolicy,
): Instant | undefined {
  if (advice.retry === 'never' || failed.attempt - (failed.givenBack ?? 0) >= policy.maxAttempts)
    return undefined;
  const pauseMs =
    advice.retry === 'later' ? millisecondsOf(advice.afterSeconds) : backoffMs(failed, policy);
  const at = failed.at + pauseMs;
  return at < failed.giveUpAt ? at : undefined;
}

/**
 * Exponential backoff with full jitter: anything from nothing to the bound, which doubles with each attempt.
 * The jitter is a hash of order, task and attempt, since deciding again has to come to the same pause.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMs(failed: FailedAttempt, policy: RetryPolicy): number {
  const bound = Math.min(
    policy.maxBackoffSeconds,
    policy.backoffSeconds * 2 ** (failed.attempt - 1),
  );
  const jitter = fraction(`${failed.orderId}/${failed.taskId}/${failed.attempt}`);
  return millisecondsOf(bound * jitter);
}

/** FNV-1a with a final avalanche, as a number from 0 to 1. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0xffffffff;
}
