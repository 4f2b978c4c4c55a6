import * as z from 'zod';
import { attributesSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { problemCodeSchema } from './problem-document.ts';
import { ORDER_STATUSES } from './requests.ts';
import { count, FAILURE, instantWhen, next, text } from './response-fields.ts';
import { compensationSchema, failureSchema, leftOutSchema, taskSchema } from './task-responses.ts';

const status = z.enum(ORDER_STATUSES).meta({ description: 'where the order stands' });
const orderId = text('of the order');

/** Which order was placed, and the workflow version that it keeps. */
export const receiptSchema = z
  .strictObject({
    orderId,
    status,
    workflow: text('what it runs: a workflow, or the name of an ad-hoc list'),
    version: count('the version of the workflow that it keeps'),
  })
  .meta({ id: 'Receipt' });

/** Why a call that was to wait does not answer with the order. */
const UNANSWERED = ['timeUp', 'tooManyWaiting', 'switchedOff', 'failed'] as const;

/** The receipt of a single order. */
export const orderReceiptSchema = receiptSchema
  .extend({
    unanswered: z.enum(UNANSWERED).optional().meta({
      description:
        'only after ?wait=: why this is not the order. timeUp: it has not ended yet; tooManyWaiting: so many calls wait already that this one did not; switchedOff: the deployment lets none wait; failed: the waiting did, not the order',
    }),
  })
  .meta({ id: 'OrderReceipt' });

const line = count('of the file, from 1; of an array, the number of the element');
const code = problemCodeSchema.meta({ description: 'stable, for programs' });

/** What became of each row of a request that holds many orders. */
export const batchReceiptSchema = z
  .strictObject({
    accepted: z
      .array(receiptSchema.extend({ line }))
      .meta({ description: 'the orders that were placed' }),
    rejected: z
      .array(
        z.strictObject({
          line,
          code,
          path: text('where in the row, if it is in one place').optional(),
          message: text('what is wrong'),
        }),
      )
      .meta({ description: 'the rows of which no order was made' }),
  })
  .meta({ id: 'BatchReceipt' });

const eventId = text('of the event, which no order takes twice');

export const eventReceiptSchema = z
  .strictObject({
    orders: z.array(receiptSchema).meta({ description: 'the orders that were placed' }),
    rejected: z
      .array(
        z.strictObject({
          workflow: text('whose order could not be placed'),
          code,
          message: text('why'),
        }),
      )
      .optional()
      .meta({ description: 'the workflows whose order could not be placed, though others could' }),
    eventId: eventId.optional(),
    told: count('tasks of orders that wait for it now; only of an event with a key').optional(),
  })
  .meta({ id: 'EventReceipt' });

/** An event for one order was taken. */
export const orderEventReceiptSchema = z
  .strictObject({ orderId, eventId })
  .meta({ id: 'OrderEventReceipt' });

const workflowRefSchema = z
  .strictObject({ name: text('of the workflow'), version: count('that the order keeps') })
  .meta({ description: 'what it runs' });

const orderSummarySchema = z.strictObject({
  orderId,
  status,
  workflow: workflowRefSchema,
  client: text('the client whose order it is, if it has one').optional(),
  acceptedAt: instantWhen('when it was placed'),
  endedAt: instantWhen('when it completed, failed or was cancelled').optional(),
});

/** An order as a list shows it. */
export const orderRowSchema = orderSummarySchema
  .extend({
    attributes: attributesSchema.optional(),
    activity: text('of its workflow, in which it stands or has failed').optional(),
    round: z
      .int()
      .min(2)
      .optional()
      .meta({ description: 'of an activity with `repeat`, from 2. Absent in the first' }),
    tasks: z
      .strictObject({
        done: count('that are over'),
        total: count('as far as it can be known now: a task with a `when` counts'),
      })
      .optional()
      .meta({ description: 'absent for an order that is undone or was cancelled' }),
    error: z
      .strictObject({ code: FAILURE.code, plugin: text('whose task failed it') })
      .optional()
      .meta({
        description:
          'why it has failed, or has paused instead (`pauseOnFailure`), and whose task failed it',
      }),
    paused: z
      .strictObject({
        since: instantWhen('since when'),
        by: text('who paused it; absent where it paused instead of failing').optional(),
        reason: text('why, if they said so').optional(),
        operation: text('the operation over many orders that paused it').optional(),
      })
      .optional()
      .meta({ description: 'only of a paused order' }),
    stuck: z
      .strictObject({
        why: z.enum(['paused', 'parked', 'overdue', 'setAside']).meta({ description: 'see above' }),
        since: instantWhen('since when'),
      })
      .optional()
      .meta({
        description:
          'only with stuck=true. paused: for more than seven days; overdue: what it waits for came minutes ago, and nothing happened; setAside: sweeps have died over it',
      }),
    problem: z.literal('BROKEN_JOURNAL').optional().meta({
      description:
        'the order has lost a part of its journal: where it stands is not known, and status is what it was at first',
    }),
  })
  .meta({ id: 'OrderRow' });

export const orderSchema = orderSummarySchema
  .extend({
    input: z.optional(jsonSchema).meta({ description: 'missing only from an abridged order' }),
    attributes: attributesSchema,
    result: z
      .optional(jsonSchema)
      .meta({ description: 'what the last stage gave, of an order that completed' }),
    error: failureSchema
      .extend({
        task: text('the job that failed'),
        plugin: text('whose job it was'),
        attempt: count('the attempt that failed last; 0: none was possible'),
      })
      .optional()
      .meta({ description: 'why the order failed' }),
    abridged: z.literal(true).optional().meta({
      description:
        'too large to be shown whole (3 MiB): tasks come without input and result, then the order without jobs, result and input',
    }),
    reason: z.string().optional().meta({ description: 'why it was cancelled' }),
    jobs: z.record(z.string(), z.strictObject({ input: jsonSchema, result: jsonSchema })).meta({
      description:
        'the jobs that completed, by name; and slices of lists that failed, with what their other elements gave',
    }),
    tasks: z
      .array(z.union([taskSchema, leftOutSchema]))
      .meta({ description: 'all tasks that were ever dispatched, and who took no part' }),
    compensations: z.array(compensationSchema).optional().meta({
      description: 'in the order in which they ran or will; there once anything is to be undone',
    }),
    parent: z
      .strictObject({
        orderId: text('of the order above'),
        taskId: text('of its task'),
        from: z.int().optional().meta({
          description:
            'where it does a slice of a list: where its first element stands there, from 0',
        }),
      })
      .optional()
      .meta({ description: 'the task that this order performs, if it is a child order' }),
    children: z
      .array(
        z.strictObject({
          orderId: text('of the child order'),
          workflow: text('whose order it is'),
          job: text('that it performs'),
          attempt: count('of the job'),
        }),
      )
      .optional()
      .meta({
        description:
          'the orders that perform, performed, or were to perform its tasks; one that was called off before it began is not there',
      }),
    waitingFor: z
      .strictObject({
        what: text('in words'),
        until: instantWhen('at the latest').optional(),
        since: instantWhen('since when it is paused, or its plugin held back').optional(),
        task: text(
          'of a paused order: the job that has failed, which a retry begins again',
        ).optional(),
        why: text(
          'of a paused order: why that has failed, or who has paused it and why',
        ).optional(),
        job: text('of a wait: what it is called where it is cancelled alone').optional(),
      })
      .optional()
      .meta({ description: 'what an order that has not ended waits for' }),
    timeline: z
      .array(
        z.looseObject({
          at: instantWhen('when'),
          entry: count('the journal entry that holds it'),
          event: text(
            'what happened, such as `TaskCompleted`. `TaskFailed` also stands for a task that could not even be sent, `TaskParked` for one whose plugin is in quarantine or whose turn has not come; a `DeadlinePassed` names the attempt that it ended (with `error`) or the one that was sent',
          ),
          actor: z.string().optional().meta({ description: 'who asked for it' }),
          reason: text('why').optional(),
          operation: z
            .string()
            .optional()
            .meta({ description: 'the operation for many orders that it was a part of' }),
          task: text('the job that it is about').optional(),
          attempt: count('the attempt that it is about').optional(),
          eventId: text('the event from outside that it took').optional(),
          late: z.literal(true).optional().meta({
            description:
              'a result for which nobody waited any more: it counts only where it is undone',
          }),
          error: failureSchema.optional(),
        }),
      )
      .meta({ description: 'what happened, and when' }),
  })
  .meta({ id: 'Order' });

export const orderListSchema = z
  .strictObject({
    orders: z.array(orderRowSchema).meta({ description: 'newest first' }),
    next,
    searched: z
      .strictObject({
        orders: count('looked at for this page'),
        backTo: instantWhen('when the last of them was accepted').optional(),
      })
      .optional()
      .meta({
        description:
          'only with `next`: a filter that few orders match may leave a page empty, though older orders match',
      }),
  })
  .meta({ id: 'OrderList' });
