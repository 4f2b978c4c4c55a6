import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSEvent,
} from 'aws-lambda';
import { makeClients } from '../../src/app/clients/clients-api.ts';
import type { HttpHandler } from '../../src/app/http/http-api.ts';
import { makeOpenapi } from '../../src/app/http/openapi-api.ts';
import { makeIngest } from '../../src/app/intake/ingest-api.ts';
import { logger } from '../../src/app/logger.ts';
import { makeOperations } from '../../src/app/operations/operations-api.ts';
import { makeBury } from '../../src/app/orders/bury-records.ts';
import { makeOrchestrate } from '../../src/app/orders/orchestrate-records.ts';
import { makeOrders } from '../../src/app/orders/orders-api.ts';
import { makePlugins } from '../../src/app/registration/plugins-api.ts';
import { makeStatus } from '../../src/app/scaling/status-api.ts';
import { makeSchedules } from '../../src/app/schedules/schedules-api.ts';
import { makeWorkflows } from '../../src/app/workflows/workflows-api.ts';
import { createLogLinks } from '../../src/aws/log-links.ts';
import type { TaskMessage } from '../../src/contract/messages.ts';
import type { ProblemDocument } from '../../src/contract/problem.ts';
import { pluginKey, signToken } from '../../src/contract/task-token.ts';
import type { Json } from '../../src/core/json.ts';
import type { Plugin } from '../../src/core/plugin.ts';
import type { Bottleneck } from '../../src/core/scaling.ts';
import type { DirectAnswers, Question } from '../../src/ports/direct-answers.ts';
import type { MasterSecret } from '../../src/ports/master-secret.ts';
import type { Dimensions } from '../../src/ports/metrics.ts';
import type { PluginGauges } from '../../src/ports/plugin-metrics.ts';
import type { ReceivedRecord } from '../../src/ports/redelivery.ts';
import { createMemoryDeadLetters } from '../ports/memory/dead-letters.ts';
import { createMemoryFailureWindows } from '../ports/memory/failure-windows.ts';
import { createMemoryObjects, createMemoryPayloads } from '../ports/memory/objects.ts';
import { createMemoryOperationQueue, createMemoryOperations } from '../ports/memory/operations.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { createMemoryPluginRecords } from '../ports/memory/records.ts';
import { createMemoryWorkers } from '../ports/memory/workers.ts';
import { undocumented } from './http/document.ts';

logger.setLogLevel('SILENT');

export const T0 = Date.parse('2026-11-21T08:00:00.000Z');
export const MASTER = 'the-master-secret-of-the-tests';
export const MAX_INPUT_BYTES = 2000;

/** What a plugin of the tests does with its input. */
export type Behaviour = (input: Json, message: TaskMessage) => Json;

const ARITHMETIC: Readonly<Record<string, Behaviour>> = {
  A: (input) => (input as number) + 2,
  B: (input) => (input as number) * 2,
};

export interface Reply<T> {
  readonly status: number;
  readonly contentType: string;
  readonly headers: NonNullable<APIGatewayProxyStructuredResultV2['headers']>;
  readonly body: T;
}

export interface CallOptions {
  readonly body?: string | Uint8Array | object | undefined;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  /** What the authorizer says. Default: an operator calls. `{}` where none was asked. */
  readonly as?: object;
}

/** The whole core in memory, and plugins that do their tasks when `run` is called. */
export function createSystem(behaviours: Readonly<Record<string, Behaviour>> = ARITHMETIC) {
  const now = { at: T0 };
  const masterSecret: MasterSecret = { read: async () => ({ current: MASTER }) };
  const memory = createMemoryPorts(() => now.at, Object.keys(behaviours).map(pluginOf));
  const objects = new Map<string, Uint8Array>();
  const published: object[] = [];
  const facts: object[] = [];
  const precluded: ReceivedRecord[] = [];
  const delayed: (ReceivedRecord & { readonly seconds: number })[] = [];
  const waiting: { ask: DirectAnswers['ask'] } = { ask: async () => ({ outcome: 'switchedOff' }) };
  const ports = {
    ...memory,
    directAnswers: { ask: (question: Question) => waiting.ask(question) },
    objects: createMemoryObjects(objects),
    payloads: createMemoryPayloads(objects),
    masterSecret,
    lifecycle: { publish: async (fact: object) => void facts.push(fact) },
    queueGauges: {
      read: async (urls: readonly string[]) =>
        new Map(urls.map((url) => [url, { visible: 0, inFlight: 0, delayed: 0 }])),
    },
    pluginMetrics: {
      gauges: async (_: readonly Plugin[]) => new Map<string, PluginGauges>(),
    },
    bottlenecks: createMemoryPluginRecords<Bottleneck>(),
    metrics: {
      publish(dimensions: Dimensions, values: Readonly<Record<string, number>>) {
        published.push({ ...dimensions, ...values });
      },
    },
    redelivery: {
      delay: async (record: ReceivedRecord, seconds: number) => {
        delayed.push({ ...record, seconds });
      },
      preclude: async (record: ReceivedRecord) => {
        precluded.push(record);
      },
    },
    failureWindows: createMemoryFailureWindows(),
    workers: createMemoryWorkers(),
    operations: createMemoryOperations(),
    operationQueue: createMemoryOperationQueue(),
    deadLetters: createMemoryDeadLetters(),
    logLinks: createLogLinks('eu-west-1'),
    maxInputBytes: MAX_INPUT_BYTES,
    prefix: 'baton-test',
  };
  const orchestrate = makeOrchestrate(ports);
  const handlers: readonly (readonly [RegExp, HttpHandler])[] = [
    [/^\/openapi/, makeOpenapi()],
    [/^\/workflows\/[^/]+\/(plan|versions)$/, makeOrders(ports)],
    [/^\/workflows/, makeWorkflows(ports)],
    [/^\/(clients|me$)/, makeClients(ports)],
    [/^\/plugins\/[^/]+\/history/, makeStatus(ports)],
    [/^\/schedules/, makeSchedules(ports)],
    [/^\/plugins/, makePlugins(ports)],
    [/^\/(status|counts|history)/, makeStatus(ports)],
    [/^\/(operations|dead-letters)/, makeOperations(ports)],
    [/^POST \/(orders|events|orders\/[^/]+\/events)$/, makeIngest(ports)],
    [/^\/orders\/|^GET \/orders|^\/tasks\//, makeOrders(ports)],
    // `$default`
    [/./, makeOpenapi()],
  ];

  async function call<T = ProblemDocument>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Reply<T>> {
    const [, handler] = handlers.find(
      ([pattern]) => pattern.test(path) || pattern.test(`${method} ${path}`),
    ) as readonly [RegExp, HttpHandler];
    const result = (await handler(
      httpEvent(method, path, options),
      CONTEXT,
    )) as APIGatewayProxyStructuredResultV2;
    const status = result.statusCode ?? 0;
    const body: unknown = JSON.parse(result.body ?? 'null');
    const contentType = String(result.headers?.['content-type']);
    // Every answer of every test keeps to the OpenAPI document.
    const faults = undocumented(method, path, { status, contentType, body });
    if (faults.length > 0) throw new Error(`not as documented: ${faults.join('; ')}`);
    return { status, contentType, headers: result.headers ?? {}, body: body as T };
  }

  /** Delivers messages until none is left. */
  async function run(): Promise<void> {
    while (await deliver());
  }

  /** Delivers the messages that have been sent, and not those that are sent because of them. @returns whether there was any */
  async function deliver(): Promise<boolean> {
    const messages = memory.messenger.sent.splice(0);
    const bodies = messages.flatMap((outgoing): object[] => {
      if (outgoing.to === 'orchestrator') return outgoing.delaySeconds > 0 ? [] : [outgoing.body];
      return outgoing.to === 'lifecycle' ? [] : [{ answers: answersTo(outgoing.body, behaviours) }];
    });
    if (bodies.length > 0) await orchestrate(sqsEvent(bodies), CONTEXT);
    return messages.length > 0;
  }

  return {
    ports,
    now,
    /** Who waits for orders; at first nobody does. */
    waiting,
    objects,
    published,
    facts,
    delayed,
    precluded,
    call,
    run,
    deliver,
    orchestrate,
    bury: makeBury(ports),
  };
}

export type System = ReturnType<typeof createSystem>;

/** Whether anything at all has been stored or sent. */
export function isUntouched({ ports, objects }: System): boolean {
  return ports.journal.all().size === 0 && ports.messenger.sent.length === 0 && objects.size === 0;
}

export function pluginOf(name: string): Plugin {
  return {
    name,
    joins: [],
    history: false,
    compensates: false,
    timeoutSeconds: 300,
    totalSeconds: 86_400,
    retry: { maxAttempts: 3, backoffSeconds: 2, maxBackoffSeconds: 300 },
    concurrency: { base: 2, ceiling: 2 },
    owner: 'arn:aws:cloudformation:eu-west-1:1:stack/arithmetic',
    queueUrl: `https://sqs.example/1/baton-test-plugin-${name}`,
    queueArn: `arn:aws:sqs:eu-west-1:1:baton-test-plugin-${name}`,
    registeredAt: T0 - 3_600_000,
  };
}

export function tokenFor(
  plugin: string,
  claim: { readonly orderId: string; readonly taskId: string; readonly attempt: number },
): string {
  return signToken({ ...claim, plugin }, pluginKey(MASTER, plugin));
}

function answersTo(message: TaskMessage, behaviours: Readonly<Record<string, Behaviour>>) {
  const { orderId, invited, input } = message;
  return Object.entries(invited).map(([plugin, { taskId, attempt }]) => {
    const token = tokenFor(plugin, { orderId, taskId, attempt });
    try {
      return { type: 'TaskCompleted', token, result: behaviours[plugin]?.(input, message) ?? null };
    } catch (error) {
      const failure = { code: 'HANDLER_FAILED', message: (error as Error).message };
      return { type: 'TaskFailed', token, error: failure, retry: 'never' };
    }
  });
}

export function sqsEvent(
  bodies: readonly (object | string)[],
  arn = 'arn:aws:sqs:eu-west-1:1:baton-test-orchestrator',
): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      messageId: `m${index + 1}`,
      receiptHandle: `r${index + 1}`,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: String(T0),
        SenderId: 'test',
        ApproximateFirstReceiveTimestamp: String(T0),
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      awsRegion: 'eu-west-1',
    })),
  };
}

export const CONTEXT = { awsRequestId: 'request-1' } as Context;

/** As API Gateway would send it: text as text, anything else in base64. */
export function httpEvent(
  method: string,
  path: string,
  { body, type, headers = {}, query = {}, as }: CallOptions,
): APIGatewayProxyEventV2 {
  const isBytes = body instanceof Uint8Array;
  const isValue = typeof body === 'object' && !isBytes;
  const contentType = type ?? (isValue ? 'application/json' : undefined);
  const text = isBytes
    ? Buffer.from(body).toString('base64')
    : isValue
      ? JSON.stringify(body)
      : body;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: new URLSearchParams(
      Object.entries(query).flatMap(([name, values]) =>
        [values].flat().map((one): [string, string] => [name, one]),
      ),
    ).toString(),
    headers: contentType === undefined ? headers : { 'content-type': contentType, ...headers },
    // API Gateway joins the values of a parameter that stands there several times.
    ...(Object.keys(query).length > 0 && {
      queryStringParameters: Object.fromEntries(
        Object.entries(query).map(([name, values]) => [name, [values].flat().join(',')]),
      ),
    }),
    requestContext: {
      ...{ authorizer: { lambda: as ?? { kind: 'operator' } } },
      accountId: '1',
      apiId: 'api',
      domainName: 'localhost',
      domainPrefix: 'localhost',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey: '$default',
      stage: '$default',
      time: '21/Nov/2026:08:00:00 +0000',
      timeEpoch: T0,
    },
    ...(text === undefined ? {} : { body: text as string }),
    isBase64Encoded: isBytes,
  };
}
