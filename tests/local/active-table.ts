import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { until } from './until.ts';

/** A new table that can be used: what has been created only is still being made. */
export async function createActiveTable(
  dynamodb: DynamoDBClient,
  input: Omit<CreateTableCommandInput, 'BillingMode'>,
): Promise<void> {
  const { TableName } = input;
  await dynamodb.send(new CreateTableCommand({ ...input, BillingMode: 'PAY_PER_REQUEST' }));
  await until('the table is active', async () => {
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    return Table?.TableStatus === 'ACTIVE';
  });
}
