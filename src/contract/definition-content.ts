import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import type {
  Activity,
  Branch,
  PlainStep,
  Step,
  TaskStep,
  WaitForStep,
  Workflow,
} from '../core/workflow.ts';
import { withBranches } from '../core/workflow.ts';
import { writtenActivities } from './placed-activities.ts';

/** A workflow as it is put; what it leaves out is filled in. */
export type Definition = Omit<Workflow, 'version'>;

/** A workflow as it may be put again. */
export function writeDefinition(definition: Definition) {
  const { name, on, activities, choices = [], pivot, pauseOnFailure } = definition;
  const writeSteps = (stage: readonly Step[]) =>
    stage.map((step) => {
      if ('everyone' in step) return '*' as const;
      if ('choose' in step) return { choose: step.choose.map(writeBranch) };
      return writePlainStep(step);
    });
  const writeActivity = (activity: Activity) => ({
    name: activity.name,
    pre: writeSteps(activity.pre),
    parallel: writeSteps(activity.parallel),
    post: writeSteps(activity.post),
    ...(activity.onFailure && {
      onFailure: {
        plugins: activity.onFailure.plugins.map(writeTaskStep),
        then: activity.onFailure.then,
      },
    }),
    ...defined({ enough: activity.enough, repeat: activity.repeat }),
  });
  return {
    ...{ name, on },
    activities: writtenActivities({ activities, choices }, writeActivity),
    ...defined({ pivot, pauseOnFailure }),
  };
}

function writeBranch({ when, steps }: Branch) {
  const written = steps.map(writePlainStep);
  return when === undefined ? { otherwise: written } : { when, steps: written };
}

function writePlainStep(step: PlainStep) {
  if ('waitSeconds' in step) return { wait: step.waitSeconds };
  return 'waitUntil' in step ? step : writeTaskStep(step);
}

function writeTaskStep(step: TaskStep) {
  if ('waitFor' in step) return writeWaitForStep(step);
  return 'plugin' in step && Object.keys(step).length === 1 ? step.plugin : step;
}

function writeWaitForStep({ waitFor, ...own }: WaitForStep) {
  return { waitFor: waitFor.key === undefined ? waitFor.event : waitFor, ...own };
}

type Activities = Pick<Definition, 'activities'>;

/** Names of the plugins that a definition names itself. */
export function pluginsNamedIn(definition: Activities): ReadonlySet<string> {
  return new Set(stepsOf(definition).flatMap((step) => ('plugin' in step ? [step.plugin] : [])));
}

/** Names of the workflows whose orders are children of a definition's. */
export function workflowsNamedIn(definition: Activities): ReadonlySet<string> {
  return new Set(
    stepsOf(definition).flatMap((step) => ('workflow' in step ? [step.workflow] : [])),
  );
}

function stepsOf({ activities }: Activities): readonly Step[] {
  return activities.flatMap(({ pre, parallel, post, onFailure }) => [
    ...withBranches([...pre, ...parallel, ...post]),
    ...(onFailure?.plugins ?? []),
  ]);
}

/** Every JSONata expression of a template: a string is one, and so is every string within it. */
export function expressionsIn(template: Json): readonly string[] {
  if (typeof template === 'string') return [template];
  if (typeof template !== 'object' || template === null) return [];
  return Object.values(template).flatMap((value) => expressionsIn(value as Json));
}
