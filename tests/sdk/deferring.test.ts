import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { beatTask, completeTask, definePlugin, failTask } from '../../src/sdk/index.ts';
import { performOnce, tryWorkflow } from '../../src/sdk/testing.ts';
import { FakeApi } from '../cli/fake-api.ts';

const approve = definePlugin((price: number, task) => (price > 100 ? task.later() : price), {
  compensate: (_, task) => task.later(),
});

describe('a plugin that returns task.later()', () => {
  it('defers its task, and answers where it does not', async () => {
    expect(await performOnce(approve, 400)).toMatchObject({ status: 'deferred' });
    expect(await performOnce(approve, 40)).toMatchObject({ status: 'completed', result: 40 });
  });

  it('has the token that finishes the task, which its log does not hold', async () => {
    const tokens: string[] = [];
    const ask = definePlugin(async (_: null, task) => {
      tokens.push(task.token);
      return task.later();
    });
    const performed = await performOnce(ask, null, { orderId: 'o-7' });
    expect(performed).toMatchObject({ status: 'deferred', token: tokens[0] });
    expect(tokens[0]).toMatch(/^o-7\.t1\.1\.plugin\.[\w-]{43}$/);
    expect(performed.logged).toMatchObject([{ message: 'task deferred', orderId: 'o-7' }]);
    expect(JSON.stringify(performed.logged)).not.toContain(tokens[0]);
  });

  it('may defer an undoing, too', async () => {
    const ending = { status: 'cancelled' } as const;
    const compensate = { result: 400, ending };
    expect(await performOnce(approve, 400, { compensate })).toMatchObject({ status: 'deferred' });
  });

  it('fails as any other if it throws', async () => {
    const ask = definePlugin((_: null, task) => {
      task.later();
      throw new Error('there is nobody to ask');
    });
    expect(await performOnce(ask, null)).toMatchObject({ status: 'failed', retry: 'policy' });
  });
});

describe('in a trial', () => {
  const workflow = 'activities: [{name: go, pre: [approve]}]';
  const trial = (stub: object = {}) =>
    tryWorkflow(workflow, { input: 400, plugins: { approve: { performs: approve, ...stub } } });

  it('the callback is what the stub says, when it says', async () => {
    const { order, seconds } = await trial({ result: 'yes', seconds: 3000 });
    expect([order.status, order.result, seconds]).toEqual(['completed', 'yes', 3000]);
    const error = { code: 'REJECTED', message: 'no' };
    const { order: rejected } = await trial({ attempts: [{ error, retry: 'never' }] });
    expect(rejected.error).toMatchObject(error);
  });

  it('none comes where the stub says nothing, and the task runs out of time', async () => {
    const { order } = await trial({ timeoutSeconds: 60, retry: { maxAttempts: 1 } });
    expect(order.error?.code).toBe('TASK_TIMED_OUT');
  });
});

describe('whoever has the token', () => {
  const api = new FakeApi();
  const token = 'o-1.t1.1.approve.signature';
  beforeAll(async () => {
    await api.start();
  });
  afterEach(() => {
    api.reset();
    delete process.env.BATON_API_URL;
  });
  afterAll(() => api.stop());

  it('finishes the task, with no other token', async () => {
    const body = { taken: true, orderStatus: 'running' };
    api.routes = Object.fromEntries(
      ['complete', 'fail', 'heartbeat'].map((act) => [`POST /tasks/${token}/${act}`, { body }]),
    );
    process.env.BATON_API_URL = api.url;
    const failure = { code: 'REJECTED', message: 'no', retry: 'never' } as const;
    expect(await completeTask(token, { approved: true })).toEqual(body);
    expect(await failTask(token, failure, { apiUrl: api.url })).toEqual(body);
    expect(await beatTask(token)).toEqual(body);
    expect(api.received.map(({ body: sent }) => JSON.parse(String(sent)))).toEqual([
      ...[{ result: { approved: true } }, failure, {}],
    ]);
    for (const { headers } of api.received) expect(headers.authorization).toBeUndefined();
  });

  it('learns why its answer is not taken, and no message holds the token', async () => {
    const refusal = { status: 409, code: 'TASK_ANSWERED', detail: 'approve, attempt 1: …' };
    api.routes = { [`POST /tasks/${token}/complete`]: { status: 409, body: refusal } };
    const error = await completeTask(token, 1, { apiUrl: api.url }).catch((one: Error) => one);
    expect(error).toMatchObject({ code: 'TASK_ANSWERED' });
    expect(String(error)).not.toContain(token);
  });

  it('is told where the address is missing', async () => {
    await expect(completeTask(token)).rejects.toThrow('BATON_API_URL');
  });
});
