import { placesOf } from '../../contract/taking-part.ts';
import type { FilterPolicy } from '../../core/filter-policy.ts';
import type { Participation, PluginDefinition } from '../../core/plugin.ts';
import type { StageName, Workflow } from '../../core/workflow.ts';
import { STAGES } from '../../core/workflow.ts';

/** Where a plugin takes part in a workflow: by name, or since it joined. */
export interface Seat {
  readonly workflow: string;
  readonly version: number;
  readonly activity: string;
  readonly stage: StageName;
  /** The workflow names it. Then what the plugin says of order, filter and the like does not count there. */
  readonly named: boolean;
  /** How it joined; more than one when it did so with several filters. */
  readonly joins: readonly Terms[];
}

/** The terms on which a plugin joins a stage. */
export interface Terms {
  readonly order: number;
  readonly mandatory: boolean;
  readonly filter?: FilterPolicy;
}

/** Everywhere that a plugin takes part, in the order of the workflows. */
export function seatsOf(
  { name, joins }: Pick<PluginDefinition, 'name' | 'joins'>,
  workflows: readonly Workflow[],
): readonly Seat[] {
  return workflows.flatMap((workflow) =>
    workflow.activities.flatMap((activity) =>
      STAGES.flatMap((stage): Seat[] => {
        const named = activity[stage].some((entry) => 'plugin' in entry && entry.plugin === name);
        const joined = joins.filter(
          (join) =>
            join.activity === activity.name &&
            join.stage === stage &&
            placesOf(join, [workflow]).length > 0,
        );
        if (!named && joined.length === 0) return [];
        const place = { workflow: workflow.name, version: workflow.version };
        const terms = named ? [] : joined.map(termsOf);
        return [{ ...place, activity: activity.name, stage, named, joins: terms }];
      }),
    ),
  );
}

function termsOf({ order, mandatory, filter }: Participation): Terms {
  return { order, mandatory, ...(filter !== undefined && { filter }) };
}
