import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from '../../contract/problem.ts';
import type { Journal } from '../../ports/journal.ts';
import { permit } from '../access/permissions.ts';
import type { ApiRequest } from './api-request.ts';
import { toApiRequest } from './api-request.ts';
import { problemResponses } from './problem-responses.ts';

export interface ApiResponse {
  readonly status: number;
  /** What is sent as JSON. */
  readonly body: object;
}

/** One call of the HTTP API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in `serverless.yml`: `/orders/{orderId}`. */
  readonly path: string;
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse;
}

export type HttpHandler = ReturnType<typeof httpApi>;

/**
 * The Lambda function that answers the given calls, as far as their callers may make them; whatever a call throws becomes a
 * problem document. `journal` says whose an order is: without it, the paths of single orders are for operators only.
 * `known` are all calls that there are, these and those of other functions: what is none of them is told apart by them.
 */
export function httpApi(
  routes: readonly Route[],
  journal?: Pick<Journal, 'latest'>,
  known: readonly Pick<Route, 'method' | 'path'>[] = routes,
) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(problemResponses())
    .handler(
      httpRouter<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
        routes: routes.map((route) => ({
          method: route.method,
          path: route.path,
          handler: async (event: APIGatewayProxyEventV2) =>
            toResult(await route.handle(await permit(route, toApiRequest(event), journal))),
        })),
        notFoundResponse: ({ method, path }) => {
          throw noRoute(method, path, known);
        },
      }),
    );
}

function toResult({ status, body }: ApiResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

function noRoute(
  method: string,
  path: string,
  known: readonly Pick<Route, 'method' | 'path'>[],
): Problem {
  const methods = known.filter((route) => matches(route, path)).map((route) => route.method);
  if (methods.length === 0) return new Problem('NOT_FOUND', `there is nothing at ${path}`);
  const message = `${path} does not take ${method}; it takes ${methods.join(', ')}`;
  return new Problem('METHOD_NOT_ALLOWED', message);
}

function matches(route: Pick<Route, 'path'>, path: string): boolean {
  const places = route.path.split('/');
  const given = path.replace(/\/$/, '').split('/');
  return (
    places.length === given.length &&
    places.every((place, index) => place.startsWith('{') || place === given[index])
  );
}
