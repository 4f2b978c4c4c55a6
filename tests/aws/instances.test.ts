import { readFileSync } from 'node:fs';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { startEmbeddedAws } from '../../infra/local/embedded-aws.ts';
import { createMasterSecret } from '../../src/aws/master-secret.ts';
import { createRegistry } from '../../src/aws/registry.ts';
import type { Table } from '../../src/aws/table.ts';
import { createWorkflows } from '../../src/aws/workflows.ts';
import { localClients } from '../local/local-clients.ts';
import { T0 } from '../ports/entries.ts';
import { plugin, requestOf } from '../ports/registry.contract.ts';
import { times } from '../ports/store.ts';
import { openTable } from './embedded-table.ts';

/** What an instance remembers between invocations. */

let aws: EmbeddedAws;
let table: Table;
let asked: string[];
let dynamodb: DynamoDBClient;
let tableName: string;

/** What the page tells people to run. */
const OPERATIONS = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const REPLACE = {
  expression: /--update-expression '(SET earlier[^']*)'/.exec(OPERATIONS)?.[1],
  condition: /--condition-expression '([^']*)'/.exec(OPERATIONS)?.[1],
};
const RETIRE = /--update-expression '(REMOVE[^']*)'/.exec(OPERATIONS)?.[1];
beforeAll(async () => {
  aws = await startEmbeddedAws();
});
beforeEach(async () => {
  dynamodb = localClients(aws).dynamodb;
  const opened = await openTable(aws);
  tableName = opened.name;
  asked = [];
  table = counting(opened.table, asked);
});
afterAll(() => aws.stop());

describe('the master secret', () => {
  it('is made by the first of fifty instances that need it at once, and is the same for all', async () => {
    const secrets = await Promise.all(times(50, () => createMasterSecret(table, () => T0).read()));
    const [first] = secrets.map(({ current }) => current);
    expect(new Set(secrets.map(({ current }) => current)).size).toBe(1);
    expect(Buffer.from(first ?? '', 'base64url')).toHaveLength(32);
    expect(await createMasterSecret(table, () => T0).read()).toEqual({ current: first });
  });

  it('is read once in five minutes', async () => {
    let now = T0;
    const secret = createMasterSecret(table, () => now);
    await Promise.all([secret.read(), secret.read()]);
    now += 299_999;
    await secret.read();
    expect(asked).toEqual(['get', 'put']);
    now += 1;
    await secret.read();
    expect(asked).toEqual(['get', 'put', 'get']);
  });

  it('is replaced as docs/operations.md says: both count, and plugins get the new one when every instance knows it', async () => {
    let now = T0;
    const secret = createMasterSecret(table, () => now);
    const before = await secret.read();
    const write = (update: object) =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: 'secret' }, sk: { S: 'master' } },
          ...update,
        }),
      );
    const replace = () =>
      write({
        UpdateExpression: REPLACE.expression,
        ConditionExpression: REPLACE.condition,
        ExpressionAttributeValues: { ':new': { S: 'new' }, ':now': { N: String(now) } },
      });
    await replace();
    expect(await secret.read()).toEqual(before);

    now += 300_000;
    expect(await secret.read()).toEqual({ current: before.current, other: 'new' });
    now += 300_000;
    expect(await secret.read()).toEqual({ current: 'new', other: before.current });
    // the one before would be lost, with all that is signed with it
    await expect(replace()).rejects.toThrow('conditional request failed');

    await write({ UpdateExpression: RETIRE });
    now += 300_000;
    expect(await secret.read()).toEqual({ current: 'new' });
  });

  it('is asked for again after the table did not answer', async () => {
    let broken = true;
    const throttled: Table = {
      ...table,
      get: (key) => (broken ? Promise.reject(new Error('throttled')) : table.get(key)),
    };
    const secret = createMasterSecret(throttled, () => T0);
    await expect(secret.read()).rejects.toThrow('throttled');
    broken = false;
    expect(await secret.read()).toBeTruthy();
  });
});

/** Registrations and quarantines, which are read together. */
const ONE_LOOK = ['pages', 'pages'];

describe('the registry', () => {
  it('is asked once in five seconds, however many want to know', async () => {
    let now = T0;
    const registry = createRegistry(table, () => now);
    await Promise.all(times(10, () => registry.plugins()));
    now += 4999;
    await registry.plugins();
    expect(asked).toEqual(ONE_LOOK);
    now += 1;
    await registry.plugins();
    expect(asked).toEqual([...ONE_LOOK, ...ONE_LOOK]);
  });

  it('is asked again sooner by whoever needs to know what was so a moment ago', async () => {
    let now = T0;
    const registry = createRegistry(table, () => now);
    await registry.plugins();
    now += 999;
    await registry.plugins({ withinMs: 1000 });
    expect(asked).toEqual(ONE_LOOK);
    now += 1;
    await Promise.all(times(10, () => registry.plugins({ withinMs: 1000 })));
    expect(asked).toEqual([...ONE_LOOK, ...ONE_LOOK]);
  });

  it('shows an instance what it put itself', async () => {
    const registry = createRegistry(table, () => T0);
    await registry.plugins();
    await registry.put(plugin('A'), requestOf('A'));
    expect([...(await registry.plugins()).keys()]).toEqual(['A']);
    await registry.remove('A', requestOf('A'));
    expect([...(await registry.plugins()).keys()]).toEqual([]);
  });
});

describe('a registration that is removed while it is being stored', () => {
  it('is removed', async () => {
    const late = requestOf('A');
    const removal = requestOf('A');
    const racing = createRegistry(
      {
        ...table,
        async put(item, condition) {
          await createRegistry(table, () => T0).remove('A', removal);
          return table.put(item, condition);
        },
      },
      () => T0,
    );
    expect(await racing.put(plugin('A'), late)).toEqual({ outcome: 'superseded' });
    expect(await racing.find('A')).toBeUndefined();
  });
});

describe('a plugin that nobody has deployed', () => {
  // Was: an optional plugin that is not deployed had the registry read with each event. Now: once a second.
  it('is asked for once a second, however many orders name it', async () => {
    let now = T0;
    const registry = createRegistry(table, () => now);
    const ask = () => registry.plugins({ naming: ['A', 'X'] });
    await createRegistry(table, () => now).put(plugin('A'), requestOf('A'));
    await registry.plugins();
    asked.length = 0;
    await Promise.all(times(10, ask));
    now += 999;
    await Promise.all(times(10, ask));
    expect(asked).toEqual(ONE_LOOK);
    now += 1;
    await ask();
    expect(asked).toEqual([...ONE_LOOK, ...ONE_LOOK]);
  });

  it('is asked for again when the table did not answer, and is found as soon as it is there', async () => {
    let broken = true;
    const pages: Table['pages'] = (query) => {
      if (broken && query.consistent) throw new Error('throttled');
      return table.pages(query);
    };
    const registry = createRegistry({ ...table, pages }, () => T0);
    await registry.plugins();
    await expect(registry.plugins({ naming: ['A'] })).rejects.toThrow('throttled');
    broken = false;
    await createRegistry(table, () => T0).put(plugin('A'), requestOf('A'));
    expect((await registry.plugins({ naming: ['A'] })).has('A')).toBe(true);
  });

  it('is found by whoever asks at the same moment', async () => {
    const registry = createRegistry(table, () => T0);
    await registry.plugins();
    await createRegistry(table, () => T0).put(plugin('A'), requestOf('A'));
    const found = await Promise.all(times(5, () => registry.plugins({ naming: ['A'] })));
    expect(found.map((plugins) => plugins.has('A'))).toEqual(times(5, () => true));
  });
});

describe('a workflow version', () => {
  const definition = {
    name: 'w',
    on: [],
    activities: [{ name: 'a', pre: [{ plugin: 'A' }], parallel: [], post: [] }],
  };

  it('is read once an instance', async () => {
    await createWorkflows(table, () => T0).put(definition);
    asked.length = 0;
    const workflows = createWorkflows(table, () => T0);
    for (const _ of times(3, () => 0)) await workflows.get({ name: 'w', version: 1 });
    expect(asked).toEqual(['get']);
  });

  it('is forgotten when two hundred others have come since', async () => {
    const workflows = createWorkflows(table, () => T0);
    await Promise.all(
      times(201, (index) => workflows.put({ ...definition, name: `todo-${index}` })),
    );
    asked.length = 0;
    await workflows.get({ name: 'todo-200', version: 1 });
    await workflows.get({ name: 'todo-0', version: 1 });
    expect(asked).toEqual(['get']);
  });

  it('of an ad-hoc list costs no call when the instance has seen it', async () => {
    const workflows = createWorkflows(table, () => T0);
    await workflows.put({ ...definition, name: 'todo-1' });
    await workflows.put({ ...definition, name: 'todo-1' });
    await workflows.get({ name: 'todo-1', version: 1 });
    expect(asked).toEqual(['put']);
  });

  // Was: each list that a client had ever made up stayed for ever. Now: it goes when nobody has asked for it for long.
  it('of an ad-hoc list stays while it is asked for, and goes 400 days after', async () => {
    const DAY = 86_400_000;
    const now = { at: Date.now() };
    const { table: own } = await openTable(aws, () => now.at);
    const list = { ...definition, name: 'todo-2' };
    const instance = () => createWorkflows(own, () => now.at);
    await instance().put(list);
    now.at += 300 * DAY;
    expect((await instance().put(list)).created).toBe(false);
    now.at += 390 * DAY;
    expect(await instance().get({ name: 'todo-2', version: 1 })).toBeDefined();
    now.at += 11 * DAY;
    expect(await instance().get({ name: 'todo-2', version: 1 })).toBeUndefined();
    expect((await instance().put(list)).created).toBe(true);
  });

  it('whose writer died before it became the latest is found by the next writer', async () => {
    const dying = createWorkflows(
      {
        ...table,
        put: (item, condition) =>
          item.pk === 'workflows'
            ? Promise.reject(new Error('the instance died'))
            : table.put(item, condition),
      },
      () => T0,
    );
    await expect(dying.put(definition)).rejects.toThrow('died');
    const workflows = createWorkflows(table, () => T0);
    expect(await workflows.latest('w')).toBeUndefined();
    expect(await workflows.put(definition)).toMatchObject({ workflow: { version: 1 } });
    expect(await workflows.latest('w')).toMatchObject({ version: 1 });
    const next = { ...definition, on: ['photo.received'] };
    expect(await workflows.put(next)).toMatchObject({ workflow: { version: 2 }, created: true });
  });
});

/** The table, and a record of the calls that are made to it. */
function counting(inner: Table, calls: string[]): Table {
  const record =
    <Args extends unknown[], Result>(name: string, call: (...args: Args) => Result) =>
    (...args: Args): Result => {
      calls.push(name);
      return call(...args);
    };
  return {
    get: record('get', inner.get),
    put: record('put', inner.put),
    set: record('set', inner.set),
    add: record('add', inner.add),
    change: record('change', inner.change),
    delete: record('delete', inner.delete),
    pages: record('pages', inner.pages),
    counts: record('counts', inner.counts),
  };
}
