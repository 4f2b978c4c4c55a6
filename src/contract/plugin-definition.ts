import * as z from 'zod';
import type { FilterPolicy } from '../core/filter-policy.ts';
import type { PluginDefinition } from '../core/plugin.ts';
import { DEFAULT_RULE } from '../core/quarantine.ts';
import { DEFAULT_POLICY } from '../core/retry.ts';
import { inputSchemaSchema } from './input-schema.ts';
import { nameSchema, pluginNameSchema } from './json.ts';
import { MAX_DURATION_SECONDS } from './longest-duration.ts';

const seconds = (max: number) => z.number().positive().max(max);

const { retry } = DEFAULT_POLICY;

const maxAttempts = z
  .int()
  .min(1)
  .max(100)
  .meta({ description: 'attempts in all, the first included' });
const pauseSeconds = z.number().min(0).max(86_400);
const backoffSeconds = pauseSeconds.meta({
  description:
    'the upper bound of the first pause; it doubles with every further attempt, and each pause is drawn at random below it. Seconds',
});
const maxBackoffSeconds = pauseSeconds.meta({ description: 'no pause is longer. Seconds' });

const retrySchema = z
  .strictObject({
    maxAttempts: maxAttempts.default(retry.maxAttempts),
    backoffSeconds: backoffSeconds.default(retry.backoffSeconds),
    maxBackoffSeconds: maxBackoffSeconds.default(retry.maxBackoffSeconds),
  })
  .meta({ id: 'Retry' });

/** What a workflow says of retries: it fills nothing in, since what it leaves out is the plugin's to say. */
export const retryOverrideSchema = z
  .strictObject({
    maxAttempts: maxAttempts.optional(),
    backoffSeconds: backoffSeconds.optional(),
    maxBackoffSeconds: maxBackoffSeconds.optional(),
  })
  .meta({ id: 'RetryOverride' });

export const timeoutSchema = seconds(MAX_DURATION_SECONDS);

const COMPARISONS: readonly unknown[] = ['=', '<', '<=', '>', '>='];

/** @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const comparable = z
  .number()
  .min(-1e9)
  .max(1e9)
  .refine((value) => Number(value.toFixed(5)) === value, 'at most five digits after the point');

/** `["=", 5]` or `[">=", 0, "<", 10]`. */
const rangeSchema = z
  .array(z.union([z.string(), comparable]))
  .min(2)
  .max(4)
  .refine(
    (range) =>
      range.length % 2 === 0 &&
      range.every((part, index) =>
        index % 2 === 0 ? COMPARISONS.includes(part) : typeof part === 'number',
      ),
    'a range reads like [">=", 0, "<", 10]',
  );

const blockSchema = z
  .string()
  .regex(
    /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}\/(3[0-2]|[12]?\d)$/,
    'a block of IPv4 addresses reads like 10.0.0.0/24; IPv6 is not supported',
  );

const conditionSchema = z
  .union([
    z.string().meta({ description: 'the same text' }),
    comparable.meta({ description: 'the same number' }),
    z.boolean().meta({ description: 'the same truth value' }),
    z.null().meta({ description: 'null' }),
    z.strictObject({ prefix: z.string().meta({ description: 'a text that begins with it' }) }),
    z.strictObject({ suffix: z.string().meta({ description: 'a text that ends with it' }) }),
    z.strictObject({
      'equals-ignore-case': z
        .string()
        .meta({ description: 'the same text, in small letters or capitals' }),
    }),
    z.strictObject({
      'anything-but': z
        .union([
          z.string(),
          comparable,
          z.array(z.union([z.string(), comparable])).min(1),
          z.strictObject({ prefix: z.string().meta({ description: 'any text without it' }) }),
          z.strictObject({ suffix: z.string().meta({ description: 'any text without it' }) }),
        ])
        .meta({ description: 'anything but this, or these' }),
    }),
    z.strictObject({
      numeric: rangeSchema.meta({
        description: 'a number in the range: `["=", 5]` or `[">=", 0, "<", 10]`',
      }),
    }),
    z.strictObject({
      cidr: blockSchema.meta({ description: 'an IPv4 address in the block: `10.0.0.0/24`' }),
    }),
    z.strictObject({
      exists: z.boolean().meta({ description: 'whether the order has the attribute at all' }),
    }),
  ])
  .meta({ id: 'FilterCondition' });

/** SNS reads `$or` as the name of an attribute where an alternative has one of these for a key: nobody means that. */
const OPERATORS = new Set([
  ...['prefix', 'suffix', 'equals-ignore-case', 'anything-but', 'numeric', 'cidr', 'exists'],
]);

/** SNS filter policy semantics on the order's attributes. */
export const filterPolicySchema: z.ZodType<FilterPolicy> = z
  .lazy(() =>
    z
      .record(
        z.string(),
        z.union([z.array(conditionSchema).min(1), z.array(filterPolicySchema).min(1)]),
      )
      .superRefine((policy, context) => {
        for (const [name, conditions] of Object.entries(policy)) {
          const message =
            name === '$or' ? wrongWithAlternatives(conditions) : wrongWith(conditions);
          if (message !== undefined) context.addIssue({ code: 'custom', path: [name], message });
        }
      }),
  )
  .meta({
    id: 'FilterPolicy',
    description:
      'conditions by attribute, of which one must be true for each attribute, as in an SNS filter policy; under `$or` at least two policies, of which one must match',
  }) as z.ZodType<FilterPolicy>;

function wrongWith(conditions: readonly unknown[]): string | undefined {
  const areConditions = conditions.every((one) => conditionSchema.safeParse(one).success);
  return areConditions ? undefined : 'a list of SNS filter conditions';
}

/** @see https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html#or-operator */
function wrongWithAlternatives(alternatives: readonly unknown[]): string | undefined {
  if (alternatives.some((one) => typeof one !== 'object' || one === null)) {
    return '$or takes a list of filter policies';
  }
  if (alternatives.length < 2) return '$or takes at least two filter policies';
  const operator = alternatives
    .flatMap((one) => Object.keys(one as object))
    .find((key) => OPERATORS.has(key));
  return operator && `$or takes filter policies, and "${operator}" is an operator, no attribute`;
}

const participationSchema = z
  .strictObject({
    activity: nameSchema.meta({ description: 'the activity that the plugin joins' }),
    stage: z
      .enum(['pre', 'parallel', 'post'])
      .meta({ description: 'the stage of the activity; it invites the plugin if it says `"*"`' }),
    workflow: nameSchema
      .optional()
      .meta({ description: 'only in this workflow. Default: wherever the activity stands' }),
    order: z.number().default(100).meta({
      description: 'place among the others in a pre or post stage: lower first, ties by name',
    }),
    mandatory: z
      .boolean()
      .default(true)
      .meta({ description: 'false: its task may fail without failing the order' }),
    filter: filterPolicySchema
      .optional()
      .meta({ description: 'only orders whose attributes match. Default: every order' }),
  })
  .meta({ id: 'Participation' });

/** MaximumConcurrency of an event source mapping. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const instancesSchema = z.int().min(2).max(1000);
const DEFAULT_INSTANCES = 10;

const rangeOfInstancesSchema = z
  .strictObject({
    base: instancesSchema
      .default(DEFAULT_INSTANCES)
      .meta({ description: 'instances at once while all is well' }),
    ceiling: instancesSchema.default(DEFAULT_INSTANCES).meta({
      description: 'the most instances at once: Baton goes there step by step while an alarm rings',
    }),
  })
  .meta({ id: 'Concurrency' });

type Instances = z.input<typeof rangeOfInstancesSchema>;

const concurrencySchema = z
  .union([
    instancesSchema
      .meta({ description: 'as many at once, whatever waits' })
      .transform((instances): Instances => ({ base: instances, ceiling: instances }))
      .pipe(rangeOfInstancesSchema),
    rangeOfInstancesSchema,
  ])
  .refine(({ base, ceiling }) => base <= ceiling, 'base is not more than ceiling');

/** Looked at once a minute. A day of idle pollers costs a cent: nobody needs to wait longer. */
export const idleSecondsSchema = z.number().min(60).max(86_400);

/** When a plugin is held back because it fails. `false`: only by hand. */
const quarantineSchema = z.union([
  z.literal(false),
  z.strictObject({
    failureRatio: z.number().gt(0).max(1).default(DEFAULT_RULE.failureRatio).meta({
      description: 'the share of its latest 20 attempts that must have failed',
    }),
    windowSeconds: z.number().min(10).max(3600).default(DEFAULT_RULE.windowSeconds).meta({
      description: 'attempts that ended longer ago count no more. Seconds',
    }),
    minimumOrders: z.int().min(2).max(50).default(DEFAULT_RULE.minimumOrders).meta({
      description: 'how many orders must be among those that failed',
    }),
    canaryAfterSeconds: z.number().min(1).max(300).default(DEFAULT_RULE.canaryAfterSeconds).meta({
      description:
        'the first canary is sent after this time; each one that fails doubles it, up to five minutes. Seconds',
    }),
    beginsWithCanary: z.literal(true).optional().meta({
      description:
        'registered for the first time, it is held back until one of its tasks has worked: the others wait, with their clocks stopped',
    }),
  }),
]);

/** What a plugin's author declares. What is left out gets its default here. */
export const pluginDefinitionSchema = z.strictObject({
  name: pluginNameSchema.meta({ description: "the plugin's name" }),
  joins: z.array(participationSchema).max(100).default([]).meta({
    description:
      'stages in which the plugin takes part without being named; without any, it runs where a workflow or an order names it',
  }),
  runs: z.literal('container').optional().meta({
    description:
      'container: `baton worker` performs its tasks, in processes that others start. Default: a Lambda does',
  }),
  ordered: z
    .string()
    .regex(
      /^attributes\..{1,100}$/,
      'tasks are in line by an attribute of their orders: attributes.<name>',
    )
    .optional()
    .meta({
      description:
        "`attributes.<name>`: of the orders in which this attribute has the same value, one task is performed at a time, in the order in which they were sent; retries keep their place. The plugin's queue is FIFO. Default: all at once, in any order",
    }),
  stateful: z.literal(true).optional().meta({
    description:
      'true: the plugin keeps something between the tasks of a session, which is what `ordered` says. Its tasks carry a `sessionId` and a `transactionId`; drained or removed it takes no new sessions, and finishes those that are open. Goes with `ordered`. Default: all that a task leaves is its result',
  }),
  tasksPerClient: z.int().min(1).max(100).optional().meta({
    description:
      'how many tasks of one client it takes at once; the others of that client wait for their turn, with their clocks stopped. Default: all. It counts only orders that name a client',
  }),
  history: z.boolean().default(false).meta({
    description: "true: its tasks carry the order's original input and the jobs that are done",
  }),
  compensates: z.boolean().default(false).meta({
    description: 'true: it can undo what it did; its function says how',
  }),
  timeoutSeconds: timeoutSchema.default(DEFAULT_POLICY.timeoutSeconds).meta({
    description:
      "the longest time of one attempt, from its dispatch, the time in the queue included; not less than the function's own timeout. Seconds",
  }),
  heartbeatSeconds: timeoutSchema.optional().meta({
    description:
      'an attempt that has begun fails when no heartbeat comes for this long. Seconds. Default: none is expected',
  }),
  totalSeconds: timeoutSchema.default(DEFAULT_POLICY.totalSeconds).meta({
    description: 'the longest time of all attempts together, pauses included. Seconds',
  }),
  retry: retrySchema.default(retry).meta({ description: 'how failed attempts are repeated' }),
  quarantine: quarantineSchema.default(DEFAULT_RULE).meta({
    description: 'when the plugin is held back because it fails; `false`: only when a person does',
  }),
  concurrency: concurrencySchema
    .default({ base: DEFAULT_INSTANCES, ceiling: DEFAULT_INSTANCES })
    .meta({ description: "instances of the plugin's function at once. Default: 10" }),
  switchOffAfterIdleSeconds: idleSecondsSchema.optional().meta({
    description:
      'when no task has come for this long, the event source mapping is disabled until one does. Seconds. Default: never',
  }),
  inputSchema: inputSchemaSchema.optional().meta({
    description:
      "what its input looks like: a JSON Schema, of at most 8 KB. Baton shows it, and checks nothing by it. Default: as definePlugin's `input` tells it, where it can",
  }),
  functionName: z.string().min(1).max(140).optional().meta({
    description: "Lambda's name of the plugin's function, by which its instances are counted",
  }),
});

/** What `stateful` goes with, for JSON Schema. */
export const WITH_STATE = { stateful: ['ordered'] };

export function refuseStateWithoutLine(
  {
    ordered,
    stateful,
  }: { readonly ordered?: string | undefined; readonly stateful?: true | undefined },
  context: z.RefinementCtx,
): void {
  if (stateful === undefined || ordered !== undefined) return;
  const message = 'stateful goes with `ordered`, which says which attribute holds the session';
  context.addIssue({ code: 'custom', path: ['stateful'], message });
}

/** As a stack registers it. */
export const registeredDefinitionSchema =
  pluginDefinitionSchema.superRefine(refuseStateWithoutLine);

/** What the core knows of it: the schema's output without the schema of its input, and without the `undefined`s that an exact type does not have. */
export function toPluginDefinition({
  inputSchema: _,
  ...parsed
}: z.output<typeof pluginDefinitionSchema>): PluginDefinition {
  return JSON.parse(JSON.stringify(parsed)) as PluginDefinition;
}
