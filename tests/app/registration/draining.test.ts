import { describe, expect, it } from '@jest/globals';
import { T0 } from '../system.ts';
import { createRegistration, listen, STACK } from './registration-world.ts';

const cloudformation = listen();

describe('a plugin that is removed', () => {
  const DRAIN = { type: 'Delete', drain: true, physicalId: 'drain/A' } as const;
  const heardOfDrain = () =>
    cloudformation.heard.filter(({ body }) => body.LogicalResourceId === 'ADrain');

  async function registered() {
    const registration = createRegistration(cloudformation);
    await registration.ask({ type: 'Create' });
    await registration.ask({ type: 'Create', drain: true });
    cloudformation.heard.length = 0;
    return registration;
  }

  it('Create and Update of its drain: success, nothing happens', async () => {
    const { ask, registry } = createRegistration(cloudformation);
    await ask({ type: 'Create' });
    const created = await ask({ type: 'Create', drain: true });
    expect(created).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'drain/A' });
    const updated = await ask({ type: 'Update', drain: true, physicalId: 'drain/A' });
    expect(updated).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'drain/A' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });

  it('with nothing to do: its stack hears within seconds, and only after every instance knows', async () => {
    const { ask, registry, drains, now } = await registered();
    await ask(DRAIN);
    expect(now.at).toBeGreaterThan(T0 + 5000);
    expect(heardOfDrain()).toMatchObject([
      { body: { Status: 'SUCCESS', PhysicalResourceId: 'drain/A', RequestId: 'request-3' } },
    ]);
    expect((await registry.plugins()).get('A')).toMatchObject({ draining: true });
    expect(await drains.list()).toEqual([]);
  });

  it('with tasks: it retires, and the stack hears when the sweep finds that all are done', async () => {
    const { ask, registry, queue, sweep } = await registered();
    Object.assign(queue, { visible: 3, inFlight: 1 });
    await ask(DRAIN);
    expect((await registry.plugins()).get('A')).toMatchObject({ draining: true });
    Object.assign(queue, { visible: 0, inFlight: 1 });
    await sweep(60);
    Object.assign(queue, { inFlight: 0, delayed: 1 });
    await sweep(60);
    expect(cloudformation.heard).toEqual([]);
    Object.assign(queue, { delayed: 0 });
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
    await sweep(60);
    expect(cloudformation.heard).toHaveLength(1);
  });

  it('and never finishes: its stack goes on after 15 minutes', async () => {
    const { ask, queue, drains, sweep } = await registered();
    queue.visible = 1;
    await ask(DRAIN);
    await sweep(14 * 60);
    expect(cloudformation.heard).toEqual([]);
    await sweep(60);
    expect(heardOfDrain()).toMatchObject([{ body: { Status: 'SUCCESS' } }]);
    expect(await drains.list()).toEqual([]);
  });

  it('is told again while the answer does not arrive', async () => {
    const { ask, sweep } = await registered();
    cloudformation.status = 500;
    await ask(DRAIN);
    cloudformation.status = 200;
    await sweep(60);
    await sweep(60);
    expect(cloudformation.heard).toHaveLength(2);
  });

  it("is another stack's, or was never registered: there is nothing to wait for", async () => {
    const { ask, registry, queue } = await registered();
    queue.visible = 1;
    const foreign = await ask({ ...DRAIN, stackId: `${STACK}-other/1` });
    expect(foreign).toMatchObject({ Status: 'SUCCESS' });
    const unknown = await ask({ ...DRAIN, physicalId: 'drain/B' });
    expect(unknown).toMatchObject({ Status: 'SUCCESS' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });

  it('and deployed again before it is gone, takes part again', async () => {
    const { ask, registry, queue } = await registered();
    queue.visible = 1;
    await ask(DRAIN);
    await ask({ type: 'Update' });
    expect((await registry.plugins()).get('A')).not.toHaveProperty('draining');
  });
});
