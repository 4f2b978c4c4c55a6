import type { Task } from '../messages.ts';

/** A task that was sent to its plugin. */
export type SentTask = Extract<Task, { taskId: string }>;

/** One dispatch of a task, as far as it is known. The plugin's answer says when it started. */
export interface Attempt {
  readonly attempt: number;
  readonly dispatchedAt: string;
  readonly startedAt?: string | undefined;
  readonly endedAt?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** The attempts as the API lists them. */
export function attemptsOf(task: SentTask): readonly Attempt[] {
  const { attempts } = task as { readonly attempts: unknown };
  if (Array.isArray(attempts)) return attempts as readonly Attempt[];
  const { dispatchedAt, endedAt, error } = task;
  return [{ attempt: Number(attempts), dispatchedAt, endedAt, error }];
}
