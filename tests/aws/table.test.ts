import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createAwaitedEvents } from '../../src/aws/awaited-events.ts';
import { createBottlenecks } from '../../src/aws/bottlenecks.ts';
import { createBoundedPlugins } from '../../src/aws/bounded-plugins.ts';
import { createClientContracts } from '../../src/aws/client-contracts.ts';
import { createCounts } from '../../src/aws/counts.ts';
import { createDrains } from '../../src/aws/drains.ts';
import { createFailureWindows } from '../../src/aws/failure-windows.ts';
import { createHistory } from '../../src/aws/history.ts';
import { createInputSchemas } from '../../src/aws/input-schemas.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createOperations } from '../../src/aws/operations.ts';
import { createOrderList } from '../../src/aws/order-list.ts';
import { createParkedOrders } from '../../src/aws/parked-orders.ts';
import { createQuarantines } from '../../src/aws/quarantines.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import { createSchedules } from '../../src/aws/schedules.ts';
import type { Table } from '../../src/aws/table.ts';
import { createTokens } from '../../src/aws/tokens.ts';
import { createTurns } from '../../src/aws/turns.ts';
import { createWorkers } from '../../src/aws/workers.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import {
  activeOrdersContract,
  activeOrdersSurveyContract,
} from '../ports/active-orders.contract.ts';
import { awaitedEventsContract } from '../ports/awaited-events.contract.ts';
import { bottlenecksContract } from '../ports/bottlenecks.contract.ts';
import { boundedPluginsContract } from '../ports/bounded-plugins.contract.ts';
import { clientContractsContract } from '../ports/client-contracts.contract.ts';
import { countsContract } from '../ports/counts.contract.ts';
import { drainsContract } from '../ports/drains.contract.ts';
import { T0 } from '../ports/entries.ts';
import { failureWindowsContract } from '../ports/failure-windows.contract.ts';
import { historyContract } from '../ports/history.contract.ts';
import { inputSchemasContract } from '../ports/input-schemas.contract.ts';
import { journalContract } from '../ports/journal.contract.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { operationsContract } from '../ports/operations.contract.ts';
import { orderListContract } from '../ports/order-list.contract.ts';
import { parkedOrdersContract } from '../ports/parked-orders.contract.ts';
import { quarantinesContract } from '../ports/quarantines.contract.ts';
import { registryContract } from '../ports/registry.contract.ts';
import { schedulesContract } from '../ports/schedules.contract.ts';
import type { OpenStore } from '../ports/store.ts';
import { tokensContract } from '../ports/tokens.contract.ts';
import { turnsContract } from '../ports/turns.contract.ts';
import { workersContract } from '../ports/workers.contract.ts';
import { workflowsContract } from '../ports/workflows.contract.ts';
import { openTable } from './embedded-table.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

it('reads on in ever larger pages, where whoever looks has not found it among the first', async () => {
  const { table } = await openTable(aws, () => T0);
  for (let n = 0; n < 40; n += 1) await table.put({ pk: 'p', sk: String(n).padStart(3, '0') });
  const sizes: number[] = [];
  const query = { partition: ['pk', 'p'], limit: 5, growing: true, backwards: true } as const;
  for await (const items of table.pages(query)) sizes.push(items.length);
  expect(sizes.filter((size) => size > 0)).toEqual([5, 10, 20, 5]);
});

describe('in the table', () => {
  journalContract(async (clock = () => T0) => {
    const { table } = await openTable(aws, clock);
    const payloads = createMemoryPayloads();
    return { connect: () => createJournal(table, payloads, { retentionDays: 30 }) };
  });
  activeOrdersContract(opening(createActiveOrders));
  activeOrdersSurveyContract(opening(createActiveOrders));
  registryContract(opening((table) => createRegistry(table, () => T0)));
  workflowsContract(opening((table) => createWorkflows(table, () => T0)));
  clientContractsContract(opening(createClientContracts));
  parkedOrdersContract(opening(createParkedOrders));
  boundedPluginsContract(opening(createBoundedPlugins));
  turnsContract(opening(createTurns));
  awaitedEventsContract(async () => {
    const { table } = await openTable(aws);
    const payloads = createMemoryPayloads();
    return { connect: () => createAwaitedEvents(table, payloads) };
  });
  quarantinesContract(opening(createQuarantines));
  failureWindowsContract(opening(createFailureWindows));
  workersContract(opening(createWorkers));
  bottlenecksContract(opening(createBottlenecks));
  inputSchemasContract(opening(createInputSchemas));
  drainsContract(opening(createDrains));
  historyContract(async (clock) => {
    const { table } = await openTable(aws, clock);
    return { connect: () => createHistory(table, clock) };
  });
  countsContract(async (clock) => {
    const { table } = await openTable(aws, clock);
    return { connect: () => createCounts(table, clock) };
  });
  operationsContract(opening((table) => createOperations(table, { retentionDays: 30 })));
  schedulesContract(opening(createSchedules));
  tokensContract(opening((table) => createTokens(table, () => T0)));
  it('a token itself is not stored', async () => {
    const { table } = await openTable(aws);
    const { token } = await createTokens(table, () => T0).mint(
      { kind: 'operator' },
      { name: 'alice' },
    );
    for await (const items of table.pages({ partition: ['pk', 'tokens'] })) {
      expect(items).toEqual([
        {
          pk: 'tokens',
          sk: createHash('sha256').update(token).digest('hex'),
          kind: 'operator',
          name: 'alice',
          prefix: token.slice(0, 16),
          createdAt: T0,
        },
      ]);
    }
  });
  orderListContract(
    opening((table) => {
      const journal = createJournal(table, createMemoryPayloads(), { retentionDays: 30 });
      return { journal, orderList: createOrderList(table, journal) };
    }),
  );
});

function opening<Port>(connect: (table: Table) => Port): OpenStore<Port> {
  return async () => {
    const { table } = await openTable(aws);
    return { connect: () => connect(table) };
  };
}
