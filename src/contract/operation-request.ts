import * as z from 'zod';
import { jsonSchema } from './json-value.ts';
import { ORDER_FILTER, REASON } from './requests.ts';

const filterSchema = z
  .strictObject({ ...ORDER_FILTER, version: z.int().min(1).optional() })
  .refine((filter) => Object.values(filter).some((asked) => asked !== undefined), {
    message: 'it must name something: `from` with an early instant means all orders',
  })
  .meta({ id: 'OrderFilter', description: 'as the filters of GET /orders; at least one' });

const about = {
  filter: filterSchema,
  dryRun: z
    .boolean()
    .optional()
    .meta({ description: 'true: nothing is done; the answer says how many orders match' }),
  ratePerSecond: z
    .number()
    .min(0.1)
    .max(100)
    .default(10)
    .meta({ description: 'orders a second, at most' }),
  reason: REASON,
};

/** `POST /operations`: one act for all orders that match. */
export const operationRequestSchema = z
  .discriminatedUnion('action', [
    z.strictObject({
      action: z.literal('cancel'),
      undo: z.boolean().optional().meta({ description: 'false: nothing is compensated' }),
      ...about,
    }),
    z.strictObject({ action: z.literal('pause'), ...about }),
    z.strictObject({ action: z.literal('resume'), ...about }),
    z.strictObject({
      action: z.literal('retry'),
      version: z
        .union([z.literal('latest'), z.int().min(1)])
        .optional()
        .meta({ description: 'the orders move to this version of their workflow, where they fit' }),
      ...about,
    }),
    z.strictObject({
      action: z.literal('skip'),
      task: z.string().min(1).max(200).meta({ description: "the job's name, such as A#2" }),
      result: z.optional(jsonSchema),
      ...about,
    }),
  ])
  .meta({ id: 'OperationRequest' });
