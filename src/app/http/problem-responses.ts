import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Problem } from '../../contract/problem.ts';
import { requestIdOf } from './api-request.ts';
import { MethodNotAllowed } from './method-not-allowed.ts';
import { problemOf } from './problem-of.ts';

/** Turns whatever a call throws into a problem document. */
export function problemResponses(): MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> {
  return {
    onError({ error, event, context, response }) {
      if (response !== undefined) return;
      const requestId = requestIdOf(event, context);
      const { method, path = '' } = event.requestContext?.http ?? {};
      // A task's token proves who answers for it, so it stays out of the log.
      const route = `${method} ${path.replace(/^\/tasks\/.*/s, '/tasks/{token}')}`;
      return toResult(problemOf(error, { requestId, route }));
    },
  };
}

function toResult(problem: Problem): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...headersOf(problem) },
    body: JSON.stringify(problem.toDocument()),
  };
}

function headersOf(problem: Problem): Readonly<Record<string, string>> {
  if (problem instanceof MethodNotAllowed) return { allow: problem.methods.join(', ') };
  return problem.code === 'UNAVAILABLE' ? { 'retry-after': '1' } : {};
}
