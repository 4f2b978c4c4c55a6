/** An HTTP request's body on its way to a function: the bytes that were sent, in the shape that API Gateway gives them. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/**
 * The types that an HTTP API takes for text; the bodies of all others, and those without a type, reach the function in
 * base64. AWS does not list them; https://github.com/ministackorg/ministack/pull/766 has tried.
 */
const TEXT = /^(text\/[^;]*|application\/(json|xml|javascript))\s*(;|$)/i;

/** Stands in the raw headers of a request without a content type, which serverless-offline takes for JSON. */
const NO_TYPE = 'x-baton/none';

/** What of hapi's request is touched. */
interface IncomingRequest {
  headers: Record<string, string | undefined>;
  raw: { req: { rawHeaders: string[] } };
}

/**
 * Before anything reads the body: whatever its type, serverless-offline is to see bytes, which it passes on in base64.
 * It would read text as UTF-8, whatever the bytes, and JSON as a value, of which `false`, `null` and `"text"` do not
 * come back as they were. The function's headers come from the raw ones.
 */
export function readAsBytes({ headers, raw: { req } }: IncomingRequest): void {
  if (headers['content-type'] === undefined) req.rawHeaders.push('content-type', NO_TYPE);
  headers['content-type'] = 'application/octet-stream';
}

/**
 * After that: the event as API Gateway makes it. What it does with bytes that are no UTF-8 in a type of text is
 * not documented; here they stay base64, so that the function can tell them and refuse them.
 */
export function asDelivered(event: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const { headers, body, isBase64Encoded } = event;
  const { 'content-type': type, ...others } = headers;
  const given = type === NO_TYPE ? others : headers;
  const text =
    body && isBase64Encoded && TEXT.test(type ?? '')
      ? utf8(Buffer.from(body, 'base64'))
      : undefined;
  if (text === undefined) return { ...event, headers: given };
  return { ...event, headers: given, body: text, isBase64Encoded: false };
}

function utf8(bytes: Buffer): string | undefined {
  try {
    // a byte-order mark belongs to the bytes
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
