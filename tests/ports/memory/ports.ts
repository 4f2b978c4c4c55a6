import type { Tokens } from '../../../src/aws/tokens.ts';
import type { Plugin } from '../../../src/core/plugin.ts';
import type { Clients, Clock, OrderList, Ports } from '../../../src/engine/ports.ts';
import { createMemoryActiveOrders } from './active-orders.ts';
import { createMemoryClientContracts } from './client-contracts.ts';
import type { MemoryCourier } from './courier.ts';
import { createMemoryCourier } from './courier.ts';
import type { MemoryJournal } from './journal.ts';
import { createMemoryJournal } from './journal.ts';
import { createMemoryOrderList } from './order-list.ts';
import { createMemoryRegistry } from './registry.ts';
import { createMemoryTokens } from './tokens.ts';
import { createMemoryWorkflows } from './workflows.ts';

export interface MemoryPorts extends Ports {
  readonly journal: MemoryJournal;
  readonly courier: MemoryCourier;
  readonly orderList: OrderList;
  readonly clients: Clients;
  readonly tokens: Tokens;
}

/** Every port in memory. They keep the same contracts as those over AWS: see `*.contract.ts`. */
export function createMemoryPorts(clock: Clock, plugins: readonly Plugin[] = []): MemoryPorts {
  const journal = createMemoryJournal();
  return {
    journal,
    activeOrders: createMemoryActiveOrders(),
    registry: createMemoryRegistry(plugins),
    workflows: createMemoryWorkflows(),
    courier: createMemoryCourier(),
    orderList: createMemoryOrderList(journal),
    clients: createMemoryClientContracts(),
    tokens: createMemoryTokens(clock),
    clock,
    subscriptionSettlesSeconds: 0,
  };
}
