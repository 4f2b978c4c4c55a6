import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import type { Branch, PlainStep, PluginStep, Step, Workflow } from '../core/workflow.ts';
import { withBranches } from '../core/workflow.ts';

/** A workflow as it is put; what it leaves out is filled in. */
export type Definition = Omit<Workflow, 'version'>;

/** A workflow as it may be put again. */
export function writeDefinition({ name, on, activities, pivot, pauseOnFailure }: Definition) {
  const stepsOf = (stage: readonly Step[]) =>
    stage.map((step) => {
      if ('everyone' in step) return '*' as const;
      if ('choose' in step) return { choose: step.choose.map(writeBranch) };
      return writePlainStep(step);
    });
  return {
    name,
    on,
    activities: activities.map((activity) => ({
      name: activity.name,
      pre: stepsOf(activity.pre),
      parallel: stepsOf(activity.parallel),
      post: stepsOf(activity.post),
      ...(activity.onFailure && {
        onFailure: {
          plugins: activity.onFailure.plugins.map(writePluginStep),
          then: activity.onFailure.then,
        },
      }),
    })),
    ...defined({ pivot, pauseOnFailure }),
  };
}

function writeBranch({ when, steps }: Branch) {
  const written = steps.map(writePlainStep);
  return when === undefined ? { otherwise: written } : { when, steps: written };
}

function writePlainStep(step: PlainStep) {
  if ('waitSeconds' in step) return { wait: step.waitSeconds };
  return 'waitUntil' in step ? step : writePluginStep(step);
}

function writePluginStep(step: PluginStep): PluginStep | string {
  return Object.keys(step).length === 1 ? step.plugin : step;
}

/** Names of the plugins that a definition names itself. */
export function pluginsNamedIn({
  activities,
}: Pick<Definition, 'activities'>): ReadonlySet<string> {
  const steps = activities.flatMap(({ pre, parallel, post, onFailure }): readonly Step[] => [
    ...withBranches([...pre, ...parallel, ...post]),
    ...(onFailure?.plugins ?? []),
  ]);
  return new Set(steps.flatMap((step) => ('plugin' in step ? [step.plugin] : [])));
}

/** Every JSONata expression of a template: a string is one, and so is every string within it. */
export function expressionsIn(template: Json): readonly string[] {
  if (typeof template === 'string') return [template];
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap((value) => expressionsIn(value as Json));
}
