import { describe, expect, it } from '@jest/globals';
import { inRedeliveryOrder } from '../../src/contract/redelivery.ts';
import type { PluginHandler } from '../../src/sdk/define-plugin.ts';
import { definePlugin } from '../../src/sdk/index.ts';
import { performBatch } from '../../src/sdk/perform-batch.ts';
import type { QueueRecord } from '../../src/sdk/queue-record.ts';
import type { FakeRuntime } from './fake-runtime.ts';
import { fakeRuntime, taskRecord } from './fake-runtime.ts';

const LAMBDA_MS = 30_000;

/** Orders with these inputs, each delivered so many times. */
const suspects = (inputs: readonly unknown[], receiveCount = 2) =>
  inputs.map((input, n) => taskRecord(n, input, { receiveCount }));

const redelivered = (records: readonly QueueRecord[]): QueueRecord[] =>
  records.map((record) => ({
    ...record,
    attributes: {
      ApproximateReceiveCount: String(Number(record.attributes.ApproximateReceiveCount) + 1),
    },
  }));

/** The orders that a runtime has answered for, by type of answer. */
const ordersOf = (runtime: FakeRuntime, type: string) =>
  runtime
    .answers()
    .filter((answer) => answer.type === type)
    .map(({ claim }) => claim.orderId);

/** A plugin of which some inputs end its process. `begun` lists the inputs in the order in which they begin. */
function deadlyPlugin(deadly: ReadonlySet<number>) {
  const begun: number[] = [];
  const process = { died: Promise.withResolvers<'died'>() };
  const plugin = definePlugin(async (input: number) => {
    begun.push(input);
    if (!deadly.has(input)) return input;
    process.died.resolve('died');
    return new Promise<never>(() => {});
  });
  return { plugin, begun, process };
}

/** What a process that has died does: nothing more, neither to its own queue nor to the orchestrator's. */
function mortal(runtime: FakeRuntime) {
  let dead = false;
  const alive =
    <Args extends unknown[]>(call: (...args: Args) => Promise<void>) =>
    (...args: Args) =>
      dead ? new Promise<void>(() => {}) : call(...args);
  return {
    runtime: {
      ...runtime,
      send: alive(runtime.send),
      deleteRecord: alive(runtime.deleteRecord),
      delayRecord: alive(runtime.delayRecord),
    },
    kill: () => {
      dead = true;
    },
  };
}

/** Delivers the records until none is left, or so many times; answers with those that are left. */
async function deliver(
  { plugin, process }: ReturnType<typeof deadlyPlugin>,
  records: readonly QueueRecord[],
  times: number,
  runtime: FakeRuntime,
): Promise<QueueRecord[]> {
  let queue = [...records];
  for (let delivery = 0; delivery < times && queue.length > 0; delivery++) {
    process.died = Promise.withResolvers<'died'>();
    const { runtime: own, kill } = mortal(runtime);
    const ended = await Promise.race([
      performBatch(plugin.work, queue, LAMBDA_MS, own),
      process.died.promise,
    ]);
    kill();
    const failed =
      ended === 'died' ? undefined : ended.batchItemFailures.map((one) => one.itemIdentifier);
    queue = redelivered(
      queue.filter(
        ({ messageId }) =>
          !runtime.deleted.includes(messageId) && (failed?.includes(messageId) ?? true),
      ),
    );
  }
  return queue;
}

describe('a batch of which one task ends the process', () => {
  // Was: all ten shared the fate of the one, up to the dead-letter queue. Now: nine complete by the third delivery.
  it('completes all others by the third delivery, whichever the deadly one is', async () => {
    for (let deadly = 0; deadly < 10; deadly++) {
      const runtime = fakeRuntime();
      const world = deadlyPlugin(new Set([deadly]));
      const records = suspects([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1);
      const left = await deliver(world, records, 3, runtime);
      expect(left.map(({ messageId }) => messageId)).toEqual([`message-${deadly}`]);
      expect(new Set(ordersOf(runtime, 'TaskCompleted')).size).toBe(9);
      expect(ordersOf(runtime, 'TaskFailed')).toEqual([]);
    }
  });

  it('completes all others in the end where three are deadly', async () => {
    const runtime = fakeRuntime();
    const world = deadlyPlugin(new Set([2, 5, 6]));
    const left = await deliver(world, suspects([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1), 10, runtime);
    expect(left.map(({ messageId }) => messageId)).toEqual(['message-2', 'message-5', 'message-6']);
    expect(new Set(ordersOf(runtime, 'TaskCompleted')).size).toBe(7);
  });

  it('has told the core that the deadly one began, before it began, and of none behind it', async () => {
    const runtime = fakeRuntime();
    const world = deadlyPlugin(new Set([3]));
    await deliver(world, suspects([0, 1, 2, 3, 4, 5]), 1, runtime);
    expect(world.begun.at(-1)).toBe(3);
    expect(ordersOf(runtime, 'TaskHeartbeat')).toEqual(world.begun.map((n) => `order-${n}`));
    expect(ordersOf(runtime, 'TaskCompleted')).toEqual(
      world.begun.slice(0, -1).map((n) => `order-${n}`),
    );
  });
});

describe('redelivered records', () => {
  it('are answered and deleted one by one, and the last is left to Lambda', async () => {
    const runtime = fakeRuntime();
    const events: string[] = [];
    const { work } = definePlugin((input: number) => {
      events.push(`perform ${input}`);
      return input;
    });
    const watched = {
      ...runtime,
      send: async (body: string) => {
        const [answer] = JSON.parse(body).answers;
        events.push(answer.type);
        await runtime.send(body);
      },
      deleteRecord: async (record: QueueRecord) => {
        events.push(`delete ${record.messageId}`);
        await runtime.deleteRecord(record);
      },
    };
    const records = suspects([0, 1]);
    const order = inRedeliveryOrder(records.map((record) => ({ record })));
    const [first, second] = order.map(({ record }) => record.messageId.replace('message-', ''));
    const response = await performBatch(work, records, LAMBDA_MS, watched);
    expect(response.batchItemFailures).toEqual([]);
    expect(events).toEqual([
      'TaskHeartbeat',
      `perform ${first}`,
      'TaskCompleted',
      `delete message-${first}`,
      'TaskHeartbeat',
      `perform ${second}`,
      'TaskCompleted',
    ]);
  });

  it('begin when the first deliveries of their batch are answered and deleted', async () => {
    const runtime = fakeRuntime();
    const seen: { input: number; completed: string[]; deleted: string[] }[] = [];
    const { work } = definePlugin((input: number) => {
      seen.push({
        input,
        completed: ordersOf(runtime, 'TaskCompleted'),
        deleted: [...runtime.deleted],
      });
      return input;
    });
    const records = [taskRecord(0, 0, { receiveCount: 2 }), taskRecord(1, 1), taskRecord(2, 2)];
    await performBatch(work, records, LAMBDA_MS, runtime);
    expect(seen.map(({ input }) => input)).toEqual([1, 2, 0]);
    expect(seen[2]).toEqual({
      input: 0,
      completed: ['order-1', 'order-2'],
      deleted: ['message-1', 'message-2'],
    });
  });

  it('do not begin when the core cannot be told, and come again', async () => {
    const runtime = fakeRuntime();
    runtime.online = false;
    const { plugin, begun } = deadlyPlugin(new Set());
    const response = await performBatch(plugin.work, suspects([0], 3), LAMBDA_MS, runtime);
    expect(begun).toEqual([]);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(runtime.delays).toEqual([{ messageId: 'message-0', seconds: 4 }]);
  });

  it('go on when one that is done cannot be deleted', async () => {
    const runtime = fakeRuntime();
    const { plugin, begun } = deadlyPlugin(new Set());
    const failing = {
      ...runtime,
      deleteRecord: async () => {
        throw new Error('throttled');
      },
    };
    const response = await performBatch(plugin.work, suspects([0, 1, 2]), LAMBDA_MS, failing);
    expect(begun).toHaveLength(3);
    expect(response.batchItemFailures).toEqual([]);
    expect(runtime.lines.map(({ message }) => message)).toEqual([
      'a record that is done could not be deleted yet',
      'a record that is done could not be deleted yet',
    ]);
  });
});

describe('the time of the function', () => {
  /** A plugin whose tasks take as long as their input says, in milliseconds. */
  const slowPlugin = (runtime: FakeRuntime, begun: number[]): PluginHandler<number, number> =>
    definePlugin(async (ms: number) => {
      begun.push(ms);
      const { promise, resolve } = Promise.withResolvers<number>();
      runtime.clock.after(ms, () => resolve(ms));
      return promise;
    });

  it('is not begun upon by a redelivered task for which it is too short: the rest is given back, a second apart', async () => {
    const runtime = fakeRuntime();
    const begun: number[] = [];
    const { work } = slowPlugin(runtime, begun);
    const batch = performBatch(
      work,
      suspects([10_000, 10_000, 10_000, 10_000]),
      LAMBDA_MS,
      runtime,
    );
    await runtime.clock.advance(20_000);
    const response = await batch;
    // Of 30 s, 28.5 are for the tasks: a third one of 10 s would not end in time.
    expect(begun).toHaveLength(2);
    expect(ordersOf(runtime, 'TaskCompleted')).toHaveLength(2);
    expect(runtime.delays.map(({ seconds }) => seconds)).toEqual([2, 3]);
    expect(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      runtime.delays.map(({ messageId }) => messageId),
    );
  });

  // Was: the core took the task for begun: it missed its heartbeats, or charged it with a crash when its queue gave it up.
  // Now: it is told that the task is put off.
  it('that others have used up is not charged to a redelivered task', async () => {
    const runtime = fakeRuntime();
    const { work } = slowPlugin(runtime, []);
    const records = [taskRecord(0, 60_000, { receiveCount: 2 }), taskRecord(1, 1000)];
    const batch = performBatch(work, records, LAMBDA_MS, runtime);
    await runtime.clock.advance(LAMBDA_MS);
    expect((await batch).batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(runtime.answers().map(({ type }) => type)).toEqual([
      'TaskCompleted',
      'TaskHeartbeat',
      'TaskPutOff',
    ]);
    expect(ordersOf(runtime, 'TaskPutOff')).toEqual(['order-0']);
    expect(runtime.delays).toEqual([{ messageId: 'message-0', seconds: 2 }]);
  });

  // Was: a task that had begun at its first delivery, beside one that ended their process, and found no time at any later one, was
  // charged with a crash when its queue gave it up (simulated world 3301097762). Now: whatever is given back unbegun counts as not begun.
  it('is not charged to tasks that began before and for which there is none now', async () => {
    const runtime = fakeRuntime();
    const { work } = slowPlugin(runtime, []);
    const records = [
      taskRecord(0, 20_000),
      taskRecord(1, 1000, { receiveCount: 2 }),
      taskRecord(2, 1000, { receiveCount: 3 }),
      taskRecord(3, 1000, { receiveCount: 2, heartbeatSeconds: 30 }),
    ];
    const batch = performBatch(work, records, LAMBDA_MS, runtime);
    await runtime.clock.advance(LAMBDA_MS);
    expect((await batch).batchItemFailures).toHaveLength(3);
    // At its first delivery, a task without heartbeats does not say that it begins.
    expect(ordersOf(runtime, 'TaskPutOff').toSorted()).toEqual(['order-2', 'order-3']);
    expect(ordersOf(runtime, 'TaskHeartbeat')).toEqual([]);
  });

  it('is charged to a redelivered task that had all of it', async () => {
    const runtime = fakeRuntime();
    const { work } = slowPlugin(runtime, []);
    const batch = performBatch(work, suspects([60_000]), LAMBDA_MS, runtime);
    await runtime.clock.advance(LAMBDA_MS);
    expect((await batch).batchItemFailures).toEqual([]);
    expect(runtime.answers()).toMatchObject([
      { type: 'TaskHeartbeat' },
      { type: 'TaskFailed', error: { code: 'LAMBDA_TIMEOUT' } },
    ]);
  });
});

describe('a record that fails', () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [40, 60],
  ])('at its delivery %i comes again after %i s', async (receiveCount, seconds) => {
    const runtime = fakeRuntime();
    const { plugin } = deadlyPlugin(new Set());
    const unreadable = { ...taskRecord(0, 0, { receiveCount }), body: 'nonsense' };
    const response = await performBatch(plugin.work, [unreadable], LAMBDA_MS, runtime);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(runtime.delays).toEqual([{ messageId: 'message-0', seconds }]);
  });

  it('since its answer could not be sent comes again after the same pauses', async () => {
    const runtime = fakeRuntime();
    const { plugin } = deadlyPlugin(new Set());
    runtime.online = false;
    await performBatch(plugin.work, [taskRecord(0, 0)], LAMBDA_MS, runtime);
    expect(runtime.delays).toEqual([{ messageId: 'message-0', seconds: 1 }]);
  });

  it('since its answer could not be sent is told to be put off, where it was told to have begun', async () => {
    const runtime = fakeRuntime();
    const { plugin } = deadlyPlugin(new Set());
    const { send } = runtime;
    const failing = {
      ...runtime,
      send: async (body: string) => {
        if (body.includes('TaskCompleted')) throw new Error('throttled');
        await send(body);
      },
    };
    const records = [taskRecord(0, 0), taskRecord(1, 1, { heartbeatSeconds: 30 })];
    await performBatch(plugin.work, records, LAMBDA_MS, failing);
    expect(ordersOf(runtime, 'TaskHeartbeat')).toEqual(['order-1']);
    expect(ordersOf(runtime, 'TaskPutOff')).toEqual(['order-1']);
    expect(runtime.delays).toHaveLength(2);
  });

  it('is reported even when its pause cannot be set', async () => {
    const runtime = fakeRuntime();
    const { plugin } = deadlyPlugin(new Set());
    const failing = {
      ...runtime,
      delayRecord: async () => {
        throw new Error('throttled');
      },
    };
    const unreadable = { ...taskRecord(0, 0), body: 'nonsense' };
    const response = await performBatch(plugin.work, [unreadable], LAMBDA_MS, failing);
    expect(response.batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(runtime.lines.at(-1)).toMatchObject({ message: 'a record comes again late' });
  });
});

describe('the order of redelivered records', () => {
  const orderOf = (counts: Readonly<Record<string, number>>) =>
    inRedeliveryOrder(
      Object.entries(counts).map(([messageId, count]) => ({
        record: { messageId, attributes: { ApproximateReceiveCount: String(count) } },
      })),
    ).map(({ record }) => record.messageId);
  const all = (count: number) =>
    Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`message-${n}`, count]));

  it('turns round from the second to the third delivery, and is another one at the fourth', () => {
    expect(orderOf(all(3))).toEqual(orderOf(all(2)).reverse());
    expect(orderOf(all(4))).not.toEqual(orderOf(all(2)));
    expect(orderOf(all(4))).not.toEqual(orderOf(all(3)));
    expect(orderOf(all(5))).toEqual(orderOf(all(4)).reverse());
  });

  it('depends on messages and counts alone, not on how the batch was put together', () => {
    const { 'message-3': three, 'message-7': seven, ...others } = all(2);
    expect(orderOf({ 'message-7': 2, ...others, 'message-3': 2 })).toEqual(orderOf(all(2)));
    expect([three, seven]).toEqual([2, 2]);
  });
});
