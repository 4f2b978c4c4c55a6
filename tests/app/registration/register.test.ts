import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SNSEvent } from 'aws-lambda';
import { finishDrains } from '../../../src/app/registration/drain-plugins.ts';
import { makeRegister } from '../../../src/app/registration/register-plugin.ts';
import { pluginKey } from '../../../src/contract/task-token.ts';
import { readDefinition } from '../../../src/contract/workflow-definition.ts';
import { createMemoryDrains } from '../../ports/memory/drains.ts';
import { createMemoryRegistry } from '../../ports/memory/registry.ts';
import { createMemoryWorkflows } from '../../ports/memory/workflows.ts';
import { CONTEXT, MASTER, T0 } from '../system.ts';

interface Answer {
  readonly contentType: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What CloudFormation would hear. */
const heard: Answer[] = [];
let status = 200;

const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request) text += chunk;
  heard.push({ contentType: request.headers['content-type'], body: JSON.parse(text) });
  response.writeHead(status).end();
});

let answerAddress = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  answerAddress = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer?signature=x`;
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  heard.length = 0;
  status = 200;
});

const STACK = 'arn:aws:cloudformation:eu-west-1:1:stack/arithmetic-dev';

interface Asked {
  readonly type: 'Create' | 'Update' | 'Delete';
  readonly stack?: string;
  readonly definition?: string;
  readonly physicalId?: string;
  readonly queue?: string;
  /** It is about a Custom::BatonDrain. */
  readonly drain?: boolean;
}

function requestOf(asked: Asked): object {
  const { type, stack = STACK, definition = '{"name": "A", "history": true}' } = asked;
  const { physicalId = 'plugin/A', queue = 'baton-dev-plugin-A' } = asked;
  return {
    RequestType: type,
    ResponseURL: answerAddress,
    StackId: `${stack}/51af3dc0-da77-11e4-872e-1234567db123`,
    RequestId: 'request-1',
    ResourceType: asked.drain ? 'Custom::BatonDrain' : 'Custom::BatonPlugin',
    LogicalResourceId: asked.drain ? 'ADrain' : 'ARegistration',
    ...(type === 'Create' ? {} : { PhysicalResourceId: physicalId }),
    ResourceProperties: {
      ServiceToken: 'arn:aws:sns:eu-west-1:1:baton-dev-registrations',
      Plugin: 'A',
      Definition: definition,
      QueueUrl: `https://sqs.eu-west-1.amazonaws.com/1/${queue}`,
      QueueArn: `arn:aws:sqs:eu-west-1:1:${queue}`,
    },
  };
}

function createRegistration() {
  const now = { at: T0 };
  const registry = createMemoryRegistry();
  const workflows = createMemoryWorkflows();
  const drains = createMemoryDrains();
  /** What the plugin's queue holds. */
  const queue = { visible: 0, inFlight: 0, delayed: 0 };
  const queueGauges = {
    read: async (urls: readonly string[]) => new Map(urls.map((url) => [url, queue])),
  };
  const secret = { read: async () => MASTER };
  const drainPorts = { drains, queueGauges, clock: () => now.at };
  const register = makeRegister({
    registry,
    workflows,
    ...drainPorts,
    pause: async (ms: number) => {
      now.at += ms;
    },
    masterSecret: secret,
  });
  const ask = async (asked: Asked) => {
    const event = { Records: [{ Sns: { Message: JSON.stringify(requestOf(asked)) } }] };
    await register(event as SNSEvent, CONTEXT);
    return heard.at(-1)?.body;
  };
  const putWorkflow = (name: string, activities: object[]) =>
    workflows.put(readDefinition(name, { activities }));
  /** The sweep, so many seconds later. */
  const sweep = async (seconds: number) => {
    now.at += seconds * 1000;
    await finishDrains(drainPorts);
  };
  return { ask, registry, now, register, putWorkflow, queue, drains, secret, sweep };
}

describe('a plugin registers', () => {
  test('Create: the stack hears success and the key to sign with', async () => {
    const { ask, registry } = createRegistration();
    expect(await ask({ type: 'Create' })).toEqual({
      Status: 'SUCCESS',
      StackId: `${STACK}/51af3dc0-da77-11e4-872e-1234567db123`,
      RequestId: 'request-1',
      LogicalResourceId: 'ARegistration',
      PhysicalResourceId: 'plugin/A',
      NoEcho: true,
      Data: { Key: pluginKey(MASTER, 'A') },
    });
    expect((await registry.plugins()).get('A')).toMatchObject({
      history: true,
      timeoutSeconds: 3600,
      owner: STACK,
      queueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/baton-dev-plugin-A',
      registeredAt: T0,
    });
  });

  test('the answer has the empty content type that its address is signed for', async () => {
    const { ask } = createRegistration();
    await ask({ type: 'Create' });
    expect(heard[0]?.contentType ?? '').toBe('');
  });

  test('Update: an unchanged subscription stays as old as it is; a new queue begins anew', async () => {
    const { ask, registry, now } = createRegistration();
    await ask({ type: 'Create' });
    now.at = T0 + 60_000;
    const changed = { type: 'Update', definition: '{"name": "A", "timeoutSeconds": 5}' } as const;
    await ask(changed);
    const updated = (await registry.plugins()).get('A');
    expect(updated).toMatchObject({ timeoutSeconds: 5, history: false, registeredAt: T0 });
    await ask({ ...changed, queue: 'other' });
    expect((await registry.plugins()).get('A')?.registeredAt).toBe(T0 + 60_000);
  });

  test('Update: under another name it is another resource, and the old one is deleted afterwards', async () => {
    const { ask, registry } = createRegistration();
    await ask({ type: 'Create' });
    const renamed = await ask({ type: 'Update', definition: '{"name": "A2"}' });
    expect(renamed).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'plugin/A2' });
    await ask({ type: 'Delete', physicalId: 'plugin/A' });
    expect([...(await registry.plugins()).keys()]).toEqual(['A2']);
  });

  test('Delete: the plugin is gone', async () => {
    const { ask, registry } = createRegistration();
    await ask({ type: 'Create' });
    expect(await ask({ type: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).size).toBe(0);
  });
});

describe('a stack that must not', () => {
  const other = `${STACK}-other`;

  test('take the name of another: it hears whose it is, and the plugin stays', async () => {
    const { ask, registry } = createRegistration();
    await ask({ type: 'Create' });
    const refused = await ask({ type: 'Create', stack: other });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(STACK) });
    expect(refused).not.toHaveProperty('Data');
    const physicalId = String(refused?.PhysicalResourceId);
    const undone = await ask({ type: 'Delete', stack: other, physicalId });
    expect(undone).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
    expect((await registry.plugins()).get('A')?.owner).toBe(STACK);
  });

  test('delete what another has registered: it hears success, and the plugin stays', async () => {
    const { ask, registry } = createRegistration();
    await ask({ type: 'Create' });
    expect(await ask({ type: 'Delete', stack: other })).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).has('A')).toBe(true);
  });
});

describe('where a plugin takes part', () => {
  const joining = (...joins: object[]) => JSON.stringify({ name: 'A', joins });
  const MAKE = { activity: 'make', stage: 'parallel' };
  const OPEN = { name: 'make', parallel: '*' };

  test('a workflow that it names has no such activity: refused, and the reason says which there are', async () => {
    const { ask, registry, putWorkflow } = createRegistration();
    await putWorkflow('photo', [
      { name: 'check', pre: ['B'] },
      { name: 'publish', post: '*' },
    ]);
    const definition = joining({ activity: 'x', stage: 'pre' }, { ...MAKE, workflow: 'photo' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason:
        'plugin A: joins[1]: UNKNOWN_ACTIVITY: workflow photo (version 1) has no activity make, only check, publish',
    });
    expect((await registry.plugins()).size).toBe(0);
  });

  test('a workflow that it names has the activity, but invites nobody to the stage: refused', async () => {
    const { ask, registry, putWorkflow } = createRegistration();
    await putWorkflow('photo', [{ name: 'make', parallel: ['A'], post: '*' }]);
    const definition = joining({ ...MAKE, workflow: 'photo' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringContaining('CLOSED_STAGE: workflow photo (version 1) invites nobody'),
    });
    expect((await registry.plugins()).size).toBe(0);
  });

  test.each([
    ['a workflow that it names invites it', { ...MAKE, workflow: 'photo' }],
    ['a workflow that it names is not there yet', { ...MAKE, workflow: 'film' }],
    ['it names none, and one has the activity', MAKE],
    ['it names none, and none has the activity yet', { activity: 'print', stage: 'post' }],
  ])('%s: it is registered', async (_name, join) => {
    const { ask, registry, putWorkflow } = createRegistration();
    await putWorkflow('photo', [OPEN]);
    const answer = await ask({ type: 'Create', definition: joining(join) });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).get('A')?.joins).toMatchObject([join]);
  });

  test('before any workflow is there, it is registered', async () => {
    const { ask } = createRegistration();
    const answer = await ask({ type: 'Create', definition: joining(MAKE) });
    expect(answer).toMatchObject({ Status: 'SUCCESS' });
  });

  test('what is registered already is not refused again when its workflow has changed, what is new is', async () => {
    const { ask, putWorkflow } = createRegistration();
    await putWorkflow('photo', [OPEN]);
    const known = { ...MAKE, workflow: 'photo' };
    await ask({ type: 'Create', definition: joining(known) });
    await putWorkflow('photo', [{ name: 'publish', parallel: '*' }]);
    const again = await ask({ type: 'Update', definition: joining({ ...known, order: 5 }) });
    expect(again).toMatchObject({ Status: 'SUCCESS' });
    const more = joining(known, { ...known, activity: 'print' });
    const refused = await ask({ type: 'Update', definition: more });
    expect(refused).toMatchObject({
      Status: 'FAILED',
      Reason: expect.stringMatching(/^plugin A: joins\[1\]: UNKNOWN_ACTIVITY: .*print[^;]*$/),
    });
  });

  // Was: only the latest registration counted, so that the rollback of a change was refused (UPDATE_ROLLBACK_FAILED). Now: the one before, too.
  test('a stack that rolls back gets to what it was, though its workflow has changed', async () => {
    const { ask, putWorkflow } = createRegistration();
    await putWorkflow('photo', [OPEN]);
    const definition = joining({ ...MAKE, workflow: 'photo' });
    await ask({ type: 'Create', definition });
    await putWorkflow('photo', [{ name: 'publish', parallel: '*' }]);
    const changed = joining({ activity: 'publish', stage: 'parallel', workflow: 'photo' });
    for (const delivered of ['once', 'twice']) {
      const answer = await ask({ type: 'Update', definition: changed });
      expect([delivered, answer]).toMatchObject([delivered, { Status: 'SUCCESS' }]);
    }
    expect(await ask({ type: 'Update', definition })).toMatchObject({ Status: 'SUCCESS' });
  });

  test.each([
    ['an unknown operator', { kind: [{ like: 'x' }] }, /joins\[0\]\.filter\.kind/],
    ['a range of words', { size: [{ numeric: ['>', 'ten'] }] }, /joins\[0\]\.filter\.size/],
    ['a range without its bound', { size: [{ numeric: ['>'] }] }, /joins\[0\]\.filter\.size/],
    ['no condition', { kind: [] }, /joins\[0\]\.filter\.kind/],
    ['no list', { kind: 'x' }, /joins\[0\]\.filter\.kind/],
    ['no alternative', { $or: [] }, /joins\[0\]\.filter\.\$or/],
    ['two that are wrong', { a: 'x', b: 'x' }, /joins\[0\]\.filter\.a.*joins\[0\]\.filter\.b/],
  ])('a filter with %s is refused, with its path', async (_name, filter, path) => {
    const { ask, registry } = createRegistration();
    const refused = await ask({ type: 'Create', definition: joining({ ...MAKE, filter }) });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(path) });
    expect((await registry.plugins()).size).toBe(0);
  });

  test('an unknown stage is refused, with its path and the stages that there are', async () => {
    const { ask } = createRegistration();
    const definition = joining({ activity: 'make', stage: 'middle' });
    expect(await ask({ type: 'Create', definition })).toMatchObject({
      Status: 'FAILED',
      Reason: 'joins[0].stage: Invalid option: expected one of "pre"|"parallel"|"post"',
    });
  });
});

describe('a plugin that is removed', () => {
  const DRAIN = { type: 'Delete', drain: true, physicalId: 'drain/A' } as const;
  const heardOfDrain = () => heard.filter(({ body }) => body.LogicalResourceId === 'ADrain');

  async function registered() {
    const registration = createRegistration();
    await registration.ask({ type: 'Create' });
    await registration.ask({ type: 'Create', drain: true });
    heard.length = 0;
    return registration;
  }

  test('Create and Update of its drain: success, nothing happens', async () => {
    const { ask, registry } = createRegistration();
    await ask({ type: 'Create' });
    const created = await ask({ type: 'Create', drain: true });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'drain/A' });
    const updated = await ask({ type: 'Update', drain: true, physicalId: 'drain/A' });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'drain/A' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });

  test('with nothing to do: its stack hears within seconds, and only after every instance knows', async () => {
    const { ask, registry, drains, now } = await registered();
    await ask(DRAIN);
    expect(now.at).toBeGreaterThan(T0 + 5000);
    expect(heardOfDrain()).toMatchObject([
      { body: { Status: 'SUCCESS', PhysicalResourceId: 'drain/A', RequestId: 'request-1' } },
    ]);
    expect((await registry.plugins()).get('A')).toMatchObject({ draining: true });
    expect(await drains.list()).toEqual([]);
  });

  test('with tasks: it retires, and the stack hears when the sweep finds that all are done', async () => {
    const { ask, registry, queue, sweep } = await registered();
    Object.assign(queue, { visible: 3, inFlight: 1 });
    await ask(DRAIN);
    expect((await registry.plugins()).get('A')).toMatchObject({ draining: true });
    Object.assign(queue, { visible: 0, inFlight: 1 });
    await sweep(60);
    Object.assign(queue, { inFlight: 0, delayed: 1 });
    await sweep(60);
    expect(heard).toEqual([]);
    Object.assign(queue, { delayed: 0 });
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
    await sweep(60);
    expect(heard).toHaveLength(1);
  });

  test('and never finishes: its stack goes on after 15 minutes', async () => {
    const { ask, queue, drains, sweep } = await registered();
    queue.visible = 1;
    await ask(DRAIN);
    await sweep(14 * 60);
    expect(heard).toEqual([]);
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
    expect(await drains.list()).toEqual([]);
  });

  test('is told again while the answer does not arrive', async () => {
    const { ask, sweep } = await registered();
    status = 500;
    await ask(DRAIN);
    status = 200;
    await sweep(60);
    await sweep(60);
    expect(heard).toHaveLength(2);
  });

  test("is another stack's, or was never registered: there is nothing to wait for", async () => {
    const { ask, registry, queue } = await registered();
    queue.visible = 1;
    const foreign = await ask({ ...DRAIN, stack: `${STACK}-other` });
    expect(foreign).toMatchObject({ Status: 'SUCCESS' });
    const unknown = await ask({ ...DRAIN, physicalId: 'drain/B' });
    expect(unknown).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });

  test('and deployed again before it is gone, takes part again', async () => {
    const { ask, registry, queue } = await registered();
    queue.visible = 1;
    await ask(DRAIN);
    await ask({ type: 'Update' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });
});

describe('whatever goes wrong, the stack hears of it', () => {
  test.each([
    ['a definition that is no JSON', '{"name"'],
    ['a definition that does not fit', '{"name": "A", "timeoutSeconds": "5", "colour": 1}'],
    ['no name', '{}'],
  ])('%s', async (_name, definition) => {
    const { ask, registry } = createRegistration();
    const refused = await ask({ type: 'Create', definition });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/.{5}/) });
    expect((await registry.plugins()).size).toBe(0);
  });

  test('a table that does not answer', async () => {
    const { ask, registry } = createRegistration();
    registry.put = async () => {
      throw new Error('the table does not answer');
    };
    expect(await ask({ type: 'Create' })).toMatchObject({
      Status: 'FAILED',
      Reason: 'the table does not answer',
    });
  });

  // Was: the plugin was stored first and stayed, since a refused Create has no id to delete it by. Now: nothing is stored.
  test('a secret that cannot be read leaves no plugin behind', async () => {
    const { ask, registry, secret } = createRegistration();
    secret.read = async () => {
      throw new Error('the table does not answer');
    };
    expect(await ask({ type: 'Create' })).toMatchObject({ Status: 'FAILED' });
    expect((await registry.plugins()).size).toBe(0);
  });

  test('an answer that does not arrive makes the invocation fail, so that it is repeated', async () => {
    const { ask } = createRegistration();
    status = 500;
    await expect(ask({ type: 'Create' })).rejects.toThrow(/500/);
  });
});
