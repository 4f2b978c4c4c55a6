import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { CustomResourceResponse } from '../cloudformation/custom-resource.ts';
import { FunctionError } from '../lambda/function-instance.ts';
import type { Functions } from '../lambda/functions.ts';
import { functionName } from '../lambda/functions.ts';
import type { EventSourceMapping, MappingSettings } from '../mapping/event-source-mapping.ts';
import type { MetricDataRequest } from '../monitoring/metric-data.ts';
import type { Monitoring } from '../monitoring/monitoring.ts';
import { refuseForeign } from './refuse-foreign.ts';

export interface ControlServerOptions {
  functions: Functions;
  mappings: () => EventSourceMapping[];
  /** A mapping has other settings than before. */
  updated: (mapping: EventSourceMapping, before: MappingSettings) => void;
  monitoring: Monitoring;
  /** What `GET /` answers. */
  about: object;
}

/**
 * A small server on 127.0.0.1, shaped like the APIs of Lambda and CloudWatch where there is one, so that an SDK client
 * reads it with `AWS_ENDPOINT_URL_LAMBDA` or `AWS_ENDPOINT_URL_CLOUDWATCH`. Who reaches it may do everything, so `url` begins with
 * a secret of this run, and bodies are JSON by their content type, which no form of a web page has:
 *
 * - `GET /2015-03-31/event-source-mappings/?FunctionName=&EventSourceArn=`, `GET | PUT /2015-03-31/event-source-mappings/{UUID}`
 * - `POST /2015-03-31/functions/{name}/invocations`
 * - `POST /` with the target GetMetricData
 * - `GET /alarms`: the alarms and their states
 * - `GET /instances`: the instances of each function, which on AWS are the metric ConcurrentExecutions
 *
 * Without the secret: `PUT /responses/{id}`, where custom resources answer. The id is a secret of its own, and works once.
 */
export class ControlServer {
  readonly #options: ControlServerOptions;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #expected = new Map<string, (response: CustomResourceResponse) => void>();
  readonly #secret = randomBytes(24).toString('base64url');
  #address = '';

  constructor(options: ControlServerOptions) {
    this.#options = options;
  }

  /** Without the secret. */
  get address(): string {
    return this.#address;
  }

  get url(): string {
    return `${this.#address}/${this.#secret}`;
  }

  async start(): Promise<this> {
    refuseForeign(this.#server);
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** A URL for one answer of a custom resource. */
  expectResponse() {
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<CustomResourceResponse>();
    this.#expected.set(id, resolve);
    return {
      url: `${this.#address}/responses/${id}`,
      response: promise,
      cancel: () => void this.#expected.delete(id),
    };
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(JSON.stringify(body, null, 2));
    try {
      const { status, body } = await this.#route(request);
      const errorType = ERROR_TYPES[status];
      if (errorType) response.setHeader('x-amzn-errortype', errorType);
      send(status, body);
    } catch (error) {
      const refusal = error instanceof FunctionError ? REFUSALS[error.errorType] : undefined;
      if (error instanceof FunctionError && refusal !== undefined) {
        response.setHeader('x-amzn-errortype', error.errorType);
        send(refusal, { Type: 'User', message: error.message });
      } else if (error instanceof FunctionError) {
        response.setHeader('x-amz-function-error', 'Unhandled');
        send(200, { errorType: error.errorType, errorMessage: error.message });
      } else {
        const { message } = error as Error;
        response.setHeader('x-amzn-errortype', 'InvalidParameterValueException');
        send(400, { __type: 'InvalidParameterValueException', Type: 'User', message });
      }
    }
  }

  async #route(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(String(request.url), this.#address);
    const [secret = '', ...path] = pathname.split('/').filter(Boolean);
    const ok = (body: unknown, status = 200) => ({ status, body });
    if (request.method === 'PUT' && secret === 'responses') {
      const id = String(path[0]);
      const answer = (await json(request)) as CustomResourceResponse;
      const expected = this.#expected.get(id);
      this.#expected.delete(id);
      expected?.(answer);
      return expected ? ok({}) : ok({ Message: 'nobody waits for this answer' }, 404);
    }
    if (!isSame(secret, this.#secret)) return ok({ Type: 'User', message: WITHOUT_SECRET }, 403);
    const type = request.headers['content-type'];
    if (takesBody(request) && !JSON_TYPE.test(type ?? ''))
      return ok(
        { Type: 'User', message: `the content type is ${type}; send application/json` },
        415,
      );

    const [first, second, third] = path[0] === '2015-03-31' ? path.slice(1) : path;
    const route = `${request.method} ${first ?? ''}${second ? '/…' : ''}`;
    const { functions, about, monitoring } = this.#options;

    if (route === 'GET ') return ok(about);
    if (route === 'POST ' && request.headers['x-amz-target'])
      return ok(await this.#cloudWatch(String(request.headers['x-amz-target']), request));
    if (route === 'GET alarms') return ok({ alarms: monitoring.alarms() });
    if (route === 'GET instances') return ok({ functions: functions.list() });
    if (route === 'GET event-source-mappings')
      return ok({ EventSourceMappings: this.#list(searchParams).map(configuration) });
    if (route === 'POST functions/…' && third === 'invocations')
      return ok(await functions.invoke(decodeURIComponent(String(second)), await json(request)));

    const mapping = this.#options.mappings().find(({ source }) => source.id === second);
    if (route === 'GET event-source-mappings/…' && mapping) return ok(configuration(mapping));
    if (route === 'PUT event-source-mappings/…' && mapping) {
      const before = mapping.settings;
      mapping.update(settings((await json(request)) as UpdateRequest, before));
      this.#options.updated(mapping, before);
      return ok(configuration(mapping), 202);
    }
    return ok(
      { Type: 'User', message: `no resource at ${request.method} /${path.join('/')}` },
      404,
    );
  }

  async #cloudWatch(target: string, request: IncomingMessage): Promise<object> {
    const operation = target.split('.')[1];
    if (operation !== 'GetMetricData')
      throw new Error(`${operation} is not provided locally, only GetMetricData`);
    return this.#options.monitoring.metricData((await json(request)) as MetricDataRequest);
  }

  #list(query: URLSearchParams): EventSourceMapping[] {
    const name = query.get('FunctionName');
    const queueArn = query.get('EventSourceArn');
    // what stands in for a topic's subscription is none to the outside
    return this.#options
      .mappings()
      .filter(({ source }) => !source.toEvent)
      .filter(({ source }) => !name || functionName(source.functionArn) === functionName(name))
      .filter(({ source }) => !queueArn || source.queueArn === queueArn);
  }
}

const WITHOUT_SECRET =
  'the address lacks the secret of the control server: the whole of it is controlUrl in running.json of the data folder';

/** What the SDKs read the kind of an error from. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  415: 'UnsupportedMediaTypeException',
};

/** Lambda refuses these before a function runs: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const REFUSALS: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
};

/** JSON, and JSON as the SDKs call it: in an invocation, bytes. */
const JSON_TYPE = /^application\/(json|x-amz-json-1\.[01]|octet-stream)\s*(;|$)/i;

function takesBody({ method }: IncomingMessage): boolean {
  return method === 'POST' || method === 'PUT';
}

/** In a time that tells nothing of how much is right. */
function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The body of Lambda's UpdateEventSourceMapping, as far as it applies. */
interface UpdateRequest {
  Enabled?: boolean;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  ScalingConfig?: { MaximumConcurrency?: number };
}

function settings(request: UpdateRequest, now: MappingSettings): MappingSettings {
  const { Enabled, BatchSize, MaximumBatchingWindowInSeconds, ScalingConfig } = request;
  const maximum = ScalingConfig ? ScalingConfig.MaximumConcurrency : now.maximumConcurrency;
  if (maximum !== undefined && !(Number.isInteger(maximum) && maximum >= 2 && maximum <= 1000))
    throw new Error(`MaximumConcurrency is ${maximum}; it must be from 2 to 1000`);
  return {
    enabled: Enabled ?? now.enabled,
    batchSize: BatchSize ?? now.batchSize,
    batchingWindowSeconds: MaximumBatchingWindowInSeconds ?? now.batchingWindowSeconds,
    maximumConcurrency: maximum,
  };
}

/** Lambda's EventSourceMappingConfiguration. */
function configuration({ source, settings }: EventSourceMapping): object {
  const { enabled, batchSize, batchingWindowSeconds, maximumConcurrency } = settings;
  return {
    UUID: source.id,
    EventSourceArn: source.queueArn,
    FunctionArn: source.functionArn,
    State: enabled ? 'Enabled' : 'Disabled',
    BatchSize: batchSize,
    MaximumBatchingWindowInSeconds: batchingWindowSeconds,
    ScalingConfig:
      maximumConcurrency === undefined ? {} : { MaximumConcurrency: maximumConcurrency },
    FunctionResponseTypes: source.reportBatchItemFailures ? ['ReportBatchItemFailures'] : [],
  };
}
