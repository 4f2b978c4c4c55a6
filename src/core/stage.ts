import { defined } from './defined.ts';
import { matchesPolicy } from './filter-policy.ts';
import type { LeftOut } from './journal-entry.ts';
import type { RunningOrder, StageProgress } from './order.ts';
import type { Participation, Plugin, Plugins } from './plugin.ts';
import type { Begun } from './sessions.ts';
import { hasOpenSession } from './sessions.ts';
import type { StageTask } from './task.ts';
import { nthName } from './task.ts';
import type {
  Activity,
  PlainStep,
  RunStage,
  StageName,
  Step,
  TaskStep,
  Workflow,
} from './workflow.ts';
import { isTaskStep, performerOf, withBranches } from './workflow.ts';

/** Where a stage stands in its workflow. */
export interface StagePosition {
  readonly activity: number;
  readonly stage: StageName | 'choose';
  /** Of an activity that is repeated, from 2. Absent in the first round. */
  readonly round?: number;
  /** Of `choose`: which of the workflow's choices it is, all of which may stand before the same activity. */
  readonly choice?: number;
}

/** Where an order may stand: a stage of its workflow, or what follows a failure in an activity. */
export interface RunPosition {
  readonly activity: number;
  readonly stage: RunStage;
  readonly round?: number;
}

/** Where it is, without what is done there. */
export function positionOf({ activity, stage, round }: RunPosition): RunPosition {
  return { activity, stage, ...defined({ round }) };
}

/** Whether the tasks of the stage run one after another. */
export function isSequential(stage: RunStage): boolean {
  return stage !== 'parallel' && stage !== 'undo';
}

/** The activity at which an order stands, or would: it is one of its workflow's. */
export function activityAt({ activities }: Workflow, index: number): Activity {
  return activities[index] as Activity;
}

/** The step of a stage's definition that has this index. */
export function stepAt(workflow: Workflow, position: RunPosition, index: number): Step | undefined {
  return stepsAt(workflow, position)[index];
}

/** The steps of a stage's definition, those of its branches included. What is undone has none. */
export function stepsAt(workflow: Workflow, position: RunPosition): readonly Step[] {
  return withBranches(definedSteps(workflow, position));
}

function definedSteps(workflow: Workflow, { activity, stage }: RunPosition): readonly Step[] {
  const definition = activityAt(workflow, activity);
  switch (stage) {
    case 'pre':
    case 'parallel':
    case 'post':
      return definition[stage];
    case 'onFailure':
      return definition.onFailure?.plugins ?? [];
    case 'choose':
    case 'undo':
      return [];
  }
}

/** The step of this index, if it says who performs its task: a task of `everyone` has none of its own. */
export function taskStepAt(
  workflow: Workflow,
  position: RunPosition,
  index: number,
): TaskStep | undefined {
  const step = stepAt(workflow, position, index);
  return step !== undefined && isTaskStep(step) ? step : undefined;
}

/** What of an order decides who takes part in its stages. */
type Invited = Pick<RunningOrder, 'attributes' | 'workflow'> & Begun;

/** The tasks of a stage as they are fixed when an order enters it: `everyone` stands for those who are registered now. */
export function plan(
  order: Invited,
  position: StagePosition,
  workflow: Workflow,
  plugins: Plugins,
): readonly StageTask[] {
  if (position.stage === 'choose') return [{ status: 'plannedChoice', step: 0 }];
  let next = 0;
  const tasks = definedSteps(workflow, position).flatMap((step): readonly StageTask[] => {
    const index = next;
    next += withBranches([step]).length;
    if ('choose' in step) return [{ status: 'plannedChoice', step: index }];
    if (!('everyone' in step)) return [plannedFor(step, index)];
    return everyone(order, position, workflow, plugins).map(({ plugin, mandatory }) => ({
      ...{ status: 'planned', step: index, plugin, mandatory },
    }));
  });
  return mayRepeatAfter(workflow, position)
    ? [...tasks, { status: 'plannedRepeat', step: next }]
    : tasks;
}

/** Whether it is decided at the end of the stage if its activity is done again. */
export function mayRepeatAfter(workflow: Workflow, { activity, stage }: RunPosition): boolean {
  return stage === 'post' && activityAt(workflow, activity).repeat !== undefined;
}

/** The task of a step, in its stage or in a branch that was taken. */
export function plannedFor(step: PlainStep, index: number): StageTask {
  if (!isTaskStep(step)) return { status: 'plannedWait', step: index };
  const { mandatory = true, forEach } = step;
  const place = { step: index, plugin: performerOf(step), mandatory };
  return {
    ...{ status: 'planned', ...place },
    ...('workflow' in step && { byOrder: true }),
    ...('waitFor' in step && { awaits: true }),
    ...(forEach !== undefined && { each: true }),
  };
}

/** The plugins that joined a stage where everyone is invited, and are none of its participants for this order. */
export function notInvited(
  order: Invited,
  position: StagePosition,
  workflow: Workflow,
  plugins: Plugins,
): readonly LeftOut[] {
  const steps = stepsAt(workflow, position);
  if (!steps.some((step) => 'everyone' in step)) return [];
  const named = pluginsNamed(steps);
  return [...plugins.values()].flatMap((plugin): LeftOut[] => {
    const reason = named.has(plugin.name)
      ? undefined
      : reasonAgainst(plugin, joinsAt(plugin, order, position, workflow), order);
    if (reason === undefined) return [];
    return [{ plugin: plugin.name, status: 'notInvited', ...position, reason }];
  });
}

function reasonAgainst(
  plugin: Plugin,
  joins: readonly Participation[],
  order: Invited,
): string | undefined {
  if (joins.length === 0) return undefined;
  if (takesNothingNew(plugin, order)) return 'it retires and takes nothing new';
  return joins.some((join) => isForOrder(join, order))
    ? undefined
    : "its filter does not match the order's attributes";
}

function takesNothingNew(plugin: Plugin, order: Invited): boolean {
  return plugin.draining === true && !hasOpenSession(order, plugin);
}

interface Participant extends Participation {
  readonly plugin: string;
}

/**
 * Whoever might take part in a stage, by name, as far as that is known before the order enters it: the performers of its steps, those of
 * branches included, and where everyone is invited, those who are.
 */
export function candidatesAt(
  order: Invited,
  position: StagePosition,
  workflow: Workflow,
  plugins: Plugins,
): readonly string[] {
  return stepsAt(workflow, position).flatMap((step) => {
    if (isTaskStep(step)) return [performerOf(step)];
    if (!('everyone' in step)) return [];
    return everyone(order, position, workflow, plugins).map(({ plugin }) => plugin);
  });
}

/**
 * The plugins that joined the stage, are not named in it, do not retire, and whose filter matches the order, in their declared order, ties
 * by name.
 */
function everyone(
  order: Invited,
  position: StagePosition,
  workflow: Workflow,
  plugins: Plugins,
): readonly Participant[] {
  const named = pluginsNamed(stepsAt(workflow, position));
  const participants: Participant[] = [];
  for (const plugin of plugins.values()) {
    if (named.has(plugin.name) || takesNothingNew(plugin, order)) continue;
    const participation = joinsAt(plugin, order, position, workflow).find((join) =>
      isForOrder(join, order),
    );
    if (participation !== undefined) participants.push({ ...participation, plugin: plugin.name });
  }
  return participants.sort((a, b) => a.order - b.order || (a.plugin < b.plugin ? -1 : 1));
}

/** Where the plugin says that it joins this stage of the order's workflow, whatever the order's attributes are. */
function joinsAt(
  { joins }: Plugin,
  order: Invited,
  { activity, stage }: StagePosition,
  workflow: Workflow,
): readonly Participation[] {
  const { name } = activityAt(workflow, activity);
  return joins.filter(
    (join) =>
      join.activity === name &&
      join.stage === stage &&
      (join.workflow === undefined || join.workflow === order.workflow.name),
  );
}

function isForOrder({ filter }: Participation, { attributes }: Invited): boolean {
  return filter === undefined || matchesPolicy(filter, attributes);
}

function pluginsNamed(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(steps.flatMap((step) => ('plugin' in step ? [step.plugin] : [])));
}

/**
 * The keys of a parallel stage's result, by index of its tasks: a plugin's name, and `A#2` where it stands there twice. The tasks of a
 * step with `forEach` share one.
 */
export function resultKeys({ tasks }: StageProgress): readonly (string | undefined)[] {
  const seen = new Map<string, number>();
  const keys: (string | undefined)[] = [];
  for (const task of tasks) {
    if (!('plugin' in task)) keys.push(undefined);
    else if ((task.element ?? 0) > 0) keys.push(keys.at(-1));
    else {
      const n = (seen.get(task.plugin) ?? 0) + 1;
      seen.set(task.plugin, n);
      keys.push(nthName(task.plugin, n));
    }
  }
  return keys;
}
