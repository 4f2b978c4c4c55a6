import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/sdk/environment.ts';
import type { Task } from '../../src/sdk/index.ts';
import { definePlugin, RetryLaterError } from '../../src/sdk/index.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import { fakeRuntime, taskRecord } from './fake-runtime.ts';

const LAMBDA_MS = 30_000;

/** A plugin that works until it is told to stop; `obedient` or not. */
const endless = (seen: Task[] = []) =>
  definePlugin(async (obedient: boolean, task) => {
    seen.push(task);
    const { promise, reject } = Promise.withResolvers<never>();
    if (obedient) task.signal.addEventListener('abort', () => reject(task.signal.reason));
    return promise;
  });

describe("a task's deadline", () => {
  // Was: the attempt failed with TASK_TIMED_OUT, although it had never run. Now: it expires, and the task is sent again.
  it.each([0, 7000])(
    '%i ms ago keeps the task from beginning, and fails nothing',
    async (lateMs) => {
      const runtime = fakeRuntime();
      const seen: Task[] = [];
      const setting = { deadlineAt: runtime.clock.now() - lateMs, heartbeatSeconds: 10 };
      const records = [1, 2].map((receiveCount) =>
        taskRecord(receiveCount, true, { ...setting, receiveCount }),
      );
      const response = await performBatch(endless(seen).work, records, LAMBDA_MS, runtime);
      expect(seen).toEqual([]);
      expect(response.batchItemFailures).toEqual([]);
      expect(runtime.answers().map(({ type, claim }) => [type, claim.orderId])).toEqual([
        ['TaskExpired', 'order-1'],
        ['TaskExpired', 'order-2'],
      ]);
    },
  );

  it('fires the signal', async () => {
    const runtime = fakeRuntime();
    const seen: Task[] = [];
    const deadlineAt = runtime.clock.now() + 5000;
    const record = taskRecord(1, true, { deadlineAt });
    const batch = performBatch(endless(seen).work, [record], LAMBDA_MS, runtime);
    await runtime.clock.advance(4999);
    expect(seen[0]?.remainingMs()).toBe(1);
    expect(seen[0]?.signal.aborted).toBe(false);
    await runtime.clock.advance(1);
    await batch;
    expect(seen[0]?.signal.aborted).toBe(true);
    expect(runtime.answers()).toMatchObject([
      { type: 'TaskFailed', retry: 'policy', error: { code: 'TASK_TIMED_OUT' } },
    ]);
  });

  it('that comes after the end of the Lambda gives way to it', async () => {
    const runtime = fakeRuntime();
    const seen: Task[] = [];
    const startedAt = runtime.clock.now();
    const batch = performBatch(endless(seen).work, [taskRecord(1, true)], LAMBDA_MS, runtime);
    await runtime.clock.advance(28_500);
    await batch;
    expect(seen[0]?.deadlineAt).toBe(startedAt + 28_500);
    expect(runtime.answers()).toMatchObject([
      { type: 'TaskFailed', retry: 'policy', error: { code: 'LAMBDA_TIMEOUT' } },
    ]);
  });

  it('leaves what a plugin throws of its own will as it is', async () => {
    const runtime = fakeRuntime();
    const { work } = definePlugin(async (_: unknown, task) => {
      const { promise, reject } = Promise.withResolvers<never>();
      task.signal.addEventListener('abort', () => reject(new RetryLaterError(60, 'half done')));
      return promise;
    });
    const batch = performBatch(work, [taskRecord(1, null)], LAMBDA_MS, runtime);
    await runtime.clock.advance(LAMBDA_MS);
    await batch;
    expect(runtime.answers()).toMatchObject([{ retry: 'later', afterSeconds: 60 }]);
  });
});

describe("the Lambda's end", () => {
  it('finds unfinished tasks answered for, in time to send the answers', async () => {
    const runtime = fakeRuntime();
    const records = [taskRecord(1, false), taskRecord(2, true)];
    const batch = performBatch(endless().work, records, LAMBDA_MS, runtime);
    await runtime.clock.advance(29_000);
    expect(await batch).toEqual({ batchItemFailures: [] });
    expect(runtime.answers()).toHaveLength(2);
    for (const answer of runtime.answers()) {
      expect(answer).toMatchObject({
        type: 'TaskFailed',
        retry: 'policy',
        error: { code: 'LAMBDA_TIMEOUT' },
      });
    }
  });

  it('leaves most of a short timeout to the tasks', async () => {
    const runtime = fakeRuntime();
    const seen: Task[] = [];
    const batch = performBatch(endless(seen).work, [taskRecord(1, true)], 1000, runtime);
    await runtime.clock.advance(799);
    expect(seen[0]?.signal.aborted).toBe(false);
    await runtime.clock.advance(201);
    await batch;
    expect(runtime.answers()).toHaveLength(1);
  });
});

describe('heartbeats', () => {
  it('are sent at once, and no more often than asked for', async () => {
    const runtime = fakeRuntime();
    const { clock } = runtime;
    const beats: Promise<void>[] = [];
    const { work } = definePlugin(
      async (_: unknown, task) => {
        for (let second = 1; second <= 20; second++) {
          beats.push(task.heartbeat());
          const { promise, resolve } = Promise.withResolvers<void>();
          clock.after(1000, resolve);
          await promise;
        }
        return 'done';
      },
      { heartbeatEverySeconds: 10 },
    );
    const batch = performBatch(work, [taskRecord(1, null)], LAMBDA_MS, runtime);
    await clock.advance(0);
    expect(runtime.answers()).toMatchObject([
      { type: 'TaskHeartbeat', claim: { orderId: 'order-1', taskId: 't2' } },
    ]);
    await clock.advance(20_000);
    await Promise.all([batch, ...beats]);
    expect(runtime.answers().map(({ type }) => type)).toEqual([
      'TaskHeartbeat',
      'TaskHeartbeat',
      'TaskCompleted',
    ]);
  });

  it('that cannot be sent harm nobody, and the next call tries again', async () => {
    const runtime = fakeRuntime();
    const { work } = definePlugin(async (_: unknown, task) => {
      runtime.online = false;
      await task.heartbeat();
      runtime.online = true;
      await task.heartbeat();
      return 'done';
    });
    await performBatch(work, [taskRecord(1, null)], LAMBDA_MS, runtime);
    expect(runtime.answers().map(({ type }) => type)).toEqual(['TaskHeartbeat', 'TaskCompleted']);
    expect(runtime.lines).toMatchObject([{ message: 'a heartbeat could not be sent' }]);
  });

  it('end with their task', async () => {
    const runtime = fakeRuntime();
    const seen: Task[] = [];
    const { work } = definePlugin((_: unknown, task) => {
      seen.push(task);
    });
    await performBatch(work, [taskRecord(1, null)], LAMBDA_MS, runtime);
    await seen[0]?.heartbeat();
    expect(runtime.answers().map(({ type }) => type)).toEqual(['TaskCompleted']);
  });
});

describe('an answer', () => {
  it('says when the work began and ended, and in which instance: not when the message came', async () => {
    const runtime = { ...fakeRuntime(), instance: '5f0e61d2' };
    const { clock } = runtime;
    const { work } = definePlugin(
      (ms: number) =>
        new Promise((resolve, reject) => {
          clock.after(ms, () => (ms === 3000 ? resolve(null) : reject(new Error('no'))));
        }),
    );
    const came = clock.now();
    const first = performBatch(work, [taskRecord(1, 3000), taskRecord(2, 4000)], 30_000, runtime);
    await clock.advance(5000);
    await first;
    expect(runtime.answers()).toMatchObject([
      { ran: { startedAt: came, endedAt: came + 3000, instance: '5f0e61d2' } },
      { ran: { startedAt: came, endedAt: came + 4000, instance: '5f0e61d2' } },
    ]);
  });

  it('of one that waits for its neighbours in the batch leaves their time out', async () => {
    const runtime = fakeRuntime();
    const { clock } = runtime;
    const { work } = definePlugin(
      (ms: number) => new Promise((resolve) => void clock.after(ms, () => resolve(null))),
    );
    const came = clock.now();
    const again = { receiveCount: 2 };
    const batch = performBatch(
      work,
      [taskRecord(1, 1000, again), taskRecord(2, 2000, again)],
      30_000,
      runtime,
    );
    await clock.advance(10_000);
    await batch;
    const runs = runtime.answers().flatMap((one) => ('ran' in one ? [one.ran] : []));
    expect(runs).toHaveLength(2);
    expect(runs).toMatchObject([{ startedAt: came }, { endedAt: came + 3000 }]);
  });
});

describe('the instance of a function', () => {
  const known = {
    ...{ BATON_PLUGIN: 'A', BATON_PLUGIN_KEY: 'k', BATON_ORCHESTRATOR_QUEUE_URL: 'q' },
    ...{ BATON_QUEUE_URL: 'q', BATON_API_URL: 'a', BATON_BUCKET_NAME: 'b' },
  };

  it.each([
    ['2026/11/26/[$LATEST]5f0e61d2aabbccddeeff001122334455', '5f0e61d2'],
    ['2026/11/26/live[7]00ff61d2aabbccddeeff001122334455', '00ff61d2'],
    ['local/1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', '1b9d6bcd'],
    [undefined, undefined],
  ])('that logs to %s is %s', (stream, instance) => {
    const variables =
      stream === undefined ? known : { ...known, AWS_LAMBDA_LOG_STREAM_NAME: stream };
    expect(readEnvironment(variables).instance).toBe(instance);
  });
});
