import type { KeyObject } from 'node:crypto';
import { createHash, createHmac, createSecretKey, hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { retryMiddleware, StandardRetryStrategy } from '@smithy/core/retry';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { regionalOrigin } from './regional-origin.ts';

/** What AWS calls its services in signatures and in the names of their hosts. */
export type ServiceName = 'dynamodb' | 'lambda' | 'monitoring' | 's3' | 'sns' | 'sqs';

/**
 * A service of AWS, called with the SDK's own parts: its signer, its connections, its retries. The SDK's clients for the services that
 * Baton calls take 250 KB of a bundle, and twice the processor time for a call: most of them looks for credentials and
 * endpoints, which a function finds in its environment.
 */
export interface Service {
  /**
   * Each call is tried several times where that may help: after network errors, timeouts, throttling and failures of the service,
   * with exponential pauses and jitter, as the SDK does.
   *
   * @throws {ServiceError} when the service refuses the call, in the end
   */
  send(request: ServiceRequest): Promise<string>;
  /** Likewise, where the answer is no text. */
  fetch(request: ServiceRequest): Promise<Buffer>;
}

export interface ServiceRequest {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PUT';
  /** Below the endpoint, encoded as it stands in a URL. Default: the endpoint itself. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Where AWS has what is called, if the environment names no endpoint. Default: the region's. */
  readonly origin?: string;
  /** Calls it off. */
  readonly signal?: AbortSignal | undefined;
}

/** What an answer with a status of 300 or more says. */
export interface Refusal {
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: unknown;
}

export interface Patience {
  /** Milliseconds until a connection has to stand. */
  readonly connectionTimeout: number;
  /** Milliseconds until an answer has to be there, from the moment in which the request is sent. */
  readonly requestTimeout: number;
  /** Milliseconds without a byte. Default: no limit of its own. */
  readonly socketTimeout?: number;
}

export interface ServiceOptions {
  readonly name: ServiceName;
  readonly maxAttempts: number;
  readonly patience: Patience;
  /** Calls at once; further ones wait. Default: 50. */
  readonly maxSockets?: number;
  /** Where region, credentials and endpoint stand, at the time of each call. Default: the process's environment. */
  readonly variables?: NodeJS.ProcessEnv;
  /** Reads an answer that is a refusal. Whatever stands between may have written it, so that it may be anything. */
  refusalIn(text: string, headers: Readonly<Record<string, string>>): Refusal;
}

/** A call that the service has refused, in the form by which the SDK's retries know what they may try again. */
export class ServiceError extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly clockSkewCorrected?: true };
  readonly $response: unknown;
  /** What the answer says beside code and message. */
  readonly details: unknown;

  constructor(
    { code, message, details }: Refusal,
    { httpStatusCode, wasSkewed, response }: Circumstances,
  ) {
    super(message);
    this.name = code || `HTTP_${httpStatusCode}`;
    this.$metadata = { httpStatusCode, ...(wasSkewed && { clockSkewCorrected: true }) };
    this.$response = response;
    this.details = details;
  }
}

interface Circumstances {
  readonly httpStatusCode: number;
  readonly wasSkewed: boolean;
  readonly response: unknown;
}

/** A service refuses a call whose clock is some minutes off; the SDK signs it again by the service's clock from this difference on. */
const MOST_SKEW_MS = 240_000;

export function connectService(options: ServiceOptions): Service {
  const { name, maxAttempts, maxSockets = 50, variables = process.env } = options;
  const agent = { keepAlive: true, maxSockets };
  const connections = new NodeHttpHandler({
    ...options.patience,
    ...{ throwOnRequestTimeout: true, httpAgent: agent, httpsAgent: agent },
  });
  const retryStrategy = new StandardRetryStrategy(maxAttempts);
  let skewMs = 0;

  /** One try: signs the request and sends it. */
  const attempt = async ({ input, request }: { input: object; request: unknown }) => {
    const { signal: abortSignal } = input as ServiceRequest;
    const signedWithSkewMs = skewMs;
    const signed = await signer(name, variables).sign(request as HttpRequest, {
      signingDate: new Date(Date.now() + skewMs),
    });
    const { response } = await connections.handle(
      signed as HttpRequest,
      abortSignal ? { abortSignal } : {},
    );
    // `buffer` of node:stream/consumers makes a Blob first, which takes a sixth of the call.
    const body = Buffer.concat(await (response.body as Readable).toArray());
    const { statusCode, headers } = response;
    const serverTime = Date.parse(headers.date ?? '');
    if (!Number.isNaN(serverTime)) skewMs = serverTime - Date.now();
    if (statusCode >= 300) {
      const wasSkewed = Math.abs(skewMs - signedWithSkewMs) >= MOST_SKEW_MS;
      const circumstances = { httpStatusCode: statusCode, wasSkewed, response };
      throw new ServiceError(options.refusalIn(body.toString(), headers), circumstances);
    }
    return { response, output: { $metadata: {}, body } };
  };

  const withRetries = retryMiddleware({
    maxAttempts: async () => maxAttempts,
    retryStrategy: async () => retryStrategy,
  })(attempt, {});

  const fetch = async (asked: ServiceRequest) => {
    const request = requestOf(name, asked, variables);
    const { output } = await withRetries({ input: asked, request });
    return output.body;
  };
  return { fetch, send: async (asked) => (await fetch(asked)).toString() };
}

function requestOf(
  name: ServiceName,
  { method = 'POST', path, query = {}, headers, body, origin }: ServiceRequest,
  variables: NodeJS.ProcessEnv,
): HttpRequest {
  const { protocol, hostname, port, host, pathname } = endpointOf(name, origin, variables);
  const { AWS_SDK_UA_APP_ID } = variables;
  const fullPath = path === undefined ? pathname : pathname.replace(/\/$/, '') + path;
  return new HttpRequest({
    ...{ method, protocol, hostname, path: fullPath, query, body },
    ...(port && { port: Number(port) }),
    headers: {
      host,
      ...headers,
      ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }),
      'user-agent': `batonflow${AWS_SDK_UA_APP_ID ? ` app/${AWS_SDK_UA_APP_ID}` : ''}`,
    },
  });
}

/** The endpoint that the environment names, if it does: https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function endpointOf(
  name: ServiceName,
  origin: string | undefined,
  variables: NodeJS.ProcessEnv,
): URL {
  const { AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = variables;
  const ownVariable = `AWS_ENDPOINT_URL_${name === 'monitoring' ? 'CLOUDWATCH' : name.toUpperCase()}`;
  const ignored = AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
  const configured = ignored ? undefined : variables[ownVariable] || AWS_ENDPOINT_URL;
  return new URL(configured || origin || regionalOrigin(name, variables.AWS_REGION ?? ''));
}

function signer(service: ServiceName, variables: NodeJS.ProcessEnv): SignatureV4 {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = variables;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || !AWS_REGION) {
    throw new Error(
      'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION must be set; Lambda sets them',
    );
  }
  return new SignatureV4({
    service,
    region: AWS_REGION,
    sha256: Sha256,
    // S3 takes the path as it is; all others want it encoded once more.
    uriEscapePath: service !== 's3',
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
}

/** By the bytes of a key, which the signer keeps for a day: Node takes 10 µs longer over them than over a key that is made of them. */
const keys = new WeakMap<object, KeyObject>();

function keyOf(secret: string | ArrayBuffer | ArrayBufferView): string | KeyObject {
  if (typeof secret === 'string') return secret;
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const key = createSecretKey(secret as NodeJS.ArrayBufferView);
  keys.set(secret, key);
  return key;
}

/** Node's SHA-256 in the form that the signer takes. Of a text that comes at once, as nearly all do, the hash is made in one step. */
class Sha256 {
  readonly #key: string | KeyObject | undefined;
  readonly #parts: (string | Uint8Array)[] = [];

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#key = secret === undefined ? undefined : keyOf(secret);
  }

  update(data: string | Uint8Array): void {
    this.#parts.push(data);
  }

  async digest(): Promise<Uint8Array> {
    const [first = '', ...more] = this.#parts;
    if (this.#key === undefined && more.length === 0) return hash('sha256', first, 'buffer');
    const digest = this.#key === undefined ? createHash('sha256') : createHmac('sha256', this.#key);
    for (const part of this.#parts) digest.update(part);
    return digest.digest();
  }

  reset(): void {}
}
