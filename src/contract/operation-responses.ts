import * as z from 'zod';
import { jsonSchema } from './json-value.ts';
import { orderRowSchema } from './order-responses.ts';
import { instant, next } from './response-fields.ts';

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
