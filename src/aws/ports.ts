import type { Clients, Journal, OrderList, Ports, Registry, Workflows } from '../engine/ports.ts';
import { createActiveOrders } from './active-orders.ts';
import { createClientContracts } from './client-contracts.ts';
import { dynamodb, sns, sqs } from './clients.ts';
import { createCourier } from './courier.ts';
import { environment } from './environment.ts';
import { createJournal } from './journal.ts';
import type { MasterSecret } from './master-secret.ts';
import { createMasterSecret } from './master-secret.ts';
import { createOrderList } from './order-list.ts';
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
  queueGauges?: QueueGauges;
  tokens?: Tokens;
} = {};

/** All that the engine reaches out to. A handler that runs no engine asks for the single ports, and is spared the queues' and topics' clients. */
export function ports(): Ports {
  made.ports ??= {
    journal: journal(),
    activeOrders: createActiveOrders(table()),
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

function table(): Table {
  made.table ??= createTable(dynamodb(), environment().tableName);
  return made.table;
}
