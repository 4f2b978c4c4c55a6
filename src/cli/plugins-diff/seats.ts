import { placesOf } from '../../contract/taking-part.ts';
import { defined } from '../../core/defined.ts';
import type { FilterPolicy } from '../../core/filter-policy.ts';
import type { Participation, PluginDefinition } from '../../core/plugin.ts';
import type { StageName, Workflow } from '../../core/workflow.ts';
import { STAGES } from '../../core/workflow.ts';

/** A stage in which a plugin takes part, because the workflow names it or because it joined. */
export interface Seat {
  readonly workflow: string;
  readonly version: number;
  readonly activity: string;
  readonly stage: StageName;
  /** The workflow names the plugin. Then its own terms, such as order and filter, do not count there. */
  readonly named: boolean;
  /** The terms on which it joined; several if it joined with several filters. */
  readonly joins: readonly Terms[];
}

/** The terms on which a plugin joins a stage. */
export interface Terms {
  readonly order: number;
  readonly mandatory: boolean;
  readonly filter?: FilterPolicy;
}

/** All stages in which a plugin takes part, workflow by workflow. */
export function seatsOf(
  { name, joins }: Pick<PluginDefinition, 'name' | 'joins'>,
  workflows: readonly Workflow[],
): readonly Seat[] {
  return workflows.flatMap((workflow) =>
    workflow.activities.flatMap((activity) =>
      STAGES.flatMap((stage): Seat[] => {
        const named = activity[stage].some((step) => 'plugin' in step && step.plugin === name);
        const joined = joins.filter(
          (join) =>
            join.activity === activity.name &&
            join.stage === stage &&
            placesOf(join, [workflow]).length > 0,
        );
        if (!named && joined.length === 0) return [];
        const seat = {
          workflow: workflow.name,
          version: workflow.version,
          activity: activity.name,
          stage,
          named,
          joins: named ? [] : joined.map(termsOf),
        };
        return [seat];
      }),
    ),
  );
}

function termsOf({ order, mandatory, filter }: Participation): Terms {
  return { order, mandatory, ...defined({ filter }) };
}
