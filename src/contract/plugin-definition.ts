import * as z from 'zod';
import type { FilterPolicy } from '../core/filter-policy.ts';
import type { PluginDefinition } from '../core/plugin.ts';
import { DEFAULT_POLICY } from '../core/retry.ts';
import { nameSchema, pluginNameSchema } from './json.ts';

const seconds = (max: number) => z.number().positive().max(max);

/** A year: longer waits are better scheduled by their owner. */
const MAX_SECONDS = 31_536_000;

const maxAttempts = z.int().min(1).max(100);
const pauseSeconds = z.number().min(0).max(86_400);

const { retry } = DEFAULT_POLICY;
const retrySchema = z.strictObject({
  maxAttempts: maxAttempts.default(retry.maxAttempts),
  backoffSeconds: pauseSeconds.default(retry.backoffSeconds),
  maxBackoffSeconds: pauseSeconds.default(retry.maxBackoffSeconds),
});

/** What a workflow says of retries: it fills nothing in, since what it leaves out is the plugin's to say. */
export const retryOverrideSchema = z.strictObject({
  maxAttempts: maxAttempts.optional(),
  backoffSeconds: pauseSeconds.optional(),
  maxBackoffSeconds: pauseSeconds.optional(),
});

export const timeoutSchema = seconds(MAX_SECONDS);

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

const conditionSchema = z.union([
  z.string(),
  comparable,
  z.boolean(),
  z.null(),
  z.strictObject({ prefix: z.string() }),
  z.strictObject({ suffix: z.string() }),
  z.strictObject({ 'equals-ignore-case': z.string() }),
  z.strictObject({
    'anything-but': z.union([
      z.string(),
      comparable,
      z.array(z.union([z.string(), comparable])).min(1),
      z.strictObject({ prefix: z.string() }),
      z.strictObject({ suffix: z.string() }),
    ]),
  }),
  z.strictObject({ numeric: rangeSchema }),
  z.strictObject({ cidr: blockSchema }),
  z.strictObject({ exists: z.boolean() }),
]);

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
  .meta({ id: 'FilterPolicy' }) as z.ZodType<FilterPolicy>;

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

export const participationSchema = z.strictObject({
  activity: nameSchema,
  stage: z.enum(['pre', 'parallel', 'post']),
  workflow: nameSchema.optional(),
  order: z.number().default(100),
  mandatory: z.boolean().default(true),
  filter: filterPolicySchema.optional(),
});

/** MaximumConcurrency of an event source mapping. @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
const instancesSchema = z.int().min(2).max(1000);
const DEFAULT_INSTANCES = 10;

export const concurrencySchema = z
  .union([
    instancesSchema.transform((instances) => ({ base: instances, ceiling: instances })),
    z.strictObject({
      base: instancesSchema.default(DEFAULT_INSTANCES),
      ceiling: instancesSchema.default(DEFAULT_INSTANCES),
    }),
  ])
  .refine(({ base, ceiling }) => base <= ceiling, 'base is not more than ceiling');

/** Looked at once a minute. A day of idle pollers costs a cent: nobody needs to wait longer. */
export const idleSecondsSchema = z.number().min(60).max(86_400);

/** What a plugin's author declares. What is left out gets its default here. */
export const pluginDefinitionSchema = z.strictObject({
  name: pluginNameSchema,
  joins: z.array(participationSchema).max(100).default([]),
  history: z.boolean().default(false),
  compensates: z.boolean().default(false),
  timeoutSeconds: timeoutSchema.default(DEFAULT_POLICY.timeoutSeconds),
  heartbeatSeconds: timeoutSchema.optional(),
  totalSeconds: timeoutSchema.default(DEFAULT_POLICY.totalSeconds),
  retry: retrySchema.default(retry),
  concurrency: concurrencySchema.default({ base: DEFAULT_INSTANCES, ceiling: DEFAULT_INSTANCES }),
  switchOffAfterIdleSeconds: idleSecondsSchema.optional(),
  functionName: z.string().min(1).max(140).optional(),
});

/** The schema's output without the `undefined`s that an exact type does not have. */
export function toPluginDefinition(
  parsed: z.output<typeof pluginDefinitionSchema>,
): PluginDefinition {
  return JSON.parse(JSON.stringify(parsed)) as PluginDefinition;
}
