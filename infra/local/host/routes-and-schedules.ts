import type { Server } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { LocalError } from '../local-error.ts';
import type { LoadedService } from '../services/load-service.ts';
import { refuseForeign } from './refuse-foreign.ts';
import { asDelivered, readAsBytes } from './request-body.ts';
import { leadsElsewhere, serverAnswer } from './server-problems.ts';

/** What serverless-offline asks of its Lambda. */
interface OfflineLambda {
  get(functionKey: string): {
    setEvent(event: unknown): void;
    setClientContext(context: unknown): void;
    runHandler(): Promise<unknown>;
  };
}

interface OfflineHttpServer {
  createServer(): Promise<void>;
  createRoutes(functionKey: string, definition: unknown, handler: string): void;
  start(): Promise<void>;
  stop(timeout: number): Promise<void>;
  getServer(): {
    info: { port: number };
    listener: Server;
    ext(
      point: 'onRequest' | 'onPreResponse',
      step: (request: HapiRequest, h: HapiToolkit) => symbol,
    ): void;
  };
}

interface HapiToolkit {
  continue: symbol;
  response(body: object): HapiResponse;
}

interface HapiResponse {
  code(status: number): HapiResponse;
  type(mediaType: string): HapiResponse;
  takeover(): symbol;
}

interface HapiRequest {
  headers: Record<string, string>;
  raw: { req: { url: string; rawHeaders: string[] } };
  response: {
    isBoom?: true;
    message: string;
    output: { statusCode: number; payload: object; headers: Record<string, string> };
  };
}

export interface RoutesOptions {
  service: LoadedService;
  /** Undefined: the service may have no routes. */
  port?: number;
  /** Whether authorizers are asked. */
  auth: boolean;
  invoke: (functionName: string, event: unknown) => Promise<unknown>;
  report: (problem: string) => void;
}

export interface Routes {
  /** Undefined for a service without routes. */
  url?: string;
  stop: () => Promise<void>;
}

/** What API Gateway answers for a function that throws, ends or takes too long; serverless-offline would answer 200, with a stack trace. */
const FAILED = {
  statusCode: 500,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Internal Server Error"}',
};

const offline = (path: string) =>
  import(new URL(path, import.meta.resolve('serverless-offline')).href);

/**
 * Serves the HTTP API of a service and fires its schedules, with serverless-offline; the functions behind them are
 * run by `invoke`. A service without routes or schedules gets none.
 */
export async function startRoutesAndSchedules(options: RoutesOptions): Promise<Routes> {
  const { service, invoke, auth } = options;
  const has = (type: string) =>
    service.functions.some(({ events }) => events.some((event) => type in event));
  if (!has('httpApi') && !has('schedule')) return { stop: async () => {} };

  let stopped = false;
  const names = Object.fromEntries(service.functions.map(({ key, name }) => [key, name]));
  const lambda: OfflineLambda = {
    get: (key) => {
      let event: unknown;
      return {
        setEvent: (given) => {
          event = given;
        },
        setClientContext: () => {},
        runHandler: async () => {
          // schedules cannot be taken back: those of a service that has gone run into nothing
          if (stopped) return undefined;
          const invoked = invoke(String(names[key]), delivered(event, auth));
          return isRequest(event) ? invoked.catch(() => FAILED) : invoked;
        },
      };
    },
  };
  const { default: ServerlessOffline } = await offline('./index.js');
  const { defaultOptions } = await offline('./config/index.js');
  const plugin = new ServerlessOffline(service.instance, {}, { log: quietLog(options.report) });
  const { httpApiEvents, scheduleEvents } = plugin.internals().getEvents();

  if (scheduleEvents.length) {
    const { default: Schedule } = await offline('./events/schedule/index.js');
    new Schedule(lambda, service.region).create(scheduleEvents);
  }
  const http = httpApiEvents.length
    ? await startHttp(options, lambda, httpApiEvents, defaultOptions)
    : undefined;
  return {
    ...(http && { url: `http://localhost:${http.getServer().info.port}` }),
    stop: async () => {
      stopped = true;
      await http?.stop(200);
    },
  };
}

async function startHttp(
  { service, port, auth }: RoutesOptions,
  lambda: OfflineLambda,
  events: { functionKey: string; handler: string; http: unknown }[],
  defaults: object,
): Promise<OfflineHttpServer> {
  if (port === undefined)
    throw new LocalError(
      `Service ${service.name} has httpApi events; locally only the core has an HTTP API.`,
    );
  // HttpServer rather than Http, which prints a box of all routes
  const { default: HttpServer } = await offline('./events/http/HttpServer.js');
  const { default: Definition } = await offline('./events/http/HttpEventDefinition.js');
  const server: OfflineHttpServer = new HttpServer(
    service.instance,
    {
      ...defaults,
      corsConfig: { credentials: false, exposedHeaders: [], headers: [], origin: ['*'] },
      host: '127.0.0.1',
      httpPort: port,
      noAuth: !auth,
      noPrependStageInUrl: true,
    },
    lambda,
  );
  await server.createServer();
  refuseOtherPaths(server);
  passBytesOn(server);
  authorizeAsDeployed(server);
  answerAsTheApi(server);
  for (const { functionKey, handler, http } of events)
    server.createRoutes(functionKey, new Definition(http), handler);
  const origins = allowedOrigins(service);
  refuseForeign(server.getServer().listener, { links: true, ...(origins && { origins }) });
  await server.start();
  return server;
}

/** Of `provider.httpApi.cors`; undefined for a service that has none, whose answers then carry no CORS headers. */
function allowedOrigins({ instance }: LoadedService): string[] | undefined {
  const { cors } = instance.service.provider.httpApi ?? {};
  if (!cors) return undefined;
  return cors === true ? ['*'] : (cors.allowedOrigins ?? ['*']);
}

/**
 * hapi takes `.` and `..` out of a path, also where they are encoded, before anyone can see them: `/orders/o-1/tasks/%2e%2e/cancel` would
 * cancel the order. Nothing says what API Gateway does with them, and no program means them.
 */
function refuseOtherPaths(server: OfflineHttpServer): void {
  server.getServer().ext('onRequest', ({ raw: { req } }, h) => {
    if (!leadsElsewhere(req.url)) return h.continue;
    const { status, type, body } = serverAnswer(400, 'a part of its path is . or ..');
    return h.response(body).code(status).type(type).takeover();
  });
}

function passBytesOn(server: OfflineHttpServer): void {
  server.getServer().ext('onRequest', (request, h) => {
    readAsBytes(request);
    return h.continue;
  });
}

/** serverless-offline lets whoever sends this header say for himself who he is. */
const OVERRIDE = 'sls-offline-authorizer-override';

function authorizeAsDeployed(server: OfflineHttpServer): void {
  server.getServer().ext('onRequest', ({ headers, raw: { req } }, h) => {
    delete headers[OVERRIDE];
    req.rawHeaders = req.rawHeaders.map((text) => (text.toLowerCase() === OVERRIDE ? 'x-' : text));
    return h.continue;
  });
}

function answerAsTheApi(server: OfflineHttpServer): void {
  server.getServer().ext('onPreResponse', ({ response }, h) => {
    if (response.isBoom) {
      const { output, message } = response;
      const { status, type, body } = serverAnswer(output.statusCode, message);
      output.statusCode = status;
      output.payload = body;
      output.headers['content-type'] = type;
    }
    return h.continue;
  });
}

/** A request with its body, as it is delivered; schedules and authorizers have none. */
function delivered(event: unknown, auth: boolean): unknown {
  if (!isRequest(event)) return event;
  const request = asDelivered(event);
  return auth ? request : asOperator(request);
}

function isRequest(event: unknown): event is APIGatewayProxyEventV2 {
  return typeof event === 'object' && event !== null && 'isBase64Encoded' in event;
}

/** Where no authorizer is asked, this machine's calls are an operator's: the functions themselves let nobody in without a word for them. */
function asOperator(request: APIGatewayProxyEventV2): APIGatewayProxyEventV2 {
  const authorizer = { lambda: { kind: 'operator' } };
  return {
    ...request,
    requestContext: { ...request.requestContext, authorizer },
  } as typeof request;
}

/** serverless-offline's log: only what is wrong, in one line each. Failed invocations are reported by the functions. */
function quietLog(report: (problem: string) => void) {
  const silent = () => {};
  const problem = (...parts: unknown[]) => {
    const text = parts.map(String).join(' ').trim();
    if (
      text &&
      !/^(Failed to execute scheduled function|FunctionError|Error: |Identity Source is null)/.test(
        text,
      )
    )
      report(text);
  };
  const log = {
    debug: silent,
    info: silent,
    notice: silent,
    success: silent,
    verbose: silent,
    warning: silent,
    error: problem,
    get: () => log,
  };
  return log;
}
