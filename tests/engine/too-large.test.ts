import { describe, expect, it } from '@jest/globals';
import type { OrderEvent } from '../../src/core/event.ts';
import type { Json } from '../../src/core/json.ts';
import type { OrderState } from '../../src/core/order.ts';
import { historyOf, tasksOf } from '../../src/core/task-records.ts';
import type { Activity, Step, Todo } from '../../src/core/workflow.ts';
import { activitiesOf } from '../../src/core/workflow.ts';
import { advanceOrders } from '../../src/engine/engine.ts';
import { placeAll } from '../../src/engine/placing.ts';
import { sweep } from '../../src/engine/sweep.ts';
import { inOrderOfNeed } from '../../src/engine/too-large-results.ts';
import { TooLargeError } from '../../src/ports/too-large.ts';
import { createMemoryPorts } from '../ports/memory/ports.ts';
import { plugin } from '../ports/registry.contract.ts';
import { orderWorld } from './order-under-way.ts';

/** An order that has started, in a journal that takes payloads and results of up to `limit` characters. */
async function started(steps: Todo | readonly Activity[], input: Json, limit: number) {
  let now = Date.UTC(2026, 10, 21);
  const clock = () => {
    now += 1;
    return now;
  };
  const ports = createMemoryPorts(
    clock,
    ['A', 'B'].map((name) => plugin(name, { registeredAt: 0 })),
  );
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    const { state } = entry;
    const value = 'payload' in state ? state.payload : 'result' in state ? state.result : null;
    const size = JSON.stringify(value).length;
    if (size > limit) throw new TooLargeError('the entry', size, limit);
    return append(entry);
  };
  const isTodo = (some: Todo | readonly Activity[]): some is Todo =>
    some.every((item) => typeof item === 'string' || Array.isArray(item));
  const activities = isTodo(steps) ? activitiesOf(steps) : steps;
  const { workflow } = await ports.workflows.put({ name: 'some', on: [], activities });
  const { name, version } = workflow;
  const placed = { type: 'OrderPlaced', at: clock(), orderId: 'o', fingerprint: '' } as const;
  await placeAll([{ ...placed, input, attributes: {}, workflow: { name, version } }], ports);
  const advance = async (...events: OrderEvent[]) => {
    const { outcomes, failures } = await advanceOrders(new Map([['o', events]]), ports);
    expect(failures).toEqual(new Map());
    const outcome = outcomes.get('o');
    return outcome?.known ? outcome.state : undefined;
  };
  await advance({ type: 'OrderAccepted', at: clock() });
  return { ports, clock, advance, sent: ports.messenger.sent.map(({ to }) => to) };
}

const long = 'x'.repeat(600);

it('a result that does not fit into its order fails its task for good', async () => {
  const { advance, clock } = await started(['A', 'B'], 1, 1000);
  const result = 'x'.repeat(1000);
  const state = await advance({
    type: 'TaskCompleted',
    at: clock(),
    taskId: 't1',
    attempt: 1,
    result,
  });
  expect(state).toMatchObject({
    status: 'failed',
    error: {
      ...{ code: 'RESULT_TOO_LARGE', task: 'A', attempt: 1 },
      message: 'the result does not fit: the entry is 1002 bytes; at most 1000 are possible',
    },
  });
});

it('results that only together are too large fail the one that came last', async () => {
  const { advance, clock } = await started([['A', 'B']], 1, 1000);
  const completed = { type: 'TaskCompleted', attempt: 1, result: long } as const;
  await advance({ ...completed, at: clock(), taskId: 't1' });
  const state = await advance({ ...completed, at: clock(), taskId: 't2' });
  expect(state).toMatchObject({ status: 'failed', error: { code: 'RESULT_TOO_LARGE', task: 'B' } });
});

// Was: of three results in one batch of answers that did not fit together, all three failed their tasks.
// Now: each gets an entry of its own, and only one that does not fit by itself fails its task.
it('results of one batch that do not fit together get an entry each', async () => {
  const { advance, clock, ports } = await started([['A', 'B'], 'A'], 1, 2000);
  const { append } = ports.journal;
  ports.journal.append = async (entry) => {
    const size = JSON.stringify(entry.events).length;
    if (size > 1000) throw new TooLargeError('the entry', size, 1000);
    return append(entry);
  };
  const completed = { type: 'TaskCompleted', attempt: 1, result: long } as const;
  const state = await advance(
    { ...completed, at: clock(), taskId: 't1' },
    { ...completed, at: clock(), taskId: 't2' },
  );
  expect(state).toMatchObject({ status: 'running', payload: { A: long, B: long } });
});

it('an optional result that finds no room beside a mandatory one fails its own task only', async () => {
  const activity = {
    name: 'a',
    pre: [],
    parallel: [{ plugin: 'A', mandatory: false }, { plugin: 'B' }],
    post: [],
  };
  const { advance, clock } = await started([activity], 1, 700);
  const state = await advance(
    { type: 'TaskCompleted', attempt: 1, result: long, at: clock(), taskId: 't1' },
    { type: 'TaskCompleted', attempt: 1, result: 'x'.repeat(200), at: clock(), taskId: 't2' },
  );
  expect(state).toMatchObject({
    status: 'completed',
    result: { B: 'x'.repeat(200) },
    failedJobs: [{ job: 'A', error: { code: 'RESULT_TOO_LARGE' } }],
  });
});

describe('results that fit one by one, and not together, where', () => {
  const completed = (taskId: string, result: Json) =>
    ({ type: 'TaskCompleted', attempt: 1, result, taskId }) as const;
  const stageOf = (...parallel: Step[]): Activity => ({ name: 'a', pre: [], parallel, post: [] });

  // Was: nobody was to blame, so that the entry was refused for ever, and the order was stuck. Now: the result that came last goes.
  it('the end of a wait ends the stage, fail the order by the result that came last', async () => {
    const stage = stageOf({ plugin: 'A' }, { plugin: 'B' }, { waitSeconds: 3 });
    const { advance, clock, ports } = await started([stage], 1, 1000);
    await advance({ ...completed('t2', long), at: clock() });
    await advance({ ...completed('t1', long), at: clock() });
    const state = await advance({ type: 'DeadlinePassed', at: clock() + 4000 });
    expect(state).toMatchObject({
      status: 'failed',
      error: {
        ...{ code: 'RESULT_TOO_LARGE', task: 'A', plugin: 'A', attempt: 1 },
        message:
          'the results of its stage do not fit: the entry is 1215 bytes; at most 1000 are possible',
      },
    });
    const records = tasksOf(await ports.journal.entries('o'));
    expect(records.map(({ job, status, result }) => [job, status, result])).toEqual([
      ['A', 'failed', undefined],
      ['B', 'completed', long],
    ]);
  });

  it('the failure of an optional task ends the stage, fail the order too', async () => {
    const stage = stageOf({ plugin: 'A' }, { plugin: 'A' }, { plugin: 'B', mandatory: false });
    const { advance, clock } = await started([stage], 1, 1000);
    await advance({ ...completed('t1', long), at: clock() });
    await advance({ ...completed('t2', long), at: clock() });
    const error = { code: 'BROKEN', message: 'it broke' };
    const failed = { type: 'TaskFailed', taskId: 't3', attempt: 1, error, retry: 'never' } as const;
    expect(await advance({ ...failed, at: clock() })).toMatchObject({
      status: 'failed',
      error: { code: 'RESULT_TOO_LARGE', task: 'A#2' },
    });
  });

  // Was: a mandatory task failed its order because of an optional result that had come before. Now: the optional one goes.
  it('some are optional, fail none but those', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const stage = stageOf(optional, optional, { plugin: 'B' }, { waitSeconds: 3 });
    const { advance, clock, ports } = await started([stage], 1, 1000);
    await advance({ ...completed('t1', long), at: clock() });
    await advance({ ...completed('t2', 'x'.repeat(100)), at: clock() });
    await advance({ ...completed('t3', long), at: clock() });
    const state = await advance({ type: 'DeadlinePassed', at: clock() + 4000 });
    expect(state).toMatchObject({
      status: 'completed',
      result: { 'A#2': 'x'.repeat(100), B: long },
      failedJobs: [{ job: 'A', error: { code: 'RESULT_TOO_LARGE' } }],
    });
    const records = tasksOf(await ports.journal.entries('o'));
    expect(records.map(({ job, status }) => [job, status])).toEqual([
      ['A', 'failed'],
      ['A#2', 'completed'],
      ['B', 'completed'],
    ]);
    const { jobs } = historyOf(await ports.journal.entries('o'));
    expect(Object.keys(jobs)).toEqual(['A#2', 'B']);
    const told = ports.messenger.sent.filter(({ to }) => to === 'lifecycle');
    expect(JSON.stringify(told)).toContain('"type":"task.failed"');
  });

  it('the last one is mandatory and the optional ones are not enough, fail the order', async () => {
    const stage = stageOf({ plugin: 'A', mandatory: false }, { plugin: 'A' }, { plugin: 'B' });
    const { advance, clock } = await started([stage], 1, 1000);
    await advance({ ...completed('t1', long), at: clock() });
    await advance({ ...completed('t2', long), at: clock() });
    expect(await advance({ ...completed('t3', long), at: clock() })).toMatchObject({
      status: 'failed',
      error: { code: 'RESULT_TOO_LARGE', task: 'B' },
    });
  });

  it('as many optional ones go as have to, the largest first', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const stage = stageOf(optional, optional, optional, { plugin: 'B' });
    const { advance, clock } = await started([stage], 1, 1000);
    for (const [taskId, size] of [
      ['t1', 110],
      ['t2', 350],
      ['t3', 120],
    ] as const) {
      await advance({ ...completed(taskId, 'x'.repeat(size)), at: clock() });
    }
    expect(await advance({ ...completed('t4', long), at: clock() })).toMatchObject({
      status: 'completed',
      failedJobs: [{ job: 'A#2' }],
      result: { A: 'x'.repeat(110), 'A#3': 'x'.repeat(120), B: long },
    });
    const more = await started([stage], 1, 800);
    for (const [taskId, size] of [
      ['t1', 110],
      ['t2', 350],
      ['t3', 120],
    ] as const) {
      await more.advance({ ...completed(taskId, 'x'.repeat(size)), at: clock() });
    }
    expect(await more.advance({ ...completed('t4', long), at: clock() })).toMatchObject({
      status: 'completed',
      failedJobs: [{ job: 'A#2' }, { job: 'A#3' }],
      result: { A: 'x'.repeat(110), B: long },
    });
    const [ending] = (await more.ports.journal.entries('o')).slice(-1);
    expect(ending?.events).toMatchObject([
      { type: 'TaskCompleted', taskId: 't4' },
      { type: 'TaskFailed', taskId: 't2', retry: 'never' },
      { type: 'TaskFailed', taskId: 't3', retry: 'never' },
    ]);
  });

  it('other stages follow, go as well', async () => {
    const optional = { plugin: 'A', mandatory: false };
    const first = stageOf(optional, { plugin: 'B' }, { waitSeconds: 3 });
    const ended = async (...activities: Activity[]) => {
      const { advance, clock } = await started(activities, 1, 1000);
      await advance({ ...completed('t1', long), at: clock() });
      await advance({ ...completed('t2', long), at: clock() });
      return advance({ type: 'DeadlinePassed', at: clock() + 4000 });
    };
    const goneOn = { status: 'running', payload: { B: long }, failedJobs: [{ job: 'A' }] };
    expect(await ended({ ...first, post: [{ plugin: 'B' }] })).toMatchObject(goneOn);
    expect(await ended(first, stageOf({ plugin: 'B' }))).toMatchObject(goneOn);
  });
});

describe('a result that does not fit by itself', () => {
  const optional = { plugin: 'A', mandatory: false };
  const completed = (taskId: string, result: Json) =>
    ({ type: 'TaskCompleted', attempt: 1, result, taskId }) as const;

  it('takes none of its stage along, while that goes on', async () => {
    const parallel = [optional, { plugin: 'B' }, optional];
    const stage = { name: 'a', pre: [], parallel, post: [] };
    const { advance, clock, ports } = await started([stage], 1, 1000);
    await advance({ ...completed('t1', 1), at: clock() });
    const { append } = ports.journal;
    ports.journal.append = async (entry) => {
      const size = JSON.stringify(entry.events).length;
      if (size > 1000) throw new TooLargeError('the entry', size, 1000);
      return append(entry);
    };
    expect(await advance({ ...completed('t2', 'x'.repeat(1000)), at: clock() })).toMatchObject({
      stage: { tasks: [{ status: 'completed' }, { status: 'failed' }, { status: 'inFlight' }] },
    });
  });

  it('takes no earlier one of a pre or post stage along', async () => {
    const stage = { name: 'a', pre: [optional, { plugin: 'B' }], parallel: [], post: [] };
    const { advance, clock, ports } = await started([stage], 1, 1000);
    await advance({ ...completed('t1', 1), at: clock() });
    expect(await advance({ ...completed('t2', 'x'.repeat(1000)), at: clock() })).toMatchObject({
      status: 'failed',
      error: { task: 'B' },
    });
    const records = tasksOf(await ports.journal.entries('o'));
    expect(records.map(({ status }) => status)).toEqual(['completed', 'failed']);
  });
});

it('a result that comes when nobody waits for it any more, to be undone, and does not fit, is none', async () => {
  const plugins = ['A', 'B'].map((name) => plugin(name, { registeredAt: 0, compensates: true }));
  const { advance, completed, now, place, accepted, ports } = await orderWorld(['A', 'B'], plugins);
  await place('o');
  await advance('o', accepted());
  const act = { at: now(), actId: 'skip', askedAt: now() };
  await advance('o', { type: 'SkipRequested', ...act, job: 'A', result: 1 });
  const { append } = ports.journal;
  ports.journal.append = async (entry, previous) => {
    const size = JSON.stringify(entry.events).length;
    if (size > 1000) throw new TooLargeError('the entry', size, 1000);
    return append(entry, previous);
  };
  const state = await advance('o', completed('t1', 'x'.repeat(1000)));
  expect(state).toMatchObject({ status: 'running', stage: { tasks: [{ status: 'inFlight' }] } });
  const [latest] = (await ports.journal.entries('o')).slice(-1);
  expect(latest?.events).toMatchObject([
    { type: 'TaskFailed', taskId: 't1', error: { code: 'RESULT_TOO_LARGE' } },
  ]);
});

it('a plugin cannot take back what another attempt of its task has brought', async () => {
  const { advance, clock } = await started([['A', 'B']], 1, 1000);
  const answer = { taskId: 't1', attempt: 1, by: 'A' };
  const error = { code: 'RESULT_TOO_LARGE', message: 'no' };
  await advance({ type: 'TaskCompleted', at: clock(), ...answer, result: 1 });
  const failed = { type: 'TaskFailed', ...answer, error, retry: 'never' } as const;
  expect(await advance({ ...failed, at: clock() })).toMatchObject({
    stage: { tasks: [{ status: 'completed' }, { status: 'inFlight' }] },
  });
});

it('what may not be lost gets its entry first: failures, then mandatory results, then optional ones, then what people ask for', () => {
  const tasks = [true, false, true, false].map((mandatory, index) => ({
    ...{ status: 'inFlight', step: 0, plugin: 'A', job: 'A', attempt: 1, entry: 1, mandatory },
    ...{ taskId: `t${index + 1}`, giveUpAt: 0, dispatchedAt: 0, deadlineAt: 0 },
  }));
  const stage = { activity: 0, stage: 'parallel', tasks: [...tasks, { status: 'plannedWait' }] };
  const answer = { at: 0, attempt: 1 };
  const error = { code: 'X', message: 'x' };
  const completed = (taskId: string): OrderEvent => ({
    ...{ type: 'TaskCompleted', ...answer, taskId, result: 1 },
  });
  const failed: OrderEvent = { type: 'TaskFailed', ...answer, taskId: 't4', error, retry: 'never' };
  const pause: OrderEvent = { type: 'PauseRequested', at: 0, actId: 'pause', askedAt: 0 };
  const events = [pause, completed('t2'), completed('t1'), failed, completed('t3')];
  expect(inOrderOfNeed(events, { stage } as unknown as OrderState)).toEqual([
    failed,
    completed('t1'),
    completed('t3'),
    completed('t2'),
    pause,
  ]);
  expect(inOrderOfNeed(events, {} as OrderState)).toEqual([
    failed,
    completed('t2'),
    completed('t1'),
    completed('t3'),
    pause,
  ]);
});

it('an invitation that is too large for a topic goes to each queue', async () => {
  const small = await started([['A', 'B']], 'x', 2 ** 20);
  expect(small.sent).toContain('broadcast');
  const large = await started([['A', 'B']], 'x'.repeat(260 * 1024), 2 ** 20);
  expect(large.sent.filter((to) => to === 'plugin')).toHaveLength(2);
  expect(large.sent).not.toContain('broadcast');
});

// Was: the message was refused again at each redelivery, until the order failed hours later as timed out.
it('a message that no queue takes fails its task at once', async () => {
  const { ports, advance, clock } = await started(['A', 'B'], 1, 2 ** 20);
  const { send } = ports.messenger;
  ports.messenger.send = async (messages) => {
    const refused = messages.filter(
      (outgoing) => outgoing.to === 'plugin' && JSON.stringify(outgoing.body).length > 1000,
    );
    await send(messages.filter((outgoing) => !refused.includes(outgoing)));
    const error = new TooLargeError('a message', 1001, 1000);
    return refused.map((message) => ({ message, error }));
  };
  const result = 'x'.repeat(1000);
  const completed = { type: 'TaskCompleted', taskId: 't1', attempt: 1, result } as const;
  const ended = { status: 'failed', error: { code: 'INPUT_TOO_LARGE', task: 'B', attempt: 1 } };
  expect(await advance({ ...completed, at: clock() })).toMatchObject(ended);
  expect(await advance({ ...completed, at: clock() })).toMatchObject(ended);
});

it('an order whose first message cannot be sent is accepted, and started by the sweeper', async () => {
  let now = Date.UTC(2026, 10, 21);
  const ports = createMemoryPorts(() => now, [plugin('A', { registeredAt: 0 })]);
  const { send } = ports.messenger;
  ports.messenger.send = async (messages) =>
    messages.map((message) => ({ message, error: new Error('no route') }));
  const definition = { name: 'some', on: [], activities: activitiesOf(['A']) };
  const { workflow } = await ports.workflows.put(definition);
  const { name, version } = workflow;
  const placed = { type: 'OrderPlaced', at: now, orderId: 'o', fingerprint: '' } as const;
  const [one] = await placeAll(
    [{ ...placed, input: 1, attributes: {}, workflow: { name, version } }],
    ports,
  );
  expect(one).toMatchObject({ outcome: 'new', state: { status: 'accepted' } });
  ports.messenger.send = send;
  now += 61_000;
  expect(await sweep(ports)).toMatchObject({ woken: 1, failed: 0 });
  expect(ports.messenger.sent).toContainEqual(expect.objectContaining({ to: 'plugin' }));
});
