import * as z from 'zod';
import { nameSchema } from './json.ts';
import { todoSchema } from './order-request.ts';
import { pluginDefinitionSchema } from './plugin-definition.ts';
import { instant, next } from './response-fields.ts';
import { definitionSchema } from './workflow-definition.ts';

export const workflowReceiptSchema = z
  .strictObject({ name: z.string(), version: z.int(), warnings: z.array(z.string()).optional() })
  .meta({ id: 'WorkflowReceipt' });

export const workflowSchema = definitionSchema
  .safeExtend({ version: z.int() })
  .meta({ id: 'Workflow' });

export const workflowListSchema = z
  .strictObject({ workflows: z.array(workflowSchema), next })
  .meta({ id: 'WorkflowList' });

export const pluginListSchema = z
  .strictObject({
    plugins: z.array(
      pluginDefinitionSchema.extend({
        owner: z.string().meta({ description: 'the stack that deployed it' }),
        registeredAt: instant,
        switchedOff: z.literal(true).optional().meta({
          description: 'idle for long: its event source mapping is disabled until the next task',
        }),
        draining: z.literal(true).optional().meta({
          description: 'its stack is being removed: it finishes what it has, and gets nothing new',
        }),
      }),
    ),
    next,
  })
  .meta({ id: 'PluginList' });

export const clientSchema = z
  .union([
    z.strictObject({
      ...{ clientId: z.string(), workflow: nameSchema, mayRetry: z.boolean().optional() },
    }),
    z.strictObject({
      ...{ clientId: z.string(), todo: todoSchema, mayRetry: z.boolean().optional() },
    }),
  ])
  .meta({ id: 'Client' });

/** A token as a list shows it: enough to know it by. */
export const tokenSchema = z
  .strictObject({
    prefix: z.string().meta({ description: 'what the token begins with' }),
    name: z.string().optional(),
    createdAt: instant,
    expiresAt: instant.optional(),
  })
  .meta({ id: 'Token' });

export const newTokenSchema = tokenSchema
  .extend({ token: z.string().meta({ description: 'shown this once: only its hash is stored' }) })
  .meta({ id: 'NewToken' });

export const tokenListSchema = z
  .strictObject({ tokens: z.array(tokenSchema), next })
  .meta({ id: 'TokenList' });

const gauge = z
  .int()
  .optional()
  .meta({ description: 'as SQS and CloudWatch count; absent when it is not known' });

const pluginStatusSchema = z.strictObject({
  name: z.string(),
  queued: gauge,
  inFlight: gauge,
  oldestSeconds: gauge,
  instances: gauge,
  concurrency: z.strictObject({ base: z.int(), ceiling: z.int(), now: z.int() }),
  health: z.enum(['ok', 'bottleneck', 'switchedOff']),
  bottleneck: z
    .strictObject({
      cause: z.enum(['atCap', 'failing', 'slow', 'switchedOff']),
      since: instant,
      timeToDrainSeconds: z.int().nullable().meta({ description: 'null: nothing gets done' }),
    })
    .optional()
    .meta({ description: 'while an alarm on its queue rings' }),
});

export const statusSchema = z
  .strictObject({
    orders: z.strictObject({
      active: z.int(),
      approximate: z.literal(true).optional(),
      byWorkflow: z.record(z.string(), z.int()),
      stuck: z.int().meta({
        description: 'orders without progress for longer than their bound; exact up to 10,000',
      }),
    }),
    tasks: z.strictObject({
      queued: z.int(),
      inFlight: z.int(),
      remaining: z.int().meta({
        description:
          'an estimate: tasks of active orders that are not done, queued and in flight ones included; of many orders, from a sample',
      }),
    }),
    plugins: z.array(pluginStatusSchema),
    bottleneck: z.string().nullable().meta({
      description:
        'the plugin that is in alarm and takes longest to drain; without an alarm, the one whose instances need the most rounds for what waits in its queue',
    }),
  })
  .meta({ id: 'Status' });

export const taskOpennessSchema = z
  .object({
    open: z.boolean().meta({ description: 'false: its order or its attempt is over' }),
  })
  .meta({ id: 'TaskOpenness' });
