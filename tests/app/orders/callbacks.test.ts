import { describe, expect, it, jest } from '@jest/globals';
import { logger } from '../../../src/app/logger.ts';
import { pluginKey, signToken } from '../../../src/contract/task-token.ts';
import type { System } from '../system.ts';
import { CONTEXT, createSystem, sqsEvent, tokenFor } from '../system.ts';

interface Answer {
  readonly taken?: true;
  readonly repeated?: true;
  readonly orderStatus?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly path?: string;
}

const TASK = { orderId: 'o:1', taskId: 't1', attempt: 1 };
const TOKEN = tokenFor('A', TASK);

const tell = (system: System, ...bodies: readonly object[]) =>
  system.orchestrate(sqsEvent(bodies), CONTEXT);

/** An order of A and B, whose A has deferred its task. */
async function deferred(order: object = {}): Promise<System> {
  const system = createSystem();
  const body = { orderId: 'o:1', input: 5, todo: ['A', 'B'], ...order };
  await system.call('POST', '/orders', { body });
  await tell(system, { type: 'OrderAccepted', orderId: 'o:1' });
  // A has got its task, and takes it.
  system.ports.messenger.sent.splice(0);
  await tell(system, { answers: [{ type: 'TaskDeferred', token: TOKEN }] });
  return system;
}

async function runOutOfTime(system: System): Promise<void> {
  system.now.at += 301_000;
  await tell(system, { type: 'DeadlinePassed', orderId: 'o:1', at: system.now.at });
}

/** As nobody's call reaches the API: no authorizer was asked. */
async function call(system: System, act: string, body?: object | string, token = TOKEN) {
  const options = { as: {}, ...(body === undefined ? {} : { body }) };
  const reply = await system.call<Answer>('POST', `/tasks/${token}/${act}`, options);
  return { status: reply.status, ...reply.body };
}

const orderOf = async (system: System) =>
  (await system.call<Record<string, unknown>>('GET', '/orders/o:1')).body;

describe('a deferred task', () => {
  it('is shown as such, and nothing that is shown holds its token', async () => {
    const system = await deferred();
    const order = await orderOf(system);
    expect(order).toMatchObject({
      status: 'running',
      waitingFor: { what: 'the callback for A, attempt 1', until: expect.any(String) },
      tasks: [{ job: 'A', status: 'deferred', attempts: [{ deferredAt: expect.any(String) }] }],
      timeline: [{}, {}, { event: 'TaskDeferred', task: 'A', attempt: 1 }],
    });
    const texts = [order, (await system.call('GET', '/orders')).body].map((one) =>
      JSON.stringify(one),
    );
    for (const text of texts) expect(text).not.toContain(TOKEN.split('.')[4]);
  });

  it('is completed by a call that carries its token and nothing else, and its order goes on', async () => {
    const system = await deferred();
    expect(await call(system, 'complete', { result: 7 })).toEqual({
      ...{ status: 200, taken: true, orderStatus: 'running' },
    });
    await system.run();
    expect(await orderOf(system)).toMatchObject({ status: 'completed', result: 14 });
  });

  it('completes with null where no result is given', async () => {
    const system = await deferred({ todo: ['A'] });
    expect(await call(system, 'complete')).toMatchObject({ orderStatus: 'completed' });
    expect(await orderOf(system)).toMatchObject({ result: null });
  });

  it.each([
    ['for good', { retry: 'never' }, 'failed'],
    ['by the policy', {}, 'running'],
    ['until later', { retry: 'later', afterSeconds: 60 }, 'running'],
  ])('fails %s', async (_, more, orderStatus) => {
    const system = await deferred();
    const failure = { code: 'REJECTED', message: 'too dear', ...more };
    expect(await call(system, 'fail', failure)).toMatchObject({ taken: true, orderStatus });
    expect(await orderOf(system)).toMatchObject({
      tasks: [{ attempts: [{ error: { code: 'REJECTED', message: 'too dear' } }] }],
    });
  });

  it('is kept by heartbeats, which never go wrong while it is open', async () => {
    const system = await deferred();
    for (let beats = 0; beats < 3; beats += 1) {
      expect(await call(system, 'heartbeat')).toMatchObject({ status: 200, taken: true });
    }
    expect((await system.call('GET', `/tasks/${TOKEN}`)).body).toEqual({
      open: true,
      deferred: true,
    });
  });

  it('of a paused order is completed, and the order stays paused', async () => {
    const system = await deferred();
    await system.call('POST', '/orders/o:1/pause', { body: {} });
    expect(await call(system, 'complete', { result: 7 })).toMatchObject({ orderStatus: 'paused' });
    await system.call('POST', '/orders/o:1/resume', { body: {} });
    await system.run();
    expect(await orderOf(system)).toMatchObject({ status: 'completed', result: 14 });
  });

  it('that is completed before its plugin was heard counts once', async () => {
    const system = createSystem();
    const body = { orderId: 'o:1', input: 5, todo: ['A'] };
    await system.call('POST', '/orders', { body });
    await tell(system, { type: 'OrderAccepted', orderId: 'o:1' });
    expect(await call(system, 'complete', { result: 'early' })).toMatchObject({ taken: true });
    await tell(system, { answers: [{ type: 'TaskDeferred', token: TOKEN }] });
    expect(await orderOf(system)).toMatchObject({ status: 'completed', result: 'early' });
  });
});

describe('a callback that comes again', () => {
  it('and says the same is taken, and changes nothing', async () => {
    const system = await deferred();
    await call(system, 'complete', { result: { a: [1] } });
    const before = await orderOf(system);
    expect(await call(system, 'complete', { result: { a: [1] } })).toMatchObject({
      ...{ status: 200, taken: true, repeated: true },
    });
    expect(await orderOf(system)).toEqual(before);
  });

  // Was: an attempt that had failed, and whose result then counted, since its task was open still, had been answered otherwise.
  it('and says the same is taken, though the attempt had failed before', async () => {
    const system = await deferred();
    const later = { code: 'BUSY', message: 'not yet', retry: 'later', afterSeconds: 60 };
    expect(await call(system, 'fail', later)).toMatchObject({ taken: true });
    const [result, again] = [{ result: 7 }, { result: 7 }];
    expect(await call(system, 'complete', result)).toEqual({
      ...{ status: 200, taken: true, orderStatus: 'running' },
    });
    expect(await call(system, 'complete', again)).toMatchObject({ taken: true, repeated: true });
    expect(await call(system, 'fail', later)).toMatchObject({ status: 409, code: 'TASK_ANSWERED' });
  });

  it.each([
    ['another result', 'complete', { result: 8 }],
    ['a failure', 'fail', { code: 'REJECTED', message: 'no' }],
    ['a heartbeat', 'heartbeat', {}],
  ])('and says otherwise (%s) is refused, and changes nothing', async (_, act, body) => {
    const system = await deferred();
    await call(system, 'complete', { result: 7 });
    const before = await orderOf(system);
    expect(await call(system, act, body)).toMatchObject({ status: 409, code: 'TASK_ANSWERED' });
    expect(await orderOf(system)).toEqual(before);
  });
});

describe('a callback is refused, and changes nothing,', () => {
  const forged = `${TOKEN.slice(0, -4)}AAAA`;
  const ofAnotherSystem = signToken({ ...TASK, plugin: 'A' }, pluginKey('another secret', 'A'));
  const signedByAnother = signToken({ ...TASK, plugin: 'A' }, pluginKey('x', 'B'));

  it.each([
    ['forged', forged, 404, 'INVALID_TASK_TOKEN'],
    ["another system's", ofAnotherSystem, 404, 'INVALID_TASK_TOKEN'],
    ["signed with another plugin's key", signedByAnother, 404, 'INVALID_TASK_TOKEN'],
    ['of an altered claim', TOKEN.replace('.1.A.', '.2.A.'), 404, 'INVALID_TASK_TOKEN'],
    ['no token at all', 'o:1', 404, 'INVALID_TASK_TOKEN'],
    ["another plugin's own", tokenFor('B', TASK), 403, 'FOREIGN_TASK'],
    ['of a task that there is not', tokenFor('A', { ...TASK, taskId: 't9' }), 404, 'NOT_FOUND'],
    ['of an order that is gone', tokenFor('A', { ...TASK, orderId: 'o:2' }), 404, 'NOT_FOUND'],
  ])('when its token is %s', async (_, token, status, code) => {
    const system = await deferred();
    const before = await orderOf(system);
    for (const act of ['complete', 'heartbeat']) {
      expect(await call(system, act, {}, token)).toMatchObject({ status, code });
    }
    const failure = { code: 'NO', message: '' };
    expect(await call(system, 'fail', failure, token)).toMatchObject({ status, code });
    expect(await orderOf(system)).toEqual(before);
  });

  it.each([
    ['its attempt has run out of time', 'ATTEMPT_OVER', runOutOfTime],
    [
      'its order was cancelled',
      'ORDER_ENDED',
      (system: System) => system.call('POST', '/orders/o:1/cancel', { body: {} }),
    ],
    [
      'somebody skipped its task',
      'TASK_NOT_OPEN',
      (system: System) => system.call('POST', '/orders/o:1/skip', { body: { task: 'A' } }),
    ],
  ])('when %s', async (_, code, happens) => {
    const system = await deferred();
    await happens(system);
    const failure = { code: 'NO', message: '' };
    expect(await call(system, 'fail', failure)).toMatchObject({ status: 409, code });
    expect(await call(system, 'heartbeat')).toMatchObject({ status: 409, code });
  });

  it.each([
    ['complete', { resutl: 7 }, 'INVALID_REQUEST', 'resutl'],
    ['complete', '{"result":9007199254740993}', 'INVALID_REQUEST', 'result'],
    ['complete', '{', 'MALFORMED_BODY', undefined],
    ['fail', {}, 'INVALID_REQUEST', 'code'],
    ['fail', { code: 'A', message: 'b', retry: 'no' }, 'INVALID_REQUEST', 'retry'],
    ['fail', { code: 'A', message: 'b', afterSeconds: 5 }, 'INVALID_REQUEST', 'afterSeconds'],
    ['fail', { code: 'A', message: 'b', retry: 'later' }, 'INVALID_REQUEST', 'afterSeconds'],
    ['heartbeat', { at: 5 }, 'INVALID_REQUEST', 'at'],
  ])('when its body is wrong: %s %j', async (act, body, code, path) => {
    const system = await deferred();
    const options = { body, as: {}, type: 'application/json' };
    const reply = await system.call<Answer>('POST', `/tasks/${TOKEN}/${act}`, options);
    expect(reply.body).toMatchObject(path === undefined ? { code } : { code, path });
    expect(await orderOf(system)).toMatchObject({ tasks: [{ status: 'deferred' }] });
  });

  it('when it is too large; and a token is looked at before any body', async () => {
    const system = await deferred();
    const body = { result: 'x'.repeat(2.6 * 1024 * 1024) };
    expect(await call(system, 'complete', body)).toMatchObject({ code: 'TOO_LARGE' });
    const why = { code: 'A', message: 'x'.repeat(64 * 1024) };
    expect(await call(system, 'fail', why)).toMatchObject({ code: 'TOO_LARGE' });
    expect(await call(system, 'complete', '{', forged)).toMatchObject({
      code: 'INVALID_TASK_TOKEN',
    });
  });
});

it('no line of the log holds a token, whatever becomes of the callback', async () => {
  const lines: unknown[] = [];
  const spies = (['info', 'warn', 'error'] as const).map((level) =>
    jest.spyOn(logger, level).mockImplementation((...line) => void lines.push(line)),
  );
  const system = await deferred();
  await call(system, 'complete', '{');
  await call(system, 'complete', { result: 7 });
  await call(system, 'complete', { result: 8 });
  await call(system, 'complet', {});
  await system.call('PUT', `/tasks/${TOKEN}/complete`, { body: {} });
  for (const spy of spies) spy.mockRestore();
  expect(lines.length).toBeGreaterThan(3);
  expect(JSON.stringify(lines)).not.toContain(TOKEN.split('.')[4]);
});
