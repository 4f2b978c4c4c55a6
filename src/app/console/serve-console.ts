import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Problem } from '../../contract/problem.ts';
import type { ConsoleFile, ConsoleFiles } from './console-files.ts';

const PAGE = 'index.html';

/**
 * What the page may do: run its own script, use its own styles, call its own origin. Nothing inline, nothing of others, no frames. So
 * whatever an order's input holds, it stays text.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  // The address may name an order.
  'referrer-policy': 'no-referrer',
  vary: 'accept-encoding',
};

/** Names of files end in a hash of their content, so a file never changes; the page names the files, so it is asked for each time. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'no-cache';

/** Serves the web console. It holds nothing of any system: what it shows, the browser asks the API for, with the caller's token. */
export function serveConsole(files: ConsoleFiles) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const name = fileAt(event.rawPath, files);
    const file = files[name];
    if (file === undefined) return notFound(event.rawPath);
    const headers = {
      ...HEADERS,
      etag: file.etag,
      'cache-control': name === PAGE ? ASK_AGAIN : FOR_EVER,
    };
    if (given(event, 'if-none-match') === file.etag) return { statusCode: 304, headers };
    return { statusCode: 200, ...contentOf(file, headers, given(event, 'accept-encoding')) };
  };
}

/** Files lie directly under `/console/`. Every other address is one of the page's own, such as `/console/orders/o-1`. */
function fileAt(path: string, files: ConsoleFiles): string {
  const [name = '', ...more] = path.split('/').slice(2);
  const isFile = more.length === 0 && (Object.hasOwn(files, name) || name.includes('.'));
  return isFile ? name : PAGE;
}

function contentOf({ type, gzip }: ConsoleFile, headers: object, accepted = '') {
  const all = { ...headers, 'content-type': type };
  if (/\bgzip\b/.test(accepted)) {
    return { headers: { ...all, 'content-encoding': 'gzip' }, body: gzip, isBase64Encoded: true };
  }
  return { headers: all, body: gunzipSync(Buffer.from(gzip, 'base64')).toString() };
}

function given({ headers }: APIGatewayProxyEventV2, name: string): string | undefined {
  return Object.entries(headers ?? {}).find(([one]) => one.toLowerCase() === name)?.[1];
}

function notFound(path: string): APIGatewayProxyStructuredResultV2 {
  const problem = new Problem('NOT_FOUND', `there is nothing at ${path}`);
  return {
    statusCode: problem.status,
    headers: { ...HEADERS, 'content-type': 'application/problem+json' },
    body: JSON.stringify(problem.toDocument()),
  };
}
