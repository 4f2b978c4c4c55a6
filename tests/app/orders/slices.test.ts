import { describe, expect, it } from '@jest/globals';
import type { Json } from '../../../src/core/json.ts';
import { createSystem, pluginOf } from '../system.ts';

interface Seen {
  readonly status: string;
  readonly result?: Json;
  readonly error?: { readonly code: string; readonly message: string; readonly task: string };
  readonly parent?: object;
  readonly children?: readonly { readonly orderId: string }[];
  readonly workflow: object;
  readonly input: Json;
  readonly jobs: Readonly<Record<string, { readonly result: Json }>>;
  readonly compensations?: readonly object[];
  readonly tasks: readonly { readonly job: string; readonly status: string }[];
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** A list of 120 elements is cut into three slices; then one task gets what they gave. */
const step = (more: object = {}) => ({ plugin: 'A', forEach: '[1..120]', ...more });

function systemOf(list: object = step(), more: object = {}, compensates = false) {
  const broken = new Set<Json>();
  const brokenUndoing = new Set<Json>();
  const done: Json[] = [];
  const undone: Json[] = [];
  const system = createSystem({
    A: (input, message) => {
      if (message.compensate !== undefined) {
        if (brokenUndoing.has(input)) throw new Error('it cannot be undone');
        undone.push(input);
        return null;
      }
      if (broken.has(input)) throw new Error(`${JSON.stringify(input)} is broken`);
      done.push(input);
      return { of: input };
    },
    B: (input, message) => (message.compensate === undefined ? input : null),
  });
  const { call, run, deliver, ports, now } = system;
  let acts = 0;
  return {
    ...{ system, broken, brokenUndoing, done, undone, call, run, deliver, ports },
    async place() {
      for (const name of ['A', 'B']) {
        const by = { stackId: `${name}/2`, logicalId: name, requestId: 'r', sentAt: now.at };
        await ports.registry.put({ ...pluginOf(name), compensates }, by);
      }
      const activities = [{ name: 'a', parallel: [list], post: ['B'] }];
      const body = { activities, ...more };
      expect(await call('PUT', '/workflows/w', { body })).toMatchObject({ status: 201 });
      const order = { orderId: 'o', workflow: 'w', input: 5 };
      expect((await call('POST', '/orders', { body: order })).status).toBe(202);
    },
    see: async (orderId = 'o') => (await call<Seen>('GET', `/orders/${orderId}`)).body,
    act(name: string, body: object = {}, orderId = 'o') {
      acts += 1;
      const headers = { 'idempotency-key': `act-${acts}` };
      return call('POST', `/orders/${orderId}/${name}`, { body, headers });
    },
  };
}

describe('a list of more than fifty elements', () => {
  it('is done in slices, each by a child order, and gives the list of all results', async () => {
    const { place, run, see, done } = systemOf();
    await place();
    await run();
    const { status, result, children, tasks } = await see();
    expect(status).toBe('completed');
    expect(result).toEqual({ A: upTo(120).map((of) => ({ of })) });
    expect(done).toHaveLength(120);
    expect(children?.map(({ orderId }) => orderId)).toEqual(['o~t1', 'o~t2', 'o~t3']);
    expect(tasks).toMatchObject([
      { job: 'A', child: 'o~t1', elements: { from: 0, count: 50 } },
      { job: 'A#2', child: 'o~t2', elements: { from: 50, count: 50 } },
      {
        job: 'A#3',
        child: 'o~t3',
        elements: { from: 100, count: 20 },
        input: upTo(120).slice(100),
      },
      { job: 'B' },
    ]);
  });

  it('is one task per element in the order of its slice, which is an order of the same workflow', async () => {
    const { place, run, see } = systemOf();
    await place();
    await run();
    const slice = await see('o~t3');
    expect(slice).toMatchObject({
      ...{ status: 'completed', workflow: { name: 'w', version: 1 }, input: upTo(120).slice(100) },
      parent: { orderId: 'o', taskId: 't3', from: 100 },
    });
    expect(slice.tasks).toHaveLength(20);
    expect(slice.tasks[0]).toMatchObject({
      job: 'A',
      element: 0,
      activity: 'a',
      stage: 'parallel',
    });
  });

  it('has the inputs that its order gives each element, which its slices know nothing of', async () => {
    const input = { is: '$element', at: '$index', was: 'payload' };
    const { place, run, see } = systemOf(step({ input }));
    await place();
    await run();
    const given = upTo(120).map((is, at) => ({ of: { is, at, was: 5 } }));
    expect((await see()).result).toEqual({ A: given });
  });

  it('fails before any of it has begun where the input of an element cannot be said', async () => {
    const { place, run, see, done } = systemOf(step({ input: '$element = 77 ? $error("no") : 1' }));
    await place();
    await run();
    const { status, error, children } = await see();
    expect({ status, done, children }).toEqual({ status: 'failed', done: [], children: undefined });
    expect(error?.code).toBe('EXPRESSION_FAILED');
    expect(error?.message).toMatch(/^input of element 76: no \(in /);
  });

  it('has ten thousand elements at most, with all lists of its stage', async () => {
    const { place, run, see } = systemOf(step({ forEach: '[1..10001]' }));
    await place();
    await run();
    expect((await see()).error?.message).toBe(
      'forEach: it came to a list of 10001 elements; 10000 are the most',
    );
  });

  it.each([0, 2, '1%'])('tolerates %s failures of all elements together', async (tolerate) => {
    const { place, run, see, broken } = systemOf(step({ tolerate }));
    broken.add(3).add(60).add(119);
    await place();
    await run();
    const { status, error, tasks } = await see();
    expect({ status, error }).toEqual({
      status: 'failed',
      error: {
        ...{ code: 'HANDLER_FAILED', message: '3 is broken (in order o~t1)' },
        ...{ task: 'A', plugin: 'A', attempt: 1 },
      },
    });
    expect(tasks.map((one) => one.status)).toEqual(['failed', 'failed', 'failed']);
  });

  it.each([3, '3%'])(
    'goes on with what the others gave where %s are tolerated',
    async (tolerate) => {
      const { place, run, see, broken } = systemOf(step({ tolerate }));
      broken.add(3).add(60).add(119);
      await place();
      await run();
      const { status, result } = await see();
      expect(status).toBe('completed');
      const given = upTo(120).map((of) => (broken.has(of) ? null : { of }));
      expect(result).toEqual({ A: given });
    },
  );

  it('is retried from the elements that have failed: the others are not done twice', async () => {
    const { place, run, see, broken, done, act } = systemOf();
    broken.add(3).add(60);
    await place();
    await run();
    broken.clear();
    expect((await act('retry')).status).toBe(200);
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
    expect([...done].sort((a, b) => Number(a) - Number(b))).toEqual(upTo(120));
    expect(await see('o~t1')).toMatchObject({ status: 'completed' });
  });

  it('may be retried again and again, and takes no other input for a slice', async () => {
    const { place, run, see, broken, act } = systemOf();
    broken.add(3);
    await place();
    await run();
    for (const _ of [1, 2]) {
      expect((await act('retry')).status).toBe(200);
      await run();
      expect(await see()).toMatchObject({ status: 'failed', error: { task: 'A' } });
    }
    expect(await act('retry', { input: [1] })).toMatchObject({ status: 409 });
    broken.clear();
    await act('retry');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('pauses its order where the workflow says so, and goes on as a retry would', async () => {
    const { place, run, see, broken, act } = systemOf(step(), { pauseOnFailure: true });
    broken.add(3);
    await place();
    await run();
    expect(await see()).toMatchObject({ status: 'paused' });
    expect(await see('o~t1')).toMatchObject({ status: 'failed' });
    broken.clear();
    await act('resume');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('is undone element by element, those of a slice that failed as well', async () => {
    const { place, run, see, broken, done, undone } = systemOf(step(), {}, true);
    broken.add(60);
    await place();
    await run();
    expect(await see()).toMatchObject({ status: 'failed', error: { task: 'A#2' } });
    expect(done).toHaveLength(119);
    const byNumber = (a: Json, b: Json) => Number(a) - Number(b);
    expect([...undone].sort(byNumber)).toEqual([...done].sort(byNumber));
    expect((await see()).compensations).toMatchObject([
      { job: 'A#3', status: 'completed' },
      { job: 'A#2', status: 'completed' },
      { job: 'A', status: 'completed' },
    ]);
    expect(await see('o~t2')).toMatchObject({ status: 'cancelled' });
  });

  it('goes on with the result that a person gives for a slice', async () => {
    const { place, run, see, broken, act } = systemOf(step(), { pauseOnFailure: true });
    broken.add(119);
    await place();
    await run();
    const result = upTo(20).map((n) => -n);
    expect(await act('skip', { task: 'A#3', result })).toMatchObject({ status: 200 });
    await act('resume');
    await run();
    const { status, result: all } = await see();
    expect(status).toBe('completed');
    expect((all as { A: Json[] }).A.slice(99, 102)).toEqual([{ of: 100 }, -1, -2]);
  });

  it('waits for one event per element, each under its key', async () => {
    const waitFor = { event: 'paid', key: '"k" & $element' };
    const { place, run, see, call } = systemOf({ waitFor, forEach: '[1..60]' });
    await place();
    await run();
    expect(await see()).toMatchObject({ status: 'running' });
    for (const n of upTo(60)) {
      const body = { type: 'paid', key: `k${n}`, data: n };
      const headers = { 'idempotency-key': `e${n}` };
      expect((await call('POST', '/events', { body, headers })).status).toBe(202);
    }
    await run();
    expect(await see()).toMatchObject({ status: 'completed', result: { paid: upTo(60) } });
  });

  it('may stand anywhere among the steps of any activity, short lists beside it', async () => {
    const parallel = ['B', { plugin: 'B', forEach: '["x", "y"]', concurrency: 1 }, step()];
    const activities = [
      { name: 'first', pre: ['B'], parallel: [{ plugin: 'B', forEach: '[7]' }] },
      { name: 'a', pre: ['B'], parallel },
    ];
    const { place, run, see } = systemOf(step(), { activities });
    await place();
    await run();
    const { status, result } = await see();
    expect(status).toBe('completed');
    const before = { B: [7] };
    expect(result).toEqual({ B: before, 'B#2': ['x', 'y'], A: upTo(120).map((of) => ({ of })) });
    expect((await see('o~t8')).tasks).toHaveLength(20);
  });

  it.each([
    [1, 1],
    [2, 2],
    [60, 60],
    [undefined, 120],
  ])('with a concurrency of %s has %s elements under way at once', async (concurrency, most) => {
    const list = step(concurrency === undefined ? {} : { concurrency });
    const { place, deliver, see, ports, run } = systemOf(list);
    await place();
    let underWay = 0;
    for (let rounds = 0; rounds < 8; rounds += 1) {
      const tasks = ports.messenger.sent.filter(
        ({ to }) => to !== 'orchestrator' && to !== 'lifecycle',
      );
      underWay = Math.max(underWay, tasks.length);
      await deliver();
    }
    expect(underWay).toBe(most);
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('fails its order where a person cancels a slice, all of whose elements count as failed', async () => {
    const { place, deliver, run, see, act } = systemOf(step({ tolerate: 49 }));
    await place();
    for (let rounds = 0; rounds < 3; rounds += 1) await deliver();
    expect((await act('cancel', {}, 'o~t1')).status).toBe(200);
    await run();
    expect((await see()).error).toMatchObject({ code: 'CHILD_CANCELLED', task: 'A' });
  });

  it('tolerates a slice that was cancelled, and has null for each of its elements', async () => {
    const { place, deliver, run, see, act } = systemOf(step({ tolerate: 50 }));
    await place();
    for (let rounds = 0; rounds < 3; rounds += 1) await deliver();
    await act('cancel', {}, 'o~t1');
    await run();
    const { status, result } = await see();
    expect(status).toBe('completed');
    expect((result as { A: Json[] }).A.slice(48, 52)).toEqual([null, null, { of: 51 }, { of: 52 }]);
  });

  it('counts all of a slice as failed whose undoing has failed', async () => {
    const { place, deliver, run, see, act, brokenUndoing } = systemOf(
      step({ tolerate: 49, concurrency: 3 }),
      {},
      true,
    );
    await place();
    for (let rounds = 0; rounds < 9; rounds += 1) await deliver();
    for (const n of upTo(50)) brokenUndoing.add(n);
    await act('cancel', {}, 'o~t1');
    await run();
    expect(await see('o~t1')).toMatchObject({ status: 'failed' });
    expect(await see()).toMatchObject({ status: 'failed', error: { task: 'A' } });
  });

  it('has the same for each element of a slice for which a person gives one value, or nothing', async () => {
    for (const [result, given] of [
      ['by hand', 'by hand'],
      [
        ['one', 'two'],
        ['one', 'two'],
      ],
      [undefined, null],
    ]) {
      const { place, run, see, broken, act } = systemOf(step(), { pauseOnFailure: true });
      broken.add(119);
      await place();
      await run();
      await act('skip', { task: 'A#3', result });
      await act('resume');
      await run();
      const { result: gathered, jobs } = await see();
      expect(jobs['A#3']?.result).toEqual(result);
      const { A } = gathered as { A: Json[] };
      expect(A).toHaveLength(120);
      expect(A.slice(99, 102)).toEqual([{ of: 100 }, given, given]);
    }
  });

  it('is told nothing by a slice that a person retries alone, and that fails once more', async () => {
    const { place, run, see, broken, act } = systemOf();
    broken.add(3);
    await place();
    await run();
    await act('retry', {}, 'o~t1');
    await run();
    expect(await see('o~t1')).toMatchObject({ status: 'failed' });
    expect(await see()).toMatchObject({ status: 'failed', error: { task: 'A' } });
    broken.clear();
    await act('retry', {}, 'o~t1');
    await act('retry');
    await run();
    expect(await see()).toMatchObject({ status: 'completed' });
  });

  it('keeps no more than fifty elements in one stage', async () => {
    const { place, run, see } = systemOf(step({ forEach: '[1..50]' }));
    await place();
    await run();
    const { status, children, tasks } = await see();
    expect({ status, children, tasks: tasks.length }).toEqual({
      ...{ status: 'completed', children: undefined, tasks: 51 },
    });
  });

  it('ends when enough of its elements have completed, though one of each slice failed first', async () => {
    const activities = [
      { name: 'a', parallel: [step({ concurrency: 3 })], enough: 60, post: ['B'] },
    ];
    const { place, run, see, broken } = systemOf(step(), { activities });
    broken.add(1).add(51).add(101);
    await place();
    await run();
    const { status, result } = await see();
    expect(status).toBe('completed');
    const given = (result as { A: Json[] }).A.filter((one) => one !== null);
    expect(given.length).toBeGreaterThanOrEqual(60);
  });
});
