import { describe, expect, it } from '@jest/globals';
import type { Plugin } from '../../../src/core/plugin.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent } from '../system.ts';

const WEEK_MS = 7 * 86_400_000;

interface Shown {
  readonly [key: string]: unknown;
}

/** A takes one task of a client at once; three orders of one client, one of another and one of nobody have begun. */
async function threeOfOne(): Promise<System> {
  const system = createSystem();
  const { registry } = system.ports;
  const plugin = (await registry.find('A')) as Plugin;
  const by = { stackId: 'stack/1', logicalId: 'A', requestId: 'r', sentAt: system.now.at };
  await registry.put({ ...plugin, tasksPerClient: 1 }, by);
  for (const client of ['shop', 'bank']) {
    await system.call('PUT', `/clients/${client}`, { body: { todo: ['A'] } });
  }
  for (const [index, client] of ['shop', 'shop', 'shop', 'bank', undefined].entries()) {
    const whose = client === undefined ? { todo: ['A'] } : { client };
    await system.call('POST', '/orders', { body: { orderId: `o${index}`, input: 5, ...whose } });
    await system.orchestrate(sqsEvent([{ type: 'OrderAccepted', orderId: `o${index}` }]), CONTEXT);
    system.now.at += 1000;
  }
  system.ports.messenger.sent.splice(0);
  return system;
}

const orderOf = async (system: System, orderId: string) =>
  (await system.call<Shown>('GET', `/orders/${orderId}`)).body;

const pluginIn = async (system: System) => {
  const { body } = await system.call<{ plugins: Shown[] }>('GET', '/status');
  return body.plugins.find(({ name }) => name === 'A');
};

describe('a task that waits for its turn', () => {
  it('says so, in its order and in the status of its plugin', async () => {
    const system = await threeOfOne();
    expect(await orderOf(system, 'o1')).toMatchObject({
      status: 'running',
      waitingFor: { what: 'the turn of A: its client has a task at A already' },
      tasks: [{ job: 'A', status: 'parked', parkedFor: 'turn', attempts: [] }],
    });
    for (const orderId of ['o0', 'o3', 'o4']) {
      expect(await orderOf(system, orderId)).toMatchObject({ tasks: [{ status: 'inFlight' }] });
    }
    expect((await pluginIn(system))?.turns).toEqual({
      perClient: 1,
      waiting: [{ client: 'shop', tasks: 1, waiting: 2 }],
    });
    const { body } = await system.call<{ plugins: Shown[] }>('GET', '/status');
    expect(body.plugins.find(({ name }) => name === 'B')).not.toHaveProperty('turns');
  });

  it('goes when its turn has come, as its timeline says', async () => {
    const system = await threeOfOne();
    await system.ports.turns.giveBack(
      (await system.ports.turns.of({ plugin: 'A', client: 'shop' })).taken,
    );
    const at = { plugin: 'A', orderId: 'o1', parkedIn: 1, task: 't1' };
    await system.orchestrate(sqsEvent([{ type: 'TaskReleased', ...at }]), CONTEXT);
    const order = await orderOf(system, 'o1');
    expect(order).toMatchObject({ tasks: [{ job: 'A', status: 'inFlight' }] });
    expect((order.timeline as Shown[]).at(-1)).toMatchObject({
      ...{ event: 'TaskReleased', plugin: 'A', task: 'A', turn: true },
    });
    expect(JSON.stringify(order.tasks)).not.toContain('parkedFor');
  });

  it('is not stuck, however long it waits', async () => {
    const system = await threeOfOne();
    system.now.at += 2 * WEEK_MS;
    const armed = { type: 'DeadlinePassed', orderId: 'o1', at: system.now.at };
    await system.orchestrate(sqsEvent([armed]), CONTEXT);
    expect(await orderOf(system, 'o1')).toMatchObject({ tasks: [{ parkedFor: 'turn' }] });
    expect(await system.ports.activeOrders.countStuck(0)).toBe(0);
  });
});
