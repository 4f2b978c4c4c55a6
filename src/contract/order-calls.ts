import * as z from 'zod';
import { CLOUD_EVENT } from './cloud-event.ts';
import { cloudEventSchema } from './cloud-event-request.ts';
import type { HttpCall } from './http-call.ts';
import { BODY, NAMED } from './http-call.ts';
import { orderIdSchema } from './order-id.ts';
import {
  eventRequestSchema,
  orderEventRequestSchema,
  orderRequestSchema,
} from './order-request.ts';
import * as orderResponses from './order-responses.ts';
import { MAX_ROWS } from './order-row.ts';
import * as requests from './requests.ts';

const text = (description: string) => z.string().meta({ description });
const bytes = z
  .string()
  .min(1)
  .meta({ contentEncoding: 'base64', description: 'any other type, as it is' });

const jobSchema = z.string().min(1).max(200).meta({
  description: 'the job, such as `A%232` for A#2; `wait` is a wait that is under way',
});

/** Calls about orders, and what starts them. */
export const ORDER_CALLS: readonly HttpCall[] = [
  {
    method: 'POST',
    path: '/orders',
    operationId: 'placeOrders',
    summary:
      'Places an order, or many: as JSON, a JSON array, NDJSON or CSV; any other body is the input of one order. With `?wait=`, answers with the order if it ends soon enough',
    query: requests.orderQuerySchema,
    repeatable: true,
    traced: true,
    body: {
      'application/json': z.union([
        orderRequestSchema,
        z.array(orderRequestSchema).min(1).max(MAX_ROWS),
      ]),
      'application/x-ndjson': text('one order a line'),
      'text/csv': text(
        'one order a row; columns `workflow`, `todo`, `client`, `orderId`, `input`, `input.<name>`, `attributes.<name>`; input and attributes may end in `:number`, `:string`, `:boolean` or `:json`',
      ),
      'image/*': bytes,
      'application/octet-stream': bytes,
    },
    answers: {
      200: orderResponses.orderSchema,
      202: z.union([orderResponses.orderReceiptSchema, orderResponses.batchReceiptSchema]),
    },
    problems: [...BODY, ...NAMED, 'UNKNOWN_CLIENT', 'IDEMPOTENCY_CONFLICT', 'BROKEN_JOURNAL'],
  },
  {
    method: 'POST',
    path: '/events',
    operationId: 'sendEvent',
    summary:
      "Starts an order of every workflow that is on the event's type, and wakes the orders that wait for it under its key. A CloudEvent may also stand in headers `ce-…` beside its data (binary mode)",
    repeatable: true,
    traced: true,
    body: { 'application/json': eventRequestSchema, [CLOUD_EVENT]: cloudEventSchema },
    answers: { 202: orderResponses.eventReceiptSchema },
    problems: [...BODY, 'IDEMPOTENCY_CONFLICT', 'BROKEN_JOURNAL'],
  },
  {
    method: 'POST',
    path: '/orders/{orderId}/events',
    operationId: 'sendOrderEvent',
    summary:
      'Sends an event to this order alone: a step that waits for its type takes it, also one that begins to within a day',
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': orderEventRequestSchema },
    answers: { 202: orderResponses.orderEventReceiptSchema },
    problems: [...BODY, 'NOT_FOUND', 'BROKEN_JOURNAL', 'ORDER_ENDED', 'IDEMPOTENCY_CONFLICT'],
  },
  {
    method: 'GET',
    path: '/orders',
    operationId: 'listOrders',
    summary: 'Lists orders, newest first',
    query: requests.orderListQuerySchema,
    answers: { 200: orderResponses.orderListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'GET',
    path: '/orders/{orderId}',
    operationId: 'getOrder',
    summary: 'Shows an order: where it stands, its jobs, and what happened when',
    params: z.object({ orderId: orderIdSchema }),
    answers: { 200: orderResponses.orderSchema },
    problems: ['NOT_FOUND', 'BROKEN_JOURNAL'],
  },
  act('cancel', {
    operationId: 'cancelOrder',
    summary:
      'Cancels an order that has not ended, and undoes what it has done; to cancel it again changes nothing',
    body: { 'application/json': requests.cancelRequestSchema },
    bodyOptional: true,
    problems: ['ORDER_ENDED', 'ORDER_COMPENSATING', 'PAST_PIVOT'],
  }),
  act('pause', {
    operationId: 'pauseOrder',
    summary: "Stops an order's clocks; nothing new of it begins until it is resumed",
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    problems: ['ORDER_ENDED', 'ORDER_COMPENSATING'],
  }),
  act('resume', {
    operationId: 'resumeOrder',
    summary: "Lets a paused order's clocks go on; what it paused for is tried again",
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    problems: ['ORDER_ENDED', 'ORDER_COMPENSATING', 'ORDER_NOT_PAUSED'],
  }),
  act('retry', {
    operationId: 'retryOrder',
    summary:
      'Lets a failed order go on from the tasks that failed it, or its undoing, where that failed',
    body: { 'application/json': requests.retryRequestSchema },
    bodyOptional: true,
    problems: [
      'ORDER_COMPENSATING',
      'ORDER_NOT_FAILED',
      'ALREADY_UNDONE',
      'RETRY_NOT_POSSIBLE',
      'VERSION_DOES_NOT_FIT',
    ],
  }),
  act('skip', {
    operationId: 'skipTask',
    summary: 'Counts a task that is open or has failed as done, with or without a result',
    body: { 'application/json': requests.skipRequestSchema },
    problems: ['ORDER_COMPENSATING', 'TASK_NOT_OPEN'],
  }),
  act('tasks/{job}/cancel', {
    operationId: 'cancelTask',
    summary:
      'Ends one task that is open with `TASK_CANCELLED`, and does not try it again; its order goes on if the task is optional, and fails as by any other failure if not',
    params: z.object({ orderId: orderIdSchema, job: jobSchema }),
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    problems: ['ORDER_ENDED', 'ORDER_COMPENSATING', 'TASK_NOT_OPEN'],
  }),
];

/** What a person asks of one order. */
function act(
  name: string,
  {
    problems,
    ...call
  }: Pick<HttpCall, 'operationId' | 'summary' | 'params' | 'body' | 'bodyOptional' | 'problems'>,
): HttpCall {
  return {
    ...{ method: 'POST', path: `/orders/{orderId}/${name}` },
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    answers: { 200: orderResponses.receiptSchema },
    ...call,
    problems: [...BODY, 'NOT_FOUND', 'BROKEN_JOURNAL', 'IDEMPOTENCY_CONFLICT', ...problems],
  };
}
