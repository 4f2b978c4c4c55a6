import { matchesPolicy } from './filter-policy.ts';
import type { RunningOrder, StageProgress, StageTask } from './order.ts';
import { nthName } from './order.ts';
import type { Participation, Plugins } from './plugin.ts';
import type { Activity, StageName, Step, Workflow } from './workflow.ts';
import { STAGES } from './workflow.ts';

/** Where a stage stands in its workflow. */
export interface StagePosition {
  readonly activity: number;
  readonly stage: StageName;
}

/** The stage after this one, empty stages left out; the first one after `undefined`; `undefined` after the last. */
export function stageAfter(
  workflow: Workflow,
  position: StagePosition | undefined,
): StagePosition | undefined {
  const all = workflow.activities.flatMap((activity, index) =>
    STAGES.filter((stage) => activity[stage].length > 0).map((stage) => ({
      activity: index,
      stage,
    })),
  );
  if (position === undefined) return all[0];
  const here = all.findIndex(
    (one) => one.activity === position.activity && one.stage === position.stage,
  );
  return all[here + 1];
}

export function stepAt(
  workflow: Workflow,
  position: StagePosition,
  step: number,
): Step | undefined {
  return workflow.activities[position.activity]?.[position.stage][step];
}

/** The tasks of a stage as they are fixed when an order enters it: `everyone` stands for those who are registered now. */
export function plan(
  order: Pick<RunningOrder, 'attributes' | 'workflow'>,
  position: StagePosition,
  workflow: Workflow,
  plugins: Plugins,
): readonly StageTask[] {
  const activity = workflow.activities[position.activity];
  if (activity === undefined) return [];
  const entries = activity[position.stage];
  const named = new Set(entries.flatMap((entry) => ('plugin' in entry ? [entry.plugin] : [])));
  return entries.flatMap((entry, step): StageTask[] => {
    if ('waitSeconds' in entry) return [{ status: 'plannedWait', step }];
    if ('plugin' in entry) {
      const mandatory = entry.mandatory ?? true;
      return [{ status: 'planned', step, plugin: entry.plugin, mandatory }];
    }
    return everyone(order, position.stage, activity, plugins)
      .filter(({ plugin }) => !named.has(plugin))
      .map(({ plugin, mandatory }) => ({ status: 'planned', step, plugin, mandatory }));
  });
}

interface Participant extends Participation {
  readonly plugin: string;
}

/** The plugins that joined the stage, do not retire, and whose filter matches the order, in their declared order, ties by name. */
function everyone(
  order: Pick<RunningOrder, 'attributes' | 'workflow'>,
  stage: StageName,
  activity: Activity,
  plugins: Plugins,
): readonly Participant[] {
  const participants: Participant[] = [];
  for (const plugin of plugins.values()) {
    if (plugin.draining) continue;
    const participation = plugin.joins.find(
      (join) =>
        join.activity === activity.name &&
        join.stage === stage &&
        (join.workflow === undefined || join.workflow === order.workflow.name) &&
        (join.filter === undefined || matchesPolicy(join.filter, order.attributes)),
    );
    if (participation !== undefined) participants.push({ ...participation, plugin: plugin.name });
  }
  return participants.sort((a, b) => a.order - b.order || (a.plugin < b.plugin ? -1 : 1));
}

/** The keys of a parallel stage's result, by place in the stage: a plugin's name, and `A#2` where it stands there twice. */
export function resultKeys(stage: StageProgress): readonly (string | undefined)[] {
  const seen = new Map<string, number>();
  return stage.tasks.map((task) => {
    if (!('plugin' in task)) return undefined;
    const n = (seen.get(task.plugin) ?? 0) + 1;
    seen.set(task.plugin, n);
    return nthName(task.plugin, n);
  });
}
