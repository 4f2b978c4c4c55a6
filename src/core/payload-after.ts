import type { Deciding } from './deciding.ts';
import { recallHistory } from './deciding.ts';
import { defined } from './defined.ts';
import type { EntryDraft } from './entry-draft.ts';
import type { Json } from './json.ts';
import type { RunningOrder } from './order.ts';
import { resultKeys } from './stage.ts';
import type { CompletedTask } from './task.ts';

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
  const completed = stage.tasks.filter(
    (task): task is CompletedTask => task.status === 'completed',
  );
  const areAtHand = completed.every(({ taskId }) => results.has(taskId));
  const earlier = areAtHand ? undefined : yield* recallHistory();
  const jobs = new Map(Object.entries(earlier?.jobs ?? {}));
  const resultOf = ({ taskId, job }: CompletedTask) =>
    (results.has(taskId) ? results.get(taskId) : jobs.get(job)?.result) ?? null;
  const keys = resultKeys(stage);
  const gathered: Record<string, Json> = {};
  for (const [index, task] of stage.tasks.entries()) {
    const key = keys[index] ?? '';
    const result = task.status === 'completed' ? resultOf(task) : undefined;
    const list = stage.lists?.[task.step];
    if (list === undefined) Object.assign(gathered, defined({ [key]: result }));
    else if (list.length === 0) gathered[key] = [];
    else gathered[key] = [...((gathered[key] ?? []) as Json[]), result ?? null];
  }
  return gathered;
}
