import { randomUUID } from 'node:crypto';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import type { Table } from '../../src/aws/table.ts';
import { createTable } from '../../src/aws/table.ts';
import type { TableCalls } from '../../src/aws-calls/table-service.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createActiveTable } from '../local/active-table.ts';
import { localClients } from '../local/local-clients.ts';
import { T0 } from '../ports/entries.ts';
import { localCalls } from './local-calls.ts';

/** A new and empty table like the one of the core's stack (infra/core/table.yml). Its clock decides what has expired. */
export async function openTable(
  aws: EmbeddedAws,
  clock: Clock = () => T0,
  calls: TableCalls = localCalls(aws).dynamodb,
): Promise<{ name: string; table: Table }> {
  const clients = localClients(aws);
  const name = `table-${randomUUID()}`;
  await createActiveTable(clients.dynamodb, {
    TableName: name,
    AttributeDefinitions: ['pk', 'sk', 'listKey', 'listSort'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'list',
        KeySchema: [
          { AttributeName: 'listKey', KeyType: 'HASH' },
          { AttributeName: 'listSort', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  });
  return { name, table: createTable(calls, name, clock) };
}
