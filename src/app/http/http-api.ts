import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { Problem } from '../../contract/problem.ts';
import type { AccessPorts } from '../access/permissions.ts';
import { permit } from '../access/permissions.ts';
import type { ApiRequest, TokenRequest } from './api-request.ts';
import { toApiRequest, toTokenRequest } from './api-request.ts';
import { MethodNotAllowed } from './method-not-allowed.ts';
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
  readonly tokenInPath?: undefined;
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse;
}

/** A call for which a token in its path is the authority; the authorizer is not asked. */
export interface TokenRoute extends Pick<Route, 'method' | 'path'> {
  readonly tokenInPath: true;
  handle(request: TokenRequest): Promise<ApiResponse> | ApiResponse;
}

export type HttpHandler = ReturnType<typeof httpApi>;

/**
 * The Lambda function that answers the given calls, if their callers may make them; whatever a call throws becomes a
 * problem document.
 * @param access says whose an order is, and what its client may do. Without it, the paths of single orders are for operators only.
 * @param known lists every call of the API, so that an unknown path (404) can be told from a wrong method (405).
 */
export function httpApi(
  routes: readonly (Route | TokenRoute)[],
  access?: AccessPorts,
  known: readonly Pick<Route, 'method' | 'path'>[] = routes,
) {
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(problemResponses())
    .handler(
      httpRouter<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({
        routes: routes.map((route) => ({
          method: route.method,
          path: route.path,
          handler: async (event: APIGatewayProxyEventV2, context: Context) =>
            toResult(
              route.tokenInPath
                ? await route.handle(toTokenRequest(event, context))
                : await route.handle(await permit(route, toApiRequest(event, context), access)),
            ),
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
  return new MethodNotAllowed(method, path, methods);
}

function matches(route: Pick<Route, 'path'>, path: string): boolean {
  const places = route.path.split('/');
  const given = path.replace(/\/$/, '').split('/');
  return (
    places.length === given.length &&
    places.every((place, index) => place.startsWith('{') || place === given[index])
  );
}
