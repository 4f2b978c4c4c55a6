import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from '../../contract/problem.ts';
import { logger } from '../logger.ts';
import { isPassing } from './passing-error.ts';

/** Turns whatever a call throws into a problem document; what is not the caller's to know goes to the log only. */
export function problemResponses(): MiddlewareObj<
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2
> {
  return {
    onError({ error, event, context, response }) {
      if (response !== undefined) return;
      const requestId = context?.awsRequestId ?? event.requestContext?.requestId ?? 'unknown';
      const { method, path = '' } = event.requestContext?.http ?? {};
      // A task's token proves who answers for it, so it stays out of the log.
      const route = `${method} ${path.replace(/^\/tasks\/.*/s, '/tasks/{token}')}`;
      const problem = problemOf(error, requestId);
      const { code, status } = problem;
      if (status < 500) logger.info('request refused', { requestId, route, code });
      else logger.error('request failed', { requestId, route, code, error: error as Error });
      return toResult(problem);
    },
  };
}

function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Error && error.name === 'TooLargeError') {
    return new Problem('TOO_LARGE', error.message);
  }
  const where = `the log has the reason under request ${requestId}`;
  return new Problem(isPassing(error) ? 'UNAVAILABLE' : 'INTERNAL', where);
}

function toResult(problem: Problem): APIGatewayProxyStructuredResultV2 {
  const retry = problem.code === 'UNAVAILABLE' ? { 'retry-after': '1' } : {};
  return {
    statusCode: problem.status,
    headers: { 'content-type': 'application/problem+json', ...retry },
    body: JSON.stringify(problem.toDocument()),
  };
}
