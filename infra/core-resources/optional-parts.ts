import { PREFLIGHT_ROUTE } from '../../src/contract/preflight-route.ts';
import { CoreError, type CoreService } from './core-service.ts';
import { type EventBusParameter, relayToBus } from './event-bus.ts';
import { addTracing, type TracingParameters } from './tracing.ts';

/** Parameters that add to the service only where they are given. */
export interface OptionalParameters extends TracingParameters, EventBusParameter {
  readonly alarmEmail: string;
  /** Separated by commas. */
  readonly corsOrigins: string;
  readonly orchestrateConcurrency: string | number;
  /** Seconds. */
  readonly orchestrateBatchingWindow: string | number;
  readonly orchestrateReserve: string | number;
  readonly ingestReserve: string | number;
  /** 0: no call waits for its order. */
  readonly directAnswers: string | number;
}

/** An origin is a scheme and a host, and perhaps a port, without a path: https://developer.mozilla.org/en-US/docs/Glossary/Origin */
const ORIGIN = /^(\*|https?:\/\/[\w.-]+(:\d{1,5})?)$/;

const EMAIL = /^[^\s@]+@[^\s@]+$/;

const HOUR_SECONDS = 3600;

/** Adds what the parameters ask for, in place. @throws {CoreError} */
export function addOptionalParts(service: CoreService, given: OptionalParameters): void {
  if (given.alarmEmail !== '') subscribeEmail(service, given.alarmEmail);
  if (given.corsOrigins !== '') allowOrigins(service, given.corsOrigins);
  checkConcurrency(given);
  checkBatchingWindow(given.orchestrateBatchingWindow);
  reserve(service, 'orchestrate', given.orchestrateReserve);
  reserve(service, 'ingest', given.ingestReserve);
  allowWaiting(service, given.directAnswers);
  addTracing(service, given);
  relayToBus(service, given);
}

/** Whoever has the address confirms the subscription once; until then it gets nothing. */
function subscribeEmail(service: CoreService, address: string): void {
  if (!EMAIL.test(address)) throw new CoreError(`alarm-email: "${address}" is not a mail address`);
  const AlarmsEmail = {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'AlarmsTopic' }, Protocol: 'email', Endpoint: address },
  };
  service.resources.Resources = { ...service.resources.Resources, AlarmsEmail };
}

/**
 * API Gateway puts the headers on every answer, as the local stack does with the same settings. A preflight carries no token, and `$default`,
 * which takes every method, would answer it with 401: so it gets a route without authorizer, which `openapi` answers.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
function allowOrigins(service: CoreService, list: string): void {
  const allowedOrigins = list.split(',').map((origin) => origin.trim());
  const wrong = allowedOrigins.find((origin) => !ORIGIN.test(origin));
  if (wrong !== undefined) {
    throw new CoreError(
      `cors-origins: "${wrong}" is not an origin, such as https://app.example.com; several are separated by commas`,
    );
  }
  service.provider.httpApi.cors = {
    allowedOrigins,
    allowedMethods: ['GET', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: [
      'Authorization',
      'Content-Type',
      'Idempotency-Key',
      'Traceparent',
      'Tracestate',
    ],
    maxAge: HOUR_SECONDS,
  };
  const { openapi } = service.functions;
  const { events = [] } = openapi as { readonly events?: readonly object[] };
  service.functions.openapi = { ...openapi, events: [...events, { httpApi: PREFLIGHT_ROUTE }] };
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (what a mapping takes; what a smaller reserve does) */
function checkConcurrency({
  orchestrateConcurrency,
  orchestrateReserve,
}: OptionalParameters): void {
  const most = Number(orchestrateConcurrency);
  if (!Number.isInteger(most) || most < 2 || most > 1000) {
    throw new CoreError(`orchestrate-concurrency: a number from 2 to 1000, not "${most}"`);
  }
  if (orchestrateReserve !== '' && Number(orchestrateReserve) < most) {
    throw new CoreError(
      `orchestrate-reserve: ${orchestrateReserve} instances are fewer than orchestrate-concurrency, ${most}: its queue would be throttled`,
    );
  }
}

/** The visibility timeout of the orchestrator's queue counts with it (infra/core/queues.yml). */
export const LONGEST_WINDOW_SECONDS = 20;

function checkBatchingWindow(given: string | number): void {
  const seconds = Number(given);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > LONGEST_WINDOW_SECONDS) {
    throw new CoreError(
      `orchestrate-batching-window: whole seconds from 0 to ${LONGEST_WINDOW_SECONDS}, not "${given}"`,
    );
  }
}

/** So many instances are the function's: others cannot take them, and it gets no more. */
function reserve(service: CoreService, name: string, given: string | number): void {
  if (given === '') return;
  const instances = Number(given);
  if (!Number.isInteger(instances) || instances < 1) {
    throw new CoreError(`${name}-reserve: a number of instances, 1 or more, not "${given}"`);
  }
  service.functions[name] = { ...service.functions[name], reservedConcurrency: instances };
}

/** `ingest` learns whom to ask, and so many may ask at once. A reserve of 0 would also be counted against an account that has few instances. */
function allowWaiting(service: CoreService, given: string | number): void {
  const most = Number(given);
  if (!Number.isInteger(most) || most < 0) {
    throw new CoreError(`direct-answers: a number of calls, 0 or more, not "${given}"`);
  }
  if (most === 0) return;
  const { answer, ingest } = service.functions;
  const { environment } = ingest as { readonly environment?: object };
  service.functions.answer = { ...answer, reservedConcurrency: most };
  service.functions.ingest = {
    ...ingest,
    environment: { ...environment, BATON_ANSWER_FUNCTION: { Ref: 'AnswerLambdaFunction' } },
  };
}
