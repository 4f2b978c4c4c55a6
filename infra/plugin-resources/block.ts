import { z } from 'zod';
import { durationSchema } from '../../src/contract/duration.ts';
import { pluginNameSchema } from '../../src/contract/json.ts';
import { parse } from '../../src/contract/parse.ts';
import {
  idleSecondsSchema,
  pluginDefinitionSchema,
  refuseStateWithoutLine,
  WITH_STATE,
} from '../../src/contract/plugin-definition.ts';
import { Problem } from '../../src/contract/problem.ts';

const anyJson = z.json().meta({ id: 'Json', description: 'any JSON value' });

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const statementSchema = z
  .strictObject({
    Sid: z.string().optional().meta({ description: "the statement's name" }),
    Effect: z.enum(['Allow', 'Deny']).default('Allow').meta({ description: 'as in IAM' }),
    Action: oneOrMore.meta({ description: 'one action or several, such as `s3:GetObject`' }),
    Resource: z
      .union([z.string().min(1), z.record(z.string(), anyJson), z.array(anyJson).min(1)])
      .meta({ description: 'as in IAM; it may hold CloudFormation functions' }),
    Condition: z.record(z.string(), anyJson).optional().meta({ description: 'as in IAM' }),
  })
  .meta({ id: 'Statement' });

/** Of a definition, what is not written into the block, or under another name. */
const NOT_WRITTEN = { name: true, switchOffAfterIdleSeconds: true, functionName: true } as const;

/** What is left out is worked out in alarms.ts. */
const alarmsSchema = z
  .strictObject({
    depth: z.int().min(1).optional().meta({
      description:
        'it rings when this many tasks are in the queue for two minutes. Default: base × batchSize × 10',
    }),
    ageSeconds: z.int().min(1).optional().meta({
      description:
        "it rings when a task that was sent this long ago is not done. Seconds. Default: halfway between the function's timeout (and `batchingWindowSeconds` before it) and `timeoutSeconds`, but 60 to 300 above the former",
    }),
  })
  .meta({ id: 'Alarms' });

/** The `baton:` block under a function: the plugin's definition, and what its queue and role need besides. */
export const blockSchema = pluginDefinitionSchema
  .omit(NOT_WRITTEN)
  .extend({
    plugin: pluginNameSchema
      .refine(
        (name) => !name.endsWith('-dead'),
        'a plugin name does not end in "-dead": its queue would be the dead-letter queue of another',
      )
      .optional()
      .meta({
        description:
          "the plugin's name, with which the function's name ends: `<system>-<stage>-<service>-<plugin>`; a function that you name yourself contains it. Default: the function's key",
      }),
    batchSize: z.int().min(1).max(10).optional().meta({
      description:
        'the most tasks in one invocation. Default: 10, and 1 with `heartbeatSeconds` or `ordered`',
    }),
    /** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html (what a mapping takes) */
    batchingWindowSeconds: z.int().min(0).max(300).default(0).meta({
      description:
        "how long a task waits for others, to be performed with them in one invocation, unless the batch is full before. Under a moderate load, fuller batches cost less ([what it saves, and what it costs in time](../performance.md#time-for-money)); under a low one, Lambda may wait for up to 20 s whatever is said here. An attempt's time runs meanwhile",
    }),
    /**
     * Not each delivery begins the task: throttled invocations count, and so do those whose process another task of the batch ended. What
     * comes back at the SDK's pauses is tried for four minutes. At least 2: a task that ended its process is told from one that never ran
     * by what the SDK says at a second delivery.
     * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (AWS advises 5 or more)
     */
    maxReceiveCount: z.int().min(2).max(1000).default(10).meta({
      description: 'deliveries of a message before it goes to the dead-letter queue',
    }),
    alarms: alarmsSchema.default({}).meta({
      description: 'when the alarms on the queue ring; while one rings, Baton adds instances',
    }),
    switchOffAfterIdle: durationSchema.pipe(idleSecondsSchema).optional().meta({
      description:
        'when no task has come for this long, the event source mapping is disabled until one does: its pollers cost $0.10 to $0.26 a month. The next task waits until it is enabled again. Seconds, or a text such as `30m`; a minute to a day. Default: never',
    }),
    statements: z.array(statementSchema).max(50).default([]).meta({
      description:
        "what the function's role may do besides taking its tasks and answering them, as in IAM",
    }),
  })
  .superRefine(refuseStateWithoutLine)
  .meta({ id: 'PluginBlock', dependentRequired: WITH_STATE });

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
 * the process, all others of its batch would be silent too, and fail. And one for an ordered plugin, whose tasks of a batch are performed
 * one by one: in invocations of their own, tasks of different lines are performed at the same time.
 */
function batchSizeOf({ heartbeatSeconds, ordered }: z.output<typeof blockSchema>): number {
  return heartbeatSeconds === undefined && ordered === undefined ? 10 : 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
