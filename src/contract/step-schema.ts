import * as z from 'zod';
import { MOST_ELEMENTS } from '../core/for-each.ts';
import {
  branchForm,
  CHOOSE,
  MOST_BRANCHES,
  OTHERWISE,
  refuseEarlyOtherwise,
  refuseHalfBranch,
  whenOfBranch,
} from './branch-schema.ts';
import { durationSchema } from './duration.ts';
import { eventTypeSchema } from './event-type.ts';
import { nameSchema, pluginNameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { retryOverrideSchema, timeoutSchema } from './plugin-definition.ts';

/** What a step says of its task, whoever performs it. */
const TASK_TERMS = {
  mandatory: z.boolean().optional().meta({
    description:
      'false: the task may fail without failing its order. Default: true, or what the plugin says where it joins',
  }),
  when: z.string().min(1).optional().meta({
    description: 'JSONata: the task takes part if this is `true`. Default: always',
  }),
  forEach: z.string().min(1).optional().meta({
    description:
      'JSONata that comes to a list: the step is one task per element, and gives the list of their results. All lists of a stage together have 10,000 elements at most; a list of more than 50 is done in slices of 50, each by a child order. Only in a parallel stage',
  }),
  concurrency: z.int().min(1).max(MOST_ELEMENTS).optional().meta({
    description: 'with `forEach`: no more of its tasks are under way at once. Default: all',
  }),
  tolerate: z
    .union(
      [z.int().min(0).max(MOST_ELEMENTS), z.string().regex(/^(100|[1-9]?\d)%$/)],
      'tolerate is a number of tasks, or a share such as "10%"',
    )
    .optional()
    .meta({
      description:
        'with `forEach`: no more of its tasks may fail without failing the order, as a number or a share such as `10%`. Default: none',
    }),
};

/** What a step says of a task that gets an input. */
const INPUT = {
  input: z.optional(jsonSchema).meta({
    description:
      "the task's input: a JSONata expression, or a JSON template in which every string is one. Default: the previous result; with `forEach` the element, which expressions know as `$element`, and its place as `$index`",
  }),
};

/** What goes with a list only. */
const WITH_LIST = { concurrency: ['forEach'], tolerate: ['forEach'] };

function refuseWithoutList(
  { forEach, concurrency, tolerate }: { readonly [Field in keyof typeof TASK_TERMS]?: unknown },
  context: z.RefinementCtx,
): void {
  if (forEach !== undefined) return;
  for (const [field, value] of Object.entries({ concurrency, tolerate })) {
    if (value === undefined) continue;
    const message = `${field} goes with forEach`;
    context.addIssue({ code: 'custom', path: [field], message });
  }
}

/** A step that makes a task, or one for each element of its list. */
function taskStep<Fields extends typeof TASK_TERMS>(id: string, fields: Fields) {
  return z
    .strictObject(fields)
    .superRefine(refuseWithoutList)
    .meta({ id, dependentRequired: WITH_LIST });
}

const pluginStepSchema = taskStep('PluginStep', {
  plugin: pluginNameSchema.meta({ description: 'the plugin that performs the task' }),
  ...TASK_TERMS,
  ...INPUT,
  retry: retryOverrideSchema.optional().meta({
    description:
      "how failed attempts are repeated; what it leaves out is as the plugin's block says",
  }),
  timeoutSeconds: timeoutSchema.optional().meta({
    description:
      "the longest time of one attempt, from its dispatch. Seconds, a year at most. Default: the plugin's",
  }),
  totalSeconds: timeoutSchema.optional().meta({
    description:
      "the longest time of all attempts together, pauses included. Seconds, a year at most. Default: the plugin's",
  }),
});

const childStepSchema = taskStep('ChildStep', {
  workflow: nameSchema.meta({
    description:
      'the workflow whose order, a child of this one, is the task: its latest version when it begins',
  }),
  ...TASK_TERMS,
  ...INPUT,
  timeoutSeconds: timeoutSchema.optional().meta({
    description:
      'the longest time of the child order, which is cancelled then. Seconds. Default: a year, which is the most',
  }),
});

export const waitForStepSchema = taskStep('WaitForStep', {
  waitFor: z
    .union(
      [
        eventTypeSchema.meta({
          description: 'the type of the event, which is sent to the order alone',
        }),
        z.strictObject({
          event: eventTypeSchema.meta({ description: 'the type of the event' }),
          key: z.string().min(1).max(10_000).optional().meta({
            description:
              'JSONata that comes to a text or a number: an event of that type and key wakes the order, whoever else it wakes. Default: only an event for the order alone does',
          }),
        }),
      ],
      'waitFor is the type of an event, or an object with `event` and `key`',
    )
    .meta({
      description:
        "an event from outside, sent by `POST /events` or `POST /orders/{orderId}/events`: its data is the task's result. One that came up to a day before counts; the first of several decides",
    }),
  ...TASK_TERMS,
  timeoutSeconds: timeoutSchema.optional().meta({
    description:
      'the longest time until the event: then the task fails with `EVENT_TIMEOUT`. Seconds, a year at most. Default: seven days',
  }),
});

const waitStepSchema = z
  .strictObject({
    wait: durationSchema.meta({
      description:
        'a pause: seconds, or a text such as `30s`, `10m`, `1h30m`, `2d`; a year at most',
    }),
  })
  .meta({ id: 'WaitStep' });

const waitUntilStepSchema = z
  .strictObject({
    waitUntil: z.string().min(1).max(10_000).meta({
      description:
        'an instant in ISO 8601 with its offset, such as `2026-12-24T18:00:00+01:00`, or JSONata that comes to such a text: the order waits until then, a year at most. One that has gone by is not waited for',
    }),
  })
  .meta({ id: 'WaitUntilStep' });

const namedPluginSchema = pluginNameSchema.meta({
  description: 'a plugin, with nothing else to say',
});

export const stepOfBranchSchema = z
  .union(
    [
      namedPluginSchema,
      pluginStepSchema,
      childStepSchema,
      waitForStepSchema,
      waitStepSchema,
      waitUntilStepSchema,
    ],
    "a step of a branch is a plugin's name, or an object with `plugin`, `workflow`, `waitFor`, `wait` or `waitUntil`",
  )
  .meta({ id: 'StepOfBranch' });

/** Of a stage, or of a branch. */
export const MOST_STEPS = 200;

const stepsOfBranch = z
  .array(stepOfBranchSchema)
  .min(1, 'a branch has at least one step')
  .max(MOST_STEPS);

const branchSchema = z
  .strictObject({
    when: whenOfBranch,
    steps: stepsOfBranch.optional().meta({ description: 'what is done then. Goes with `when`' }),
    otherwise: stepsOfBranch.optional().meta({ description: OTHERWISE }),
  })
  .superRefine(refuseHalfBranch('steps'))
  .meta({ id: 'Branch', ...branchForm('steps') });

const chooseStepSchema = z
  .strictObject({
    choose: z
      .array(branchSchema)
      .min(1, 'a choice has at least one branch')
      .max(MOST_BRANCHES)
      .superRefine(refuseEarlyOtherwise)
      .meta({ description: CHOOSE }),
  })
  .meta({ id: 'ChooseStep' });

export const stepSchema = z
  .union(
    [
      z.literal('*').meta({ description: 'everyone who is registered for the stage' }),
      namedPluginSchema,
      pluginStepSchema,
      childStepSchema,
      waitForStepSchema,
      waitStepSchema,
      waitUntilStepSchema,
      chooseStepSchema,
    ],
    'a step of a stage is "*", a plugin\'s name, or an object with `plugin`, `workflow`, `waitFor`, `wait`, `waitUntil` or `choose`',
  )
  .meta({ id: 'Step' });

export const taskStepSchema = z.union(
  [namedPluginSchema, pluginStepSchema, childStepSchema, waitForStepSchema],
  "a step of an onFailure is a plugin's name, or an object with `plugin`, `workflow` or `waitFor`",
);
