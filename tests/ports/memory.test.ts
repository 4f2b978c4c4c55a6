import { describe } from '@jest/globals';
import type { Json } from '../../src/core/json.ts';
import type { Bottleneck } from '../../src/core/scaling.ts';
import type { OutgoingMessage } from '../../src/ports/messenger.ts';
import { activeOrdersContract, activeOrdersSurveyContract } from './active-orders.contract.ts';
import { awaitedEventsContract } from './awaited-events.contract.ts';
import { bottlenecksContract } from './bottlenecks.contract.ts';
import { boundedPluginsContract } from './bounded-plugins.contract.ts';
import { clientContractsContract } from './client-contracts.contract.ts';
import { countsContract } from './counts.contract.ts';
import { drainsContract } from './drains.contract.ts';
import { T0 } from './entries.ts';
import { failureWindowsContract } from './failure-windows.contract.ts';
import { historyContract } from './history.contract.ts';
import { inputSchemasContract } from './input-schemas.contract.ts';
import { journalContract } from './journal.contract.ts';
import { createMemoryCounts } from './memory/counts.ts';
import { createMemoryDrains } from './memory/drains.ts';
import { createMemoryFailureWindows } from './memory/failure-windows.ts';
import { createMemoryHistory } from './memory/history.ts';
import { createMemoryJournal } from './memory/journal.ts';
import { createMemoryMessenger } from './memory/messenger.ts';
import { createMemoryObjects } from './memory/objects.ts';
import { createMemoryOperations } from './memory/operations.ts';
import { createMemoryPorts } from './memory/ports.ts';
import { createMemoryPluginRecords } from './memory/records.ts';
import { createMemoryWorkers } from './memory/workers.ts';
import type { Arrival } from './messenger.contract.ts';
import { messengerContract } from './messenger.contract.ts';
import { objectStoreContract } from './object-store.contract.ts';
import { operationsContract } from './operations.contract.ts';
import { orderListContract } from './order-list.contract.ts';
import { parkedOrdersContract } from './parked-orders.contract.ts';
import { quarantinesContract } from './quarantines.contract.ts';
import { registryContract } from './registry.contract.ts';
import { schedulesContract } from './schedules.contract.ts';
import type { OpenStore } from './store.ts';
import { tokensContract } from './tokens.contract.ts';
import { turnsContract } from './turns.contract.ts';
import { workersContract } from './workers.contract.ts';
import { workflowsContract } from './workflows.contract.ts';

describe('in memory', () => {
  journalContract(async (clock = () => T0) => {
    const journal = createMemoryJournal(clock);
    return { connect: () => journal };
  });
  activeOrdersContract(opening(({ activeOrders }) => activeOrders));
  activeOrdersSurveyContract(opening(({ activeOrders }) => activeOrders));
  inputSchemasContract(opening(({ inputSchemas }) => inputSchemas));
  registryContract(opening(({ registry }) => registry));
  workflowsContract(opening(({ workflows }) => workflows));
  clientContractsContract(opening(({ clients }) => clients));
  schedulesContract(opening(({ schedules }) => schedules));
  tokensContract(opening(({ tokens }) => tokens));
  drainsContract(async () => {
    const drains = createMemoryDrains();
    return { connect: () => drains };
  });
  parkedOrdersContract(opening(({ parkedOrders }) => parkedOrders));
  boundedPluginsContract(opening(({ boundedPlugins }) => boundedPlugins));
  turnsContract(opening(({ turns }) => turns));
  awaitedEventsContract(opening(({ awaitedEvents }) => awaitedEvents));
  quarantinesContract(opening(({ quarantines }) => quarantines));
  failureWindowsContract(async () => {
    const windows = createMemoryFailureWindows();
    return { connect: () => windows };
  });
  workersContract(async () => {
    const workers = createMemoryWorkers();
    return { connect: () => workers };
  });
  countsContract(async (clock) => {
    const counts = createMemoryCounts(clock);
    return { connect: () => counts };
  });
  historyContract(async () => {
    const history = createMemoryHistory();
    return { connect: () => history };
  });
  bottlenecksContract(async () => {
    const bottlenecks = createMemoryPluginRecords<Bottleneck>();
    return { connect: () => bottlenecks };
  });
  operationsContract(async () => {
    const operations = createMemoryOperations();
    return { connect: () => operations };
  });
  objectStoreContract(async () => {
    const objects = createMemoryObjects();
    return { connect: () => objects };
  });
  orderListContract(opening((ports) => ports));
  messengerContract(async () => {
    const messenger = createMemoryMessenger();
    return {
      messenger,
      queueUrl: (plugin) => `queue of ${plugin}`,
      arrivals: async () => messenger.sent.splice(0).flatMap(arrivalsOf).sort(byPlaceAndOrder),
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

function arrivalsOf(outgoing: OutgoingMessage): readonly Arrival[] {
  switch (outgoing.to) {
    case 'plugin':
      return [arrival(outgoing.queueUrl.slice('queue of '.length), outgoing.body)];
    case 'broadcast':
      return outgoing.plugins.map((plugin) => arrival(plugin, outgoing.body));
    case 'orchestrator':
      return [arrival('orchestrator', outgoing.body)];
    case 'lifecycle':
      return outgoing.body.type === 'order.failed' ? [arrival('lifecycle', outgoing.body)] : [];
  }
}

function arrival(at: string, body: object): Arrival {
  return { at, body: body as Json };
}

function byPlaceAndOrder(a: Arrival, b: Arrival): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
