import * as z from 'zod';
import type { StageName } from '../core/workflow.ts';
import { STAGES } from '../core/workflow.ts';
import { enoughSchema, whyNeverEnough } from './enough-schema.ts';
import { nameSchema } from './json.ts';
import { MOST_STEPS, stepSchema, taskStepSchema } from './step-schema.ts';

type StepInput = z.output<typeof stepSchema>;

const stepsSchema = z
  .array(stepSchema)
  .max(MOST_STEPS)
  .refine(
    (steps) => steps.flatMap(withBranches).length <= MOST_STEPS,
    `a stage has ${MOST_STEPS} steps at most, those of its branches included`,
  );

/** The step, and those of its branches. */
export function withBranches(step: StepInput): readonly StepInput[] {
  if (typeof step === 'string' || !('choose' in step)) return [step];
  return [step, ...step.choose.flatMap(({ steps = [], otherwise = steps }) => otherwise)];
}

/** With 50 elements each, or slices of as many, a stage is no wider than some 700 tasks and its other steps: see the costs of wide stages in tests/aws/stored-entries.test.ts. */
const MOST_LISTS = 10;

function hasList(step: StepInput): boolean {
  return typeof step === 'object' && 'forEach' in step && step.forEach !== undefined;
}

const stageSchema = z
  .union([
    z
      .literal('*')
      .transform((): z.input<typeof stepsSchema> => ['*'])
      .pipe(stepsSchema),
    stepsSchema,
  ])
  .refine(
    (steps) => steps.filter((one) => one === '*').length <= 1,
    '"*" may stand once in a stage',
  )
  .refine(
    (steps) => steps.flatMap(withBranches).filter(hasList).length <= MOST_LISTS,
    `forEach may stand at ${MOST_LISTS} steps of a stage`,
  )
  .meta({ id: 'Stage', description: '`"*"` alone, or a list of steps' });

export const onFailureSchema = z
  .strictObject({
    plugins: z
      .array(taskStepSchema)
      .min(1, 'onFailure has at least one step')
      .max(50)
      .meta({ description: 'one after another, when the activity has failed for good' }),
    then: z.enum(['continue', 'fail']).default('fail').meta({
      description:
        '`continue`: the order goes on with the next activity; `fail`: it fails as it would have',
    }),
  })
  .meta({ id: 'OnFailure' });

const repeatSchema = z
  .strictObject({
    until: z.string().min(1).meta({
      description:
        'JSONata, asked at the end of each round: the activity is over if this is `true`, and done again if not',
    }),
    max: z.int().min(2).max(100).meta({
      description:
        'so many rounds at most, the first included; then the order fails, `REPEATED_TOO_OFTEN`',
    }),
  })
  .meta({ id: 'Repeat' });

/** For the JSON Schema of an activity: at least one stage has a step. */
const isNotEmpty = (stage: StageName) => ({
  required: [stage],
  properties: { [stage]: { not: { const: [] } } },
});

/** For the JSON Schema of an activity: a step that has no list, and none in its branches. */
const LIST = { type: 'object', required: ['forEach'], properties: { forEach: {} } };
const STEPS_WITHOUT_LIST = { items: { not: LIST } };
const ONE_BY_ONE = {
  items: {
    not: LIST,
    properties: {
      choose: {
        items: { properties: { steps: STEPS_WITHOUT_LIST, otherwise: STEPS_WITHOUT_LIST } },
      },
    },
  },
};

export const activitySchema = z
  .strictObject({
    name: nameSchema.meta({ description: 'unique in its workflow' }),
    pre: stageSchema.default([]).meta({ description: 'first: one after another. Default: nobody' }),
    parallel: stageSchema.default([]).meta({
      description:
        'then: all at once; the stage ends when all have ended, or `enough` of them have completed. Default: nobody',
    }),
    post: stageSchema.default([]).meta({ description: 'last: one after another. Default: nobody' }),
    enough: enoughSchema.optional(),
    onFailure: onFailureSchema
      .optional()
      .meta({ description: 'what is done when the activity has failed for good' }),
    repeat: repeatSchema
      .optional()
      .meta({ description: 'the activity is done again, in rounds. Default: it is done once' }),
  })
  .refine(
    ({ pre, parallel, post }) => pre.length + parallel.length + post.length > 0,
    'an activity has at least one step in pre, parallel or post',
  )
  .superRefine(({ enough, parallel }, context) => {
    const message = whyNeverEnough(enough, parallel);
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['enough'], message });
  })
  .meta({
    id: 'Activity',
    allOf: [
      { anyOf: STAGES.map(isNotEmpty) },
      // The linter of the OpenAPI document wants each required property named beside.
      {
        anyOf: [
          { not: { required: ['enough'], properties: { enough: {} } } },
          isNotEmpty('parallel'),
        ],
      },
      // Elements have no order of their own: their tasks run in parallel.
      {
        properties: {
          pre: ONE_BY_ONE,
          post: ONE_BY_ONE,
          onFailure: { properties: { plugins: STEPS_WITHOUT_LIST } },
        },
      },
    ],
  });
