import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { TooLargeError } from '../ports/too-large.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html (400 KB, names included) */
export const MAX_ITEM_BYTES = 400 * 1024;

/** What an item's attributes hold. */
export type Attribute = string | number | Uint8Array;

export type Item = Readonly<Record<string, Attribute | undefined>>;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A condition that a write depends on, and the values that it names. */
export interface Condition {
  readonly expression: string;
  readonly values?: Item;
}

/** There is no item under the key. */
export const IS_NEW: Condition = { expression: 'attribute_not_exists(pk)' };

export interface Query {
  /** The name and value of the partition key. */
  readonly partition: readonly [name: string, value: string];
  readonly index?: string;
  /** Only items whose sort key comes before it. */
  readonly before?: readonly [name: string, value: string];
  /** Largest sort key first. */
  readonly backwards?: boolean;
  /** Items a page. */
  readonly limit?: number;
  /** Names of the attributes to fetch. Default: all. */
  readonly only?: readonly string[];
  readonly consistent?: boolean;
}

/** What became of a conditional write: it took place, or the item found did not let it. */
export type Written = { readonly done: true } | { readonly done: false; readonly found: Item };

/** The one DynamoDB table of a deployment. Single items are read consistently. */
export interface Table {
  get(key: Key): Promise<Item | undefined>;
  /** @throws {TooLargeError} */
  put(item: Key & Item, condition?: Condition): Promise<Written>;
  /** Sets the attributes; an item that is not there is made. */
  set(key: Key, attributes: Item, condition?: Condition): Promise<Written>;
  delete(key: Key, condition?: Condition): Promise<Written>;
  /** All that match, a page at a time. */
  pages(query: Query): AsyncIterable<readonly Item[]>;
}

export function createTable(client: DynamoDBClient, TableName: string): Table {
  return {
    async get(key) {
      const command = new GetItemCommand({ TableName, Key: marshal(key), ConsistentRead: true });
      const { Item: item } = await client.send(command);
      return item && unmarshal(item);
    },

    async put(item, condition) {
      const bytes = itemBytes(item);
      if (bytes > MAX_ITEM_BYTES) {
        throw new TooLargeError(`the item ${item.pk} ${item.sk}`, bytes, MAX_ITEM_BYTES);
      }
      const input = { TableName, Item: marshal(item), ...conditionOf(condition) };
      return unlessRefused(client.send(new PutItemCommand(input)));
    },

    set(key, attributes, condition) {
      const present = Object.entries(attributes).filter(([, value]) => value !== undefined);
      const command = new UpdateItemCommand({
        TableName,
        Key: marshal(key),
        UpdateExpression: `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}`,
        ...conditionOf(condition),
        ExpressionAttributeNames: Object.fromEntries(present.map(([name]) => [`#${name}`, name])),
        ExpressionAttributeValues: values({ ...attributes, ...condition?.values }),
      });
      return unlessRefused(client.send(command));
    },

    delete(key, condition) {
      const input = { TableName, Key: marshal(key), ...conditionOf(condition) };
      return unlessRefused(client.send(new DeleteItemCommand(input)));
    },

    async *pages({ partition, before, index, backwards, limit, only, consistent }) {
      const isInPartition = '#partition = :partition';
      const isBefore = '#sort < :before';
      let from: Record<string, AttributeValue> | undefined;
      do {
        const command = new QueryCommand({
          TableName,
          ...(index && { IndexName: index }),
          KeyConditionExpression: before ? `${isInPartition} AND ${isBefore}` : isInPartition,
          ExpressionAttributeNames: {
            '#partition': partition[0],
            ...(before && { '#sort': before[0] }),
            ...Object.fromEntries(only?.map((name) => [`#${name}`, name]) ?? []),
          },
          ExpressionAttributeValues: values({
            partition: partition[1],
            ...(before && { before: before[1] }),
          }),
          ...(only && { ProjectionExpression: only.map((name) => `#${name}`).join(', ') }),
          ...(backwards && { ScanIndexForward: false }),
          ...(limit && { Limit: limit }),
          ...(consistent && { ConsistentRead: true }),
          ...(from && { ExclusiveStartKey: from }),
        });
        const page = await client.send(command);
        yield (page.Items ?? []).map(unmarshal);
        from = page.LastEvaluatedKey;
      } while (from !== undefined);
    },
  };
}

/** How DynamoDB counts: names and values in UTF-8, a number as at most 21 bytes. A write unit is 1 KB of it. */
export function itemBytes(item: Item): number {
  return Object.entries(item).reduce((bytes, [name, value]) => {
    if (value === undefined) return bytes;
    const own =
      typeof value === 'string'
        ? Buffer.byteLength(value)
        : typeof value === 'number'
          ? Math.ceil(String(Math.abs(value)).length / 2) + 1
          : value.byteLength;
    return bytes + Buffer.byteLength(name) + own;
  }, 0);
}

async function unlessRefused(write: Promise<unknown>): Promise<Written> {
  try {
    await write;
    return { done: true };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { done: false, found: unmarshal(error.Item ?? {}) };
  }
}

function conditionOf(condition: Condition | undefined) {
  if (condition === undefined) return {};
  return {
    ConditionExpression: condition.expression,
    ...(condition.values && { ExpressionAttributeValues: values(condition.values) }),
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

function values(named: Item): Record<string, AttributeValue> {
  const marshalled = Object.entries(marshal(named));
  return Object.fromEntries(marshalled.map(([name, value]) => [`:${name}`, value]));
}

function marshal(item: Item | Key): Record<string, AttributeValue> {
  const marshalled: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(item) as [string, Attribute | undefined][]) {
    if (value === undefined) continue;
    if (typeof value === 'string') marshalled[name] = { S: value };
    else if (typeof value === 'number') marshalled[name] = { N: String(value) };
    else marshalled[name] = { B: value };
  }
  return marshalled;
}

function unmarshal(item: Record<string, AttributeValue>): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, { S, N, B }]) => [name, S ?? (N === undefined ? B : +N)]),
  );
}
