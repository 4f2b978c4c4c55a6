import { describe } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import type { Parcel } from '../../src/engine/ports.ts';
import { activeOrdersContract } from './active-orders.contract.ts';
import { bottlenecksContract } from './bottlenecks.contract.ts';
import { clientContractsContract } from './client-contracts.contract.ts';
import type { Arrival } from './courier.contract.ts';
import { courierContract } from './courier.contract.ts';
import { drainsContract } from './drains.contract.ts';
import { T0 } from './entries.ts';
import { journalContract } from './journal.contract.ts';
import { createMemoryBottlenecks } from './memory/bottlenecks.ts';
import { createMemoryCourier } from './memory/courier.ts';
import { createMemoryDrains } from './memory/drains.ts';
import { createMemoryPorts } from './memory/ports.ts';
import { orderListContract } from './order-list.contract.ts';
import { registryContract } from './registry.contract.ts';
import type { OpenStore } from './store.ts';
import { tokensContract } from './tokens.contract.ts';
import { workflowsContract } from './workflows.contract.ts';

describe('in memory', () => {
  journalContract(opening(({ journal }) => journal));
  activeOrdersContract(opening(({ activeOrders }) => activeOrders));
  registryContract(opening(({ registry }) => registry));
  workflowsContract(opening(({ workflows }) => workflows));
  clientContractsContract(opening(({ clients }) => clients));
  tokensContract(opening(({ tokens }) => tokens));
  drainsContract(async () => {
    const drains = createMemoryDrains();
    return { connect: () => drains };
  });
  bottlenecksContract(async () => {
    const bottlenecks = createMemoryBottlenecks();
    return { connect: () => bottlenecks };
  });
  orderListContract(opening((ports) => ports));
  courierContract(async () => {
    const courier = createMemoryCourier();
    return {
      courier,
      queueUrl: (plugin) => `queue of ${plugin}`,
      arrivals: async () => courier.sent.splice(0).flatMap(arrivalsOf).sort(byPlaceAndOrder),
    };
  });
});

function opening<Port>(
  pick: (ports: ReturnType<typeof createMemoryPorts>) => Port,
): OpenStore<Port> {
  return async () => {
    const ports = createMemoryPorts(() => T0);
    return { connect: () => pick(ports) };
  };
}

function arrivalsOf(parcel: Parcel): readonly Arrival[] {
  switch (parcel.to) {
    case 'plugin':
      return [arrival(parcel.queueUrl.slice('queue of '.length), parcel.message)];
    case 'broadcast':
      return parcel.plugins.map((plugin) => arrival(plugin, parcel.message));
    case 'orchestrator':
      return [arrival('orchestrator', parcel.message)];
    case 'lifecycle':
      return parcel.fact.type === 'order.failed' ? [arrival('lifecycle', parcel.fact)] : [];
  }
}

function arrival(at: string, body: object): Arrival {
  return { at, body: body as Json };
}

function byPlaceAndOrder(a: Arrival, b: Arrival): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
