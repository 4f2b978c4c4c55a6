import type { Plugin } from '../../../src/core/plugin.ts';
import type { Quarantine } from '../../../src/core/quarantine.ts';
import type { SweepPorts } from '../../../src/engine/sweep.ts';
import type { BoundedPlugins } from '../../../src/ports/bounded-plugins.ts';
import type { Clients } from '../../../src/ports/clients.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Counts } from '../../../src/ports/counts.ts';
import type { History } from '../../../src/ports/history.ts';
import type { InputSchemas } from '../../../src/ports/input-schemas.ts';
import type { OrderList } from '../../../src/ports/order-list.ts';
import type { Schedules } from '../../../src/ports/schedules.ts';
import type { Tokens } from '../../../src/ports/tokens.ts';
import { createMemoryActiveOrders } from './active-orders.ts';
import { createMemoryAwaitedEvents } from './awaited-events.ts';
import { createMemoryBoundedPlugins } from './bounded-plugins.ts';
import { createMemoryClientContracts } from './client-contracts.ts';
import { createMemoryCounts } from './counts.ts';
import { createMemoryEvaluator } from './evaluator.ts';
import { createMemoryHistory } from './history.ts';
import { createMemoryInputSchemas } from './input-schemas.ts';
import type { MemoryJournal } from './journal.ts';
import { createMemoryJournal } from './journal.ts';
import type { MemoryMessenger } from './messenger.ts';
import { createMemoryMessenger } from './messenger.ts';
import { createMemoryOrderList } from './order-list.ts';
import { createMemoryParkedOrders } from './parked-orders.ts';
import { createMemoryPluginRecords } from './records.ts';
import { createMemoryRegistry } from './registry.ts';
import { createMemorySchedules } from './schedules.ts';
import { createMemorySweepRecord } from './sweep-record.ts';
import { createMemoryTokens } from './tokens.ts';
import { createMemoryTurns } from './turns.ts';
import { createMemoryWorkflows } from './workflows.ts';

export interface MemoryPorts extends SweepPorts {
  readonly journal: MemoryJournal;
  readonly messenger: MemoryMessenger;
  readonly orderList: OrderList;
  readonly clients: Clients;
  readonly counts: Counts;
  readonly inputSchemas: InputSchemas;
  readonly history: History;
  readonly schedules: Schedules;
  readonly tokens: Tokens;
  readonly boundedPlugins: BoundedPlugins;
}

/** Every port in memory. They keep the same contracts as those over AWS: see `*.contract.ts`. */
export function createMemoryPorts(clock: Clock, plugins: readonly Plugin[] = []): MemoryPorts {
  const journal = createMemoryJournal(clock);
  const quarantines = createMemoryPluginRecords<Quarantine>();
  return {
    journal,
    activeOrders: createMemoryActiveOrders(),
    parkedOrders: createMemoryParkedOrders(),
    awaitedEvents: createMemoryAwaitedEvents(clock),
    quarantines,
    turns: createMemoryTurns(),
    boundedPlugins: createMemoryBoundedPlugins(),
    registry: createMemoryRegistry(plugins, quarantines),
    workflows: createMemoryWorkflows(clock),
    messenger: createMemoryMessenger(),
    backlogs: { oldest: async () => new Map() },
    backOff: async () => {},
    sweepRecord: createMemorySweepRecord(),
    evaluator: createMemoryEvaluator(),
    orderList: createMemoryOrderList(journal),
    clients: createMemoryClientContracts(),
    counts: createMemoryCounts(clock),
    inputSchemas: createMemoryInputSchemas(),
    history: createMemoryHistory(),
    schedules: createMemorySchedules(),
    tokens: createMemoryTokens(clock),
    clock,
    subscriptionSettlesSeconds: 0,
  };
}
