import { sourceOf } from '../contract/cloud-event.ts';
import { createPayloads } from '../contract/payloads.ts';
import { defined } from '../core/defined.ts';
import { createProcessEvaluator } from '../expressions/process-evaluator.ts';
import { createActiveOrders } from './active-orders.ts';
import { createAwaitedEvents } from './awaited-events.ts';
import { backOff } from './back-off.ts';
import { createBacklogs } from './backlogs.ts';
import { createBottlenecks } from './bottlenecks.ts';
import { createBoundedPlugins } from './bounded-plugins.ts';
import { createClientContracts } from './client-contracts.ts';
import { createCounts } from './counts.ts';
import { createDeadLetters } from './dead-letters.ts';
import { createDirectAnswers } from './direct-answers.ts';
import { createDrains } from './drains.ts';
import { environment, homeRegion } from './environment.ts';
import { createFailureWindows } from './failure-windows.ts';
import { createHistory } from './history.ts';
import { createInputSchemas } from './input-schemas.ts';
import { createJournal } from './journal.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLogLinks } from './log-links.ts';
import { createMappings } from './mappings.ts';
import { createMasterSecret } from './master-secret.ts';
import { createMessenger } from './messenger.ts';
import { createMetrics } from './metrics.ts';
import { createObjectStore } from './object-store.ts';
import { createOperationQueue } from './operation-queue.ts';
import { createOperations } from './operations.ts';
import { createOrderList } from './order-list.ts';
import { createOtlpTraces } from './otlp-traces.ts';
import { createParkedOrders } from './parked-orders.ts';
import { createPluginMetrics } from './plugin-metrics.ts';
import { createQuarantines } from './quarantines.ts';
import { createQueueGauges } from './queue-gauges.ts';
import { createRedelivery } from './redelivery.ts';
import { createRegistry } from './registry.ts';
import { createSchedules } from './schedules.ts';
import { cloudwatch, dynamodb, functions, lambda, s3, sns, sqs } from './services.ts';
import { createSweepRecord } from './sweep-record.ts';
import { createTable } from './table.ts';
import { createTokens } from './tokens.ts';
import { createTurns } from './turns.ts';
import { createWorkers } from './workers.ts';
import { createWorkflows } from './workflows.ts';

/**
 * The adapters as the environment describes them. Each is made when a handler first asks for it, once an instance; they are
 * functions so that a handler's bundle holds only the adapters that it asks for.
 */
const table = once(() => createTable(dynamodb(), environment().tableName, Date.now));
export const journal = once(() => createJournal(table(), payloads(), environment()));
export const activeOrders = once(() => createActiveOrders(table()));
export const registry = once(() => createRegistry(table(), Date.now));
export const inputSchemas = once(() => createInputSchemas(table()));
export const workflows = once(() => createWorkflows(table(), Date.now));
export const logLinks = once(() => createLogLinks(homeRegion()));
export const orderList = once(() => createOrderList(table(), journal()));
export const clientContracts = once(() => createClientContracts(table()));
export const boundedPlugins = once(() => createBoundedPlugins(table()));
export const turns = once(() => createTurns(table()));
export const quarantines = once(() => createQuarantines(table()));
export const parkedOrders = once(() => createParkedOrders(table()));
export const awaitedEvents = once(() => createAwaitedEvents(table(), payloads()));
export const failureWindows = once(() => createFailureWindows(table()));
export const workers = once(() => createWorkers(table()));
export const drains = once(() => createDrains(table()));
export const masterSecret = once(() => createMasterSecret(table(), Date.now));
export const tokens = once(() => createTokens(table(), Date.now));
export const counts = once(() => createCounts(table(), Date.now));
export const history = once(() => createHistory(table(), Date.now));
export const bottlenecks = once(() => createBottlenecks(table()));
export const queueGauges = once(() => createQueueGauges(sqs()));
export const mappings = once(() => createMappings(lambda()));
export const pluginMetrics = once(() => createPluginMetrics(cloudwatch(), systemName(), Date.now));
export const metrics = once(() => createMetrics(systemName(), Date.now));
export const redelivery = once(() => createRedelivery(sqs()));
export const sweepRecord = once(() => createSweepRecord(table()));
export const schedules = once(() => createSchedules(table()));
export const operations = once(() => createOperations(table(), environment()));
export const operationQueue = once(() =>
  createOperationQueue(sqs(), needed('operationsQueueUrl', 'BATON_OPERATIONS_QUEUE_URL')),
);
export const deadLetters = once(() =>
  createDeadLetters(sqs(), {
    deadLetterQueueUrl: needed('deadLetterQueueUrl', 'BATON_DEAD_LETTER_QUEUE_URL'),
    orchestratorQueueUrl: environment().orchestratorQueueUrl,
  }),
);
export const objects = once(() => createObjectStore(s3(), environment().bucketName));
export const payloads = once(() => createPayloads(objects()));
export const directAnswers = once(() =>
  createDirectAnswers(functions(), environment().answerFunction),
);
const evaluator = once(() => createProcessEvaluator());
export const messenger = once(() =>
  createMessenger(sqs(), sns(), payloads(), {
    ...environment(),
    source: sourceOf(systemName()),
    clock: Date.now,
  }),
);
/** For handlers that publish facts about plugins and run no engine. */
export const lifecycle = once(() =>
  createLifecycle(sns(), environment().lifecycleTopicArn, sourceOf(systemName()), Date.now),
);

/** What placing an order takes. It leaves out the evaluator, whose program is large in a bundle. */
export const placingPorts = once(() => ({
  journal: journal(),
  activeOrders: activeOrders(),
  registry: registry(),
  workflows: workflows(),
  messenger: messenger(),
  backlogs: createBacklogs(queueGauges(), pluginMetrics(), Date.now),
  clock: Date.now,
  backOff,
  subscriptionSettlesSeconds: environment().subscriptionSettlesSeconds,
}));

/** Nothing of it is there while no endpoint is named. */
const traces = once(() => {
  const { otlpEndpoint: endpoint, otlpHeaders: headers, traceRatio: ratio } = environment();
  const settings = { endpoint, headers, ratio, service: systemName() };
  return endpoint === '' ? undefined : createOtlpTraces(settings, Date.now);
});

/** What the engine stands on. A handler that runs no engine asks for single ports, and is spared the clients of queues and topics. */
export const enginePorts = once(() => ({
  ...{ ...placingPorts(), evaluator: evaluator() },
  ...{ parkedOrders: parkedOrders(), awaitedEvents: awaitedEvents() },
  ...{ quarantines: quarantines(), turns: turns(), counts: counts() },
  ...defined({ traces: traces() }),
}));

/** The prefix of names in the account, and the dimension of metrics: `<system>-<stage>`. */
export function systemName(): string {
  const { system, stage } = environment();
  return `${system}-${stage}`;
}

/** What only some functions have. @throws where this one should, and does not */
function needed(field: 'operationsQueueUrl' | 'deadLetterQueueUrl', variable: string): string {
  const value = environment()[field];
  if (value === '') throw new Error(`the environment: ${variable} is not set`);
  return value;
}

/** @__NO_SIDE_EFFECTS__ so that a bundle leaves out the adapters that its handler never names; esbuild heeds it within this file only. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
