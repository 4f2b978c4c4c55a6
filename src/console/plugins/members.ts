import type { Plugin, Workflow } from '../messages.ts';
import { activitiesIn } from '../workflows/activities.ts';

/** A plugin's place in a workflow. */
export interface Membership {
  readonly workflow: string;
  readonly activity: string;
  readonly stage: string;
  /** The workflow names it, or it joins whoever says "*". */
  readonly how: 'named' | 'joins';
}

const STAGES = ['pre', 'parallel', 'post'] as const;

/** Where a plugin takes part: where a workflow names it, and where it joins by its registration. */
export function membershipsOf(
  plugin: Pick<Plugin, 'name' | 'joins'>,
  workflows: readonly Pick<Workflow, 'name' | 'activities'>[],
): readonly Membership[] {
  return workflows.flatMap((workflow) =>
    activitiesIn(workflow.activities).flatMap(({ activity }) =>
      STAGES.flatMap((stage): readonly Membership[] => {
        const steps = activity[stage];
        const place = { workflow: workflow.name, activity: activity.name, stage };
        if (steps.some((step) => nameOf(step) === plugin.name)) return [{ ...place, how: 'named' }];
        const joins = steps.includes('*') && plugin.joins.some((one) => fits(one, place));
        return joins ? [{ ...place, how: 'joins' }] : [];
      }),
    ),
  );
}

function nameOf(step: unknown): string | undefined {
  return typeof step === 'string' ? step : (step as { plugin?: string }).plugin;
}

function fits(
  join: Plugin['joins'][number],
  { workflow, activity, stage }: Pick<Membership, 'workflow' | 'activity' | 'stage'>,
): boolean {
  const isOfWorkflow = join.workflow === undefined || join.workflow === workflow;
  return isOfWorkflow && join.activity === activity && join.stage === stage;
}

/** The plugins that a stage with "*" invites, in the order in which they would run. */
export function invited(
  plugins: readonly Plugin[],
  place: Pick<Membership, 'workflow' | 'activity' | 'stage'>,
): readonly { readonly name: string; readonly filter?: object | undefined }[] {
  return plugins
    .flatMap(({ name, joins }) =>
      joins
        .filter((join) => fits(join, place))
        .map(({ order, filter }) => ({ name, order, filter })),
    )
    .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1));
}
