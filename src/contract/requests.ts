import * as z from 'zod';
import { durationUpTo } from './duration.ts';
import { attributesSchema, nameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { MAX_WAIT_SECONDS } from './longest-wait.ts';
import { ownOrderIdSchema } from './order-id.ts';

const DECIMAL = /^(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i;

/** A duration in a query, where numbers are texts, too. */
const waitSchema = z.preprocess(
  (text) => (typeof text === 'string' && DECIMAL.test(text) ? Number(text) : text),
  durationUpTo(MAX_WAIT_SECONDS),
);

/** `POST /orders?client=&workflow=&orderId=&wait=`: for what the body does not say or cannot. */
export const orderQuerySchema = z.strictObject({
  client: nameSchema.optional().meta({ description: 'for orders that name no client themselves' }),
  workflow: nameSchema
    .optional()
    .meta({ description: 'for orders that name neither workflow nor todo themselves' }),
  orderId: z.optional(ownOrderIdSchema).meta({ description: 'only where the body is one order' }),
  wait: waitSchema.optional().meta({
    description:
      'only where the body is one order: answer with the order if it ends within this time (`20s`), else as ever',
  }),
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

const statusSchema = z.enum(ORDER_STATUSES);

/** Which orders are meant: of a list, and of an operation. */
export const ORDER_FILTER = {
  workflow: nameSchema.optional().meta({ description: 'that it runs' }),
  client: nameSchema.optional().meta({ description: 'whose order it is' }),
  plugin: nameSchema
    .optional()
    .meta({ description: 'the order waits for its task, or has failed because of it' }),
  idPrefix: z.string().min(1).max(200).optional().meta({ description: 'how its id begins' }),
  errorCode: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'why it has failed, or has paused instead' }),
  pausedBy: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'the id of an operation that has paused it; it is paused still' }),
  from: instant.optional().meta({ description: 'accepted then or later' }),
  to: instant.optional().meta({ description: 'accepted before that' }),
};

/** Of an operation's filter: one status or several. */
export const STATUS_FILTER = z.union([statusSchema, z.array(statusSchema).min(1)]).optional();

/** What an attribute must be. In a query it is text, which also stands for the number or boolean that reads so. */
export const ATTRIBUTE_FILTER = z.union([z.string().max(1024), z.number(), z.boolean()]);

/** `?status=failed&status=running`, which API Gateway hands over as `failed,running`. */
const statusesSchema = z
  .preprocess(
    (value) => (typeof value === 'string' ? value.split(',') : value),
    z.array(statusSchema).optional(),
  )
  .meta({
    description: 'where the order stands; several mean any of them',
    type: 'array',
    items: { type: 'string', enum: ORDER_STATUSES },
  });

/** In a query, an attribute's name comes after this. */
const ATTRIBUTE_PREFIX = 'attribute.';

export const orderListQuerySchema = z.strictObject({
  status: statusesSchema,
  ...ORDER_FILTER,
  attributes: z
    .record(z.string().regex(/^attribute\../), z.string().max(1024))
    .optional()
    .meta({
      description:
        'the order has that attribute: `attribute.priority=high`. A list of strings must hold the value',
    }),
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

/** `PUT /workflows/{name}` */
export const putWorkflowQuerySchema = z.strictObject({
  validate: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({
      description: 'true: the definition is checked, and nothing is stored',
      type: 'string',
      enum: ['true', 'false'],
    }),
});

/** `POST /workflows/{name}/plan` */
export const planRequestSchema = z
  .strictObject({
    attributes: attributesSchema.default({}),
    input: z.optional(jsonSchema).meta({ description: "the order's. Default null" }),
    version: z.int().min(1).optional().meta({ description: 'default: the latest' }),
  })
  .meta({ id: 'PlanRequest' });

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

/** The query with each `attribute.<name>` under `attributes`, as its schema has it. */
export function withAttributes(query: Readonly<Record<string, string>>): object {
  const names = Object.keys(query).filter((key) => key.startsWith(ATTRIBUTE_PREFIX));
  if (names.length === 0) return query;
  const rest = Object.entries(query).filter(([key]) => !key.startsWith(ATTRIBUTE_PREFIX));
  return {
    ...Object.fromEntries(rest),
    attributes: Object.fromEntries(names.map((name) => [name, query[name]])),
  };
}

/** The attributes of a query by their names. */
export function attributesIn(
  attributes: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> | undefined {
  if (attributes === undefined) return undefined;
  const named = Object.entries(attributes);
  return Object.fromEntries(
    named.map(([key, value]) => [key.slice(ATTRIBUTE_PREFIX.length), value]),
  );
}
