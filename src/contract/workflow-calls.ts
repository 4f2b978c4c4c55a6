import * as z from 'zod';
import type { HttpCall } from './http-call.ts';
import { BODY } from './http-call.ts';
import { nameSchema } from './json.ts';
import * as requests from './requests.ts';
import * as responses from './responses.ts';
import { putDefinitionSchema } from './workflow-schema.ts';

/** Calls about workflows and their versions. */
export const WORKFLOW_CALLS: readonly HttpCall[] = [
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
    problems: [...BODY, 'INVALID_EXPRESSION', 'WORKFLOW_CYCLE'],
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
    path: '/workflows/{name}/versions/{version}',
    operationId: 'getWorkflowVersion',
    summary: 'Shows one version of a workflow',
    params: z.object({ name: nameSchema, version: z.int().min(1).meta({ description: 'from 1' }) }),
    answers: { 200: responses.workflowSchema },
    problems: ['NOT_FOUND'],
  },
];
