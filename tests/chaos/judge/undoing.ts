import { isDeepStrictEqual } from 'node:util';
import type { TaskView } from '../../../src/cli/responses.ts';
import type { EndingAfterUndo } from '../../../src/core/order.ts';
import type { Workflow } from '../../../src/core/workflow.ts';
import { UNDOABLE, WORKFLOWS } from '../plans.ts';
import type { Case } from './case.ts';
import { skipsIn } from './case.ts';

/**
 * What is wrong about the undoing: when the order has failed or was cancelled, everything that its plugins did and can undo is undone, once,
 * in reverse order, and told what it was. Otherwise nothing is.
 */
export function wrongUndoing(all: Case): readonly string[] {
  const { order, effects } = all;
  const skipped = skipsIn(all);
  const wrong: string[] = [];
  const { done, undone } = effects;
  if (!isToBeUndone(all)) {
    return [...undone.keys()].map((job) => `it is ${order.status}, and ${job} was undone`);
  }
  for (const { job, plugin } of done.values()) {
    // Somebody has answered for what is skipped: it is undone only if it completes after all.
    if (UNDOABLE.has(plugin) && !skipped.has(job) && !undone.has(job)) {
      wrong.push(`${job} is not undone`);
    }
  }
  for (const { job, input, result, ending } of undone.values()) {
    const was = done.get(job);
    if (was === undefined) wrong.push(`${job} is undone, and was not done`);
    else if (!isDeepStrictEqual([input, result], [was.input, was.result])) {
      wrong.push(`${job} is undone with another input or result than it had`);
    }
    if (!isDeepStrictEqual(ending, endingOf(all))) {
      wrong.push(`${job} is undone for another reason: ${JSON.stringify(ending)}`);
    }
  }
  return [...wrong, ...outOfOrder(all), ...wrongList(all)];
}

function isToBeUndone(all: Case): boolean {
  const { status } = all.order;
  if (status === 'cancelled') return cancelOf(all)?.undo !== false;
  return status === 'failed' && !isPastPivot(all);
}

/** What has cancelled the order: whatever was asked after it changed nothing. */
function cancelOf({ order, acts, operations }: Case): { readonly undo?: false } | undefined {
  const entry = order.timeline.find(({ event }) => event === 'CancelRequested');
  if (entry?.operation !== undefined) return operations.get(entry.operation);
  return acts.find(({ reason }) => reason === entry?.reason);
}

/** Whether the order stood behind its pivot when it failed. */
function isPastPivot({ plan, order }: Case): boolean {
  const { pivot, activities } = WORKFLOWS.get(plan.workflow) as Workflow;
  if (pivot === undefined) return false;
  const failed = order.tasks.find((task) => 'job' in task && task.job === order.error?.task);
  const placeOf = (activity?: string) => activities.findIndex(({ name }) => name === activity);
  return placeOf(failed?.activity) > placeOf(pivot);
}

/** What the plugins are to be told of how the order ends. */
function endingOf({ order: { status, error, reason } }: Case): EndingAfterUndo {
  if (status === 'failed') return { status, error } as EndingAfterUndo;
  return { status: 'cancelled', ...(reason !== undefined && { reason }) };
}

/** What began later is undone before, unless it ran in parallel. */
function outOfOrder(all: Case): readonly string[] {
  const { order, effects } = all;
  const skipped = skipsIn(all);
  const undone = order.tasks.flatMap((task) => {
    const undoing = 'job' in task && !skipped.has(task.job) && effects.undone.get(task.job);
    return undoing && 'taskId' in task ? [{ task, undoing, number: numberOf(task) }] : [];
  });
  const isTogether = (one: TaskView, other: TaskView) =>
    one.stage === 'parallel' && other.stage === 'parallel' && one.activity === other.activity;
  return undone.flatMap((earlier) =>
    undone
      .filter(({ number, task }) => number > earlier.number && !isTogether(task, earlier.task))
      .filter(({ undoing }) => undoing.index > earlier.undoing.index)
      .map(({ task }) => `${earlier.task.job} is undone before ${task.job}`),
  );
}

function numberOf({ taskId }: { readonly taskId: string }): number {
  return Number(taskId.slice(1));
}

/** What the order says of its undoing is what the plugins did. */
function wrongList(all: Case): readonly string[] {
  const { order, effects } = all;
  const skipped = skipsIn(all);
  const { compensations = [] } = order;
  const jobs = compensations.map(({ job }) => job);
  const twice = new Set(jobs).size < jobs.length ? [`it lists as undone ${jobs}`] : [];
  const claimed = compensations.flatMap(({ job, status }) => {
    if (status === 'completed' && effects.undone.has(job)) return [];
    if (status === 'unknown' && skipped.has(job)) return [];
    return [`it says of the undoing of ${job}: ${status}`];
  });
  const unsaid = [...effects.undone.keys()].filter((job) => !jobs.includes(job));
  return [...twice, ...claimed, ...unsaid.map((job) => `it does not list that ${job} is undone`)];
}
