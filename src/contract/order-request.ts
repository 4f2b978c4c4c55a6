import * as z from 'zod';
import type { Json } from '../core/json.ts';
import type { Todo } from '../core/workflow.ts';
import { eventKeySchema, eventTypeSchema } from './event-type.ts';
import { attributesSchema, nameSchema, pluginNameSchema } from './json.ts';
import { jsonSchema } from './json-value.ts';
import { ownOrderIdSchema } from './order-id.ts';
import { parse } from './parse.ts';
import { refuseUnclearWork } from './unclear-work.ts';

/** Most plugins that an ad-hoc order may name, nested lists included: its definition has to fit one stored item. */
const MAX_TODO = 500;

/** Plugins one after another; those of a nested list run in parallel. */
export const todoSchema: z.ZodType<Todo> = z
  .array(
    z.union([
      pluginNameSchema,
      z.array(pluginNameSchema).min(1, 'a nested list names at least one plugin'),
    ]),
  )
  .min(1, 'todo names at least one plugin')
  .refine((todo) => todo.flat().length <= MAX_TODO, `todo names at most ${MAX_TODO} plugins`)
  .meta({
    id: 'Todo',
    description: 'plugins one after another; those of a nested list run in parallel',
  });

/** `POST /orders`: one order. It names its workflow, or its plugins, or a client whose contract does. */
export const orderRequestSchema = z
  .strictObject({
    workflow: nameSchema
      .optional()
      .meta({ description: 'what the order runs: its latest version' }),
    todo: todoSchema.meta({ description: 'plugins, instead of a workflow' }).optional(),
    client: nameSchema.optional().meta({
      description:
        "the client whose order it is; if the order names nothing else, it runs what the client's contract says",
    }),
    input: jsonSchema,
    attributes: attributesSchema.default({}),
    orderId: z
      .optional(ownOrderIdSchema)
      .meta({ description: "the order's id, which can be used once. Default: a new one" }),
    pauseOnFailure: z.boolean().optional().meta({
      description:
        'the order pauses instead of failing when the attempts of a task are used up; its workflow may say so, too',
    }),
    traceparent: z.string().optional().meta({
      description:
        'where the order hangs in a trace, as in the header of this name, which counts for orders that do not say it (https://www.w3.org/TR/trace-context/). A malformed one is left out',
    }),
    tracestate: z.string().optional().meta({ description: 'goes with `traceparent`' }),
  })
  .superRefine((order, context) =>
    refuseUnclearWork(order, (path, message) =>
      context.addIssue({ code: 'custom', path: [path], message }),
    ),
  )
  .meta({
    id: 'OrderRequest',
    // As the refinements above say it; with a client, the request's query may name the client instead.
    not: { required: ['workflow', 'todo'], properties: { workflow: {}, todo: {} } },
  });
export type OrderRequest = z.output<typeof orderRequestSchema>;

const eventType = eventTypeSchema.meta({
  description: 'what has happened, such as `photo.received`',
});

/** `POST /events`: starts every workflow whose `on` names the type, and wakes the orders that wait for it. */
export const eventRequestSchema = z
  .strictObject({
    type: eventType,
    key: eventKeySchema.optional().meta({
      description:
        'what it is about, such as the number of an invoice: orders that wait for the type under this key are woken, also those that begin to within a day. Default: it wakes none',
    }),
    data: jsonSchema,
    attributes: attributesSchema.default({}),
  })
  .meta({ id: 'EventRequest' });

/** `POST /orders/{orderId}/events`: an event for this order alone. */
export const orderEventRequestSchema = z
  .strictObject({
    type: eventType,
    key: eventKeySchema.optional().meta({
      description:
        'only a step that waits under this key takes it. Default: whichever waits for the type',
    }),
    data: z.optional(jsonSchema).meta({ description: 'the result of the step. Default null' }),
  })
  .meta({ id: 'OrderEventRequest' });

const rights = {
  mayRetry: z
    .boolean()
    .optional()
    .meta({ description: 'true: the client may retry its own orders. Default false' }),
};

/** `PUT /clients/{clientId}`: what the client's orders run when they name nothing themselves. */
export const clientContractSchema = z
  .union([
    z.strictObject({
      workflow: nameSchema.meta({
        description: "what the client's orders run: its latest version",
      }),
      ...rights,
    }),
    z.strictObject({
      todo: todoSchema.meta({ description: 'the plugins that they run' }),
      ...rights,
    }),
  ])
  .meta({ id: 'ClientContract' });
export type ClientContract = z.output<typeof clientContractSchema>;

/** @throws {Problem} INVALID_REQUEST, in the words of an order where the contract names no workflow and no todo, or both */
export function readContract(value: Json): ClientContract {
  parse(ONE_OF_TWO, value);
  return parse(clientContractSchema, value);
}

const ONE_OF_TWO = z
  .looseObject({ workflow: z.unknown().optional(), todo: z.unknown().optional() })
  .superRefine(({ workflow, todo }, context) => {
    if ((workflow === undefined) !== (todo === undefined)) return;
    const message = 'a contract has one of workflow and todo, and no more';
    const path = [workflow === undefined ? 'workflow' : 'todo'];
    context.addIssue({ code: 'custom', path, message });
  });
