import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';

export interface Admission {
  /** Origins besides the server's own, as `allowedOrigins` of an HTTP API has them: `*`, `https://*` or `https://a.example`. */
  origins?: readonly string[];
  /** Whether a page of another site may lead a person here by a link. */
  links?: boolean;
  /** Whether `bucket.localhost` is this server, too: the SDKs address S3 so. */
  subdomains?: boolean;
}

interface Refusal {
  code: 'FOREIGN_HOST' | 'FOREIGN_ORIGIN';
  title: string;
  detail: string;
}

/**
 * Lets through to a server of this machine what programs of this machine send, and no web page of another's: neither one
 * that a browser fetched from elsewhere (`Origin`, `Sec-Fetch-Site`), nor one whose own name leads to 127.0.0.1 by now (`Host`).
 * Whatever else would read `Origin`, to answer with CORS headers of its own, does not see it unless `origins` are given.
 *
 * Call it when the server has its listener.
 */
export function refuseForeign(server: Server, admission: Admission = {}): void {
  const listeners = server.listeners('request') as RequestListener[];
  if (listeners.length === 0) throw new Error('the server has nothing yet that answers requests');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const refusal = refusalOf(request, Number(request.socket.localPort), admission);
    if (refusal) return refuse(request, response, refusal);
    if (!admission.origins) delete request.headers.origin;
    for (const listener of listeners) listener.call(server, request, response);
  });
}

function refusalOf(
  { headers, method, rawHeaders }: IncomingMessage,
  port: number,
  { origins = [], links = false, subdomains = false }: Admission,
): Refusal | undefined {
  const hosts = valuesOf(rawHeaders, 'host');
  const own = ['127.0.0.1', 'localhost', '[::1]'].map((name) => withPort(name, port));
  const isOwn = (host: string) =>
    own.includes(host) || (subdomains && host.endsWith(`.${withPort('localhost', port)}`));
  if (hosts.length !== 1 || !hosts.every((host) => isOwn(host.toLowerCase())))
    return {
      code: 'FOREIGN_HOST',
      title: 'The call is addressed to another server',
      detail: `The header Host is ${say(hosts)}; this server is ${own.join(', ')} and nothing else.`,
    };

  const foreign = valuesOf(rawHeaders, 'origin').find(
    (origin) => origin !== `http://${hosts[0]}` && !origins.some((one) => covers(one, origin)),
  );
  if (foreign !== undefined)
    return {
      code: 'FOREIGN_ORIGIN',
      title: 'The call comes from a web page that has no business here',
      detail: `The header Origin is ${say([foreign])}; pages of other origins may not call this server${origins.length ? `, but for ${origins.join(', ')}` : ''}.`,
    };

  // a browser sends no Origin with an image, a script or a link
  const site = headers['sec-fetch-site'];
  const isForeign = site === 'cross-site' || site === 'same-site';
  const isLink = links && headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
  if (isForeign && !isLink && headers.origin === undefined && !origins.includes('*'))
    return {
      code: 'FOREIGN_ORIGIN',
      title: 'The call comes from a web page that has no business here',
      detail: `The header Sec-Fetch-Site is ${site}; pages of other origins may not load anything from this server.`,
    };
  return undefined;
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const status = 403;
  const { code, title, detail } = refusal;
  request.resume();
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ type: `urn:baton:problem:${code}`, title, status, code, detail }));
}

/** Browsers leave out the port of http. */
function withPort(name: string, port: number): string {
  return port === 80 ? name : `${name}:${port}`;
}

/** All values of a header: `headers` keeps only the first `host`. */
function valuesOf(rawHeaders: string[], name: string): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name,
  );
}

function covers(allowed: string, origin: string): boolean {
  return allowed.endsWith('*') ? origin.startsWith(allowed.slice(0, -1)) : origin === allowed;
}

function say(values: string[]): string {
  return values.map((value) => JSON.stringify(value.slice(0, 100))).join(' and ') || 'missing';
}
