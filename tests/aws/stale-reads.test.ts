import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createActiveOrders } from '../../src/aws/active-orders.ts';
import { createBottlenecks } from '../../src/aws/bottlenecks.ts';
import { createDrains } from '../../src/aws/drains.ts';
import { createJournal } from '../../src/aws/journal.ts';
import type { Table } from '../../src/aws/table.ts';
import { createTokens } from '../../src/aws/tokens.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { localClients } from '../local/local-clients.ts';
import { activeOrdersContract } from '../ports/active-orders.contract.ts';
import { bottlenecksContract } from '../ports/bottlenecks.contract.ts';
import { drainsContract } from '../ports/drains.contract.ts';
import { T0 } from '../ports/entries.ts';
import { journalContract } from '../ports/journal.contract.ts';
import type { OpenStore } from '../ports/store.ts';
import { tokensContract } from '../ports/tokens.contract.ts';
import { openTable } from './embedded-table.ts';

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
    return { connect: () => createJournal(table, { retentionDays: 30 }) };
  });
  activeOrdersContract(opening(createActiveOrders));
  drainsContract(opening(createDrains));
  bottlenecksContract(opening(createBottlenecks));
  tokensContract(opening((table) => createTokens(table, () => T0)));
});

function opening<Port>(connect: (table: Table) => Port): OpenStore<Port> {
  return async () => {
    const table = await openStaleTable();
    return { connect: () => connect(table) };
  };
}

async function openStaleTable(clock?: Clock): Promise<Table> {
  const { dynamodb } = localClients(aws);
  showOldViews(dynamodb);
  return (await openTable(dynamodb, clock)).table;
}

/**
 * What is not asked to be read consistently is not there yet: the oldest view that there can be.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 */
function showOldViews(dynamodb: DynamoDBClient): void {
  dynamodb.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const answer = await next(args);
        const { ConsistentRead } = args.input as { readonly ConsistentRead?: boolean };
        if (/^(Get|Query)/.test(commandName) && ConsistentRead !== true) {
          Object.assign(answer.output as object, { Items: [], Item: undefined });
        }
        return answer;
      },
    { step: 'initialize', name: 'showOldViews' },
  );
}
