import { DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { createRegistry } from '../../src/aws/registry.ts';
import { createTable } from '../../src/aws/table.ts';
import type { Plugins } from '../../src/core/plugin.ts';
import type { AwsConfig } from '../stacks/describe-stack.ts';

/** The plugins that are registered in a core's table, read with the deployer's credentials; none if there is no table. */
export async function readPlugins(config: AwsConfig, tableName: string): Promise<Plugins> {
  const client = new DynamoDBClient(config);
  try {
    const table = createTable(client, tableName, Date.now);
    return await createRegistry(table, Date.now).plugins({ fresh: true });
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return new Map();
    throw error;
  } finally {
    client.destroy();
  }
}
