import { describe, expect, it } from '@jest/globals';
import { CONTEXT, createSystem, pluginOf, sqsEvent, tokenFor } from '../system.ts';

interface Seen {
  readonly status: string;
  readonly jobs: Readonly<Record<string, unknown>>;
  readonly tasks: readonly { readonly job?: string; readonly status: string }[];
  readonly timeline: readonly { readonly event: string; readonly task?: string }[];
  readonly compensations?: readonly object[];
}

const answered = (
  type: 'TaskCompleted' | 'TaskDeferred',
  plugin: string,
  taskId: string,
  more: object = {},
) => ({ type, token: tokenFor(plugin, { orderId: 'o', taskId, attempt: 1 }), ...more });

let acts = 0;

/** An order of A, B and C at once, of which so many are enough; D comes after them. What is heard is what a test says. */
async function orderOf(activity: object) {
  const names = ['A', 'B', 'C', 'D'];
  const system = createSystem(Object.fromEntries(names.map((name) => [name, () => null])));
  for (const name of ['A', 'B', 'C']) {
    await system.ports.registry.put(
      { ...pluginOf(name), compensates: true },
      { stackId: `${name}/2`, logicalId: name, requestId: 'r', sentAt: system.now.at },
    );
  }
  const body = { activities: [{ name: 'go', ...activity }] };
  await system.call('PUT', '/workflows/w', { body });
  await system.call('POST', '/orders', { body: { orderId: 'o', input: 5, workflow: 'w' } });
  const hear = (...bodies: readonly object[]) => system.orchestrate(sqsEvent(bodies), CONTEXT);
  await hear({ type: 'OrderAccepted', orderId: 'o' });
  system.ports.messenger.sent.splice(0);
  return {
    system,
    hear: (...answers: readonly object[]) => hear({ answers }),
    see: async () => (await system.call<Seen>('GET', '/orders/o')).body,
    act(path: string, as: object = { kind: 'operator', name: 'ada' }) {
      acts += 1;
      const options = { body: { reason: 'not needed' }, as };
      const headers = { 'idempotency-key': `act-${acts}` };
      return system.call('POST', `/orders/o/${path}`, { ...options, headers });
    },
  };
}

const STAGE = { parallel: ['A', 'B', 'C'], post: ['D'], enough: 2 };
const twoDone = async () => {
  const world = await orderOf(STAGE);
  await world.hear(
    answered('TaskCompleted', 'A', 't1', { result: 1 }),
    answered('TaskCompleted', 'C', 't3', { result: 3 }),
  );
  return world;
};

describe('a stage that ends by its `enough`', () => {
  it('shows which task was called off, and why', async () => {
    const { see } = await twoDone();
    const reason = '2 completed tasks of its stage were enough';
    expect(await see()).toMatchObject({
      status: 'running',
      jobs: { A: { result: 1 }, C: { result: 3 } },
      tasks: [
        {},
        { job: 'B', status: 'calledOff', reason },
        {},
        { job: 'D', input: { A: 1, C: 3 } },
      ],
    });
    expect((await see()).timeline.at(-1)).toEqual({
      ...{ at: expect.any(String), entry: 2, event: 'TaskCalledOff', task: 'B', reason },
    });
  });

  it('tells a plugin that asks that its attempt is not awaited', async () => {
    const { system } = await twoDone();
    const token = tokenFor('B', { orderId: 'o', taskId: 't2', attempt: 1 });
    expect((await system.call('GET', `/tasks/${token}`)).body).toEqual({ open: false });
  });

  it('tells whoever holds the token of a task that it is not open, and remembers what they say', async () => {
    const { system, see, hear } = await orderOf(STAGE);
    await hear(answered('TaskDeferred', 'B', 't2'));
    await hear(
      answered('TaskCompleted', 'A', 't1', { result: 1 }),
      answered('TaskCompleted', 'C', 't3', { result: 3 }),
    );
    const token = tokenFor('B', { orderId: 'o', taskId: 't2', attempt: 1 });
    for (let times = 0; times < 2; times += 1) {
      const body = { result: 2 };
      expect(await system.call('POST', `/tasks/${token}/complete`, { body, as: {} })).toMatchObject(
        {
          status: 409,
          body: {
            code: 'TASK_NOT_OPEN',
            detail: expect.stringContaining('it was called off: 2 completed'),
          },
        },
      );
    }
    const { timeline, jobs, tasks } = await see();
    expect(jobs).not.toHaveProperty('B');
    expect(timeline.filter(({ task }) => task === 'B')).toMatchObject([
      { event: 'TaskDeferred' },
      { event: 'TaskCalledOff' },
      { event: 'TaskCompleted', late: true },
    ]);
    expect(tasks[1]).not.toHaveProperty('late');
    expect(tasks[1]).not.toHaveProperty('unanswered');
  });

  it('has the result of a late answer for the one that undoes it', async () => {
    const { system, see, hear } = await twoDone();
    await hear(answered('TaskCompleted', 'B', 't2', { result: 2 }));
    await system.call('POST', '/orders/o/cancel', { body: {} });
    expect((await see()).compensations).toMatchObject([
      ...['C', 'B', 'A'].map((job) => ({ job, status: 'inFlight' })),
    ]);
    const sent = system.ports.messenger.sent.flatMap(({ body }) =>
      'compensate' in body ? [{ input: body.input, ...body.compensate }] : [],
    );
    expect(sent).toMatchObject([
      { input: 5, result: 3 },
      { input: 5, result: 2 },
      { input: 5, result: 1 },
    ]);
  });

  it('lists as unknown what has not answered when it is undone', async () => {
    const { system, see } = await twoDone();
    await system.call('POST', '/orders/o/cancel', { body: {} });
    expect((await see()).compensations).toContainEqual({
      ...{ job: 'B', plugin: 'B', status: 'unknown', attempts: [] },
    });
  });
});

describe('a task that is cancelled alone', () => {
  it('is called by its name in the address, says who and why, and is told of', async () => {
    const { see, act, hear, system } = await orderOf({
      parallel: ['A', { plugin: 'A', mandatory: false }],
    });
    expect(await act('tasks/A%232/cancel')).toMatchObject({
      status: 200,
      body: { status: 'running' },
    });
    const { timeline, tasks } = await see();
    expect(timeline.at(-1)).toMatchObject({
      ...{ event: 'TaskCancelRequested', task: 'A#2', actor: 'operator ada', reason: 'not needed' },
    });
    const error = { code: 'TASK_CANCELLED', message: 'operator ada cancelled it: not needed' };
    expect(tasks[1]).toMatchObject({ job: 'A#2', status: 'failed', error, attempts: [{ error }] });
    const facts = system.ports.messenger.sent.filter(({ to }) => to === 'lifecycle');
    expect(facts.map(({ body }) => body)).toMatchObject([
      { type: 'task.cancelled', task: 'A#2', actor: 'operator ada', reason: 'not needed' },
      { type: 'task.failed', task: 'A#2', error },
    ]);
    await hear(answered('TaskCompleted', 'A', 't1', { result: 1 }));
    expect(await see()).toMatchObject({ status: 'completed', result: { A: 1 } });
  });

  it('is not open any more for a second act, for its callback, or for a client', async () => {
    const { act, hear, system } = await orderOf({
      parallel: ['B', { plugin: 'A', mandatory: false }],
    });
    await hear(answered('TaskDeferred', 'A', 't2'));
    expect(await act('tasks/A/cancel', { kind: 'client', client: 'X' })).toMatchObject({
      status: 403,
    });
    expect(await act('tasks/A/cancel')).toMatchObject({ status: 200 });
    expect(await act('tasks/A/cancel')).toMatchObject({
      status: 409,
      body: { code: 'TASK_NOT_OPEN', detail: 'order o: its task A is not open: it is failed' },
    });
    const token = tokenFor('A', { orderId: 'o', taskId: 't2', attempt: 1 });
    expect(await system.call('POST', `/tasks/${token}/complete`, { as: {} })).toMatchObject({
      body: { code: 'TASK_NOT_OPEN', detail: expect.stringContaining('operator ada cancelled it') },
    });
  });

  it('may be a wait, whose name is said', async () => {
    const { act, see } = await orderOf({ pre: [{ wait: '1h' }, 'A'] });
    expect(await see()).toMatchObject({ status: 'waiting', waitingFor: { job: 'wait' } });
    expect(await act('tasks/wait/cancel')).toMatchObject({ body: { status: 'failed' } });
    expect(await see()).toMatchObject({ error: { code: 'TASK_CANCELLED', task: 'wait' } });
  });
});
