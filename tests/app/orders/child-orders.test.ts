import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { sweep } from '../../../src/engine/sweep.ts';
import { applyWish } from '../../../src/engine/wish.ts';
import { CONTEXT, createSystem, pluginOf, sqsEvent, tokenFor } from '../system.ts';

interface Seen {
  readonly status: string;
  readonly result?: Json;
  readonly client?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly parent?: object;
  readonly children?: readonly { readonly orderId: string }[];
  readonly compensations?: readonly object[];
  readonly workflow: object;
  readonly attributes: object;
  readonly waitingFor?: object;
  readonly timeline: readonly { readonly event: string }[];
  readonly tasks: readonly object[];
}

const HOUR = 3_600_000;

/** A parent whose second of three tasks is an order of another workflow. */
const PARENT = { activities: [{ name: 'a', pre: ['A', { workflow: 'child' }, 'C'] }] };
const CHILD = { activities: [{ name: 'b', pre: ['B', 'D'] }] };

/** Plugins that undo what they do, and fail when the test says so. */
function systemOf(workflows: Readonly<Record<string, object>> = { parent: PARENT, child: CHILD }) {
  const broken = new Set<string>();
  const done: string[] = [];
  const work = (name: string) => (input: Json, message: { readonly compensate?: object }) => {
    const what = message.compensate === undefined ? name : `undo ${name}`;
    if (broken.has(what)) throw new Error(`${what} is broken`);
    done.push(what);
    return message.compensate === undefined ? `${name}(${JSON.stringify(input)})` : null;
  };
  const names = ['A', 'B', 'C', 'D'];
  const system = createSystem(Object.fromEntries(names.map((name) => [name, work(name)])));
  let acts = 0;
  const { call, run, deliver, ports, now } = system;
  return {
    ...{ system, broken, done, call, run, deliver, ports, now },
    async place(body: object = {}) {
      for (const name of names) {
        const plugin = { ...pluginOf(name), compensates: true };
        const by = { stackId: `${name}/2`, logicalId: name, requestId: 'r', sentAt: now.at };
        await ports.registry.put(plugin, by);
      }
      for (const [name, definition] of Object.entries(workflows)) {
        const { status } = await call('PUT', `/workflows/${name}`, { body: definition });
        expect(status).toBe(201);
      }
      const order = { orderId: 'o', workflow: 'parent', input: 5, ...body };
      expect((await call('POST', '/orders', { body: order })).status).toBe(202);
    },
    /** Delivers a message that somebody took and died. */
    async again(body: object) {
      const { Records } = sqsEvent([body]);
      for (const { attributes } of Records) attributes.ApproximateReceiveCount = '2';
      await system.orchestrate({ Records }, CONTEXT);
    },
    see: async (orderId = 'o') => (await call<Seen>('GET', `/orders/${orderId}`)).body,
    act(name: string, body: object = {}, orderId = 'o') {
      acts += 1;
      const headers = { 'idempotency-key': `act-${acts}` };
      return call('POST', `/orders/${orderId}/${name}`, { body, headers });
    },
    /** Delivers messages until the child order has come so far. */
    async runUntil(status: string, orderId: string) {
      for (let messages = 0; messages < 100; messages += 1) {
        if ((await ports.journal.latest(orderId))?.state.status === status) return;
        await system.deliver();
      }
      throw new Error(`${orderId} does not come to ${status}`);
    },
  };
}

/** A parent that is one child order, which is one task. */
const ONE_CHILD = {
  parent: { activities: [{ name: 'a', pre: [{ workflow: 'child' }] }] },
  child: { activities: [{ name: 'b', pre: ['D'] }] },
};

/** A parent that has failed with its only child, whose plugin is broken still. */
async function failedFamily() {
  const system = systemOf(ONE_CHILD);
  system.broken.add('D');
  await system.place();
  await system.run();
  return system;
}

describe('an order of another workflow', () => {
  it('performs a task, and its result is what the next task gets', async () => {
    const { place, run, see } = systemOf();
    await place({ attributes: { kind: 'a' } });
    await run();
    expect(await see()).toMatchObject({
      status: 'completed',
      result: 'C("D(\\"B(\\\\\\"A(5)\\\\\\")\\")")',
      children: [{ orderId: 'o~t2', workflow: 'child', job: 'child', attempt: 1 }],
      tasks: [{ job: 'A' }, { job: 'child', child: 'o~t2', status: 'completed' }, { job: 'C' }],
    });
    expect(await see('o~t2')).toMatchObject({
      ...{ status: 'completed', workflow: { name: 'child', version: 1 } },
      ...{ parent: { orderId: 'o', taskId: 't2' }, attributes: { kind: 'a' } },
    });
  });

  it('belongs to the client of its parent', async () => {
    const { place, run, see, call } = systemOf();
    await call('PUT', '/clients/acme', { body: { workflow: 'parent' } });
    await place({ client: 'acme' });
    await run();
    expect((await see('o~t2')).client).toBe('acme');
  });

  it('keeps the version that was the latest when it was placed, though its placing comes again', async () => {
    const { place, runUntil, run, see, call, ports } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await call('PUT', '/workflows/child', { body: { activities: [{ name: 'b', pre: ['C'] }] } });
    await ports.messenger.send([nudge()]);
    await run();
    expect((await see('o~t2')).workflow).toEqual({ name: 'child', version: 1 });
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('may be one of a list, in a parallel stage', async () => {
    const step = { workflow: 'child', forEach: '[1, 2, 3]', concurrency: 1, tolerate: 0 };
    const parent = { activities: [{ name: 'a', parallel: ['C', step] }] };
    const { place, run, see } = systemOf({ parent, child: CHILD });
    await place();
    await run();
    const { status, result, children } = await see();
    expect({ status, result }).toEqual({
      status: 'completed',
      result: {
        C: 'C(5)',
        child: ['D("B(1)")', 'D("B(2)")', 'D("B(3)")'].map((one) =>
          one.replaceAll('"B', '"\\"B').replace('"\\"B', '"B'),
        ),
      },
    });
    expect(children).toHaveLength(3);
  });

  it('fails its task when it fails, and the order above says which failed, where, and why', async () => {
    const { place, run, see, broken } = systemOf();
    broken.add('D');
    await place();
    await run();
    const { status, error } = await see();
    expect({ status, error }).toEqual({
      status: 'failed',
      error: {
        code: 'CHILD_FAILED',
        message: 'order o~t2 has failed: D: HANDLER_FAILED: D is broken',
        ...{ task: 'child', plugin: 'child', attempt: 1 },
      },
    });
  });

  it('is placed anew when its parent is retried', async () => {
    const { run, see, broken, act } = await failedFamily();
    broken.clear();
    expect((await act('retry')).status).toBe(200);
    await run();
    expect(await see()).toMatchObject({
      ...{ status: 'completed', result: 'D(5)' },
      children: [{ orderId: 'o~t1' }, { orderId: 'o~t1~2', attempt: 2 }],
    });
  });

  it('gives its result to a parent that is retried after it was itself', async () => {
    const { run, see, broken, act, done } = await failedFamily();
    broken.clear();
    await act('retry', {}, 'o~t1');
    await run();
    expect(await see()).toMatchObject({ status: 'failed' });
    await act('retry');
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: 'D(5)' });
    expect(done).toEqual(['D']);
  });

  it('is not placed beside one that somebody has retried', async () => {
    const { run, see, act } = await failedFamily();
    await act('retry', {}, 'o~t1');
    await act('pause', {}, 'o~t1');
    await act('retry');
    await run();
    expect((await see()).error).toMatchObject({ code: 'CHILD_GOES_ON' });
  });

  it('is not called off by a message where its parent has not done so', async () => {
    const { see, act, system } = await failedFamily();
    await act('retry', {}, 'o~t1');
    const calledOff = { ...nudge('o', 'o~t1').body, calledOff: true };
    await system.orchestrate(sqsEvent([calledOff]), CONTEXT);
    expect(await see('o~t1')).toMatchObject({ status: 'running' });
  });

  it('fails its task where its workflow is not stored', async () => {
    const { place, run, see } = systemOf({ parent: PARENT });
    await place();
    await run();
    expect((await see()).error).toMatchObject({ code: 'UNKNOWN_WORKFLOW' });
  });

  it('stops at a depth, where workflows come to contain each other', async () => {
    const { place, run, see, ports } = systemOf({
      ...{ parent: { activities: [{ name: 'a', pre: [{ workflow: 'child' }] }] } },
      child: CHILD,
    });
    await place();
    await ports.workflows.put({
      ...{ name: 'child', on: [] },
      activities: [{ name: 'b', pre: [{ workflow: 'child' }], parallel: [], post: [] }],
    });
    await run();
    const { status, error } = await see();
    expect(status).toBe('failed');
    expect(error?.message).toMatch(/CHILD_TOO_DEEP: 10 orders are above it/);
  });

  it('is no task that a plugin of its name can answer', async () => {
    const { place, runUntil, see, system, run } = systemOf({
      ...{ parent: { activities: [{ name: 'a', pre: [{ workflow: 'B' }] }] } },
      B: CHILD,
    });
    await place();
    await runUntil('running', 'o~t1');
    const token = tokenFor('B', { orderId: 'o', taskId: 't1', attempt: 1 });
    const answers = [{ type: 'TaskCompleted', token, result: 'made up' }];
    await system.orchestrate(sqsEvent([{ answers }]), CONTEXT);
    expect(await see()).toMatchObject({ status: 'running' });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: 'D("B(5)")' });
  });

  it('cannot be made up: a message that says that one may have ended changes nothing', async () => {
    const { place, runUntil, see, system } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    const before = await see();
    const messages = [nudge().body, { ...nudge().body, calledOff: true }, nudge('o', 'o~t1').body];
    for (const body of [...messages, nudge('o~t2', 'o').body, nudge('x', 'y').body]) {
      await system.orchestrate(sqsEvent([body]), CONTEXT);
    }
    expect(await see()).toEqual(before);
    expect(await see('o~t2')).toMatchObject({ status: 'running' });
  });
});

describe('what is asked of an order', () => {
  it('pauses and resumes its child orders with it', async () => {
    const { place, runUntil, see, act, run } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('pause');
    await run();
    expect(await see('o~t2')).toMatchObject({ status: 'paused' });
    expect((await see('o~t2')).timeline).toContainEqual(
      expect.objectContaining({ event: 'PauseRequested', actor: 'order o' }),
    );
    await act('resume');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  // Was: a child that its parent had paused refused the cancel, since it was past its pivot, and stayed paused for ever; so did a parent
  // that waited for its end (simulated world 2098858300).
  describe('lets a child order go on that has paused with it and is past its pivot', () => {
    const steps = { activities: [...CHILD.activities, { name: 'c', pre: ['C', 'D'] }], pivot: 'b' };

    async function pausedFamily(child: object = steps) {
      const system = systemOf({ parent: PARENT, child });
      await system.place();
      await system.runUntil('running', 'o~t2');
      while ((await system.see('o~t2')).tasks.length < 3) await system.deliver();
      await system.act('pause');
      await system.run();
      expect(await system.see('o~t2')).toMatchObject({ status: 'paused' });
      return system;
    }

    it('when it waits for it no longer', async () => {
      const { act, run, see, done } = await pausedFamily();
      await act('skip', { task: 'child', result: 'by hand' });
      await run();
      expect(await see('o~t2')).toMatchObject({ status: 'completed' });
      expect(await see()).toMatchObject({ status: 'paused' });
      expect(done).toEqual(['A', 'B', 'D', 'C', 'D']);
    });

    it('when it is cancelled, and undoes what it has done itself', async () => {
      const { act, run, see, done } = await pausedFamily();
      await act('cancel');
      await run();
      expect(await see('o~t2')).toMatchObject({ status: 'completed' });
      expect(await see()).toMatchObject({ status: 'cancelled' });
      expect(done).toEqual(['A', 'B', 'D', 'C', 'D', 'undo A']);
    });

    it('but cancels it where nothing is to be undone, and where it is not past its pivot', async () => {
      const left = await pausedFamily();
      await left.act('cancel', { undo: false });
      await left.run();
      expect(await left.see('o~t2')).toMatchObject({ status: 'cancelled' });
      const before = await pausedFamily({ ...steps, pivot: 'c' });
      await before.act('skip', { task: 'child', result: 'by hand' });
      await before.run();
      expect(await before.see('o~t2')).toMatchObject({ status: 'cancelled' });
    });

    it('but not where a person has paused it', async () => {
      const { act, run, see } = await pausedFamily();
      await act('resume', {}, 'o~t2');
      await act('pause', {}, 'o~t2');
      await act('skip', { task: 'child', result: 'by hand' });
      await run();
      expect(await see('o~t2')).toMatchObject({ status: 'paused' });
    });
  });

  it('does not place a child order while it is paused', async () => {
    const { place, see, act, run, deliver, call } = systemOf({
      ...{ parent: { activities: [{ name: 'a', pre: [{ workflow: 'child' }] }] } },
      child: CHILD,
    });
    await place();
    await deliver();
    await act('pause');
    await run();
    expect((await call('GET', '/orders/o~t1')).status).toBe(404);
    await act('resume');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('does not resume a child order that a person has paused', async () => {
    const { place, runUntil, see, act, run } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('pause', {}, 'o~t2');
    await act('pause');
    await act('resume');
    await run();
    expect(await see('o~t2')).toMatchObject({ status: 'paused' });
    expect((await see()).waitingFor).toMatchObject({ what: 'order o~t2' });
    await act('resume', {}, 'o~t2');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('resumes a child order whose pause came when its parent went on already', async () => {
    const { place, runUntil, see, system, run, now } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    const late = { at: now.at, actId: 'parent-o-2', askedAt: 0, actor: 'order o' };
    await applyWish('o~t2', { type: 'PauseRequested', ...late }, system.ports);
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('cancels its child orders, which undo what they have done, and then undoes its own', async () => {
    const { place, runUntil, see, act, run, done, deliver, ports } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    while (!('stage' in ((await ports.journal.latest('o~t2'))?.state ?? {}))) await deliver();
    await act('cancel');
    await run();
    expect(await see()).toMatchObject({ status: 'cancelled' });
    expect(await see('o~t2')).toMatchObject({ status: 'cancelled' });
    expect(done).toEqual(['A', 'B', 'undo B', 'undo A']);
  });

  it('cancels a child order as it is where nothing is to be undone', async () => {
    const { place, runUntil, see, act, run, done } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('cancel', { undo: false });
    await run();
    expect(await see('o~t2')).toMatchObject({ status: 'cancelled' });
    expect(done).toEqual(['A', 'B']);
  });

  it('cancels the child order of a task that is skipped', async () => {
    const { place, runUntil, see, act, run } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('skip', { task: 'child', result: 'by hand' });
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: 'C("by hand")' });
    expect(await see('o~t2')).toMatchObject({ status: 'cancelled' });
  });

  it('fails its task when somebody cancels the child order', async () => {
    const { place, runUntil, see, act, run, done } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('cancel', { reason: 'sold out' }, 'o~t2');
    await run();
    expect((await see()).error).toMatchObject({
      ...{ code: 'CHILD_CANCELLED', message: 'order o~t2 was cancelled: sold out' },
    });
    expect(done).toEqual(['A', 'B', 'undo B', 'undo A']);
  });
});

describe('what is undone of an order', () => {
  it('is undone of its child orders, in reverse order', async () => {
    const { place, run, see, broken, done } = systemOf();
    broken.add('C');
    await place();
    await run();
    expect(done).toEqual(['A', 'B', 'D', 'undo D', 'undo B', 'undo A']);
    expect(await see()).toMatchObject({
      status: 'failed',
      compensations: [
        { job: 'child', status: 'completed' },
        { job: 'A', status: 'completed' },
      ],
    });
    expect(await see('o~t2')).toMatchObject({
      status: 'cancelled',
      compensations: [{ job: 'D' }, { job: 'B' }],
    });
  });

  it('is retried where a child order could not be undone', async () => {
    const { place, run, see, broken, done, act } = systemOf();
    broken.add('C').add('undo B');
    await place();
    await run();
    expect(await see('o~t2')).toMatchObject({ error: { code: 'COMPENSATION_FAILED' } });
    expect(await see()).toMatchObject({
      status: 'failed',
      compensations: [{ job: 'child', status: 'failed', error: { code: 'CHILD_NOT_UNDONE' } }, {}],
    });
    broken.delete('undo B');
    await act('retry');
    await run();
    expect(done).toEqual(['A', 'B', 'D', 'undo D', 'undo B', 'undo A']);
    expect(await see('o~t2')).toMatchObject({ status: 'cancelled' });
  });

  it('leaves a child order as it is whose workflow has a pivot', async () => {
    const { place, run, see, broken, done } = systemOf({
      ...{ parent: PARENT, child: { ...CHILD, pivot: 'b' } },
    });
    broken.add('C');
    await place();
    await run();
    expect(done).toEqual(['A', 'B', 'D', 'undo A']);
    expect(await see('o~t2')).toMatchObject({ status: 'completed' });
  });

  it('reaches down to the children of its children', async () => {
    const { place, run, broken, done } = systemOf({
      ...{
        parent: PARENT,
        child: { activities: [{ name: 'b', pre: ['B', { workflow: 'third' }] }] },
      },
      third: { activities: [{ name: 'c', parallel: ['D'] }] },
    });
    broken.add('C');
    await place();
    await run();
    expect(done).toEqual(['A', 'B', 'D', 'undo D', 'undo B', 'undo A']);
  });
});

describe('an order whose child', () => {
  it('has lost the message of its end looks after it within an hour', async () => {
    const { place, runUntil, see, ports, now, run } = systemOf();
    await place();
    await runUntil('completed', 'o~t2');
    ports.messenger.sent.splice(0);
    expect(await see()).toMatchObject({ status: 'running' });
    now.at += HOUR;
    await sweep(ports);
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('is lost fails, and says so', async () => {
    const { place, runUntil, see, ports, now, run } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    ports.messenger.sent.splice(0);
    (ports.journal.all() as Map<string, unknown>).delete('o~t2');
    now.at += 25 * HOUR;
    await sweep(ports);
    await run();
    expect((await see()).error).toMatchObject({ code: 'CHILD_LOST' });
  });

  it('takes longer than its step allows fails, and the child is cancelled', async () => {
    const { place, runUntil, see, ports, now, run, act } = systemOf({
      ...{
        parent: { activities: [{ name: 'a', pre: [{ workflow: 'child', timeoutSeconds: 120 }] }] },
      },
      child: CHILD,
    });
    await place();
    await runUntil('running', 'o~t1');
    await act('pause', {}, 'o~t1');
    now.at += 121_000;
    await sweep(ports);
    await run();
    expect((await see()).error).toMatchObject({ code: 'TASK_TIMED_OUT' });
    expect(await see('o~t1')).toMatchObject({ status: 'cancelled' });
  });
});

describe('a message about a child order that comes again', () => {
  // Was: it said nothing of an end that its parent had taken, so what that led to was never sent if its writer had died.
  // Now: the same answer is given again, and what it led to is sent again.
  it('sends what the end of the child has led to, if that was lost', async () => {
    const { place, runUntil, see, broken, done, deliver, run, ports, again } = systemOf();
    broken.add('D');
    await place();
    await runUntil('failed', 'o~t2');
    await deliver();
    expect(await see()).toMatchObject({ status: 'compensating' });
    ports.messenger.sent.splice(0);
    await again(nudge().body);
    await run();
    expect(await see()).toMatchObject({ status: 'failed' });
    expect(done).toEqual(['A', 'B', 'undo B', 'undo A']);
  });

  it('sends what the undoing of the child has led to, if that was lost', async () => {
    const { place, runUntil, see, broken, done, run, ports, again } = systemOf();
    broken.add('C');
    await place();
    await runUntil('compensating', 'o~t2');
    ports.messenger.sent.splice(0);
    await again(nudge().body);
    await run();
    expect(await see()).toMatchObject({ status: 'failed' });
    expect(done).toEqual(['A', 'B', 'D', 'undo D', 'undo B', 'undo A']);
  });

  // Was: it repeated the parent's latest act only, so nobody was told of a pause whose writer had died, if the child had gone on since.
  // Now: it repeats each act of the parent's that the child has taken.
  it('tells again of each act of the parent that the child has taken', async () => {
    const { place, runUntil, act, run, ports, again } = systemOf();
    await place();
    await runUntil('running', 'o~t2');
    await act('pause');
    await runUntil('paused', 'o~t2');
    await act('resume');
    await runUntil('running', 'o~t2');
    ports.messenger.sent.splice(0);
    await again(nudge().body);
    const told = ports.messenger.sent.flatMap(({ to, orderId, body }) =>
      to === 'lifecycle' && orderId === 'o~t2' ? [body] : [],
    );
    expect(told).toMatchObject([{ type: 'order.paused' }, { type: 'order.resumed' }]);
    await run();
  });
});

describe('a workflow', () => {
  it('that comes to contain itself is refused, with the way round', async () => {
    const { place, call } = systemOf({ parent: PARENT, child: CHILD });
    await place();
    const body = { activities: [{ name: 'b', pre: ['A', { workflow: 'parent' }] }] };
    const { status, body: problem } = await call('PUT', '/workflows/child', { body });
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      code: 'WORKFLOW_CYCLE',
      path: 'activities[0].pre[1].workflow',
    });
    expect(JSON.stringify(problem)).toContain('child → parent → child would start itself');
  });

  it('whose child is not stored yet is stored, with a warning', async () => {
    const { call } = systemOf();
    const { status, body } = await call('PUT', '/workflows/parent', { body: PARENT });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      warnings: expect.arrayContaining(['workflow child is not stored yet']),
    });
  });
});

describe('the id of a child order', () => {
  it("cannot be chosen for an order of one's own", async () => {
    const { call, place } = systemOf();
    await place();
    const order = { orderId: 'other~t2', workflow: 'child', input: 1 };
    const { status, body } = await call('POST', '/orders', { body: order });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: 'INVALID_REQUEST' });
  });
});

function nudge(orderId = 'o', child = 'o~t2') {
  const body = { type: 'ChildDue', orderId, child } as const;
  return { to: 'orchestrator', orderId, delaySeconds: 0, body } as const;
}
