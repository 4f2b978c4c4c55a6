import { z } from 'zod';
import { durationSchema } from '../../src/contract/duration.ts';
import { pluginNameSchema } from '../../src/contract/json.ts';
import { parse } from '../../src/contract/parse.ts';
import { idleSecondsSchema, pluginDefinitionSchema } from '../../src/contract/plugin-definition.ts';
import { Problem } from '../../src/contract/problem.ts';

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A statement for the function's role, as IAM writes it; Resource may hold CloudFormation functions. */
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']).default('Allow'),
  Action: oneOrMore,
  Resource: z.union([z.string().min(1), z.record(z.string(), z.json()), z.array(z.json()).min(1)]),
  Condition: z.record(z.string(), z.json()).optional(),
});

/** Of a definition, what is not written into the block, or under another name. */
const NOT_WRITTEN = { name: true, switchOffAfterIdleSeconds: true, functionName: true } as const;

/** When the plugin's alarms ring; what is left out is worked out in alarms.ts. */
const alarmsSchema = z.strictObject({
  /** Tasks that wait in the queue. */
  depth: z.int().min(1).optional(),
  /** Age of the oldest of them. */
  ageSeconds: z.int().min(1).optional(),
});

/** The `baton:` block under a function: the plugin's definition, and what its queue and role need besides. */
export const blockSchema = pluginDefinitionSchema.omit(NOT_WRITTEN).extend({
  /** Default: the function's key. */
  plugin: pluginNameSchema
    .refine(
      (name) => !name.endsWith('-dead'),
      'a plugin name does not end in "-dead": its queue would be the dead-letter queue of another',
    )
    .optional(),
  /** Tasks in one invocation. More than 10 would make SQS wait to fill a batch. */
  batchSize: z.int().min(1).max(10).default(10),
  /**
   * Deliveries of a message before it goes to the dead-letter queue; throttled invocations count.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (at least 5)
   */
  maxReceiveCount: z.int().min(1).max(1000).default(5),
  alarms: alarmsSchema.default({}),
  /** The event source mapping is disabled after this long without work, and enabled for the next task: idle pollers cost. */
  switchOffAfterIdle: durationSchema.pipe(idleSecondsSchema).optional(),
  /** Added to the function's role, which otherwise may only take its tasks and answer them. */
  statements: z.array(statementSchema).max(50).default([]),
});

export type Block = z.output<typeof blockSchema> & { readonly plugin: string };

/** The block with its defaults, or one line for each thing that is wrong with it. */
export function readBlock(
  functionKey: string,
  block: unknown,
): { readonly block: Block } | { readonly errors: readonly string[] } {
  try {
    const named = isObject(block) ? { plugin: functionKey, ...block } : block;
    const parsed = parse(blockSchema, named);
    return { block: { ...parsed, plugin: parsed.plugin ?? functionKey } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return {
      errors: error.errors.map(({ path, message }) =>
        path === undefined ? `baton: ${message}` : `baton.${message}`,
      ),
    };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
