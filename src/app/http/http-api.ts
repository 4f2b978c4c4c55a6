import middy from '@middy/core';
import httpRouter from '@middy/http-router';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import * as z from 'zod/mini';
import { parse } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import type { AccessPorts } from '../access/permissions.ts';
import { permit } from '../access/permissions.ts';
import type { ApiRequest, TokenRequest } from './api-request.ts';
import { toApiRequest, toTokenRequest } from './api-request.ts';
import { etagOfText, hasAlready } from './etag.ts';
import { MethodNotAllowed } from './method-not-allowed.ts';
import { problemResponses } from './problem-responses.ts';

export type ApiResponse =
  | {
      readonly status: number;
      /** What is sent as JSON. */
      readonly body: object;
      /** Names what is answered. Default for a GET: a hash of the body. */
      readonly etag?: string;
    }
  /** The caller has it already. */
  | { readonly status: 304; readonly etag: string; readonly body?: undefined };

/** One call of the HTTP API. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As in `serverless.yml`: `/orders/{orderId}`. */
  readonly path: string;
  /** It reads the query, and refuses what it does not know there. Other calls take no query at all. */
  readonly readsQuery?: true;
  readonly tokenInPath?: undefined;
  handle(request: ApiRequest): Promise<ApiResponse> | ApiResponse;
}

/** A call for which a token in its path is the authority; the authorizer is not asked. */
export interface TokenRoute extends Pick<Route, 'method' | 'path'> {
  readonly readsQuery?: undefined;
  readonly tokenInPath: true;
  handle(request: TokenRequest): Promise<ApiResponse> | ApiResponse;
}

const NO_QUERY = z.strictObject({});

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
            answer(route, event, context, access),
        })),
        notFoundResponse: ({ method, path }) => {
          throw noRoute(method, path, known);
        },
      }),
    );
}

async function answer(
  route: Route | TokenRoute,
  event: APIGatewayProxyEventV2,
  context: Context,
  access: AccessPorts | undefined,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (route.tokenInPath) {
    const request = toTokenRequest(event, context);
    refuseUnreadQuery(route, request);
    return toResult(await route.handle(request), route, request.headers);
  }
  const request = toApiRequest(event, context);
  const permitted = await permit(route, request, access);
  refuseUnreadQuery(route, request);
  return toResult(await route.handle(permitted), route, request.headers);
}

/**
 * `POST /orders/o-1/cancel?undo=false` must not undo what the order has done.
 * @throws {Problem} INVALID_REQUEST, as a schema without keys would
 */
function refuseUnreadQuery({ readsQuery }: Route | TokenRoute, { query }: TokenRequest): void {
  if (readsQuery !== true) parse(NO_QUERY, query);
}

function toResult(
  response: ApiResponse,
  { method }: Pick<Route, 'method'>,
  headers: ApiRequest['headers'],
): APIGatewayProxyStructuredResultV2 {
  if (response.body === undefined) return notModified(response.etag);
  const { status, body } = response;
  const text = JSON.stringify(body);
  const result = {
    statusCode: status,
    headers: { 'content-type': 'application/json' },
    body: text,
  };
  if (method !== 'GET' || status !== 200) return result;
  const etag = response.etag ?? etagOfText(text);
  if (hasAlready(etag, headers)) return notModified(etag);
  return { ...result, headers: { ...result.headers, etag } };
}

function notModified(etag: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode: 304, headers: { etag } };
}

function noRoute(
  method: string,
  path: string,
  known: readonly Pick<Route, 'method' | 'path'>[],
): Problem {
  const methods = known.filter((route) => matches(route, path)).map((route) => route.method);
  // API Gateway takes `/orders/` and `/orders/o-1%2Fcancel` for other addresses than `/orders` and `/orders/o-1/cancel`.
  const isAnother = methods.some((one) => one === method);
  if (methods.length === 0 || isAnother) {
    return new Problem('NOT_FOUND', `there is nothing at ${path}`);
  }
  return new MethodNotAllowed(method, path, methods);
}

function matches(route: Pick<Route, 'path'>, path: string): boolean {
  const places = route.path.split('/');
  const given = path.replace(/\/$/, '').split('/');
  return (
    places.length === given.length &&
    places.every((place, index) =>
      place.startsWith('{') ? given[index] !== '' : place === given[index],
    )
  );
}
