import type { Clients, OrderList, Ports } from '../engine/ports.ts';
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
import { createWorkflows } from './workflows.ts';

/**
 * The adapters as the environment describes them, each made when it is first asked for, once an instance. They are functions
 * so that a handler's bundle holds only the adapters that it asks for.
 */
const made: {
  table?: Table;
  ports?: Ports;
  orderList?: OrderList;
  clientContracts?: Clients;
  masterSecret?: MasterSecret;
  queueGauges?: QueueGauges;
} = {};

/** What the engine reaches out to. */
export function ports(): Ports {
  made.ports ??= makePorts();
  return made.ports;
}

export function orderList(): OrderList {
  made.orderList ??= createOrderList(table(), createJournal(table(), environment()));
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

export function queueGauges(): QueueGauges {
  made.queueGauges ??= createQueueGauges(sqs());
  return made.queueGauges;
}

function makePorts(): Ports {
  const settings = environment();
  return {
    journal: createJournal(table(), settings),
    activeOrders: createActiveOrders(table()),
    registry: createRegistry(table(), Date.now),
    workflows: createWorkflows(table()),
    courier: createCourier(sqs(), sns(), settings),
    clock: Date.now,
    subscriptionSettlesSeconds: settings.subscriptionSettlesSeconds,
  };
}

function table(): Table {
  made.table ??= createTable(dynamodb(), environment().tableName);
  return made.table;
}
