import { describe, expect, it } from '@jest/globals';
import { pluginKey } from '../../../src/contract/task-token.ts';
import { MASTER, T0 } from '../system.ts';
import { createRegistration, listen, STACK, STACK_ID } from './registration-world.ts';

const cloudformation = listen();

describe('a plugin registers', () => {
  it('Create: the stack hears success and the key to sign with', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    expect(await ask({ type: 'Create' })).toEqual({
      Status: 'SUCCESS',
      StackId: STACK_ID,
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

  it('the answer has the empty content type that its address is signed for', async () => {
    const { ask } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    expect(cloudformation.heard[0]?.contentType ?? '').toBe('');
  });

  it('Update: its subscription stays as old as it is; what is created again begins anew', async () => {
    const { ask, registry, now } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    await registry.setSwitchedOff('A', true);
    now.at = T0 + 60_000;
    const changed = { type: 'Update', definition: '{"name": "A", "timeoutSeconds": 5}' } as const;
    await ask(changed);
    const updated = await registry.find('A');
    expect(updated).toMatchObject({ timeoutSeconds: 5, history: false, registeredAt: T0 });
    expect(updated).toMatchObject({ switchedOff: true });
    await ask({ type: 'Create', stackId: `${STACK}/again` });
    expect(await registry.find('A')).toMatchObject({ registeredAt: T0 + 60_000 });
    expect(await registry.find('A')).not.toHaveProperty('switchedOff');
  });

  it('that begins with a canary is held back the first time, and no other time', async () => {
    const { ask, quarantines, now } = createRegistration(cloudformation);
    const definition = '{"name": "A", "quarantine": {"beginsWithCanary": true}}';
    await ask({ type: 'Create', definition });
    const [held] = await quarantines.list();
    expect(held).toMatchObject({ plugin: 'A', phase: 'closed', canaryAt: T0, isNew: true });
    await quarantines.remove(held!);
    now.at += 60_000;
    await ask({ type: 'Update', definition });
    await ask({ type: 'Create', definition, stackId: `${STACK}/again` });
    expect(await quarantines.list()).toEqual([]);
  });

  it('that takes so many tasks of one client at once is listed, so that somebody looks after its turns', async () => {
    const { ask, boundedPlugins, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create', definition: '{"name": "A"}' });
    expect(await boundedPlugins.list()).toEqual([]);
    await ask({ type: 'Update', definition: '{"name": "A", "tasksPerClient": 10}' });
    expect(await boundedPlugins.list()).toEqual(['A']);
    expect(await registry.find('A')).toMatchObject({ tasksPerClient: 10 });
    // Some may wait still: the sweep takes it from the list.
    await ask({ type: 'Update', definition: '{"name": "A"}' });
    expect(await boundedPlugins.list()).toEqual(['A']);
  });

  it('as it is: without that, it begins open', async () => {
    const { ask, quarantines } = createRegistration(cloudformation);
    await ask({ type: 'Create', definition: '{"name": "A", "quarantine": {}}' });
    expect(await quarantines.list()).toEqual([]);
  });

  it('the same request twice: it is answered the same, and changes nothing', async () => {
    const { ask, registry, now } = createRegistration(cloudformation);
    const create = { type: 'Create', requestId: 'once', sentAt: T0 } as const;
    const first = await ask(create);
    const registered = await registry.find('A');
    now.at += 60_000;
    expect(await ask(create)).toEqual(first);
    expect(await registry.find('A')).toEqual(registered);
  });

  it('Update: under another name it is another resource, and the old one is deleted afterwards', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    const renamed = await ask({ type: 'Update', definition: '{"name": "A2"}' });
    expect(renamed).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'plugin/A2' });
    await ask({ type: 'Delete', physicalId: 'plugin/A' });
    expect([...(await registry.plugins()).keys()]).toEqual(['A2']);
  });

  it('Delete: the plugin is gone', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    expect(await ask({ type: 'Delete' })).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).size).toBe(0);
  });
});

describe('a stack that must not', () => {
  const other = `${STACK}-other/1`;

  it('take the name of another: it hears whose it is, and the plugin stays', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    const refused = await ask({ type: 'Create', stackId: other });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining(STACK) });
    expect(refused).not.toHaveProperty('Data');
    const physicalId = String(refused?.PhysicalResourceId);
    const undone = await ask({ type: 'Delete', stackId: other, physicalId });
    expect(undone).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: physicalId });
    expect((await registry.plugins()).get('A')?.owner).toBe(STACK);
  });

  it('delete what another has registered: it hears success, and the plugin stays', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    expect(await ask({ type: 'Delete', stackId: other })).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).has('A')).toBe(true);
  });
});

describe('whatever goes wrong, the stack hears of it', () => {
  it.each([
    ['a definition that is no JSON', '{"name"'],
    ['a definition that does not fit', '{"name": "A", "timeoutSeconds": "5", "colour": 1}'],
    ['no name', '{}'],
  ])('%s', async (_name, definition) => {
    const { ask, registry } = createRegistration(cloudformation);
    const refused = await ask({ type: 'Create', definition });
    expect(refused).toMatchObject({ Status: 'FAILED', Reason: expect.stringMatching(/.{5}/) });
    expect((await registry.plugins()).size).toBe(0);
  });

  it('a table that does not answer', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    registry.put = async () => {
      throw new Error('the table does not answer');
    };
    expect(await ask({ type: 'Create' })).toMatchObject({
      Status: 'FAILED',
      Reason: 'the table does not answer',
    });
  });

  // Was: the plugin was stored first and stayed, since a refused Create has no id to delete it by. Now: nothing is stored.
  it('a secret that cannot be read leaves no plugin behind', async () => {
    const { ask, registry, secret } = createRegistration(cloudformation);
    secret.read = async () => {
      throw new Error('the table does not answer');
    };
    expect(await ask({ type: 'Create' })).toMatchObject({ Status: 'FAILED' });
    expect((await registry.plugins()).size).toBe(0);
  });

  it('an answer that does not arrive makes the invocation fail, so that it is repeated', async () => {
    const { ask } = createRegistration(cloudformation);
    cloudformation.status = 500;
    await expect(ask({ type: 'Create' })).rejects.toThrow(/500/);
  });
});
