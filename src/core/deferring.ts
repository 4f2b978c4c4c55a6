import type { EntryDraft } from './entry-draft.ts';
import type { TaskDeferred } from './event.ts';
import type { StagedOrder } from './order.ts';
import { openTask, withTask } from './stage-tasks.ts';
import type { InFlightTask } from './task.ts';
import { note } from './verdict.ts';

/**
 * The order after a plugin has said that somebody else finishes its task. The attempt stays in flight, under the deadline that it has;
 * nobody is at work on it, so no silence counts until whoever holds its token beats. The plugin has done its part.
 */
export function afterDeferral(
  order: StagedOrder,
  { taskId, attempt, sentAt }: TaskDeferred,
  draft: EntryDraft,
): StagedOrder | string {
  const task = openTask(order, taskId);
  if (task?.status !== 'inFlight') return 'the task is not in flight';
  if (task.attempt !== attempt) return 'the attempt is not the current one';
  if (isDeferred(task)) return 'the attempt has been deferred already';
  note(draft, task, 'worked');
  // Whoever holds the token may take days, and takes up no room at the plugin.
  const { silentAt: _, canary: __, turn: ___, ...deferred } = task;
  return withTask(order, task, {
    ...deferred,
    begunIn: task.begunIn ?? draft.entry,
    deferredAt: sentAt,
  });
}

/** Whether the attempt waits for whoever holds its token. What becomes of its message in the plugin's queue no longer matters. */
export function isDeferred({ deferredAt }: Pick<InFlightTask, 'deferredAt'>): boolean {
  return deferredAt !== undefined;
}
