import * as z from 'zod';
import { jsonSchema } from './json-value.ts';
import { ATTRIBUTE_FILTER, ORDER_FILTER, REASON, STATUS_FILTER } from './requests.ts';

const filterSchema = z
  .strictObject({
    status: STATUS_FILTER.meta({
      description: 'where the order stands: one status, or any of several',
    }),
    ...ORDER_FILTER,
    attributes: z.record(z.string().min(1).max(100), ATTRIBUTE_FILTER).optional().meta({
      description: 'it has all of these, at least one; a list of strings must hold the value',
      minProperties: 1,
    }),
    version: z.int().min(1).optional().meta({ description: 'of the workflow' }),
  })
  .refine((filter) => Object.values(filter).some(narrows), {
    message: 'it must name something: `from` with an early instant means all orders',
  })
  .refine(({ attributes }) => attributes === undefined || narrows(attributes), {
    path: ['attributes'],
    message: 'it must name an attribute',
  })
  .meta({
    id: 'OrderFilter',
    description: 'as the filters of GET /orders; at least one',
    minProperties: 1,
  });

/** Whether part of a filter leaves any order out. No attributes at all fit every order. */
function narrows(part: unknown): boolean {
  return typeof part === 'object' && part !== null
    ? Object.keys(part).length > 0
    : part !== undefined;
}

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
      action: z.literal('cancel').meta({ description: 'cancels each order' }),
      undo: z.boolean().optional().meta({ description: 'false: nothing is compensated' }),
      ...about,
    }),
    z.strictObject({
      action: z.literal('pause').meta({ description: 'stops its clocks' }),
      ...about,
    }),
    z.strictObject({
      action: z.literal('resume').meta({ description: 'lets its clocks go on' }),
      ...about,
    }),
    z.strictObject({
      action: z.literal('retry').meta({ description: 'lets a failed order go on' }),
      version: z
        .union([z.literal('latest'), z.int().min(1)])
        .optional()
        .meta({ description: 'the orders move to this version of their workflow, where they fit' }),
      ...about,
    }),
    z.strictObject({
      action: z.literal('skip').meta({ description: 'counts a task as done' }),
      task: z.string().min(1).max(200).meta({ description: "the job's name, such as A#2" }),
      result: z.optional(jsonSchema).meta({ description: 'the task completes with it' }),
      ...about,
    }),
  ])
  .meta({ id: 'OperationRequest' });
