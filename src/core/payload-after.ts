import type { Deciding } from './deciding.ts';
import { recallHistory } from './deciding.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { CompletedTask, RunningOrder } from './order.ts';
import { resultKeys } from './stage.ts';

/**
 * The payload that the next stage gets. A parallel stage in which no task took part hands on what it got; otherwise its
 * result is an object of the results, keyed by plugin.
 */
export function* payloadAfter(
  { stage, payload }: RunningOrder,
  { results }: EntryDraft,
): Deciding<Json> {
  if (stage.stage !== 'parallel') return payload;
  if (!stage.tasks.some(({ status }) => status === 'completed' || status === 'failed')) {
    return payload;
  }
  const completed = stage.tasks.filter(
    (task): task is CompletedTask => task.status === 'completed',
  );
  const areAtHand = completed.every(({ taskId }) => results.has(taskId));
  const earlier = areAtHand ? undefined : yield* recallHistory();
  const jobs = new Map(Object.entries(earlier?.jobs ?? {}));
  const keys = resultKeys(stage);
  return Object.fromEntries(
    completed.map((task) => {
      const { taskId, job } = task;
      const result = results.has(taskId) ? results.get(taskId) : jobs.get(job)?.result;
      return [keys[stage.tasks.indexOf(task)] ?? job, result ?? null];
    }),
  );
}
