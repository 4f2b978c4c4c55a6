import type { Deciding } from './deciding.ts';
import { recallHistory } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { RunningOrder } from './order.ts';
import { resultsOfSlice, sizeOfSlice } from './slices.ts';
import { resultKeys } from './stage.ts';
import type { CompletedTask, FailedTask, StageTask } from './task.ts';

/**
 * The payload that the next stage gets. A parallel stage in which no task took part hands on what it got; otherwise its
 * result is an object of the results, keyed by plugin. A step with `forEach` gives a list, in order of its elements: `null` stands for those
 * that gave nothing.
 */
export function* payloadAfter(
  { stage, payload }: RunningOrder,
  { results }: EntryDraft,
): Deciding<Json> {
  if (stage.stage !== 'parallel') return payload;
  const tookPart = stage.tasks.some(({ status }) => status === 'completed' || status === 'failed');
  if (!tookPart && stage.lists === undefined) return payload;
  const giving = stage.tasks.filter(givesResult);
  const areAtHand = giving.every(({ taskId }) => results.has(taskId));
  const earlier = areAtHand ? undefined : yield* recallHistory();
  const jobs = new Map(Object.entries(earlier?.jobs ?? {}));
  const resultOf = ({ taskId, job }: GivingTask) =>
    results.has(taskId) ? results.get(taskId) : jobs.get(job)?.result;
  const keys = resultKeys(stage);
  const gathered = new Map<string, Json>();
  const lists = new Map<string, Json[]>();
  for (const [index, task] of stage.tasks.entries()) {
    const key = keys[index] ?? '';
    const result = givesResult(task) ? resultOf(task) : undefined;
    const list = stage.lists?.[task.step];
    if (list === undefined) {
      if (task.status === 'completed') gathered.set(key, result ?? null);
      continue;
    }
    const own = lists.get(key) ?? [];
    lists.set(key, own);
    gathered.set(key, own);
    if (list.length > 0) own.push(...resultsFor(task, list, result));
  }
  return Object.fromEntries(gathered);
}

/** Some elements of a slice that has failed have completed. */
type GivingTask = CompletedTask | FailedTask;

function givesResult(task: StageTask): task is GivingTask {
  return task.status === 'completed' || (task.status === 'failed' && task.slice === true);
}

/** What the task adds to the results of its list. */
function resultsFor(
  task: StageTask,
  list: readonly Json[],
  result: Json | undefined,
): readonly Json[] {
  if (!('slice' in task) || task.element === undefined) return [result ?? null];
  return resultsOfSlice(result, sizeOfSlice(list, task.element));
}
