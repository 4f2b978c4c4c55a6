import { isDeepStrictEqual } from 'node:util';
import type { Case } from './case.ts';
import { skipsIn } from './case.ts';

/** What is wrong about the work that was done: whatever counts as done has really been done, with the same input and result; nothing done is lost. */
export function wrongWork(all: Case): readonly string[] {
  const { order, effects, callbacks } = all;
  const skipped = skipsIn(all);
  const wrong = [...effects.conflicts];
  const byOthers = new Map(callbacks.map(({ job, result }) => [job, result]));
  for (const [job, { input, result }] of Object.entries(order.jobs)) {
    if (skipped.has(job)) continue;
    const effect = effects.done.get(job);
    if (byOthers.has(job)) {
      if (byOthers.get(job) !== result) wrong.push(`the result of ${job} is not what was told`);
    } else if (effect === undefined) {
      wrong.push(`${job} counts as done, and its plugin did nothing`);
    } else if (!isDeepStrictEqual([effect.input, effect.result], [input, result])) {
      wrong.push(`${job} counts as done with another input or result than its plugin had`);
    }
  }
  for (const job of [
    ...byOthers.keys(),
    ...(order.status === 'completed' ? effects.done.keys() : []),
  ]) {
    if (!Object.hasOwn(order.jobs, job) && !skipped.has(job))
      wrong.push(`${job} is done, and lost`);
  }
  const buried = order.tasks
    .flatMap((task) => ('attempts' in task ? task.attempts : []))
    .filter(({ error }) => error?.code === 'DEAD_LETTERED');
  if (buried.length > 0) wrong.push(`${buried.length} attempts are dead letters`);
  return wrong;
}
