import {
  CreateTableCommand,
  DeleteTableCommand,
  PutItemCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { until } from './until.ts';
import { startWatched, type Watched } from './watched-database.ts';

const keyedBy = (name: string) => ({
  TableName: 'orders',
  AttributeDefinitions: [{ AttributeName: name, AttributeType: 'S' as const }],
  KeySchema: [{ AttributeName: name, KeyType: 'HASH' as const }],
});

let watched: Watched;
/** How often an item's call has read the definition from the store. */
let reads: number;
/** Held up until then, with what it has read. */
let held: Promise<void> | undefined;

beforeEach(async () => {
  watched = await startWatched((store) => {
    const getTable = store.getTable.bind(store);
    store.getTable = (name, ...given) => {
      const [found] = given;
      if (typeof found !== 'function') return getTable(name, ...given);
      reads += 1;
      const until = held;
      getTable(name, async (...read) => {
        await until;
        found(...read);
      });
    };
  }, keyedBy('pk'));
  reads = 0;
  held = undefined;
});
afterEach(() => watched.stop());

const put = (name: string) =>
  watched.dynamodb.send(
    new PutItemCommand({ TableName: 'orders', Item: { [name]: { S: 'order' } } }),
  );

async function makeAnew(name: string) {
  await watched.dynamodb.send(new DeleteTableCommand({ TableName: 'orders' }));
  const create = new CreateTableCommand({ ...keyedBy(name), BillingMode: 'PAY_PER_REQUEST' });
  await until('it is gone, and made anew', async () => {
    try {
      await watched.dynamodb.send(create);
      return true;
    } catch {
      return false;
    }
  });
}

const works = (name: string) =>
  until('items can be put', async () => {
    try {
      await put(name);
      return true;
    } catch {
      return false;
    }
  });

it('a table is read from the store once, however many items are put', async () => {
  for (let times = 0; times < 10; times += 1) await put('pk');
  expect(reads).toBe(1);
});

it('a table that is gone is not there for items either', async () => {
  await put('pk');
  await watched.dynamodb.send(new DeleteTableCommand({ TableName: 'orders' }));
  await expect(put('pk')).rejects.toThrow(ResourceNotFoundException);
});

it('a table that was made anew has its new key', async () => {
  await put('pk');
  await makeAnew('id');
  await works('id');
  await expect(put('pk')).rejects.toThrow('Missing the key id');
});

it('nor is a table remembered as it was by a call that had read it before it changed', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = promise;
  const slow = put('pk');
  await until('it has read the table', () => reads === 1);
  held = undefined;
  await makeAnew('id');
  await works('id');
  resolve();
  await slow;
  await put('id');
});
