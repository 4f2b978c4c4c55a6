import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { registeredPlugins } from '../../src/aws/registry.ts';
import { createTable } from '../../src/aws/table.ts';
import { ServiceError } from '../../src/aws-calls/aws-service.ts';
import { connectTableService } from '../../src/aws-calls/table-service.ts';
import type { Plugins } from '../../src/core/plugin.ts';
import type { AwsConfig } from '../stacks/describe-stack.ts';

/**
 * The plugins that are registered in a core's table, read with the deployer's credentials, which may read no more of it
 * (docs/deployer-policy.json); none if there is no table.
 */
export async function readPlugins(config: AwsConfig, tableName: string): Promise<Plugins> {
  try {
    const table = createTable(await tableCalls(config), tableName, Date.now);
    return await registeredPlugins(table);
  } catch (error) {
    if (error instanceof ServiceError && error.name === 'ResourceNotFoundException') {
      return new Map();
    }
    throw error;
  }
}

/** The core's calls find their credentials in the environment; a deployer's may stand elsewhere, and the SDK's client finds them. */
async function tableCalls(config: AwsConfig) {
  const client = new DynamoDBClient(config);
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  client.destroy();
  return connectTableService({
    maxAttempts: 3,
    patience: { connectionTimeout: 5000, requestTimeout: 30_000 },
    variables: {
      ...process.env,
      AWS_REGION: config.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    },
  });
}
