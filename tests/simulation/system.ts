import type { OrchestratePorts } from '../../src/app/orders/orchestrate-records.ts';
import type { TendingPorts } from '../../src/app/quarantine/tend-plugin.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createAwaitedEvents } from '../../src/aws/awaited-events.ts';
import { createBacklogs } from '../../src/aws/backlogs.ts';
import { createCounts } from '../../src/aws/counts.ts';
import { createFailureWindows } from '../../src/aws/failure-windows.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createOperationQueue } from '../../src/aws/operation-queue.ts';
import { createOperations } from '../../src/aws/operations.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import { createParkedOrders } from '../../src/aws/parked-orders.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import type { Table } from '../../src/aws/table.ts';
import { createTurns } from '../../src/aws/turns.ts';
import { createWorkers } from '../../src/aws/workers.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Instant } from '../../src/core/json.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import type { ActiveOrders } from '../../src/ports/active-orders.ts';
import type { Backlogs } from '../../src/ports/backlogs.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { PluginMetrics } from '../../src/ports/plugin-metrics.ts';
import type { QueueGauges } from '../../src/ports/queue-gauges.ts';
import { createMemoryEvaluator } from '../ports/memory/evaluator.ts';
import type { Network } from './aws-calls.ts';
import { callsOf } from './aws-calls.ts';
import type { MemoryBucket } from './memory-bucket.ts';
import { payloadsOf } from './memory-bucket.ts';
import type { MemoryTable } from './memory-table.ts';
import type { Process } from './processes.ts';
import { tableOf } from './table-of-process.ts';
import { LIFECYCLE_TOPIC, TASKS_TOPIC } from './topics.ts';

/** Where a world's processes find the rest of it. */
export interface System {
  readonly table: MemoryTable;
  readonly bucket: MemoryBucket;
  readonly network: Network;
  readonly orchestratorQueueUrl: string;
  readonly operationsQueueUrl: string;
  readonly subscriptionSettlesSeconds: number;
  readonly retentionDays: number;
  /** An entry is about to be stored. */
  readonly onAppend: (entry: JournalEntry) => void;
  /** Sweeps have died over an order: until then, none wakes it. */
  readonly onSetAside: (orderId: string, until: Instant) => void;
}

export type WorldPorts = EnginePorts &
  Pick<TendingPorts, 'failureWindows' | 'queueGauges'> &
  Pick<OrchestratePorts, 'workers'>;

/** What the engine, and what looks after plugins, stands on in one process: the real adapters, over the world's table and the world's network. */
export function enginePortsOf(process: Process, system: System): WorldPorts {
  const table = tableOf(process, system.table);
  const payloads = payloadsOf(process, system.bucket);
  const { sqs, sns } = callsOf(process, system.network);
  const { orchestratorQueueUrl, subscriptionSettlesSeconds } = system;
  const addresses = {
    orchestratorQueueUrl,
    tasksTopicArn: TASKS_TOPIC,
    lifecycleTopicArn: LIFECYCLE_TOPIC,
    source: 'urn:baton:simulation',
    clock: process.now,
  };
  return {
    journal: watched(createJournal(table, payloads, system), system.onAppend),
    activeOrders: watchedOrders(createActiveOrders(table), system.onSetAside),
    parkedOrders: createParkedOrders(table),
    awaitedEvents: createAwaitedEvents(table, payloads),
    quarantines: createQuarantines(table),
    turns: createTurns(table),
    counts: createCounts(table, process.now, () => undefined),
    failureWindows: createFailureWindows(table),
    workers: createWorkers(table),
    queueGauges: queueGaugesOf(process, system),
    registry: createRegistry(table, process.now),
    workflows: createWorkflows(table, process.now),
    messenger: createMessenger(sqs, sns, payloads, addresses),
    evaluator: createMemoryEvaluator(),
    backlogs: backlogsOf(process, system),
    clock: process.now,
    backOff: () => process.pause(process.ground.chance.below(50)),
    subscriptionSettlesSeconds,
  };
}

/** What acts on many orders, in one process. */
export function operationPortsOf(process: Process, system: System) {
  const table = tableOf(process, system.table);
  const payloads = payloadsOf(process, system.bucket);
  const { sqs } = callsOf(process, system.network);
  return {
    orderList: createOrderList(table, createJournal(table, payloads, system)),
    operations: createOperations(table, system),
    operationQueue: createOperationQueue(sqs, system.operationsQueueUrl),
  };
}

function watched(journal: Journal, onAppend: System['onAppend']): Journal {
  const append: Journal['append'] = (...args) => {
    onAppend(args[0]);
    return journal.append(...args);
  };
  return { ...journal, append };
}

function watchedOrders(activeOrders: ActiveOrders, onSetAside: System['onSetAside']): ActiveOrders {
  const setAside: ActiveOrders['setAside'] = (orderId, wakeUp, until) => {
    onSetAside(orderId, until);
    return activeOrders.setAside(orderId, wakeUp, until);
  };
  return { ...activeOrders, setAside };
}

function queueGaugesOf(process: Process, { network: { queues } }: System): QueueGauges {
  return {
    read: (urls) =>
      process.call({ service: 'sqs', what: 'GetQueueAttributes' }, () => {
        const gauges = urls.map((url) => [url, queues.get(url)?.gauge] as const);
        return new Map(gauges.flatMap(([url, gauge]) => (gauge ? [[url, gauge] as const] : [])));
      }),
  };
}

/** The real adapter over the world's queues: how many messages wait is known at once, how old the oldest is a minute later. */
function backlogsOf(process: Process, system: System): Backlogs {
  const { queues } = system.network;
  const queueGauges = queueGaugesOf(process, system);
  const gauges: PluginMetrics['gauges'] = (plugins) =>
    process.call(
      { service: 'cloudwatch', what: 'GetMetricData' },
      () =>
        new Map(
          plugins.map(({ name, queueUrl }) => {
            const oldestSentAt = queues.get(queueUrl)?.oldestSentAt;
            const seconds = oldestSentAt && (process.ground.clock.now() - oldestSentAt) / 1000;
            const lagging = seconds !== undefined && seconds > 60 ? seconds - 60 : undefined;
            return [name, { oldestSeconds: lagging, instances: undefined }];
          }),
        ),
    );
  return createBacklogs(queueGauges, { gauges }, process.now);
}

/** The table as somebody sees it who stands outside the world: at once, and without faults. */
export function tableFromOutside(table: MemoryTable, now: () => Instant): Table {
  return {
    get: async (key) => table.get(key, now()),
    put: async (item, condition) => table.put(item, condition, now()),
    set: async (key, attributes, condition) => table.set(key, attributes, condition, now()),
    add: async (key, amounts, attributes) => table.add(key, amounts, attributes),
    change: async (key, change, condition) => table.change(key, change, condition, now()),
    delete: async (key, condition) => table.delete(key, condition, now()),
    async *pages(query) {
      let after: string | undefined;
      do {
        const page = table.page({ ...query, consistent: true }, after, now());
        yield page.items;
        after = page.last;
      } while (after !== undefined);
    },
    async *counts(query) {
      yield table.page({ ...query, limit: Infinity, consistent: true }, undefined, now()).items
        .length;
    },
  };
}
