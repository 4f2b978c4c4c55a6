import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import type { AwsClients } from '../aws-clients.ts';
import type { StackRecord } from '../cloudformation/stack-record.ts';
import { LocalError } from '../local-error.ts';
import type { DataFolder } from './data-folder.ts';
import type { OwnFile } from './own-files.ts';

/** The stores that are Baton's own: others may well forget everything when they end, as LocalStack does. */
export interface EmbeddedStores {
  readonly tables: boolean;
  readonly queues: boolean;
}

/**
 * SQLite and LevelDB begin with nothing when their files have gone, or hold nothing any more: all orders would be lost without a word.
 *
 * @throws {LocalError} when nothing is left of the tables, or of the queues, that earlier runs have made
 */
export async function refuseLostStores(
  records: readonly StackRecord[],
  embedded: EmbeddedStores,
  { dynamodb, sqs }: AwsClients,
  data: Pick<DataFolder, 'file'>,
): Promise<void> {
  const namesOf = (type: string, name: (ref: string) => string) =>
    records
      .flatMap(({ resources }) => Object.values(resources))
      .filter((resource) => resource.type === type)
      .map(({ ref }) => name(ref));
  const tables = embedded.tables ? namesOf('AWS::DynamoDB::Table', (ref) => ref) : [];
  const queues = embedded.queues ? namesOf('AWS::SQS::Queue', lastPart) : [];
  await refuseUnlessAny(tables, data.file('tables'), (TableName) =>
    dynamodb.send(new DescribeTableCommand({ TableName })),
  );
  await refuseUnlessAny(queues, data.file('fauxqs.db' satisfies OwnFile), (QueueName) =>
    sqs.send(new GetQueueUrlCommand({ QueueName })),
  );
}

const MISSING = /ResourceNotFound|NonExistentQueue|QueueDoesNotExist/;

async function refuseUnlessAny(
  names: readonly string[],
  file: string,
  look: (name: string) => Promise<unknown>,
): Promise<void> {
  for (const name of names) {
    try {
      await look(name);
      return;
    } catch (error) {
      if (!MISSING.test((error as Error).name)) throw error;
    }
  }
  if (names.length === 0) return;
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  throw new LocalError(
    `${file} has lost ${names[0]}${others}, which earlier runs have made; put back a copy, or start with --reset, which forgets all data.`,
  );
}

/** A queue's `Ref` is its URL. */
function lastPart(url: string): string {
  return url.split('/').at(-1) ?? url;
}
