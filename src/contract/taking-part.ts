import type { Activity, StageName, Workflow } from '../core/workflow.ts';

/** What of a participation says where it is. */
export interface Joining {
  readonly activity: string;
  readonly stage: StageName;
  readonly workflow?: string | undefined;
}

/** A stage of a workflow. */
export interface Place {
  readonly workflow: string;
  readonly activity: string;
  readonly stage: StageName;
}

/** The stages that invite whoever joins them as this participation says. */
export function placesOf(join: Joining, workflows: readonly Workflow[]): readonly Place[] {
  const { activity, stage } = join;
  return workflows
    .filter(({ name }) => join.workflow === undefined || join.workflow === name)
    .filter(({ activities }) =>
      activities.some((one) => one.name === activity && invitesEveryone(one, stage)),
    )
    .map(({ name }) => ({ workflow: name, activity, stage }));
}

/**
 * Why a workflow that a participation names would never invite it, if so. A participation that names none, or one that is not
 * there, may come before the workflow that it is for.
 */
export function reasonAgainst(join: Joining, workflow: Workflow): string | undefined {
  if (placesOf(join, [workflow]).length > 0) return undefined;
  const { activity, stage } = join;
  const of = `workflow ${workflow.name} (version ${workflow.version})`;
  if (workflow.activities.some(({ name }) => name === activity)) {
    return `CLOSED_STAGE: ${of} invites nobody to ${activity}.${stage}: that does not say "*"`;
  }
  const names = workflow.activities.map(({ name }) => name).join(', ');
  return `UNKNOWN_ACTIVITY: ${of} has no activity ${activity}, only ${names}`;
}

/** A participation as people write it: `make.parallel`, or `photo-order/make.parallel` where it is for that workflow only. */
export function writeParticipation({ workflow, activity, stage }: Joining): string {
  return `${workflow === undefined ? '' : `${workflow}/`}${activity}.${stage}`;
}

function invitesEveryone(activity: Activity, stage: StageName): boolean {
  return activity[stage].some((step) => 'everyone' in step);
}
