import * as z from 'zod';
import { jsonSchema } from './json-value.ts';
import { orderRowSchema } from './order-responses.ts';
import { count, instantWhen, next, text } from './response-fields.ts';

const found = {
  matched: z.int().meta({
    description: 'counted when it is asked for, up to 1,000; once it is done, all that were found',
  }),
  more: z.literal(true).optional().meta({ description: 'there are more than have been counted' }),
};

const sample = z.array(orderRowSchema).meta({ description: 'some of the orders that match' });

export const operationPreviewSchema = z
  .strictObject({ ...found, sample })
  .meta({ id: 'OperationPreview' });

export const operationReceiptSchema = z
  .strictObject({ operationId: text('of the operation'), ...found, sample })
  .meta({ id: 'OperationReceipt' });

export const operationSchema = z
  .strictObject({
    operationId: text('of the operation'),
    status: z.enum(['running', 'stopped', 'done']).meta({ description: 'how far it is' }),
    action: z
      .enum(['cancel', 'pause', 'resume', 'retry', 'skip'])
      .meta({ description: 'what is done to each order' }),
    undo: z.literal(false).optional().meta({ description: 'nothing is compensated' }),
    version: z
      .union([z.literal('latest'), z.int()])
      .optional()
      .meta({ description: 'of the workflow, to which the orders move' }),
    task: text('the job that is skipped').optional(),
    result: z.optional(jsonSchema).meta({ description: 'with which it completes' }),
    filter: z.looseObject({}).meta({ description: 'which orders are meant' }),
    ratePerSecond: z.number().meta({ description: 'orders a second, at most' }),
    actor: z.string().meta({ description: 'who asked for it' }),
    reason: text('why').optional(),
    askedAt: instantWhen('when somebody asked for it'),
    endedAt: instantWhen('when it ended').optional(),
    ...found,
    done: z.int().meta({ description: 'orders whose journal holds the act' }),
    refused: count('orders that refused'),
    refusals: z.record(z.string(), z.int()).meta({ description: 'how many refused, by code' }),
  })
  .meta({ id: 'Operation' });

export const operationListSchema = z
  .strictObject({
    operations: z.array(operationSchema).meta({ description: 'newest first' }),
    next,
  })
  .meta({ id: 'OperationList' });

export const deadLetterSchema = z
  .strictObject({
    id: text('of the message'),
    sentAt: instantWhen('when it was sent'),
    bytes: count('how long it is'),
    about: z
      .array(
        z.strictObject({
          type: text('of the answer or event').optional(),
          orderId: text('of the order').optional(),
          plugin: text('who answers').optional(),
          taskId: text('of the task').optional(),
          attempt: count('of the task').optional(),
        }),
      )
      .meta({ description: 'what the message says that it is about; nobody has checked it' }),
    body: z.string().meta({ description: 'the message, without the signatures of its tokens' }),
  })
  .meta({ id: 'DeadLetter' });

export const deadLetterListSchema = z
  .strictObject({
    deadLetters: z
      .array(deadLetterSchema)
      .meta({ description: 'some of them: SQS does not list all' }),
    total: z.int().meta({ description: 'how many there are, as the queue counts' }),
  })
  .meta({ id: 'DeadLetterList' });

export const redrivenSchema = z
  .strictObject({ id: text('of the message') })
  .meta({ id: 'Redriven' });
