import { describe } from '@jest/globals';
import { activeOrdersContract } from './active-orders.contract.ts';
import { clientContractsContract } from './client-contracts.contract.ts';
import { T0 } from './entries.ts';
import { journalContract } from './journal.contract.ts';
import { createMemoryPorts } from './memory/ports.ts';
import { orderListContract } from './order-list.contract.ts';
import { registryContract } from './registry.contract.ts';
import type { OpenStore } from './store.ts';
import { workflowsContract } from './workflows.contract.ts';

describe('in memory', () => {
  journalContract(opening(({ journal }) => journal));
  activeOrdersContract(opening(({ activeOrders }) => activeOrders));
  registryContract(opening(({ registry }) => registry));
  workflowsContract(opening(({ workflows }) => workflows));
  clientContractsContract(opening(({ clients }) => clients));
  orderListContract(opening((ports) => ports));
});

function opening<Port>(
  pick: (ports: ReturnType<typeof createMemoryPorts>) => Port,
): OpenStore<Port> {
  return async () => {
    const ports = createMemoryPorts(() => T0);
    return { connect: () => pick(ports) };
  };
}
