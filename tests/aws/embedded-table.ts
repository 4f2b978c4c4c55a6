import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import type { Table } from '../../src/aws/table.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { T0 } from '../ports/entries.ts';

/** A new and empty table like the one of the core's stack (infra/core/table.yml). Its clock decides what has expired. */
export async function openTable(
  dynamodb: DynamoDBClient,
  clock: Clock = () => T0,
): Promise<{ name: string; table: Table }> {
  const name = `table-${randomUUID()}`;
  await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
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
    }),
  );
  while (!(await isActive(dynamodb, name)));
  return { name, table: createTable(dynamodb, name, clock) };
}

async function isActive(dynamodb: DynamoDBClient, name: string): Promise<boolean> {
  const { Table: table } = await dynamodb.send(new DescribeTableCommand({ TableName: name }));
  return table?.TableStatus === 'ACTIVE';
}
