import { describe, expect, it } from '@jest/globals';
import { tendPlugins } from '../../../src/app/quarantine/tend-plugin.ts';
import type { Json } from '../../../src/core/json.ts';
import type { Plugin } from '../../../src/core/plugin.ts';
import { beginning, DEFAULT_RULE } from '../../../src/core/quarantine.ts';
import type { OutgoingMessage } from '../../../src/ports/messenger.ts';
import { createMemoryRegistry } from '../../ports/memory/registry.ts';
import { CONTEXT, createSystem, pluginOf, sqsEvent, T0, tokenFor } from '../system.ts';

interface OrderView {
  readonly status: string;
  readonly result?: Json;
  readonly tasks: readonly { readonly status: string; readonly attempts: readonly object[] }[];
  readonly waitingFor?: { readonly what: string; readonly since?: string };
  readonly timeline: readonly object[];
}

interface StatusView {
  readonly tasks: { readonly parked: number };
  readonly plugins: readonly {
    readonly name: string;
    readonly health: string;
    readonly quarantine?: {
      readonly phase: string;
      readonly reason: string;
      readonly parked: number;
      readonly nextCanaryAt?: string;
    };
  }[];
}

const RULE = { ...DEFAULT_RULE, minimumOrders: 3 };

type Answer = 'works' | 'fails' | 'refuses' | 'later';

/** The core in memory with the plugins A and B; `answer` says what A does with a task. */
function createWorld(more: Partial<Plugin> = {}) {
  const system = createSystem();
  const a = {
    ...pluginOf('A'),
    retry: { maxAttempts: 2, backoffSeconds: 0, maxBackoffSeconds: 0 },
  };
  const plugins = [{ ...a, quarantine: RULE, ...more }, pluginOf('B')];
  Object.assign(system.ports.registry, createMemoryRegistry(plugins, system.ports.quarantines));
  const facts: object[] = [];
  const timers: { readonly at: number; readonly body: object }[] = [];
  const sent: string[] = [];
  let answer: Answer = 'works';

  const answerTo = (body: Extract<OutgoingMessage, { to: 'plugin' }>['body']) =>
    Object.entries(body.invited).map(([plugin, { taskId, attempt }]) => {
      const token = tokenFor(plugin, { orderId: body.orderId, taskId, attempt });
      sent.push(`${body.orderId} ${plugin} ${attempt}`);
      if (plugin !== 'A' || answer === 'works') return { type: 'TaskCompleted', token, result: 1 };
      const retry = { fails: 'policy', refuses: 'never', later: 'later' } as const;
      const error = { code: 'BROKEN', message: 'it broke' };
      return { type: 'TaskFailed', token, error, retry: retry[answer], afterSeconds: 3600 };
    });

  /** Delivers messages until none is due. */
  async function run(): Promise<void> {
    for (;;) {
      const messages = system.ports.messenger.sent.splice(0);
      const due = timers.filter(({ at }) => at <= system.now.at);
      for (const one of due) timers.splice(timers.indexOf(one), 1);
      const bodies = due.map(({ body }) => body);
      for (const outgoing of messages) {
        if (outgoing.to === 'lifecycle') facts.push(outgoing.body);
        else if (outgoing.to !== 'orchestrator') bodies.push({ answers: answerTo(outgoing.body) });
        else if (outgoing.delaySeconds === 0) bodies.push(outgoing.body);
        else {
          const at = system.now.at + 1000 * outgoing.delaySeconds;
          timers.push({ at, body: outgoing.body });
        }
      }
      if (bodies.length === 0) return;
      for (const body of bodies) await system.orchestrate(sqsEvent([body]), CONTEXT);
    }
  }

  return {
    ...{ system, facts, sent, run },
    loseTimers: () => void timers.splice(0),
    answers: (next: Answer) => {
      answer = next;
    },
    async order(orderId: string, todo: readonly string[] = ['A']) {
      await system.call('POST', '/orders', { body: { orderId, input: 0, todo } });
    },
    async orders(prefix: string, count: number) {
      for (let n = 1; n <= count; n += 1) await this.order(`${prefix}${n}`);
      await run();
    },
    async pass(seconds: number) {
      system.now.at += 1000 * seconds;
      await run();
    },
    view: async (orderId: string) =>
      (await system.call<OrderView>('GET', `/orders/${orderId}`)).body,
    status: async () => (await system.call<StatusView>('GET', '/status')).body,
    plugin: async () => {
      const { body } = await system.call<StatusView>('GET', '/status');
      return body.plugins.find(({ name }) => name === 'A');
    },
  };
}

/** A has failed in three orders, which tried twice each, and is in quarantine. */
async function closedWorld(more: Partial<Plugin> = {}) {
  const world = createWorld(more);
  world.answers('fails');
  await world.orders('bad', 3);
  expect((await world.plugin())?.health).toBe('quarantined');
  return world;
}

/** A is new, and begins with a canary. */
async function newWorld(answer: Answer) {
  const world = createWorld({ quarantine: { ...RULE, beginsWithCanary: true } });
  await world.system.ports.quarantines.put(beginning('A', T0), undefined);
  world.answers(answer);
  return world;
}

describe('a new plugin that begins with a canary', () => {
  it('nobody is alarmed while it waits for its first task', async () => {
    const { plugin, system, facts } = await newWorld('works');
    await tendPlugins(system.ports);
    expect(await plugin()).toMatchObject({
      ...{ health: 'ok', quarantine: { phase: 'closed', parked: 0 } },
    });
    expect(facts).toEqual([]);
  });

  it('gets one task; once that has worked, the others follow', async () => {
    const slow = await newWorld('later');
    await slow.orders('o', 4);
    expect(slow.sent).toEqual(['o1 A 1']);
    expect((await slow.status()).tasks.parked).toBe(3);
    const { waitingFor } = await slow.view('o2');
    expect(waitingFor?.what).toContain('it is new, and begins with a canary');
    const world = await newWorld('works');
    await world.orders('o', 4);
    for (const orderId of ['o1', 'o2', 'o3', 'o4'])
      expect((await world.view(orderId)).status).toBe('completed');
    expect(world.facts.map((fact) => (fact as { type: string }).type)).toContain('plugin.reopened');
  });

  it('is in quarantine once its first task has failed; no order has used up an attempt', async () => {
    const world = await newWorld('fails');
    const { plugin, facts, view, answers, pass } = world;
    await world.orders('o', 4);
    const reason = 'it is new, and its first task failed: BROKEN: it broke';
    expect(await plugin()).toMatchObject({ health: 'quarantined', quarantine: { reason } });
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'plugin.quarantined', plugin: 'A', reason }),
    );
    for (let canaries = 0; canaries < 6; canaries += 1) await pass(320);
    answers('works');
    for (let waves = 0; waves < 3; waves += 1) await pass(320);
    for (const orderId of ['o1', 'o2', 'o3', 'o4'])
      expect((await view(orderId)).status).toBe('completed');
  });

  it('that answers slowly gets another canary meanwhile', async () => {
    const world = await newWorld('later');
    await world.orders('o', 3);
    await world.pass(21);
    expect(world.sent).toEqual(['o1 A 1', 'o2 A 1']);
  });
});

describe('a plugin that fails in one order after another', () => {
  it('is quarantined, and everybody is told', async () => {
    const { plugin, facts } = await closedWorld();
    expect(await plugin()).toMatchObject({
      health: 'quarantined',
      quarantine: {
        phase: 'closed',
        reason: expect.stringContaining('attempts failed; the last one: BROKEN: it broke'),
        nextCanaryAt: new Date(T0 + 10_000).toISOString(),
      },
    });
    expect(facts).toContainEqual(
      expect.objectContaining({ type: 'plugin.quarantined', plugin: 'A' }),
    );
  });

  it('gets nothing new; the orders wait, use no attempt, and say what for', async () => {
    const world = await closedWorld();
    world.sent.length = 0;
    await world.orders('o', 4);
    expect(world.sent).toEqual([]);
    expect((await world.status()).tasks.parked).toBeGreaterThanOrEqual(4);
    const order = await world.view('o1');
    expect(order).toMatchObject({ status: 'running', tasks: [{ status: 'parked', attempts: [] }] });
    expect(order.waitingFor?.what).toMatch(/^A, in quarantine: .*BROKEN/);
    expect(order.waitingFor?.since).toBe(new Date(T0).toISOString());
    expect(order.timeline.at(-1)).toMatchObject({
      ...{ event: 'TaskParked', task: 'A', plugin: 'A', parkedFor: 'quarantine' },
    });
  });

  it('does not hold back the tasks of others', async () => {
    const world = await closedWorld();
    await world.order('side', ['B']);
    await world.run();
    expect(await world.view('side')).toMatchObject({ status: 'completed' });
  });

  it('gets one canary at a time, ever more seldom, and none of them costs an attempt', async () => {
    const world = await closedWorld();
    await world.orders('o', 3);
    world.sent.length = 0;
    for (const seconds of [10, 20, 40]) {
      await world.pass(seconds - 1);
      const before = world.sent.length;
      await world.pass(1);
      expect(world.sent.length - before).toBe(1);
    }
    for (const order of ['o1', 'o2', 'o3']) {
      expect((await world.view(order)).status).toBe('running');
    }
  });

  it('reopens when a canary works; the rest follows in waves until all is done', async () => {
    const world = await closedWorld();
    await world.orders('o', 30);
    world.answers('works');
    world.sent.length = 0;
    await world.pass(10);
    // The canary, and a first wave of twice what the plugin does at once.
    expect(world.sent.length).toBe(1 + 4);
    expect(world.facts).toContainEqual(
      expect.objectContaining({ type: 'plugin.reopened', reason: 'a canary worked' }),
    );
    await world.pass(10);
    expect(world.sent.length).toBe(1 + 4 + 8);
    await world.pass(10);
    await world.pass(10);
    for (let n = 1; n <= 30; n += 1) {
      expect((await world.view(`o${n}`)).status).toBe('completed');
    }
    expect(await world.plugin()).toMatchObject({ health: 'ok', quarantine: { parked: 0 } });
  });

  it('is closed again when it fails in the first wave', async () => {
    const world = await closedWorld();
    await world.orders('o', 30);
    world.answers('works');
    await world.pass(10);
    world.answers('fails');
    await world.pass(10);
    expect((await world.plugin())?.health).toBe('quarantined');
    expect((await world.status()).tasks.parked).toBeGreaterThan(15);
  });

  it('is forgotten about when nothing is parked any more', async () => {
    const world = await closedWorld();
    await world.orders('o', 1);
    world.answers('works');
    await world.pass(10);
    const sweep = () => tendPlugins(world.system.ports);
    for (const seconds of [10, 10, 61]) {
      await world.pass(seconds);
      await sweep();
    }
    expect(await world.system.ports.quarantines.list()).toEqual([]);
    expect((await world.plugin())?.quarantine).toBeUndefined();
  });

  it('needs no timer: what a message failed to bring about, the sweep does', async () => {
    const world = await closedWorld();
    await world.orders('o', 20);
    world.answers('works');
    // The canary, and then each wave.
    for (let minute = 1; minute <= 5; minute += 1) {
      world.loseTimers();
      world.system.now.at += 60_000;
      await tendPlugins(world.system.ports);
      await world.run();
    }
    for (let n = 1; n <= 20; n += 1) expect((await world.view(`o${n}`)).status).toBe('completed');
  });
});

describe('a plugin stays open', () => {
  it('when it refuses tasks for good, or asks for later attempts', async () => {
    for (const answer of ['refuses', 'later'] as const) {
      const world = createWorld();
      world.answers(answer);
      await world.orders('o', 10);
      expect((await world.plugin())?.health).toBe('ok');
    }
  });

  it('when one order fails however often', async () => {
    const world = createWorld({
      retry: { maxAttempts: 50, backoffSeconds: 0, maxBackoffSeconds: 0 },
    });
    world.answers('fails');
    await world.orders('o', 2);
    expect((await world.plugin())?.health).toBe('ok');
  });

  it('when it declares `quarantine: false`', async () => {
    const world = createWorld({ quarantine: false });
    world.answers('fails');
    await world.orders('o', 10);
    expect((await world.plugin())?.health).toBe('ok');
  });

  it('when it fails now and then among many that work', async () => {
    const world = createWorld();
    for (let round = 1; round <= 10; round += 1) {
      world.answers('works');
      await world.orders(`good${round}-`, 3);
      world.answers('fails');
      await world.orders(`bad${round}-`, 1);
    }
    expect((await world.plugin())?.health).toBe('ok');
  });
});

it('a plugin without failures costs nothing: no failure window is read or written', async () => {
  const world = createWorld();
  const { failureWindows, quarantines } = world.system.ports;
  const calls: string[] = [];
  for (const [name, port] of Object.entries({ failureWindows, quarantines })) {
    for (const [key, method] of Object.entries(port)) {
      if (key === 'list') continue;
      Object.assign(port, {
        [key]: (...args: never[]) => {
          calls.push(`${name}.${key}`);
          return (method as (...all: never[]) => unknown)(...args);
        },
      });
    }
  }
  await world.orders('o', 5);
  expect(calls).toEqual([]);
});

describe('by hand', () => {
  it('an operator holds a plugin back; no canary goes; and reopens it', async () => {
    const world = createWorld();
    const closing = await world.system.call('POST', '/plugins/A/quarantine', {
      body: { reason: 'we change its database' },
    });
    expect(closing).toMatchObject({
      status: 200,
      body: { name: 'A', quarantined: { phase: 'closed', actor: 'operator' } },
    });
    await world.orders('o', 2);
    await world.pass(86_400);
    await tendPlugins(world.system.ports);
    await world.run();
    expect(world.sent).toEqual([]);
    expect((await world.view('o1')).waitingFor?.what).toContain('we change its database');
    expect((await world.system.call('POST', '/plugins/A/reopen')).status).toBe(200);
    await world.run();
    expect((await world.view('o1')).status).toBe('completed');
    expect(world.facts).toContainEqual(
      expect.objectContaining({ type: 'plugin.reopened', actor: 'operator' }),
    );
  });

  it('an operator drains a plugin: it gets nothing new until it is reopened', async () => {
    const world = createWorld();
    const drained = await world.system.call('POST', '/plugins/A/drain', {
      body: { reason: 'it moves to another region' },
    });
    expect(drained).toMatchObject({
      status: 200,
      body: { name: 'A', quarantined: { phase: 'draining', actor: 'operator' } },
    });
    expect(world.facts).toEqual([]);
    await world.orders('o', 2);
    expect(world.facts).toContainEqual(
      expect.objectContaining({
        ...{ type: 'plugin.draining', plugin: 'A', actor: 'operator' },
        reason: 'it moves to another region',
      }),
    );
    await world.pass(86_400);
    await tendPlugins(world.system.ports);
    await world.run();
    expect(world.sent).toEqual([]);
    expect((await world.view('o1')).waitingFor?.what).toMatch(
      /^A, which drains: it moves to another region$/,
    );
    expect(await world.plugin()).toMatchObject({
      health: 'draining',
      quarantine: { phase: 'draining', parked: 2 },
    });
    expect((await world.system.call('POST', '/plugins/A/reopen')).status).toBe(200);
    await world.run();
    for (const order of ['o1', 'o2']) {
      expect((await world.view(order)).status).toBe('completed');
    }
  });

  it('a plugin that drains is not quarantined for what it finishes', async () => {
    const world = createWorld();
    world.answers('fails');
    for (const order of ['o1', 'o2', 'o3']) await world.order(order);
    await world.system.call('POST', '/plugins/A/reopen');
    // They are in its hands when it begins to drain.
    const { orchestrate, ports } = world.system;
    const bodies = ports.messenger.sent
      .splice(0)
      .flatMap((one) => (one.to === 'orchestrator' ? [one.body] : []));
    await orchestrate(sqsEvent(bodies), CONTEXT);
    await world.system.call('POST', '/plugins/A/drain');
    await world.run();
    expect((await world.plugin())?.health).toBe('draining');
    for (const order of ['o1', 'o2', 'o3']) {
      expect((await world.view(order)).status).toBe('failed');
    }
  });

  it('what is not held back is not reopened, and an unknown plugin is unknown', async () => {
    const { system } = createWorld();
    expect((await system.call('POST', '/plugins/A/reopen')).body).toMatchObject({
      code: 'PLUGIN_NOT_QUARANTINED',
    });
    expect((await system.call('POST', '/plugins/C/quarantine')).status).toBe(404);
  });

  it('a client may do none of it', async () => {
    const { system } = createWorld();
    const as = { kind: 'client', client: 'shop' };
    for (const act of ['quarantine', 'drain', 'reopen']) {
      expect((await system.call('POST', `/plugins/A/${act}`, { as })).status).toBe(403);
    }
  });

  it('`GET /plugins` shows what is held back, and by whom', async () => {
    const { system } = createWorld();
    await system.call('POST', '/plugins/A/quarantine', { body: { reason: 'so' } });
    const { body } = await system.call<{ plugins: object[] }>('GET', '/plugins');
    expect(body.plugins).toMatchObject([
      { name: 'A', quarantined: { phase: 'closed', reason: 'so', actor: 'operator' } },
      { name: 'B' },
    ]);
  });
});

describe('an order whose task is parked', () => {
  it('leaves the list when it is cancelled or paused, and stands there again when it goes on', async () => {
    const world = await closedWorld();
    await world.orders('o', 2);
    const before = (await world.status()).tasks.parked;
    await world.system.call('POST', '/orders/o1/cancel');
    await world.system.call('POST', '/orders/o2/pause');
    expect((await world.status()).tasks.parked).toBe(before - 2);
    await world.system.call('POST', '/orders/o2/resume');
    expect((await world.status()).tasks.parked).toBe(before - 1);
  });

  it('goes on as one of an unknown plugin when its plugin is removed', async () => {
    const world = await closedWorld();
    await world.orders('o', 1);
    const left = createMemoryRegistry([pluginOf('B')], world.system.ports.quarantines);
    Object.assign(world.system.ports.registry, left);
    await world.pass(60);
    await tendPlugins(world.system.ports);
    await world.pass(60);
    await world.pass(60);
    expect(await world.view('o1')).toMatchObject({
      status: 'failed',
      error: { code: 'PLUGIN_NOT_REGISTERED' },
    });
  });

  it('that was parked by whoever did not know yet that its plugin is open again is woken all the same', async () => {
    const world = createWorld();
    const { ports } = world.system;
    await world.system.call('POST', '/plugins/A/quarantine');
    const { plugins } = ports.registry;
    const remembered = await plugins();
    await world.system.call('POST', '/plugins/A/reopen');
    for (const quarantine of await ports.quarantines.list())
      await ports.quarantines.remove(quarantine);
    // This instance has read the registrations a moment before.
    Object.assign(ports.registry, { plugins: async () => remembered });
    await world.orders('o', 1);
    expect((await world.view('o1')).tasks).toMatchObject([{ status: 'parked' }]);
    Object.assign(ports.registry, { plugins });
    await tendPlugins(ports);
    await world.run();
    expect((await world.view('o1')).status).toBe('completed');
  });
});
