import type {
  ActiveOrders,
  Clients,
  Journal,
  OrderList,
  Ports,
  Registry,
  Workflows,
} from '../engine/ports.ts';
import { createActiveOrders } from './active-orders.ts';
import type { Bottlenecks } from './bottlenecks.ts';
import { createBottlenecks } from './bottlenecks.ts';
import { createClientContracts } from './client-contracts.ts';
import { cloudwatch, dynamodb, lambda, sns, sqs } from './clients.ts';
import { createCourier } from './courier.ts';
import type { Drains } from './drains.ts';
import { createDrains } from './drains.ts';
import { environment } from './environment.ts';
import { createJournal } from './journal.ts';
import type { Lifecycle } from './lifecycle.ts';
import { createLifecycle } from './lifecycle.ts';
import type { Mappings } from './mappings.ts';
import { createMappings } from './mappings.ts';
import type { MasterSecret } from './master-secret.ts';
import { createMasterSecret } from './master-secret.ts';
import type { Metrics } from './metrics.ts';
import { createMetrics } from './metrics.ts';
import { createOrderList } from './order-list.ts';
import type { PluginMetrics } from './plugin-metrics.ts';
import { createPluginMetrics } from './plugin-metrics.ts';
import type { QueueGauges } from './queue-gauges.ts';
import { createQueueGauges } from './queue-gauges.ts';
import { createRegistry } from './registry.ts';
import type { Table } from './table.ts';
import { createTable } from './table.ts';
import type { Tokens } from './tokens.ts';
import { createTokens } from './tokens.ts';
import { createWorkflows } from './workflows.ts';

/**
 * The adapters as the environment describes them, each made when it is first asked for, once an instance. They are functions
 * so that a handler's bundle holds only the adapters that it asks for.
 */
const made: {
  table?: Table;
  ports?: Ports;
  journal?: Journal;
  registry?: Registry;
  workflows?: Workflows;
  orderList?: OrderList;
  clientContracts?: Clients;
  masterSecret?: MasterSecret;
  drains?: Drains;
  queueGauges?: QueueGauges;
  tokens?: Tokens;
} = {};

/** All that the engine reaches out to. A handler that runs no engine asks for the single ports, and is spared the queues' and topics' clients. */
export function ports(): Ports {
  made.ports ??= {
    journal: journal(),
    activeOrders: activeOrders(),
    registry: registry(),
    workflows: workflows(),
    courier: createCourier(sqs(), sns(), environment()),
    clock: Date.now,
    subscriptionSettlesSeconds: environment().subscriptionSettlesSeconds,
  };
  return made.ports;
}

export function journal(): Journal {
  made.journal ??= createJournal(table(), environment());
  return made.journal;
}

export function activeOrders(): ActiveOrders {
  return createActiveOrders(table());
}

export function registry(): Registry {
  made.registry ??= createRegistry(table(), Date.now);
  return made.registry;
}

export function workflows(): Workflows {
  made.workflows ??= createWorkflows(table());
  return made.workflows;
}

export function orderList(): OrderList {
  made.orderList ??= createOrderList(table(), journal());
  return made.orderList;
}

export function clientContracts(): Clients {
  made.clientContracts ??= createClientContracts(table());
  return made.clientContracts;
}

export function drains(): Drains {
  made.drains ??= createDrains(table());
  return made.drains;
}

export function masterSecret(): MasterSecret {
  made.masterSecret ??= createMasterSecret(table());
  return made.masterSecret;
}

export function tokens(): Tokens {
  made.tokens ??= createTokens(table(), Date.now);
  return made.tokens;
}

export function queueGauges(): QueueGauges {
  made.queueGauges ??= createQueueGauges(sqs());
  return made.queueGauges;
}

export function bottlenecks(): Bottlenecks {
  return createBottlenecks(table());
}

export function mappings(): Mappings {
  return createMappings(lambda());
}

export function pluginMetrics(): PluginMetrics {
  return createPluginMetrics(cloudwatch(), systemName(), Date.now);
}

export function metrics(): Metrics {
  return createMetrics(systemName(), Date.now);
}

/** For handlers that tell of plugins and run no engine. */
export function lifecycle(): Lifecycle {
  return createLifecycle(sns(), environment().lifecycleTopicArn);
}

/** What metrics bear, and names in the account begin with. */
function systemName(): string {
  const { system, stage } = environment();
  return `${system}-${stage}`;
}

function table(): Table {
  made.table ??= createTable(dynamodb(), environment().tableName);
  return made.table;
}
