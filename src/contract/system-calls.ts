import * as z from 'zod';
import { countsQuerySchema, countsSchema } from './counts.ts';
import { historyQuerySchema, systemHistorySchema } from './history.ts';
import type { HttpCall } from './http-call.ts';
import * as responses from './responses.ts';

/** Calls about the system as a whole. */
export const SYSTEM_CALLS: readonly HttpCall[] = [
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
    path: '/counts',
    operationId: 'getCounts',
    summary: 'Counts what has completed, failed and was cancelled, over time',
    query: countsQuerySchema,
    answers: { 200: countsSchema },
    problems: ['INVALID_REQUEST'],
  },
  {
    method: 'GET',
    path: '/history',
    operationId: 'getHistory',
    summary: 'Shows how many orders and tasks there were, over time',
    query: historyQuerySchema,
    answers: { 200: systemHistorySchema },
    problems: ['INVALID_REQUEST'],
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
