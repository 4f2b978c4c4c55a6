import * as z from 'zod';
import { nameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { orderIdSchema } from './order-id.ts';

/** `POST /orders?client=&workflow=&orderId=`: for what the body does not say or cannot. */
export const orderQuerySchema = z.strictObject({
  client: nameSchema.optional().meta({ description: 'for orders that name no client themselves' }),
  workflow: nameSchema
    .optional()
    .meta({ description: 'for orders that name neither workflow nor todo themselves' }),
  orderId: z.optional(orderIdSchema).meta({ description: 'only where the body is one order' }),
});

export const ORDER_STATUSES = [
  'accepted',
  'running',
  'waiting',
  'paused',
  'compensating',
  'completed',
  'failed',
  'cancelled',
] as const;

const instant = z.iso.datetime({ offset: true });

/** Which orders are meant: of a list, and of an operation. */
export const ORDER_FILTER = {
  status: z.enum(ORDER_STATUSES).optional().meta({ description: 'where the order stands' }),
  workflow: nameSchema.optional().meta({ description: 'that it runs' }),
  client: nameSchema.optional().meta({ description: 'whose order it is' }),
  plugin: nameSchema
    .optional()
    .meta({ description: 'the order waits for its task, or has failed because of it' }),
  errorCode: z.string().min(1).max(100).optional().meta({ description: 'why it has failed' }),
  from: instant.optional().meta({ description: 'accepted then or later' }),
  to: instant.optional().meta({ description: 'accepted before that' }),
};

export const orderListQuerySchema = z.strictObject({
  ...ORDER_FILTER,
  version: z.coerce.number().int().min(1).optional().meta({ description: 'of the workflow' }),
  stuck: z.literal('true').optional().meta({
    description: 'only orders that have had no progress for longer than their bound, in no order',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'orders a page; a page may hold fewer' }),
  next: z.string().max(500).optional().meta({ description: 'where the page before ended' }),
});

export const pageQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(100)
    .meta({ description: 'entries a page' }),
  next: z.string().max(100).optional().meta({ description: 'where the page before ended' }),
});

/** After so many days a token is nobody's. */
export const expiresInDaysSchema = z.int().min(1).max(3650);

/** `POST /clients/{clientId}/tokens` */
export const tokenRequestSchema = z
  .strictObject({
    name: z.string().min(1).max(100).optional().meta({ description: 'what it is for' }),
    expiresInDays: expiresInDaysSchema
      .optional()
      .meta({ description: 'after so many days it is refused; by default it never ends' }),
  })
  .meta({ id: 'TokenRequest' });

export const REASON = z
  .string()
  .max(1000)
  .optional()
  .meta({ description: 'stands in the timeline' });

export const cancelRequestSchema = z
  .strictObject({
    reason: REASON,
    undo: z
      .boolean()
      .optional()
      .meta({ description: 'false: nothing is compensated. Default true' }),
  })
  .meta({ id: 'CancelRequest' });

/** `POST /orders/{orderId}/pause`, and `resume` */
export const actRequestSchema = z.strictObject({ reason: REASON }).meta({ id: 'ActRequest' });

export const retryRequestSchema = z
  .strictObject({
    input: z.optional(jsonSchema).meta({
      description:
        'for the task that failed, instead of the one that it had; only where one task failed',
    }),
    version: z
      .union([z.literal('latest'), z.int().min(1)])
      .optional()
      .meta({ description: 'the order moves to this version of its workflow, where it fits' }),
    reason: REASON,
  })
  .meta({ id: 'RetryRequest' });

export const skipRequestSchema = z
  .strictObject({
    task: z.string().min(1).max(200).meta({ description: "the job's name, such as A#2" }),
    result: z.optional(jsonSchema).meta({
      description:
        'the task completes with it; without one, the order goes on as if the task had not taken part',
    }),
    reason: REASON,
  })
  .meta({ id: 'SkipRequest' });

/** `GET /dead-letters` */
export const deadLetterQuerySchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .meta({ description: 'how many are shown at most' }),
});
