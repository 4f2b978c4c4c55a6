import * as z from 'zod';
import { RUN_STAGES } from '../core/workflow.ts';
import { attributesSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { problemCodeSchema } from './problem-document.ts';
import { ORDER_STATUSES } from './requests.ts';
import { instant, next } from './response-fields.ts';

const status = z.enum(ORDER_STATUSES);

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
export const orderRowSchema = orderSummarySchema.extend({
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
