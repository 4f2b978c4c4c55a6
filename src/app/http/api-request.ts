import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import type * as z from 'zod';
import { readJson } from '../../contract/json-text.ts';
import { parse, pathDetail } from '../../contract/parse.ts';
import { Problem } from '../../contract/problem.ts';
import { readText } from '../../contract/utf8-text.ts';
import { defined } from '../../core/defined.ts';
import type { Json } from '../../core/json.ts';
import type { Caller } from '../access/caller.ts';
import { callerOf } from '../access/caller.ts';

/** An HTTP request as far as a route is concerned. */
export interface ApiRequest extends TokenRequest {
  readonly caller: Caller;
}

/** A request whose path holds the token that is the authority for it: nothing else is known of its caller. */
export interface TokenRequest {
  /** By which the log knows it. */
  readonly requestId: string;
  /** The variables of the route's path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The content type without its parameters, in lower case; empty when there is none. */
  readonly mediaType: string;
  readonly body: Buffer;
}

/**
 * Lambda takes events of 6 MB, and a binary body arrives in base64, which makes 4 bytes of 3.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** A body that holds a task's result: escaped once more, it fits into the 6 MB that Lambda takes. Larger results are files. */
export const MAX_RESULT_BODY_BYTES = 2.5 * 1024 * 1024;

/** @throws {Problem} UNAUTHORIZED, INVALID_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE */
export function toApiRequest(event: APIGatewayProxyEventV2, context?: Context): ApiRequest {
  return { caller: callerOf(event), ...toTokenRequest(event, context) };
}

/** @throws {Problem} INVALID_REQUEST, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE */
export function toTokenRequest(event: APIGatewayProxyEventV2, context?: Context): TokenRequest {
  const headers = Object.fromEntries(
    Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  return {
    requestId: requestIdOf(event, context),
    params: present(event.pathParameters),
    query: queryOf(event),
    headers,
    mediaType: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    body: bodyOf(event, headers['content-encoding']),
  };
}

export function requestIdOf(event: APIGatewayProxyEventV2, context: Context | undefined): string {
  return context?.awsRequestId ?? event.requestContext?.requestId ?? 'unknown';
}

/** The parameters that name several values by standing there several times. */
const LISTS: ReadonlySet<string> = new Set(['status']);

/**
 * API Gateway joins the values of a parameter with commas, which may also stand in a value: `a=x&a=y` would ask for the one value `x,y`.
 * @throws {Problem} INVALID_REQUEST for a parameter that stands there twice
 */
function queryOf({ rawQueryString, queryStringParameters }: APIGatewayProxyEventV2) {
  const names = [...new URLSearchParams(rawQueryString).keys()];
  const twice = names.find((name, index) => !LISTS.has(name) && names.indexOf(name) < index);
  if (twice === undefined) return present(queryStringParameters);
  throw new Problem('INVALID_REQUEST', [pathDetail([twice], 'this key stands there twice')]);
}

function bodyOf(event: APIGatewayProxyEventV2, encoding = 'identity'): Buffer {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  checkBodySize(body, MAX_BODY_BYTES);
  if (body.length > 0 && encoding !== 'identity') {
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', `content-encoding ${encoding} is not taken`);
  }
  return body;
}

/** A body that holds neither an order's input nor a task's result has no reason to be larger. */
const SMALL_BODY_BYTES = 64 * 1024;

/** The JSON body. @throws {Problem} UNSUPPORTED_MEDIA_TYPE, TOO_LARGE, MALFORMED_BODY */
export function jsonBody(request: TokenRequest, limit: number = SMALL_BODY_BYTES): Json {
  if (!isJson(request)) throw notTaken(request, ['application/json']);
  checkBodySize(request.body, limit);
  return readJson(readText(request.body));
}

/** The JSON body as its schema reads it; `{}` where it is left out. @throws {Problem} as {@link jsonBody}, and INVALID_REQUEST */
export function optionalBody<Schema extends z.ZodType>(
  schema: Schema,
  request: TokenRequest,
  limit?: number,
): z.output<Schema> {
  return parse(schema, request.body.length > 0 ? jsonBody(request, limit) : {});
}

function checkBodySize({ length }: Buffer, limit: number): void {
  if (length <= limit) return;
  throw new Problem('TOO_LARGE', `the body is ${length} bytes; at most ${limit} are taken`);
}

export function isJson({ mediaType }: TokenRequest): boolean {
  return mediaType === 'application/json' || mediaType.endsWith('+json');
}

/** The problem of a body whose type the call does not take. */
export function notTaken({ mediaType }: TokenRequest, taken: readonly string[]): Problem {
  const given = mediaType === '' ? 'no content-type' : `content-type ${mediaType}`;
  const hint =
    mediaType === FORM ? " (curl's default: name the type with -H 'content-type: …')" : '';
  const message = `${given} is not taken here${hint}; there are ${taken.join(', ')}`;
  return new Problem('UNSUPPORTED_MEDIA_TYPE', message);
}

/** What curl says of a body when it is told nothing. */
export const FORM = 'application/x-www-form-urlencoded';

function present(record: Readonly<Record<string, string | undefined>> | null | undefined) {
  return defined(record ?? {}) as Record<string, string>;
}
