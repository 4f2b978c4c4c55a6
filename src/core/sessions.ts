/**
 * A stateful plugin keeps something between the tasks of a session. In an order, the session is open from the first task that went to the
 * plugin until the order ends. While it is open, the plugin gets the order's other tasks even if it retires or is drained.
 */
import { isSent } from './failed-attempt.ts';
import type { Failure } from './failure.ts';
import type { Standing } from './order.ts';
import type { Plugin } from './plugin.ts';
import type { FailedTask, StageTask } from './task.ts';
import { isPlugins, nthName } from './task.ts';

/** What of an order tells which plugins have had a task of it. An order that has not started has had none. */
export type Begun = Partial<Pick<Standing, 'jobs' | 'failedJobs' | 'neverSentJobs' | 'stage'>>;

export function hasOpenSession(
  { jobs = {}, failedJobs = [], neverSentJobs = [], stage }: Begun,
  { name, stateful }: Pick<Plugin, 'name' | 'stateful'>,
): boolean {
  if (stateful !== true) return false;
  const neverSent = new Set([
    ...neverSentJobs,
    ...failedJobs.filter(({ error }) => !mayHaveBeenSent(error)).map(({ job }) => job),
    ...(stage?.tasks ?? []).flatMap(jobNeverSent),
  ]);
  const named = Array.from({ length: jobs[name] ?? 0 }, (_, index) => nthName(name, index + 1));
  return named.some((job) => !neverSent.has(job));
}

/** The order, which remembers those of the tasks that their plugins have never had: people, or enough others, are putting an end to them. */
export function withNeverSent<Order extends Standing>(
  order: Order,
  tasks: readonly StageTask[],
): Order {
  const neverSentJobs = [...(order.neverSentJobs ?? []), ...tasks.flatMap(jobNeverSent)];
  return neverSentJobs.length === 0 ? order : { ...order, neverSentJobs };
}

/** A plugin may call an error of its own so, too: then the session counts as closed. */
function mayHaveBeenSent(error: Failure): boolean {
  return isSent(error) && error.code !== 'EXPRESSION_FAILED';
}

/** Tasks have names before they are sent: those that were refused, failed at their expressions, or wait for a quarantine to end. */
function jobNeverSent(task: StageTask): readonly string[] {
  if (!('taskId' in task)) return [];
  const { error } = task as Partial<Pick<FailedTask, 'error'>>;
  const wasSent = task.attempt > 0 && (error === undefined || isSent(error));
  return wasSent && isPlugins(task) ? [] : [task.job];
}
