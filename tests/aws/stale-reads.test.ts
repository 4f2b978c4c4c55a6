import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createBottlenecks } from '../../src/aws/bottlenecks.ts';
import { createDrains } from '../../src/aws/drains.ts';
import { createJournal } from '../../src/aws/journal.ts';
import { createSchedules } from '../../src/aws/schedules.ts';
import type { Table } from '../../src/aws/table.ts';
import { createTokens } from '../../src/aws/tokens.ts';
import type { TableCalls } from '../../src/aws-calls/table-service.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { activeOrdersContract } from '../ports/active-orders.contract.ts';
import { bottlenecksContract } from '../ports/bottlenecks.contract.ts';
import { drainsContract } from '../ports/drains.contract.ts';
import { T0 } from '../ports/entries.ts';
import { journalContract } from '../ports/journal.contract.ts';
import { createMemoryPayloads } from '../ports/memory/objects.ts';
import { schedulesContract } from '../ports/schedules.contract.ts';
import type { OpenStore } from '../ports/store.ts';
import { tokensContract } from '../ports/tokens.contract.ts';
import { openTable } from './embedded-table.ts';
import { localCalls } from './local-calls.ts';

let aws: EmbeddedAws;
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
afterAll(() => aws.stop());

// Was: no test would have noticed a read that is not consistent: an embedded table always shows the latest view.
// Now: what has just been written is read, by every instance.
describe('in a table that shows an old view to whoever does not ask for the latest one', () => {
  journalContract(async (clock = () => T0) => {
    const table = await openStaleTable(clock);
    const payloads = createMemoryPayloads();
    return { connect: () => createJournal(table, payloads, { retentionDays: 30 }) };
  });
  activeOrdersContract(opening(createActiveOrders));
  drainsContract(opening(createDrains));
  bottlenecksContract(opening(createBottlenecks));
  schedulesContract(opening(createSchedules));
  tokensContract(opening((table) => createTokens(table, () => T0)));
});

function opening<Port>(connect: (table: Table) => Port): OpenStore<Port> {
  return async () => {
    const table = await openStaleTable();
    return { connect: () => connect(table) };
  };
}

async function openStaleTable(clock?: Clock): Promise<Table> {
  return (await openTable(aws, clock, showingOldViews(localCalls(aws).dynamodb))).table;
}

/**
 * What is not asked to be read consistently is not there yet: the oldest view that there can be.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
function showingOldViews(call: TableCalls): TableCalls {
  return (async (operation, input) => {
    const output = await call(operation, input);
    const { ConsistentRead } = input as { readonly ConsistentRead?: boolean };
    const isStale = /^(Get|Query)/.test(operation) && ConsistentRead !== true;
    return isStale ? { ...output, Items: [], Item: undefined } : output;
  }) as TableCalls;
}
