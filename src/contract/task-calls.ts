import * as z from 'zod';
import {
  beatTaskSchema,
  callbackReceiptSchema,
  completeTaskSchema,
  failTaskSchema,
} from './callbacks.ts';
import type { HttpCall } from './http-call.ts';
import { BODY } from './http-call.ts';
import { taskTokenSchema } from './messages.ts';
import { taskOpennessSchema } from './responses.ts';

const params = z.object({
  token: taskTokenSchema.check(z.meta({ description: "the task's own token" })),
});

/** Calls under a task's own token, which is their authority. */
export const TASK_CALLS: readonly HttpCall[] = [
  {
    method: 'GET',
    path: '/tasks/{token}',
    operationId: 'askWhetherTaskIsOpen',
    summary: 'Tells a plugin whether the attempt that it is about to begin is still awaited',
    params,
    tokenInPath: true,
    answers: { 200: taskOpennessSchema },
    problems: ['NOT_FOUND', 'BROKEN_JOURNAL'],
  },
  callback('complete', {
    operationId: 'completeTask',
    summary: 'Completes a task that its plugin has deferred',
    body: { 'application/json': completeTaskSchema },
    bodyOptional: true,
  }),
  callback('fail', {
    operationId: 'failTask',
    summary: 'Says that a task that its plugin has deferred has failed',
    body: { 'application/json': failTaskSchema },
  }),
  callback('heartbeat', {
    operationId: 'beatTask',
    summary: 'Says that somebody is at work on a task that its plugin has deferred',
    body: { 'application/json': beatTaskSchema },
    bodyOptional: true,
  }),
];

/** What finishes a task from outside its plugin. */
function callback(
  name: string,
  call: Pick<HttpCall, 'operationId' | 'summary' | 'body' | 'bodyOptional'>,
): HttpCall {
  return {
    ...{ method: 'POST', path: `/tasks/{token}/${name}` },
    ...{ params, tokenInPath: true },
    answers: { 200: callbackReceiptSchema },
    ...call,
    problems: [
      ...BODY,
      ...(['INVALID_TASK_TOKEN', 'NOT_FOUND', 'BROKEN_JOURNAL'] as const),
      ...(['ATTEMPT_OVER', 'FOREIGN_TASK', 'TASK_ANSWERED', 'TASK_NOT_OPEN'] as const),
      ...(['ORDER_ENDED', 'ORDER_COMPENSATING'] as const),
    ],
  };
}
