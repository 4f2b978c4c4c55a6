import * as z from 'zod';
import { MOST_ELEMENTS } from '../core/for-each.ts';
import type { stepSchema } from './step-schema.ts';

type StepInput = z.output<typeof stepSchema>;

export const enoughSchema = z.int().min(1).max(100_000).meta({
  description:
    'the parallel stage ends as soon as so many of its tasks have completed: the others are called off, and a failure fails the order only once so many can no longer complete. Elements of a list of more than 50 count once their slice of 50 has ended. Goes with `parallel`. Default: it ends when all have ended',
});

/** Why so many tasks of the stage can never complete, if so. */
export function whyNeverEnough(
  enough: number | undefined,
  parallel: readonly StepInput[],
): string | undefined {
  const most = mostTasks(parallel);
  if (enough === undefined || enough <= most) return undefined;
  if (parallel.length === 0) return 'enough is about the parallel stage, which has no step here';
  if (most === 0) return 'enough counts tasks, and the parallel stage has none';
  return `the parallel stage has ${most === 1 ? 'one task' : `${most} tasks`} at most`;
}

function mostTasks(steps: readonly StepInput[]): number {
  return steps.reduce((sum, step) => sum + mostTasksOf(step), 0);
}

/** How many tasks the step may come to. */
function mostTasksOf(step: StepInput): number {
  if (step === '*') return Infinity;
  if (typeof step === 'string') return 1;
  if ('choose' in step) {
    const branches = step.choose.map(({ steps = [], otherwise = steps }) => mostTasks(otherwise));
    return Math.max(...branches);
  }
  if ('wait' in step || 'waitUntil' in step) return 0;
  return step.forEach === undefined ? 1 : MOST_ELEMENTS;
}
