import { describe, expect, it } from '@jest/globals';
import { bottleneck } from '../../ports/bottlenecks.contract.ts';
import type { System } from '../system.ts';
import { createSystem, T0 } from '../system.ts';

const concurrency = { base: 2, ceiling: 2, now: 2 };

/** Queue A holds these messages; queue B does not exist. */
function fillA(system: System, visible = 5, inFlight = 2) {
  system.ports.queueGauges.read = async ([first = '']) =>
    new Map([[first, { visible, inFlight, delayed: 1 }]]);
}

describe('status', () => {
  it('counts active orders, their remaining tasks, and the messages in the queues', async () => {
    const system = createSystem();
    const activities = [{ name: 'go', pre: ['A'] }];
    await system.call('PUT', '/workflows/w', { body: { activities } });
    for (const order of [{ workflow: 'w' }, { todo: ['A'] }, { todo: ['B', 'A'] }]) {
      await system.call('POST', '/orders', { body: { input: 1, ...order } });
    }
    fillA(system);
    const gauges = { oldestSeconds: 12, instances: 2 };
    system.ports.pluginMetrics.gauges = async () => new Map([['A', gauges]]);
    const { body } = await system.call('GET', '/status');
    expect(body).toEqual({
      orders: { active: 3, byWorkflow: { w: 1, 'todo-*': 2 }, paused: 0, stuck: 0 },
      tasks: { queued: 6, inFlight: 2, parked: 0, remaining: 4 },
      plugins: [
        { name: 'A', queued: 6, inFlight: 2, ...gauges, concurrency, health: 'ok' },
        { name: 'B', concurrency, health: 'ok' },
      ],
      bottleneck: 'A',
    });
  });

  // Was: a hundred orders that somebody had paused were a hundred active ones, and nothing said why none went on.
  // Now: the paused ones are counted; of many orders, as far as the journals tell that are read anyway.
  it('counts the paused ones among the active orders, estimated from 25 of them', async () => {
    const system = createSystem();
    const place = async (count: number) => {
      const ids = Array.from({ length: count }, () => `o-${placed++}`);
      for (const orderId of ids) {
        await system.call('POST', '/orders', { body: { orderId, input: 1, todo: ['A'] } });
      }
    };
    let placed = 0;
    const pause = (orderId: string) => system.call('POST', `/orders/${orderId}/pause`);
    await place(25);
    for (let n = 0; n < 3; n += 1) await pause(`o-${n}`);
    const orders = async () =>
      (await system.call<{ orders: object }>('GET', '/status')).body.orders;
    expect(await orders()).toEqual({
      active: 25,
      byWorkflow: { 'todo-*': 25 },
      paused: 3,
      stuck: 0,
    });
    await place(75);
    for (let n = 3; n < 100; n += 1) await pause(`o-${n}`);
    expect(await orders()).toMatchObject({ active: 100, paused: 100, pausedApproximate: true });
  });

  it('does not ask CloudWatch about an idle system, and names no bottleneck', async () => {
    const system = createSystem();
    let asked = 0;
    system.ports.pluginMetrics.gauges = async () => {
      asked += 1;
      return new Map();
    };
    const atRest = { queued: 0, inFlight: 0, oldestSeconds: 0, instances: 0, health: 'ok' };
    const { body } = await system.call('GET', '/status');
    expect(body).toMatchObject({
      orders: { active: 0, byWorkflow: {} },
      plugins: [atRest, atRest],
      bottleneck: null,
    });
    expect(asked).toBe(0);
  });

  it('names the plugin in alarm that takes longest to drain, with the cause', async () => {
    const system = createSystem();
    fillA(system, 100);
    const timeToDrainSeconds = 90;
    await system.ports.bottlenecks.put(bottleneck('A', { timeToDrainSeconds }), undefined);
    await system.ports.bottlenecks.put(bottleneck('B', { cause: 'failing' }), undefined);
    const { body } = await system.call('GET', '/status');
    const since = new Date(T0).toISOString();
    const health = 'bottleneck';
    expect(body).toMatchObject({
      plugins: [
        { health, bottleneck: { cause: 'atCap', since, timeToDrainSeconds } },
        { health, bottleneck: { cause: 'failing', since, timeToDrainSeconds: null } },
      ],
      bottleneck: 'B',
    });
  });

  it('shows the raised concurrency of a plugin that has recovered', async () => {
    const system = createSystem();
    await system.ports.bottlenecks.put(
      bottleneck('A', { alarms: [], maximumConcurrency: 6 }),
      undefined,
    );
    const { body } = await system.call('GET', '/status');
    const [a] = (body as unknown as { plugins: object[] }).plugins;
    expect(a).toMatchObject({ concurrency: { ...concurrency, now: 6 }, health: 'ok' });
    expect(a).not.toHaveProperty('bottleneck');
  });

  it('says which plugins are switched off', async () => {
    const system = createSystem();
    await system.ports.registry.setSwitchedOff('B', true);
    const { body } = await system.call('GET', '/status');
    expect(body).toMatchObject({ plugins: [{ health: 'ok' }, { health: 'switchedOff' }] });
    const listed = await system.call('GET', '/plugins');
    expect(listed.body).toMatchObject({ plugins: [{ name: 'A' }, { switchedOff: true }] });
  });

  it('leaves out the gauges from CloudWatch while it fails', async () => {
    const system = createSystem();
    fillA(system);
    system.ports.pluginMetrics.gauges = () => Promise.reject(new Error('no answer'));
    const { status, body } = await system.call('GET', '/status');
    expect(status).toBe(200);
    const [a] = (body as unknown as { plugins: object[] }).plugins;
    expect(a).toEqual({ name: 'A', queued: 6, inFlight: 2, concurrency, health: 'ok' });
  });

  // Was: counts of a sample looked like exact ones, and a workflow that it had missed like one without orders.
  // Now: the answer says that they are estimates.
  it('says whether it has counted the orders of each workflow, or estimates them', async () => {
    const system = createSystem();
    const sample = [{ orderId: 'o', workflow: { name: 'w', version: 1 } }];
    const surveyed = async (count: number) => {
      system.ports.activeOrders.survey = async () => ({ count, sample });
      return (await system.call<{ orders: object }>('GET', '/status')).body.orders;
    };
    expect(await surveyed(1)).toEqual({ active: 1, byWorkflow: { w: 1 }, paused: 0, stuck: 0 });
    expect(await surveyed(2)).toMatchObject({ byWorkflow: { w: 2 }, byWorkflowApproximate: true });
  });

  // Was: each request read all active orders: 1 to 3 s with 9,000 of them.
  // Now: more than 500 are read once in five seconds.
  it.each([
    [500, 4],
    [501, 2],
  ])(
    'reads %i active orders, and the journals of a sample, %i times in six seconds',
    async (active, times) => {
      const system = createSystem();
      const { activeOrders, journal } = system.ports;
      for (let n = 0; n < active; n += 1) {
        const workflow = { name: 'w', version: 1 };
        await activeOrders.put({ orderId: `o${n}`, workflow, wakeUp: { at: T0, entry: 0 } });
      }
      const reads = { surveys: 0, journals: 0 };
      const { survey } = activeOrders;
      const { latest } = journal;
      activeOrders.survey = () => {
        reads.surveys += 1;
        return survey();
      };
      journal.latest = (orderId) => {
        reads.journals += 1;
        return latest(orderId);
      };
      for (const afterMs of [0, 4999, 1, 0]) {
        system.now.at += afterMs;
        const { body } = await system.call('GET', '/status');
        expect(body).toMatchObject({ orders: { active, byWorkflow: { w: active } } });
      }
      await new Promise(setImmediate);
      expect(reads).toEqual({ surveys: times, journals: 25 * times });
    },
  );

  // Was: every fifth second someone waited until 9,000 orders were counted. Now: the earlier numbers are given meanwhile, for ten seconds at most.
  it('does not wait while many active orders are counted again, and gives nothing that is older than ten seconds', async () => {
    const system = createSystem();
    const { activeOrders } = system.ports;
    const sample = [{ orderId: 'o', workflow: { name: 'w', version: 1 } }];
    let count = 9000;
    activeOrders.survey = async () => ({ count, sample });
    const active = async () =>
      (await system.call<{ orders: { active: number } }>('GET', '/status')).body.orders.active;
    expect(await active()).toBe(9000);

    const stopped = Promise.withResolvers<{ count: number; sample: typeof sample }>();
    activeOrders.survey = () => stopped.promise;
    system.now.at += 9999;
    expect(await active()).toBe(9000);

    count = 8000;
    activeOrders.survey = async () => ({ count, sample });
    system.now.at += 1;
    expect(await active()).toBe(8000);
    stopped.resolve({ count: 8999, sample });
    await new Promise(setImmediate);
    expect(await active()).toBe(8000);
  });

  it('asks CloudWatch once in five seconds, however many people watch', async () => {
    const system = createSystem();
    fillA(system);
    let asked = 0;
    system.ports.pluginMetrics.gauges = async (plugins) => {
      asked += 1;
      const gauges = { oldestSeconds: asked, instances: 1 };
      return new Map(plugins.map(({ name }) => [name, gauges]));
    };
    await system.call('GET', '/status');
    system.now.at += 4999;
    await system.call('GET', '/status');
    expect(asked).toBe(1);
    system.now.at += 1;
    await system.call('GET', '/status');
    expect(asked).toBe(2);
  });
});
