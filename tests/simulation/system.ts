import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createMessenger } from '../../src/aws/messenger.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import type { Table } from '../../src/aws/table.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { EnginePorts } from '../../src/engine/engine-ports.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { Network } from './aws-clients.ts';
import { clientsOf } from './aws-clients.ts';
import type { MemoryTable } from './memory-table.ts';
import type { Process } from './processes.ts';
import { tableOf } from './table-of-process.ts';
import { LIFECYCLE_TOPIC, TASKS_TOPIC } from './topics.ts';

/** Where a world's processes find the rest of it. */
export interface System {
  readonly table: MemoryTable;
  readonly network: Network;
  readonly orchestratorQueueUrl: string;
  readonly subscriptionSettlesSeconds: number;
  readonly retentionDays: number;
  /** An entry is about to be stored. */
  readonly onAppend: (entry: JournalEntry) => void;
}

/** What the engine stands on in one process: the real adapters, over the world's table and the world's network. */
export function enginePortsOf(process: Process, system: System): EnginePorts {
  const table = tableOf(process, system.table);
  const { sqs, sns } = clientsOf(process, system.network);
  const { orchestratorQueueUrl, subscriptionSettlesSeconds } = system;
  const addresses = {
    orchestratorQueueUrl,
    tasksTopicArn: TASKS_TOPIC,
    lifecycleTopicArn: LIFECYCLE_TOPIC,
  };
  return {
    journal: watched(createJournal(table, system), system.onAppend),
    activeOrders: createActiveOrders(table),
    registry: createRegistry(table, process.now),
    workflows: createWorkflows(table),
    messenger: createMessenger(sqs, sns, addresses),
    clock: process.now,
    subscriptionSettlesSeconds,
  };
}

function watched(journal: Journal, onAppend: System['onAppend']): Journal {
  const append: Journal['append'] = (...args) => {
    onAppend(args[0]);
    return journal.append(...args);
  };
  return { ...journal, append };
}

/** The table as somebody sees it who stands outside the world: at once, and without faults. */
export function tableFromOutside(table: MemoryTable): Table {
  return {
    get: async (key) => table.get(key),
    put: async (item, condition) => table.put(item, condition),
    set: async (key, attributes, condition) => table.set(key, attributes, condition),
    delete: async (key, condition) => table.delete(key, condition),
    async *pages(query) {
      let after: string | undefined;
      do {
        const page = table.page({ ...query, consistent: true }, after);
        yield page.items;
        after = page.last;
      } while (after !== undefined);
    },
  };
}
