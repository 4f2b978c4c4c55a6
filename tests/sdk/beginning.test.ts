import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { definePlugin } from '../../src/sdk/index.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import type { FakeRuntime } from './fake-runtime.ts';
import { fakeRuntime, taskRecord } from './fake-runtime.ts';

const LAMBDA_MS = 30_000;

/** Performs one task, and answers with what the core had been told when it began; nothing if it did not begin. */
async function toldWhenBegun(
  setting: Parameters<typeof taskRecord>[2],
  runtime: FakeRuntime = fakeRuntime(),
  checkBeforeStart = false,
) {
  let told: unknown[] | undefined;
  const { work } = definePlugin(
    () => {
      told = runtime.answers().map(({ type }) => type);
    },
    { checkBeforeStart },
  );
  const response = await performBatch(work, [taskRecord(1, null, setting)], LAMBDA_MS, runtime);
  return { told, failures: response.batchItemFailures };
}

describe('a task that begins', () => {
  it('says nothing of it at its first delivery', async () => {
    expect((await toldWhenBegun({})).told).toEqual([]);
  });

  it('sends a heartbeat first if its plugin declares heartbeats', async () => {
    expect((await toldWhenBegun({ heartbeatSeconds: 3 })).told).toEqual(['TaskHeartbeat']);
  });

  it('sends a heartbeat first from its second delivery on, whatever its plugin declares', async () => {
    expect((await toldWhenBegun({ receiveCount: 2 })).told).toEqual(['TaskHeartbeat']);
    expect((await toldWhenBegun({ receiveCount: 5, heartbeatSeconds: 3 })).told).toEqual([
      'TaskHeartbeat',
    ]);
  });

  it('begins at its first delivery even if the heartbeat cannot be sent', async () => {
    const runtime = fakeRuntime();
    runtime.online = false;
    expect((await toldWhenBegun({ heartbeatSeconds: 3 }, runtime)).told).toEqual([]);
  });

  it('counts the first heartbeat among those that heartbeatEverySeconds allows', async () => {
    const runtime = fakeRuntime();
    const { clock } = runtime;
    const { work } = definePlugin(
      async (_: unknown, task) => {
        await task.heartbeat();
        const { promise, resolve } = Promise.withResolvers<void>();
        clock.after(5000, resolve);
        await promise;
        await task.heartbeat();
      },
      { heartbeatEverySeconds: 5 },
    );
    const record = taskRecord(1, null, { heartbeatSeconds: 15 });
    const batch = performBatch(work, [record], LAMBDA_MS, runtime);
    await clock.advance(5000);
    await batch;
    expect(runtime.answers().map(({ type }) => type)).toEqual([
      'TaskHeartbeat',
      'TaskHeartbeat',
      'TaskCompleted',
    ]);
  });

  it('sends no heartbeat by itself while it works', async () => {
    const runtime = fakeRuntime();
    const { work } = definePlugin(() => new Promise<never>(() => {}));
    const record = taskRecord(1, null, { heartbeatSeconds: 3 });
    const batch = performBatch(work, [record], LAMBDA_MS, runtime);
    await runtime.clock.advance(LAMBDA_MS);
    await batch;
    expect(runtime.answers().map(({ type }) => type)).toEqual(['TaskHeartbeat', 'TaskFailed']);
  });

  it('expires if its deadline passes while it says that it begins', async () => {
    const runtime = fakeRuntime();
    const slow = {
      ...runtime,
      send: async (body: string) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        runtime.clock.after(100, resolve);
        await promise;
        await runtime.send(body);
      },
    };
    let began = false;
    const { work } = definePlugin(() => {
      began = true;
    });
    const deadlineAt = runtime.clock.now() + 100;
    const record = taskRecord(1, null, { receiveCount: 2, deadlineAt });
    const batch = performBatch(work, [record], LAMBDA_MS, slow);
    await runtime.clock.advance(300);
    expect((await batch).batchItemFailures).toEqual([]);
    expect(began).toBe(false);
    expect(runtime.answers().map(({ type }) => type)).toEqual(['TaskHeartbeat', 'TaskExpired']);
  });
});

describe('checkBeforeStart', () => {
  it('leaves alone a task that nobody waits for: no work, no heartbeat, no answer, and its record is done', async () => {
    const runtime = fakeRuntime();
    runtime.standings.set('order-1', { open: false });
    const { told, failures } = await toldWhenBegun({ receiveCount: 2 }, runtime, true);
    expect(told).toBeUndefined();
    expect(failures).toEqual([]);
    expect(runtime.answers()).toEqual([]);
    expect(runtime.lines).toMatchObject([
      { level: 'info', message: 'task not begun: nobody waits for it any more' },
    ]);
  });

  it('leaves alone a task that an earlier delivery has left to whoever holds its token', async () => {
    const runtime = fakeRuntime();
    runtime.standings.set('order-1', { open: true, deferred: true });
    const { told, failures } = await toldWhenBegun({ receiveCount: 2 }, runtime, true);
    expect([told, failures, runtime.answers()]).toEqual([undefined, [], []]);
    expect(runtime.lines).toMatchObject([
      {
        level: 'info',
        message: 'task not begun: it has been left to whoever holds its token',
      },
    ]);
  });

  it('begins a task that is open', async () => {
    const { told } = await toldWhenBegun({}, fakeRuntime(), true);
    expect(told).toEqual([]);
  });

  it('begins a task of which nothing can be learned, and says so in the log', async () => {
    const runtime = fakeRuntime();
    const unanswered = {
      ...runtime,
      standingOf: async () => {
        throw new Error('the core answers 503');
      },
    };
    const { told } = await toldWhenBegun({}, unanswered, true);
    expect(told).toEqual([]);
    expect(runtime.lines).toMatchObject([
      {
        level: 'warn',
        message: 'the core could not be asked whether the task is open',
        reason: 'Error: the core answers 503',
      },
    ]);
  });

  it('is not asked for by default', async () => {
    const runtime = fakeRuntime();
    runtime.standings.set('order-1', { open: false });
    expect((await toldWhenBegun({}, runtime)).told).toEqual([]);
  });

  it('deletes a first delivery that nobody waits for before a redelivered one begins', async () => {
    const runtime = fakeRuntime();
    runtime.standings.set('order-1', { open: false });
    let deletedBefore: string[] = [];
    const { work } = definePlugin(
      async () => {
        await nextTurn();
        deletedBefore = [...runtime.deleted];
      },
      { checkBeforeStart: true },
    );
    const records = [taskRecord(1, null), taskRecord(2, null, { receiveCount: 2 })];
    await performBatch(work, records, LAMBDA_MS, runtime);
    expect(deletedBefore).toEqual(['message-1']);
  });
});

describe('where its order stood when the task was sent', () => {
  const settingOf = (more: Parameters<typeof taskRecord>[2] = {}) => ({ sealed: 'entry', ...more });

  async function broughtBack(
    setting: Parameters<typeof taskRecord>[2],
    perform: Parameters<typeof definePlugin>[0] = () => 1,
  ) {
    const runtime = fakeRuntime();
    await performBatch(
      definePlugin(perform).work,
      [taskRecord(1, null, setting)],
      ...([LAMBDA_MS, runtime] as const),
    );
    return runtime.answers().map(({ type, sealed }) => [type, sealed]);
  }

  it('is brought back with the result', async () => {
    expect(await broughtBack(settingOf())).toEqual([['TaskCompleted', 'entry']]);
    expect(await broughtBack({})).toEqual([['TaskCompleted', undefined]]);
    const large = () => 'x'.repeat(300_000);
    expect(await broughtBack(settingOf(), large)).toEqual([['TaskCompleted', 'entry']]);
  });

  it.each([
    ['a heartbeat at its beginning', { heartbeatSeconds: 3 }, () => 1],
    ['a heartbeat at a second delivery', { receiveCount: 2 }, () => 1],
    [
      'a heartbeat of its own',
      {},
      async (_: unknown, task: { heartbeat(): Promise<void> }) => {
        await task.heartbeat();
      },
    ],
  ])('is true no more after %s', async (_, more, perform) => {
    expect(await broughtBack(settingOf(more), perform)).toEqual([
      ['TaskHeartbeat', undefined],
      ['TaskCompleted', undefined],
    ]);
  });

  it('is nothing that a failure needs', async () => {
    const failing = () => {
      throw new Error('no');
    };
    expect(await broughtBack(settingOf(), failing)).toEqual([['TaskFailed', undefined]]);
  });
});
