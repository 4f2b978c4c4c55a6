import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { LocalError } from '../local-error.ts';
import { ignoring, type ResourceType } from './resource.ts';

type Schema = Pick<
  CreateTableCommandInput,
  'KeySchema' | 'AttributeDefinitions' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'
>;

/** AWS::DynamoDB::Table. Backups, encryption and deletion protection mean nothing locally. */
export const dynamodbTable: ResourceType = {
  provision: async (logicalId, properties, { clients: { dynamodb }, ...place }) => {
    const name = String(properties.TableName ?? `${place.stackName}-${logicalId}`);
    const schema = properties as Schema;
    const existing = await describe(dynamodb, name);
    if (!existing) await create(dynamodb, name, schema);
    else if (shape(existing) !== shape(schema))
      throw new LocalError(
        `${logicalId} (AWS::DynamoDB::Table) has other keys or indexes than the table ${name} in the data folder; start with --reset, which forgets that data.`,
      );

    const timeToLive = properties.TimeToLiveSpecification as
      | { AttributeName: string; Enabled: boolean | string }
      | undefined;
    if (timeToLive) await setTimeToLive(dynamodb, name, timeToLive);
    const arn = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/${name}`;
    return { ref: name, attributes: { Arn: arn } };
  },
  remove: async ({ ref }, { clients }) =>
    ignoring(
      'ResourceNotFoundException',
      clients.dynamodb.send(new DeleteTableCommand({ TableName: ref })),
    ),
};

async function describe(dynamodb: DynamoDBClient, TableName: string) {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

async function create(dynamodb: DynamoDBClient, TableName: string, schema: Schema): Promise<void> {
  const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, LocalSecondaryIndexes } = schema;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
      ...(LocalSecondaryIndexes && { LocalSecondaryIndexes }),
    }),
  );
  while ((await describe(dynamodb, TableName))?.TableStatus !== 'ACTIVE')
    await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Keys and indexes in one line, however the two sides order and decorate them. */
function shape(schema: object): string {
  const { KeySchema, GlobalSecondaryIndexes, LocalSecondaryIndexes } = schema as Schema;
  const keys = (list: Schema['KeySchema']) =>
    (list ?? []).map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).sort();
  const indexes = [...(GlobalSecondaryIndexes ?? []), ...(LocalSecondaryIndexes ?? [])]
    .map((index) => [index.IndexName, ...keys(index.KeySchema), index.Projection?.ProjectionType])
    .map(String)
    .sort();
  return JSON.stringify([keys(KeySchema), indexes]);
}

async function setTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  { AttributeName, Enabled }: { AttributeName: string; Enabled: boolean | string },
): Promise<void> {
  const { TimeToLiveDescription: now } = await dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  const enabled = String(Enabled) === 'true';
  const isEnabled = now?.TimeToLiveStatus === 'ENABLED' && now.AttributeName === AttributeName;
  if (enabled === isEnabled) return;
  await dynamodb.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { AttributeName, Enabled: enabled },
    }),
  );
}
