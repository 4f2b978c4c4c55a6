import * as z from 'zod';
import { nameSchema } from './json.ts';
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
  'completed',
  'failed',
  'cancelled',
] as const;

export const orderListQuerySchema = z.strictObject({
  status: z.enum(ORDER_STATUSES).optional(),
  workflow: nameSchema.optional(),
  client: nameSchema.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  next: z.string().max(500).optional().meta({ description: 'where the page before ended' }),
});

export const pageQuerySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
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

export const cancelRequestSchema = z
  .strictObject({ reason: z.string().max(1000).optional() })
  .meta({ id: 'CancelRequest' });
