import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Task } from '../../src/sdk/index.ts';
import { definePlugin, PermanentError } from '../../src/sdk/index.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import { fakeRuntime, queueRecord, taskRecord } from './fake-runtime.ts';

const LAMBDA_MS = 30_000;
const records = (...inputs: unknown[]) => inputs.map((input, n) => taskRecord(n, input));

describe('a batch', () => {
  it('performs its tasks at the same time and answers all in one message', async () => {
    const runtime = fakeRuntime();
    let running = 0;
    let most = 0;
    const { work } = definePlugin(async (n: number) => {
      most = Math.max(most, ++running);
      await nextTurn();
      running--;
      return n * 2;
    });
    const response = await performBatch(work, records(1, 2, 3), LAMBDA_MS, runtime);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(most).toBe(3);
    expect(runtime.bodies).toHaveLength(1);
    expect(runtime.answers()).toEqual(
      [1, 2, 3].map((n, index) => ({
        type: 'TaskCompleted',
        claim: { orderId: `order-${index}`, taskId: 't2', attempt: 1, plugin: 'resize' },
        result: n * 2,
        ran: { startedAt: runtime.clock.now(), endedAt: runtime.clock.now() },
      })),
    );
  });

  // Was: sent as they are, which SQS refuses or replaces: the answers came again and again. Now: escaped, as the core does.
  it('answers with characters that SQS does not take, escaped', async () => {
    const runtime = fakeRuntime();
    const { work } = definePlugin((text: string) => {
      if (text === 'throw') throw new Error('\ufffe');
      return text;
    });
    await performBatch(work, records('\uffff', 'throw'), LAMBDA_MS, runtime);
    expect(runtime.bodies.join()).not.toMatch(/[\ufffe\uffff]/);
    expect(runtime.answers()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ result: '\uffff' }),
        expect.objectContaining({ error: { code: 'UNEXPECTED_ERROR', message: '\ufffe' } }),
      ]),
    );
  });

  it('gives a plugin the task of its own from a message that invites several', async () => {
    const runtime = fakeRuntime();
    let seen: Task | undefined;
    const { work } = definePlugin((_: unknown, task) => {
      seen = task;
      return null;
    });
    const history = { input: 1, jobs: { validate: { input: 1, result: 2 } } };
    const record = taskRecord(7, 2, { history, deadlineAt: runtime.clock.now() + 5000 });
    await performBatch(work, [record], LAMBDA_MS, runtime);
    expect(seen).toMatchObject({
      orderId: 'order-7',
      workflow: 'photos',
      job: 'resize',
      attempt: 1,
      attributes: { kind: 'photo' },
      tasks: ['validate', ['resize', 'crop']],
      done: ['validate'],
      history,
      deadlineAt: runtime.clock.now() + 5000,
    });
    expect(seen?.remainingMs()).toBe(5000);
  });

  it('with a failing task answers for it and lets its neighbours complete', async () => {
    const runtime = fakeRuntime();
    const { work } = definePlugin((n: number) => {
      if (n === 2) throw new PermanentError('TWO', 'not two');
      return n;
    });
    const response = await performBatch(work, records(1, 2, 3), LAMBDA_MS, runtime);
    expect(response.batchItemFailures).toEqual([]);
    expect(runtime.answers().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['TaskCompleted', 'TaskFailed', 'TaskCompleted']),
    );
  });

  it.each([
    ['is no JSON', '{"orderId":', 'the body is no JSON object'],
    ['is JSON but no object', '[1]', 'the body is no JSON object'],
    ['names no order', '{"input":1}', 'there is no orderId'],
    ['has no input', '{"orderId":"o"}', 'there is no input'],
    [
      'invites others only',
      '{"orderId":"o","input":1,"invited":{"crop":{}}}',
      'it does not invite the plugin resize',
    ],
    [
      'has half an invitation',
      '{"orderId":"o","input":1,"invited":{"resize":{"taskId":"t1"}}}',
      'its invitation is incomplete',
    ],
  ])('reports a record that %s as failed, and performs the others', async (_, body, reason) => {
    const runtime = fakeRuntime();
    const { work } = definePlugin((n: number) => n);
    const malformed = queueRecord('malformed', body);
    const response = await performBatch(work, [malformed, ...records(1)], LAMBDA_MS, runtime);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'malformed' }]);
    expect(runtime.answers()).toHaveLength(1);
    expect(runtime.lines).toEqual([
      {
        level: 'error',
        message: 'no task message',
        plugin: 'resize',
        messageId: 'malformed',
        reason,
      },
    ]);
  });

  it('whose answers cannot be sent is delivered again', async () => {
    const runtime = fakeRuntime();
    runtime.online = false;
    const { work } = definePlugin((n: number) => n);
    const response = await performBatch(work, records(1, 2), LAMBDA_MS, runtime);
    expect(response.batchItemFailures).toEqual([
      { itemIdentifier: 'message-0' },
      { itemIdentifier: 'message-1' },
    ]);
  });

  it('with large results sends messages below 256 KB, and only what is not sent is delivered again', async () => {
    const runtime = fakeRuntime();
    const send = runtime.send;
    let sent = 0;
    const flaky = {
      ...runtime,
      send: async (body: string) => {
        if (++sent === 2) throw new Error('SQS does not answer');
        await send(body);
      },
    };
    const { work } = definePlugin((n: number) => 'ä'.repeat(n));
    const response = await performBatch(
      work,
      records(60_000, 60_000, 60_000, 10),
      LAMBDA_MS,
      flaky,
    );
    expect(runtime.bodies.map((body) => Buffer.byteLength(body) < 256 * 1024)).toEqual([true]);
    expect(sent).toBe(2);
    expect(response.batchItemFailures).toEqual([
      { itemIdentifier: 'message-2' },
      { itemIdentifier: 'message-3' },
    ]);
  });

  it('with a slow task lets the answers of the others go ahead, in few messages', async () => {
    const runtime = fakeRuntime();
    const { clock } = runtime;
    const { work } = definePlugin(async (ms: number) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      clock.after(ms, () => resolve(ms));
      return promise;
    });
    const batch = performBatch(work, records(100, 110, 120, 10_000), LAMBDA_MS, runtime);
    await clock.advance(199);
    expect(runtime.answers()).toEqual([]);
    await clock.advance(1);
    expect(runtime.answers().map(({ result }) => result)).toEqual([100, 110, 120]);
    expect(runtime.bodies).toHaveLength(1);
    await clock.advance(9_800);
    expect((await batch).batchItemFailures).toEqual([]);
    expect(runtime.answers().map(({ result }) => result)).toEqual([100, 110, 120, 10_000]);
    expect(runtime.bodies).toHaveLength(2);
  });

  it('tries answers again at its end that could not go ahead', async () => {
    const runtime = fakeRuntime();
    const { clock } = runtime;
    const { work } = definePlugin(async (ms: number) => {
      const { promise, resolve } = Promise.withResolvers<number>();
      clock.after(ms, () => resolve(ms));
      return promise;
    });
    const batch = performBatch(work, records(100, 10_000), LAMBDA_MS, runtime);
    runtime.online = false;
    await clock.advance(500);
    runtime.online = true;
    await clock.advance(9_500);
    expect((await batch).batchItemFailures).toEqual([]);
    expect(runtime.answers().map(({ result }) => result)).toEqual([100, 10_000]);
    expect(runtime.bodies).toHaveLength(1);
  });
});
