import * as z from 'zod';
import { nameSchema } from './json.ts';
import { taskTokenSchema } from './messages.ts';
import { operationRequestSchema } from './operation-request.ts';
import * as operationResponses from './operation-responses.ts';
import { orderIdSchema } from './order-id.ts';
import { clientContractSchema, eventRequestSchema, orderRequestSchema } from './order-request.ts';
import * as orderResponses from './order-responses.ts';
import type { ProblemCode } from './problem.ts';
import * as requests from './requests.ts';
import * as responses from './responses.ts';
import { putDefinitionSchema } from './workflow-definition.ts';

/** One call of the HTTP API, as the OpenAPI document describes it. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** The call's name, for programs that are made from the document. */
  readonly operationId: string;
  readonly summary: string;
  readonly params?: z.ZodObject;
  /** The path holds a token that is the authority for the call; a bearer token is not asked for. */
  readonly tokenInPath?: true;
  readonly query?: z.ZodObject;
  /** The call may be repeated under an `Idempotency-Key`. */
  readonly repeatable?: boolean;
  /** It takes the headers of W3C Trace Context. */
  readonly traced?: true;
  /** By media type. */
  readonly body?: Readonly<Record<string, z.ZodType>>;
  /** The body may be left out. */
  readonly bodyOptional?: true;
  /** By status. */
  readonly answers: Readonly<Record<number, z.ZodType>>;
  /** Besides those that every call may answer with. */
  readonly problems: readonly ProblemCode[];
}

const text = (description: string) => z.string().meta({ description });
const bytes = z
  .string()
  .min(1)
  .meta({ contentEncoding: 'base64', description: 'any other type, as it is' });

const BODY: readonly ProblemCode[] = [
  'MALFORMED_BODY',
  'INVALID_REQUEST',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_LARGE',
];
const ACT: readonly ProblemCode[] = [...BODY, 'NOT_FOUND', 'BROKEN_JOURNAL'];
const NAMED: readonly ProblemCode[] = ['UNKNOWN_WORKFLOW', 'UNKNOWN_PLUGIN'];

/** Every call there is. A test keeps it in step with the handlers' routes and with serverless.yml. */
export const HTTP_CALLS: readonly HttpCall[] = [
  {
    method: 'POST',
    path: '/orders',
    operationId: 'placeOrders',
    summary:
      'Places an order, or many: as JSON, a JSON array, NDJSON or CSV; any other body is the input of one order',
    query: requests.orderQuerySchema,
    repeatable: true,
    traced: true,
    body: {
      'application/json': z.union([
        orderRequestSchema,
        z.array(orderRequestSchema).min(1).max(1000),
      ]),
      'application/x-ndjson': text('one order a line'),
      'text/csv': text(
        'one order a row; columns `workflow`, `todo`, `client`, `orderId`, `input`, `input.<name>`, `attributes.<name>`; input and attributes may end in `:number`, `:string`, `:boolean` or `:json`',
      ),
      'image/*': bytes,
      'application/octet-stream': bytes,
    },
    answers: { 202: z.union([orderResponses.receiptSchema, orderResponses.batchReceiptSchema]) },
    problems: [...BODY, ...NAMED, 'UNKNOWN_CLIENT', 'IDEMPOTENCY_CONFLICT', 'BROKEN_JOURNAL'],
  },
  {
    method: 'POST',
    path: '/events',
    operationId: 'sendEvent',
    summary: "Starts an order of every workflow that is on the event's type",
    repeatable: true,
    traced: true,
    body: { 'application/json': eventRequestSchema },
    answers: { 202: orderResponses.eventReceiptSchema },
    problems: [...BODY, 'IDEMPOTENCY_CONFLICT', 'BROKEN_JOURNAL'],
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
  {
    method: 'POST',
    path: '/orders/{orderId}/cancel',
    operationId: 'cancelOrder',
    summary:
      'Cancels an order that has not ended, and undoes what it has done; to cancel it again changes nothing',
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': requests.cancelRequestSchema },
    bodyOptional: true,
    answers: { 200: orderResponses.receiptSchema },
    problems: [...ACT, 'ORDER_ENDED', 'ORDER_COMPENSATING', 'PAST_PIVOT'],
  },
  {
    method: 'POST',
    path: '/orders/{orderId}/pause',
    operationId: 'pauseOrder',
    summary: "Stops an order's clocks; nothing new of it begins until it is resumed",
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    answers: { 200: orderResponses.receiptSchema },
    problems: [...ACT, 'ORDER_ENDED', 'ORDER_COMPENSATING'],
  },
  {
    method: 'POST',
    path: '/orders/{orderId}/resume',
    operationId: 'resumeOrder',
    summary: "Lets a paused order's clocks go on; what it paused for is tried again",
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    answers: { 200: orderResponses.receiptSchema },
    problems: [...ACT, 'ORDER_ENDED', 'ORDER_COMPENSATING', 'ORDER_NOT_PAUSED'],
  },
  {
    method: 'POST',
    path: '/orders/{orderId}/retry',
    operationId: 'retryOrder',
    summary:
      'Lets a failed order go on from the tasks that failed it, or its undoing, where that failed',
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': requests.retryRequestSchema },
    bodyOptional: true,
    answers: { 200: orderResponses.receiptSchema },
    problems: [
      ...ACT,
      'ORDER_COMPENSATING',
      'ORDER_NOT_FAILED',
      'ALREADY_UNDONE',
      'RETRY_NOT_POSSIBLE',
      'VERSION_DOES_NOT_FIT',
    ],
  },
  {
    method: 'POST',
    path: '/orders/{orderId}/skip',
    operationId: 'skipTask',
    summary: 'Counts a task that is open or has failed as done, with or without a result',
    params: z.object({ orderId: orderIdSchema }),
    repeatable: true,
    body: { 'application/json': requests.skipRequestSchema },
    answers: { 200: orderResponses.receiptSchema },
    problems: [...ACT, 'ORDER_COMPENSATING', 'TASK_NOT_OPEN'],
  },
  {
    method: 'POST',
    path: '/operations',
    operationId: 'startOperation',
    summary: 'Asks the same of all orders that match: cancel, pause, resume, retry or skip',
    repeatable: true,
    body: { 'application/json': operationRequestSchema },
    answers: {
      200: operationResponses.operationPreviewSchema,
      202: operationResponses.operationReceiptSchema,
    },
    problems: [...BODY, 'IDEMPOTENCY_CONFLICT'],
  },
  {
    method: 'GET',
    path: '/operations',
    operationId: 'listOperations',
    summary: 'Lists operations, newest first',
    query: requests.pageQuerySchema,
    answers: { 200: operationResponses.operationListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'GET',
    path: '/operations/{operationId}',
    operationId: 'getOperation',
    summary: 'Shows an operation: who asked for it, when and why, and how far it has come',
    params: z.object({ operationId: z.string().meta({ description: 'of the operation' }) }),
    answers: { 200: operationResponses.operationSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/operations/{operationId}/stop',
    operationId: 'stopOperation',
    summary: 'Ends an operation after the orders that are under way; what is done stays done',
    params: z.object({ operationId: z.string().meta({ description: 'of the operation' }) }),
    answers: { 200: operationResponses.operationSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/dead-letters',
    operationId: 'listDeadLetters',
    summary: 'Lists some of the messages that the orchestrator has given up on',
    query: requests.deadLetterQuerySchema,
    answers: { 200: operationResponses.deadLetterListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'GET',
    path: '/dead-letters/{id}',
    operationId: 'getDeadLetter',
    summary: 'Shows a message that the orchestrator has given up on',
    params: z.object({ id: z.string().meta({ description: 'of the message' }) }),
    answers: { 200: operationResponses.deadLetterSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/dead-letters/{id}/redrive',
    operationId: 'redriveDeadLetter',
    summary: 'Sends the message to the orchestrator again',
    params: z.object({ id: z.string().meta({ description: 'of the message' }) }),
    answers: { 200: operationResponses.redrivenSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'DELETE',
    path: '/dead-letters/{id}',
    operationId: 'dropDeadLetter',
    summary: 'Takes the message away for good',
    params: z.object({ id: z.string().meta({ description: 'of the message' }) }),
    answers: { 200: operationResponses.deadLetterSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/tasks/{token}',
    operationId: 'askWhetherTaskIsOpen',
    summary: 'Tells a plugin whether the attempt that it is about to begin is still awaited',
    params: z.object({
      token: taskTokenSchema.check(z.meta({ description: "the task's own token" })),
    }),
    tokenInPath: true,
    answers: { 200: responses.taskOpennessSchema },
    problems: ['NOT_FOUND', 'BROKEN_JOURNAL'],
  },
  {
    method: 'GET',
    path: '/workflows',
    operationId: 'listWorkflows',
    summary: 'Lists the latest version of each workflow, by name',
    query: requests.pageQuerySchema,
    answers: { 200: responses.workflowListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'PUT',
    path: '/workflows/{name}',
    operationId: 'putWorkflow',
    summary: 'Stores a new version of a workflow, unless the latest one says the same',
    params: z.object({ name: nameSchema }),
    query: requests.putWorkflowQuerySchema,
    body: { 'application/json': putDefinitionSchema, 'application/yaml': putDefinitionSchema },
    answers: { 200: responses.workflowReceiptSchema, 201: responses.workflowReceiptSchema },
    problems: [...BODY, 'INVALID_EXPRESSION', 'WORKFLOW_CYCLE', 'UNSUPPORTED_STEP'],
  },
  {
    method: 'GET',
    path: '/workflows/{name}',
    operationId: 'getWorkflow',
    summary: "Shows a workflow's latest version",
    params: z.object({ name: nameSchema }),
    answers: { 200: responses.workflowSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/workflows/{name}/versions',
    operationId: 'listWorkflowVersions',
    summary:
      "Lists a workflow's versions, the newest first: when each was stored, by whom, and how many active orders have it",
    params: z.object({ name: nameSchema }),
    query: requests.pageQuerySchema,
    answers: { 200: responses.versionListSchema },
    problems: ['INVALID_REQUEST', 'NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/workflows/{name}/plan',
    operationId: 'planWorkflow',
    summary:
      'Tells who would take part in an order with these attributes, with which input, and who would not and why; nothing is stored',
    params: z.object({ name: nameSchema }),
    body: { 'application/json': requests.planRequestSchema },
    answers: { 200: responses.planSchema },
    problems: [...BODY, 'NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/me',
    operationId: 'whoAmI',
    summary: 'Tells whose token the call carries, and what it may do',
    answers: { 200: responses.meSchema },
    problems: [],
  },
  {
    method: 'GET',
    path: '/workflows/{name}/versions/{version}',
    operationId: 'getWorkflowVersion',
    summary: 'Shows one version of a workflow',
    params: z.object({ name: nameSchema, version: z.int().min(1).meta({ description: 'from 1' }) }),
    answers: { 200: responses.workflowSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/plugins',
    operationId: 'listPlugins',
    summary: 'Lists the registered plugins, by name',
    query: requests.pageQuerySchema,
    answers: { 200: responses.pluginListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'POST',
    path: '/plugins/{name}/quarantine',
    operationId: 'quarantinePlugin',
    summary: 'Holds a plugin back: its tasks are parked until it is reopened by hand',
    params: z.object({ name: z.string().meta({ description: "the plugin's name" }) }),
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    answers: { 200: responses.quarantineReceiptSchema },
    problems: [...BODY, 'NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/plugins/{name}/reopen',
    operationId: 'reopenPlugin',
    summary: 'Ends the quarantine of a plugin; what was parked is sent in waves',
    params: z.object({ name: z.string().meta({ description: "the plugin's name" }) }),
    body: { 'application/json': requests.actRequestSchema },
    bodyOptional: true,
    answers: { 200: responses.quarantineReceiptSchema },
    problems: [...BODY, 'NOT_FOUND', 'PLUGIN_NOT_QUARANTINED'],
  },
  {
    method: 'PUT',
    path: '/clients/{clientId}',
    operationId: 'putClient',
    summary: "Stores a client's contract: what its orders run when they name nothing themselves",
    params: z.object({ clientId: nameSchema }),
    body: { 'application/json': clientContractSchema },
    answers: { 200: responses.clientSchema },
    problems: [...BODY, ...NAMED],
  },
  {
    method: 'GET',
    path: '/clients/{clientId}',
    operationId: 'getClient',
    summary: "Shows a client's contract",
    params: z.object({ clientId: nameSchema }),
    answers: { 200: responses.clientSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/clients/{clientId}/tokens',
    operationId: 'makeToken',
    summary: 'Makes a token with which the client posts, reads and cancels its own orders',
    params: z.object({ clientId: nameSchema }),
    body: { 'application/json': requests.tokenRequestSchema },
    bodyOptional: true,
    answers: { 201: responses.newTokenSchema },
    problems: BODY,
  },
  {
    method: 'GET',
    path: '/clients/{clientId}/tokens',
    operationId: 'listTokens',
    summary: "Lists a client's tokens by what they begin with",
    params: z.object({ clientId: nameSchema }),
    query: requests.pageQuerySchema,
    answers: { 200: responses.tokenListSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'DELETE',
    path: '/clients/{clientId}/tokens/{prefix}',
    operationId: 'revokeToken',
    summary: 'Revokes the token that begins with this prefix; within five minutes it is refused',
    params: z.object({
      clientId: nameSchema,
      prefix: z.string().meta({ description: 'what the token begins with' }),
    }),
    answers: { 200: responses.tokenSchema },
    problems: ['INVALID_REQUEST', 'NOT_FOUND'],
  },
  {
    method: 'GET',
    path: '/status',
    operationId: 'getStatus',
    summary:
      'Shows how many orders are active, what waits in the queues, and which plugin is the bottleneck',
    answers: { 200: responses.statusSchema },
    problems: [],
  },
  {
    method: 'GET',
    path: '/openapi.json',
    operationId: 'getOpenapi',
    summary: 'This document',
    answers: {
      200: z.looseObject({ openapi: z.string().meta({ description: 'the version of OpenAPI' }) }),
    },
    problems: [],
  },
];
