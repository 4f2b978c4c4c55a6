import type { EntryDraft } from './entry-draft.ts';
import type { TaskFailed } from './event.ts';
import type { Failure } from './failure.ts';
import type { Instant } from './json.ts';
import type { BackingOffTask, InFlightTask, ParkedTask } from './task.ts';
import { isPlugins } from './task.ts';

/**
 * What an attempt says of its plugin.
 *
 * - `worked`: it completed.
 * - `refused`: the plugin has judged the task and will not do it. It runs, and this task says nothing of others.
 * - `failed`: it threw, crashed, ran out of time or fell silent.
 *
 * An attempt that never began, that is asked for again later, or whose order has no room for its result says nothing. One that was deferred
 * worked, unless whoever holds its token says that it failed: a person who does not answer is no fault of the plugin's.
 */
export interface Verdict {
  readonly plugin: string;
  readonly outcome: 'worked' | 'refused' | 'failed';
  /** It was let through to see whether the plugin works. */
  readonly canary?: true;
  /** When the attempt was sent; absent where it is no longer the current one. */
  readonly dispatchedAt?: Instant;
  readonly error?: Failure;
}

export function note(
  { verdicts }: EntryDraft,
  task: InFlightTask | BackingOffTask | ParkedTask,
  outcome: Verdict['outcome'],
  error?: Failure,
): void {
  if (!isPlugins(task)) return;
  const current =
    task.status === 'inFlight'
      ? { dispatchedAt: task.dispatchedAt, ...(task.canary && { canary: task.canary }) }
      : {};
  verdicts.push({ plugin: task.plugin, outcome, ...current, ...(error && { error }) });
}

/** What a failure that was answered says of the plugin. */
export function outcomeOf({ retry, by }: TaskFailed): 'refused' | 'failed' | undefined {
  switch (retry) {
    case 'policy':
      return 'failed';
    case 'never':
      return by === undefined ? undefined : 'refused';
    case 'later':
      return undefined;
  }
}
