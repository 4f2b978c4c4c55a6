import * as z from 'zod';
import { RUN_STAGES } from '../core/workflow.ts';
import { attributesSchema, nameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { todoSchema } from './order-request.ts';
import { pluginDefinitionSchema } from './plugin-definition.ts';
import { problemCodeSchema } from './problem-document.ts';
import { ORDER_STATUSES } from './requests.ts';
import { definitionSchema } from './workflow-definition.ts';

const status = z.enum(ORDER_STATUSES);
const instant = z.iso.datetime();
const next = z.string().optional().meta({ description: 'absent on the last page' });

/** Which order was placed, and the workflow version that it keeps. */
export const receiptSchema = z
  .strictObject({ orderId: z.string(), status, workflow: z.string(), version: z.int() })
  .meta({ id: 'Receipt' });

/** What became of each row of a request that holds many orders. */
export const batchReceiptSchema = z
  .strictObject({
    accepted: z.array(receiptSchema.extend({ line: z.int() })),
    rejected: z.array(
      z.strictObject({
        line: z.int(),
        code: problemCodeSchema,
        path: z.string().optional(),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: 'BatchReceipt' });

export const eventReceiptSchema = z
  .strictObject({
    orders: z.array(receiptSchema),
    rejected: z
      .array(z.strictObject({ workflow: z.string(), code: problemCodeSchema, message: z.string() }))
      .optional()
      .meta({ description: 'the workflows whose order could not be placed, though others could' }),
  })
  .meta({ id: 'EventReceipt' });

const failureSchema = z.strictObject({ code: z.string(), message: z.string() });
const workflowRefSchema = z.strictObject({ name: z.string(), version: z.int() });

const orderSummarySchema = z.strictObject({
  orderId: z.string(),
  status,
  workflow: workflowRefSchema,
  client: z.string().optional(),
  acceptedAt: instant,
  endedAt: instant.optional(),
});

/** An order as a list shows it. */
const orderRowSchema = orderSummarySchema.extend({
  error: z
    .strictObject({ code: z.string(), plugin: z.string() })
    .optional()
    .meta({ description: 'why it has failed, and whose task failed it' }),
  stuck: z
    .strictObject({ why: z.enum(['paused', 'overdue', 'setAside']), since: instant })
    .optional()
    .meta({
      description:
        'only with stuck=true. paused: for more than seven days; overdue: what it waits for came minutes ago, and nothing happened; setAside: sweeps have died over it',
    }),
  problem: z.literal('BROKEN_JOURNAL').optional().meta({
    description:
      'the order has lost a part of its journal: where it stands is not known, and status is what it was at first',
  }),
});

/** Where a task stands in its workflow. */
const taskPosition = {
  plugin: z.string(),
  activity: z.string(),
  stage: z.enum(RUN_STAGES),
};

const taskSchema = z.strictObject({
  taskId: z.string(),
  job: z.string().meta({ description: 'the second task of plugin A in an order is the job A#2' }),
  ...taskPosition,
  status: z.enum(['inFlight', 'backingOff', 'completed', 'failed', 'skipped', 'abandoned']),
  attempts: z.int(),
  dispatchedAt: instant,
  endedAt: instant.optional(),
  input: z.optional(jsonSchema),
  result: z.optional(jsonSchema),
  error: failureSchema.optional(),
  nextAttemptAt: instant.optional(),
  deadlineAt: instant.optional().meta({ description: 'of the attempt that is in flight' }),
});

/** The undoing of a job, or why it is not undone. */
const compensationSchema = z.strictObject({
  job: z.string().meta({ description: 'the job that is undone' }),
  plugin: z.string(),
  status: z.enum(['pending', 'inFlight', 'backingOff', 'completed', 'failed', 'unknown']).meta({
    description:
      'unknown: an attempt of the job ended without an answer, so what it has done nobody knows',
  }),
  attempts: z.int(),
  dispatchedAt: instant.optional(),
  endedAt: instant.optional(),
  error: failureSchema.optional(),
});

/** A plugin that took no part in a stage that might have had it. */
const leftOutSchema = z.strictObject({
  ...taskPosition,
  status: z.enum(['skipped', 'notInvited']),
  reason: z.string(),
});

export const orderSchema = orderSummarySchema
  .extend({
    input: jsonSchema,
    attributes: attributesSchema,
    result: z.optional(jsonSchema),
    error: failureSchema
      .extend({ task: z.string(), plugin: z.string(), attempt: z.int() })
      .optional(),
    abridged: z.literal(true).optional().meta({
      description:
        'too large to be shown whole: tasks come without input and result, maybe without jobs',
    }),
    reason: z.string().optional().meta({ description: 'why it was cancelled' }),
    jobs: z
      .record(z.string(), z.strictObject({ input: jsonSchema, result: jsonSchema }))
      .meta({ description: 'the jobs that completed, by name' }),
    tasks: z.array(z.union([taskSchema, leftOutSchema])),
    compensations: z.array(compensationSchema).optional().meta({
      description: 'in the order in which they ran or will; there once anything is to be undone',
    }),
    waitingFor: z
      .strictObject({ what: z.string(), until: instant.optional() })
      .optional()
      .meta({ description: 'what an order that has not ended waits for' }),
    timeline: z.array(
      z.looseObject({
        at: instant,
        entry: z.int(),
        event: z.string(),
        actor: z.string().optional().meta({ description: 'who asked for it' }),
        reason: z.string().optional(),
        operation: z
          .string()
          .optional()
          .meta({ description: 'the operation for many orders that it was a part of' }),
        task: z.string().optional(),
        attempt: z.int().optional(),
        error: failureSchema.optional(),
      }),
    ),
  })
  .meta({ id: 'Order' });

export const orderListSchema = z
  .strictObject({ orders: z.array(orderRowSchema), next })
  .meta({ id: 'OrderList' });

const found = {
  matched: z.int().meta({
    description:
      'counted when it is asked for, up to 1,000; once it has ended, all that were found',
  }),
  more: z.literal(true).optional().meta({ description: 'there are more than have been counted' }),
};

const sample = z.array(orderRowSchema).meta({ description: 'some of the orders that match' });

export const operationPreviewSchema = z
  .strictObject({ ...found, sample })
  .meta({ id: 'OperationPreview' });

export const operationReceiptSchema = z
  .strictObject({ operationId: z.string(), ...found, sample })
  .meta({ id: 'OperationReceipt' });

export const operationSchema = z
  .strictObject({
    operationId: z.string(),
    status: z.enum(['running', 'stopped', 'done']),
    action: z.enum(['cancel', 'pause', 'resume', 'retry', 'skip']),
    undo: z.literal(false).optional(),
    version: z.union([z.literal('latest'), z.int()]).optional(),
    task: z.string().optional(),
    result: z.optional(jsonSchema),
    filter: z.looseObject({}),
    ratePerSecond: z.number(),
    actor: z.string().meta({ description: 'who asked for it' }),
    reason: z.string().optional(),
    askedAt: instant,
    endedAt: instant.optional(),
    ...found,
    done: z.int().meta({ description: 'orders whose journal holds the act' }),
    refused: z.int(),
    refusals: z.record(z.string(), z.int()).meta({ description: 'how many refused, by code' }),
  })
  .meta({ id: 'Operation' });

export const operationListSchema = z
  .strictObject({ operations: z.array(operationSchema), next })
  .meta({ id: 'OperationList' });

export const deadLetterSchema = z
  .strictObject({
    id: z.string(),
    sentAt: instant,
    bytes: z.int(),
    about: z
      .array(
        z.strictObject({
          type: z.string().optional(),
          orderId: z.string().optional(),
          plugin: z.string().optional(),
          taskId: z.string().optional(),
          attempt: z.int().optional(),
        }),
      )
      .meta({ description: 'what the message says that it is about; nobody has checked it' }),
    body: z.string().meta({ description: 'the message, without the signatures of its tokens' }),
  })
  .meta({ id: 'DeadLetter' });

export const deadLetterListSchema = z
  .strictObject({
    deadLetters: z.array(deadLetterSchema),
    total: z.int().meta({ description: 'how many there are, as the queue counts' }),
  })
  .meta({ id: 'DeadLetterList' });

export const redrivenSchema = z.strictObject({ id: z.string() }).meta({ id: 'Redriven' });

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
