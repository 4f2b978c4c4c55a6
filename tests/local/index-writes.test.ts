import {
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startWatched, type Watched } from './watched-database.ts';

let watched: Watched;
/** What the store itself is asked to write: between two writes, the process may be killed. */
let writes: number;

beforeEach(async () => {
  watched = await startWatched(
    ({ db }) => {
      for (const method of ['put', 'del', 'batch'] as const) {
        const write = db[method].bind(db);
        db[method] = (...given) => {
          writes += 1;
          write(...given);
        };
      }
    },
    {
      TableName: 'orders',
      AttributeDefinitions: ['pk', 'place', 'kind'].map((AttributeName) => ({
        ...{ AttributeName, AttributeType: 'S' },
      })),
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: ['place', 'kind'].map((AttributeName) => ({
        IndexName: AttributeName,
        KeySchema: [{ AttributeName, KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      })),
    },
  );
  writes = 0;
});
afterEach(() => watched.stop());

const Key = { pk: { S: 'order' } };

/** How many items the index has under the value. */
async function listed(index: 'place' | 'kind', value: string): Promise<number> {
  const { Count = 0 } = await watched.dynamodb.send(
    new QueryCommand({
      ...{ TableName: 'orders', IndexName: index, KeyConditionExpression: `${index} = :value` },
      ExpressionAttributeValues: { ':value': { S: value } },
    }),
  );
  return Count;
}

// Was: the rows of indexes were written one by one before their item. A process that was killed in between left a row of an item that there
// never was; the order was placed again, under another instant, and from then on was listed twice.
// Now: an item and its rows are one write.
it('an item and its rows in indexes are one write, whether it is put, changed or deleted', async () => {
  const { dynamodb } = watched;
  const Item = { ...Key, place: { S: 'first' }, kind: { S: 'a' } };
  await dynamodb.send(new PutItemCommand({ TableName: 'orders', Item }));
  expect(writes).toBe(1);
  expect([await listed('place', 'first'), await listed('kind', 'a')]).toEqual([1, 1]);

  await dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: 'orders', Key, UpdateExpression: 'SET place = :value' },
      ExpressionAttributeValues: { ':value': { S: 'second' } },
    }),
  );
  expect(writes).toBe(2);
  expect([await listed('place', 'first'), await listed('place', 'second')]).toEqual([0, 1]);

  await dynamodb.send(new DeleteItemCommand({ TableName: 'orders', Key }));
  expect(writes).toBe(3);
  expect([await listed('place', 'second'), await listed('kind', 'a')]).toEqual([0, 0]);
});
