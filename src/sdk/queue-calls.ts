import { createHash, createHmac } from 'node:crypto';
import { text as readText } from 'node:stream/consumers';
import { retryMiddleware, StandardRetryStrategy } from '@smithy/core/retry';
import { HttpRequest } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { JsonObject } from '../core/json.ts';

/**
 * The calls of SQS that a plugin makes. They are put together from the SDK's own parts: its signer, its connections, its
 * retries. That takes 40 KB of a bundle, and the SDK's client for SQS 320: most of it looks for credentials and endpoints, which
 * a function finds in its environment.
 */
export interface QueueCalls {
  send(queueUrl: string, body: string): Promise<void>;
  remove(queueUrl: string, receiptHandle: string): Promise<void>;
  /** Makes a message visible again in so many seconds. */
  delay(queueUrl: string, receiptHandle: string, seconds: number): Promise<void>;
}

/** With the pauses between them, all tries fit into a short function's ten seconds. */
const MAX_ATTEMPTS = 3;

/** Milliseconds of one try. */
const PATIENCE = {
  ...{ connectionTimeout: 1000, requestTimeout: 2500, socketTimeout: 2500 },
  throwOnRequestTimeout: true,
};

/** SQS refuses a call whose clock is some minutes off; the SDK signs it again by SQS's clock from this difference on. */
const MOST_SKEW_MS = 240_000;

/**
 * Each call is tried three times where that may help: after network errors, timeouts, throttling and failures of SQS, with
 * exponential pauses and jitter, as the SDK does.
 *
 * @param variables where the region, the credentials and the endpoint stand, at the time of each call
 */
export function connectQueues(
  variables: NodeJS.ProcessEnv = process.env,
  patience: Partial<typeof PATIENCE> = {},
): QueueCalls {
  const connections = new NodeHttpHandler({ ...PATIENCE, ...patience });
  const retryStrategy = new StandardRetryStrategy(MAX_ATTEMPTS);
  let skewMs = 0;

  /** One try: signs the call and sends it. */
  const attempt = async ({ request }: { request: unknown }) => {
    const signedWithSkewMs = skewMs;
    const signed = await signer(variables).sign(request as HttpRequest, {
      signingDate: new Date(Date.now() + skewMs),
    });
    const { response } = await connections.handle(signed as HttpRequest);
    const text = await readText(response.body);
    const { statusCode, headers } = response;
    const serverTime = Date.parse(headers.date ?? '');
    if (!Number.isNaN(serverTime)) skewMs = serverTime - Date.now();
    const wasSkewed = Math.abs(skewMs - signedWithSkewMs) >= MOST_SKEW_MS;
    if (statusCode >= 300) throw refusal(text, statusCode, wasSkewed, response);
    return { response, output: { $metadata: {}, text } };
  };

  const withRetries = retryMiddleware({
    maxAttempts: async () => MAX_ATTEMPTS,
    retryStrategy: async () => retryStrategy,
  })(attempt, {});

  const call = async (operation: string, input: { QueueUrl: string } & JsonObject) => {
    const request = requestOf(operation, input, variables);
    const { output } = await withRetries({ input, request });
    return JSON.parse(output.text || '{}') as { readonly MD5OfMessageBody?: string };
  };

  return {
    async send(QueueUrl, MessageBody) {
      const { MD5OfMessageBody } = await call('SendMessage', { QueueUrl, MessageBody });
      if (MD5OfMessageBody !== createHash('md5').update(MessageBody).digest('hex')) {
        throw new Error('SQS has received another message than the one that was sent');
      }
    },
    async remove(QueueUrl, ReceiptHandle) {
      await call('DeleteMessage', { QueueUrl, ReceiptHandle });
    },
    async delay(QueueUrl, ReceiptHandle, VisibilityTimeout) {
      const input = { QueueUrl, ReceiptHandle, VisibilityTimeout };
      await call('ChangeMessageVisibility', input);
    },
  };
}

function requestOf(
  operation: string,
  input: { QueueUrl: string } & JsonObject,
  variables: NodeJS.ProcessEnv,
): HttpRequest {
  const { protocol, hostname, port, host, pathname } = endpointOf(input.QueueUrl, variables);
  const { AWS_SDK_UA_APP_ID } = variables;
  const body = JSON.stringify(input);
  return new HttpRequest({
    ...{ method: 'POST', protocol, hostname, path: pathname, body },
    ...(port && { port: Number(port) }),
    headers: {
      host,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': `AmazonSQS.${operation}`,
      'user-agent': `batonflow${AWS_SDK_UA_APP_ID ? ` app/${AWS_SDK_UA_APP_ID}` : ''}`,
    },
  });
}

/** The queue's own host, unless the environment names another: on AWS they are the same. */
function endpointOf(queueUrl: string, variables: NodeJS.ProcessEnv): URL {
  const { AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS } = variables;
  const ignored = AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
  const configured = ignored ? undefined : AWS_ENDPOINT_URL_SQS || AWS_ENDPOINT_URL;
  return configured ? new URL(configured) : new URL('/', queueUrl);
}

function signer(variables: NodeJS.ProcessEnv): SignatureV4 {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION } = variables;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY || !AWS_REGION) {
    throw new Error(
      'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION must be set; Lambda sets them',
    );
  }
  return new SignatureV4({
    service: 'sqs',
    region: AWS_REGION,
    sha256: Sha256,
    credentials: {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    },
  });
}

/** In the form by which the SDK's retries know what they may try again. */
function refusal(text: string, httpStatusCode: number, wasSkewed: boolean, $response: unknown) {
  const { code, message } = codeIn(text, httpStatusCode);
  const $metadata = { httpStatusCode, ...(wasSkewed && { clockSkewCorrected: true }) };
  return Object.assign(new Error(message), { name: code, $metadata, $response });
}

/** `com.amazonaws.sqs#QueueDoesNotExist`; whatever stands between may answer with something else than JSON. */
function codeIn(text: string, statusCode: number): { code: string; message: string } {
  try {
    const { __type = '', message = '' } = JSON.parse(text) as Record<string, string>;
    return { code: __type.split('#').at(-1) || `HTTP_${statusCode}`, message };
  } catch {
    return { code: `HTTP_${statusCode}`, message: text.slice(0, 200) };
  }
}

/** Node's SHA-256 in the form that the signer takes. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer);
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
