import * as z from 'zod';
import { activitySchema, withBranches } from './activity-schema.ts';
import {
  branchForm,
  CHOOSE,
  MOST_BRANCHES,
  OTHERWISE,
  refuseEarlyOtherwise,
  refuseHalfBranch,
  whenOfBranch,
} from './branch-schema.ts';
import { eventTypeSchema } from './event-type.ts';
import { nameSchema } from './json.ts';
import type { WrittenItem } from './placed-activities.ts';
import { activitiesIn } from './placed-activities.ts';

const MOST_ACTIVITIES = 200;

/** An activity, or a choice among activities, one of which may be a choice again. */
export function itemSchema<Item extends z.ZodType<object, object>>(
  activity: Item,
  ids: { readonly item: string; readonly choice: string; readonly branch: string },
) {
  type Output = WrittenItem<z.output<Item>>;
  type Input = WrittenItem<z.input<Item>>;
  const held = z
    .lazy(() => z.array(item).min(1, 'a branch has at least one activity').max(MOST_ACTIVITIES))
    .optional();
  const branch = z
    .strictObject({
      when: whenOfBranch,
      activities: held.meta({ description: 'what is done then. Goes with `when`' }),
      otherwise: held.meta({ description: OTHERWISE }),
    })
    .superRefine(refuseHalfBranch('activities'))
    .meta({ id: ids.branch, ...branchForm('activities') });
  const choice = z
    .strictObject({
      choose: z
        .array(branch)
        .min(1, 'a choice has at least one branch')
        .max(MOST_BRANCHES)
        .superRefine(refuseEarlyOtherwise)
        .meta({ description: CHOOSE }),
    })
    .meta({ id: ids.choice });
  const item: z.ZodType<Output, Input> = z
    .union([activity, choice])
    .meta({ id: ids.item }) as never;
  return item;
}

type Item = WrittenItem<z.output<typeof activitySchema>>;

/** How deep choices stand within each other. */
const MOST_DEPTH = 3;

/** What was not done is told in the journal entry of the choice, step by step. */
const MOST_STEPS_OF_CHOICE = 500;

function refuseTooMany(items: readonly Item[], context: z.RefinementCtx): void {
  const refuse = (path: PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path, message });
  const placed = activitiesIn(items);
  if (placed.length > MOST_ACTIVITIES) {
    const counted = 'those of branches included';
    refuse([], `a workflow has ${MOST_ACTIVITIES} activities at most, ${counted}`);
  }
  const tooDeep = placed.find(
    ({ path }) => path.filter((key) => key === 'choose').length > MOST_DEPTH,
  );
  if (tooDeep !== undefined) {
    refuse([...tooDeep.path], `choices stand in branches of each other ${MOST_DEPTH} deep at most`);
  }
  items.forEach((item, at) => {
    if (!('choose' in item)) return;
    const steps = activitiesIn([item]).flatMap(({ activity: { pre, parallel, post } }) =>
      [...pre, ...parallel, ...post].flatMap(withBranches),
    );
    if (steps.length <= MOST_STEPS_OF_CHOICE) return;
    refuse(
      [at, 'choose'],
      `its activities have ${MOST_STEPS_OF_CHOICE} steps at most, all together`,
    );
  });
}

const FIELDS = {
  on: z
    .array(eventTypeSchema)
    .max(50)
    .default([])
    .meta({ description: 'types of the events that start an order of it' }),
  activities: z
    .array(
      itemSchema(activitySchema, {
        ...{ item: 'ActivityOrChoice', choice: 'ActivityChoice', branch: 'ActivityBranch' },
      }),
    )
    .min(1, 'a workflow has at least one activity')
    .max(MOST_ACTIVITIES)
    .superRefine(refuseTooMany)
    .meta({ description: 'one after another; 200 at most, those of branches included' }),
  pivot: nameSchema.optional().meta({
    description:
      'an activity, in no branch of a choice: once it has ended, a failure undoes nothing',
  }),
  pauseOnFailure: z.boolean().optional().meta({
    description: 'an order pauses instead of failing when the attempts of a task are used up',
  }),
};

/** A workflow definition. */
export const definitionSchema = z
  .strictObject({ name: nameSchema.meta({ description: 'of the workflow' }), ...FIELDS })
  .superRefine(({ activities, pivot }, context) => {
    const placed = activitiesIn(activities);
    const refuse = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (pivot !== undefined) {
      const named = placed.find(({ activity }) => activity.name === pivot);
      if (named === undefined) refuse(['pivot'], `there is no activity called ${pivot}`);
      else if (named.path.length > 1) {
        const why = 'stands in a branch of a choice: a pivot is one to which every order comes';
        refuse(['pivot'], `the activity ${pivot} ${why}`);
      }
    }
    placed.forEach(({ activity: { name }, path }, index) => {
      if (placed.findIndex(({ activity }) => activity.name === name) === index) return;
      refuse(['activities', ...path, 'name'], `there is another activity called ${name}`);
    });
  });

/** What `PUT /workflows/{name}` takes, as the documents describe it: `readDefinition` puts the address's name where there is none. */
export const putDefinitionSchema = z
  .strictObject({
    name: nameSchema.optional().meta({
      description: 'of the workflow. Default: what the address says, or what its file is called',
    }),
    ...FIELDS,
  })
  .meta({ id: 'WorkflowDefinition' });
