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
  /** Tasks in one invocation. More than 10 would make SQS wait to fill a batch. Default: see `batchSizeOf`. */
  batchSize: z.int().min(1).max(10).optional(),
  /**
   * Deliveries of a message before it goes to the dead-letter queue. Not each of them begins the task: throttled invocations count, and
   * so do those whose process another task of the batch ended. What comes back at the SDK's pauses is tried for four minutes.
   * At least 2: a task that ended its process is told from one that never ran by what the SDK says at a second delivery.
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (AWS advises 5 or more)
   */
  maxReceiveCount: z.int().min(2).max(1000).default(10),
  alarms: alarmsSchema.default({}),
  /** The event source mapping is disabled after this long without work, and enabled for the next task: idle pollers cost. */
  switchOffAfterIdle: durationSchema.pipe(idleSecondsSchema).optional(),
  /** Added to the function's role, which otherwise may only take its tasks and answer them. */
  statements: z.array(statementSchema).max(50).default([]),
});

export type Block = z.output<typeof blockSchema> & {
  readonly plugin: string;
  readonly batchSize: number;
};

/** The block with its defaults, or one line for each thing that is wrong with it. */
export function readBlock(
  functionKey: string,
  block: unknown,
): { readonly block: Block } | { readonly errors: readonly string[] } {
  try {
    const named = isObject(block) ? { plugin: functionKey, ...block } : block;
    const parsed = parse(blockSchema, named);
    const { plugin = functionKey, batchSize = batchSizeOf(parsed) } = parsed;
    return { block: { ...parsed, plugin, batchSize } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return {
      errors: error.errors.map(({ path, message }) =>
        path === undefined ? `baton: ${message}` : `baton.${message}`,
      ),
    };
  }
}

/**
 * Ten, as Lambda itself has it; but one for a plugin with heartbeats. Its tasks have begun, and must not fall silent: if one of them ended
 * the process, all others of its batch would be silent too, and fail.
 */
function batchSizeOf({ heartbeatSeconds }: z.output<typeof blockSchema>): number {
  return heartbeatSeconds === undefined ? 10 : 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
