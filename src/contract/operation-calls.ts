import * as z from 'zod';
import type { HttpCall } from './http-call.ts';
import { BODY } from './http-call.ts';
import { operationRequestSchema } from './operation-request.ts';
import * as operationResponses from './operation-responses.ts';
import * as requests from './requests.ts';

const OPERATION = z.object({ operationId: z.string().meta({ description: 'of the operation' }) });
const LETTER = z.object({ id: z.string().meta({ description: 'of the message' }) });

/** Calls about many orders at once, and about what the orchestrator has given up on. */
export const OPERATION_CALLS: readonly HttpCall[] = [
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
    params: OPERATION,
    answers: { 200: operationResponses.operationSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/operations/{operationId}/stop',
    operationId: 'stopOperation',
    summary: 'Ends an operation after the orders that are under way; what is done stays done',
    params: OPERATION,
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
    params: LETTER,
    answers: { 200: operationResponses.deadLetterSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'POST',
    path: '/dead-letters/{id}/redrive',
    operationId: 'redriveDeadLetter',
    summary: 'Sends the message to the orchestrator again',
    params: LETTER,
    answers: { 200: operationResponses.redrivenSchema },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'DELETE',
    path: '/dead-letters/{id}',
    operationId: 'dropDeadLetter',
    summary: 'Takes the message away for good',
    params: LETTER,
    answers: { 200: operationResponses.deadLetterSchema },
    problems: ['NOT_FOUND'],
  },
];
