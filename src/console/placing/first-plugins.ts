import type { Workflow } from '../messages.ts';
import type { Activity } from '../workflows/activities.ts';
import type { Todo } from './todo-text.ts';

/**
 * The plugins that get an order's input as it is: those of the first stage that has any; where a choice comes first, those of all its
 * branches. Who joins a stage by "*" is not known before.
 */
export function firstOfWorkflow({
  activities,
}: {
  readonly activities: readonly Workflow['activities'][number][];
}): readonly string[] {
  for (const item of activities) {
    if ('choose' in item) {
      return item.choose.flatMap(({ activities: own = [], otherwise = own }) =>
        firstOfWorkflow({ activities: otherwise }),
      );
    }
    const { pre, parallel, post } = item;
    if (pre.length > 0) return namesIn(pre.slice(0, 1));
    if (parallel.length > 0) return namesIn(parallel);
    if (post.length > 0) return namesIn(post.slice(0, 1));
  }
  return [];
}

export function firstOfTodo([first = []]: Todo): readonly string[] {
  return [first].flat();
}

/** A step that makes an input of its own does not show the order's to its plugin. */
function namesIn(steps: Activity['pre']): readonly string[] {
  return steps.flatMap((step) => {
    if (typeof step === 'string') return step === '*' ? [] : [step];
    return 'plugin' in step && !('input' in step && step.input !== undefined) ? [step.plugin] : [];
  });
}
