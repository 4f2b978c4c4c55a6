import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { isGenuine, type WorkerReport } from '../../../src/contract/worker-report.ts';
import { definePlugin, type Task } from '../../../src/sdk/index.ts';
import type { QueueRecord } from '../../../src/sdk/queue-record.ts';
import { startWorker } from '../../../src/sdk/worker/worker.ts';
import { type FakeRuntime, fakeRuntime, taskRecord } from '../fake-runtime.ts';

/** A queue in memory: a message is there, hidden until an instant, or deleted. */
function memoryQueue(runtime: FakeRuntime) {
  const { clock } = runtime;
  const messages = new Map<string, { record: QueueRecord; hiddenUntil: number; count: number }>();
  const asked: number[] = [];
  const renewals: string[] = [];
  let broken = 0;
  let wake: () => void = () => undefined;
  const hideFor = ({ messageId }: QueueRecord, seconds: number) => {
    const message = messages.get(messageId);
    if (message) message.hiddenUntil = clock.now() + seconds * 1000;
  };
  const isHidden = ({ hiddenUntil }: { hiddenUntil: number }) => hiddenUntil > clock.now();
  const groupOf = ({ record }: { record: QueueRecord }) => record.attributes.MessageGroupId;
  /** As FIFO queues do: while a message of a group is hidden, no other of that group is given. */
  const visible = (most: number) => {
    const all = [...messages.values()];
    const held = new Set(all.filter(isHidden).map(groupOf));
    return all
      .filter((one) => !isHidden(one) && (groupOf(one) === undefined || !held.has(groupOf(one))))
      .slice(0, most);
  };
  const queue = {
    receive: async (most: number): Promise<readonly QueueRecord[]> => {
      if (broken-- > 0) throw new Error('SQS does not answer');
      asked.push(most);
      if (visible(most).length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          clock.after(20_000, resolve);
        });
      }
      return visible(most).map((message) => {
        message.hiddenUntil = clock.now() + 60_000;
        message.count += 1;
        const attributes = { ApproximateReceiveCount: String(message.count) };
        return { ...message.record, attributes };
      });
    },
    hide: async (record: QueueRecord, seconds: number) => {
      renewals.push(`${record.messageId} ${seconds}`);
      hideFor(record, seconds);
    },
  };
  const own: FakeRuntime = {
    ...runtime,
    deleteRecord: async ({ messageId }) => {
      messages.delete(messageId);
    },
    delayRecord: async (record, seconds) => {
      runtime.delays.push({ messageId: record.messageId, seconds });
      hideFor(record, seconds);
    },
  };
  return {
    ...{ queue, own, asked, renewals },
    left: () => [...messages.keys()],
    isHidden: (id: string) => (messages.get(id)?.hiddenUntil ?? 0) > clock.now(),
    fails(times: number) {
      broken = times;
    },
    put(...records: QueueRecord[]) {
      for (const record of records) {
        messages.set(record.messageId, { record, hiddenUntil: 0, count: 0 });
      }
      wake();
    },
  };
}

/** A plugin whose tasks end when they are told to, or heed their signals. */
function slowPlugin() {
  const tasks: { task: Task; end: (result: unknown) => void }[] = [];
  const { work } = definePlugin((obedient: boolean, task) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    tasks.push({ task, end: resolve });
    if (obedient) task.signal.addEventListener('abort', () => reject(task.signal.reason));
    return promise;
  });
  return { work, tasks };
}

const SETTINGS = { worker: 'w1', concurrency: 2, graceSeconds: 20 };

function startIn({
  ordered = false,
  ...setting
}: Partial<typeof SETTINGS & { ordered: boolean }> = {}) {
  const runtime = Object.assign(fakeRuntime(), { ordered });
  const memory = memoryQueue(runtime);
  const plugin = slowPlugin();
  const settings = { ...SETTINGS, ...setting };
  const worker = startWorker(plugin.work, settings, memory.queue, memory.own);
  const answers = () =>
    runtime.bodies
      .map((body) => JSON.parse(body))
      .flatMap(({ answers = [] }) => answers as { type: string; ran?: object }[]);
  const reports = () =>
    runtime.bodies.map((body) => JSON.parse(body)).filter(({ type }) => type === 'WorkerSeen') as {
      report: WorkerReport;
      signature: string;
    }[];
  return { runtime, memory, ...plugin, worker, answers, reports };
}

describe('a worker', () => {
  it('performs the tasks of a session one after another, those of others beside them', async () => {
    const { runtime, memory, tasks } = startIn({ ordered: true, concurrency: 3 });
    const inSession = (n: number, session: string) => {
      const record = taskRecord(n, n, { sessionId: session, transactionId: `transaction ${n}` });
      return { ...record, attributes: { ...record.attributes, MessageGroupId: session } };
    };
    memory.put(inSession(1, 'a'), inSession(2, 'a'), inSession(3, 'b'), inSession(4, 'a'));
    await runtime.clock.advance(0);
    const begun = () => tasks.map(({ task }) => `${task.sessionId}: ${task.transactionId}`);
    expect(begun()).toEqual(['a: transaction 1', 'b: transaction 3']);
    // Polls of twenty seconds end meanwhile; the worker holds its messages.
    await runtime.clock.advance(70_000);
    expect(begun()).toHaveLength(2);
    tasks[0]?.end('done');
    await runtime.clock.advance(20_000);
    expect(begun().slice(2)).toEqual(['a: transaction 2']);
    tasks[2]?.end('done');
    await runtime.clock.advance(20_000);
    expect(begun().slice(3)).toEqual(['a: transaction 4']);
    expect(new Set(memory.asked)).toEqual(new Set([1]));
  });

  it('answers a task, and only then deletes its message', async () => {
    const { runtime, memory, tasks, answers } = startIn();
    memory.put(taskRecord(1, false));
    await runtime.clock.advance(0);
    expect(answers()).toEqual([]);
    expect(memory.left()).toEqual(['message-1']);
    tasks[0]?.end('done');
    await runtime.clock.advance(0);
    expect(answers()).toMatchObject([
      { type: 'TaskCompleted', result: 'done', ran: { instance: 'w1' } },
    ]);
    expect(memory.left()).toEqual([]);
  });

  it('keeps the message of a task of many hours hidden, and renews nothing afterwards', async () => {
    const { runtime, memory, tasks } = startIn();
    memory.put(taskRecord(1, false));
    for (let minute = 0; minute < 11 * 60; minute += 1) {
      await runtime.clock.advance(60_000);
      expect(memory.isHidden('message-1')).toBe(true);
    }
    tasks[0]?.end('done');
    await runtime.clock.advance(0);
    const renewals = memory.renewals.length;
    expect(memory.left()).toEqual([]);
    await runtime.clock.advance(120_000);
    expect(memory.renewals).toHaveLength(renewals);
  });

  it('takes no more messages than it has room for', async () => {
    const { runtime, memory, tasks, worker } = startIn();
    memory.put(...[1, 2, 3].map((n) => taskRecord(n, false)));
    await runtime.clock.advance(0);
    expect(worker.busy()).toBe(2);
    expect(memory.isHidden('message-3')).toBe(false);
    tasks[0]?.end('done');
    await runtime.clock.advance(0);
    expect(tasks).toHaveLength(3);
    expect(memory.asked).toEqual([2, 1]);
  });

  it('never asks for more than ten messages', async () => {
    const { runtime, memory } = startIn({ concurrency: 64 });
    await runtime.clock.advance(0);
    expect(memory.asked).toEqual([10]);
  });

  it('lets a message come again whose answer could not be sent', async () => {
    const { runtime, memory, tasks } = startIn();
    memory.put(taskRecord(1, false));
    await runtime.clock.advance(0);
    runtime.online = false;
    tasks[0]?.end('done');
    await runtime.clock.advance(0);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 1 }]);
    expect(memory.left()).toEqual(['message-1']);
  });

  it('lets a message come again that holds no task', async () => {
    const { runtime, memory } = startIn();
    memory.put({ ...taskRecord(1, false), body: 'nonsense' });
    await runtime.clock.advance(0);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 1 }]);
  });

  it('goes on to poll after failures, ever more slowly', async () => {
    const runtime = fakeRuntime();
    const memory = memoryQueue(runtime);
    memory.fails(3);
    const { work, tasks } = slowPlugin();
    startWorker(work, SETTINGS, memory.queue, memory.own);
    memory.put(taskRecord(1, false));
    await runtime.clock.advance(6999);
    expect(tasks).toHaveLength(0);
    await runtime.clock.advance(1);
    expect(tasks).toHaveLength(1);
    const pauses = runtime.lines.flatMap(({ pauseMs }) => (pauseMs === undefined ? [] : [pauseMs]));
    expect(pauses).toEqual([1000, 2000, 4000]);
  });

  it('reports itself at once, every minute, and as it ends', async () => {
    const { runtime, memory, worker, reports, tasks } = startIn();
    memory.put(taskRecord(1, false));
    await runtime.clock.advance(60_000);
    tasks[0]?.end('done');
    await worker.stop();
    const about = { plugin: 'resize', worker: 'w1', concurrency: 2 };
    expect(reports().map(({ report }) => report)).toEqual([
      { ...about, busy: 0, at: 1_000_000 },
      { ...about, busy: 1, at: 1_060_000 },
      { ...about, busy: 0, at: 1_060_000, ended: true },
    ]);
    for (const { report, signature } of reports()) {
      expect(isGenuine(report, signature, ['another', runtime.key])).toBe(true);
      expect(isGenuine({ ...report, busy: 7 }, signature, [runtime.key])).toBe(false);
      expect(isGenuine(report, signature, ['another'])).toBe(false);
    }
  });
});

describe('a worker that is told to stop', () => {
  it('lets what it has begun end, and takes nothing more', async () => {
    const { runtime, memory, worker, tasks, answers } = startIn();
    memory.put(taskRecord(1, false));
    await runtime.clock.advance(0);
    const stopped = worker.stop();
    memory.put(taskRecord(2, false));
    await runtime.clock.advance(19_000);
    expect(tasks).toHaveLength(1);
    tasks[0]?.end('done');
    await runtime.clock.advance(0);
    await stopped;
    expect(answers().map(({ type }) => type)).toEqual(['TaskCompleted']);
    expect(memory.left()).toEqual(['message-2']);
  });

  it('ends at once when it has nothing to do', async () => {
    const { runtime, worker } = startIn();
    await runtime.clock.advance(0);
    await worker.stop();
    expect(worker.busy()).toBe(0);
  });

  it('gives back what a poll brings that was under way', async () => {
    const { runtime, memory, worker, tasks } = startIn();
    await runtime.clock.advance(0);
    await worker.stop();
    memory.put(taskRecord(1, false));
    await nextTurn();
    expect(tasks).toHaveLength(0);
    expect(memory.renewals).toEqual(['message-1 0']);
    expect(memory.isHidden('message-1')).toBe(false);
  });

  it.each([
    ['that heeds its signal', true, 20_000],
    ['that does not', false, 22_500],
  ])('puts off a task %s, without an answer', async (_, obedient, afterMs) => {
    const { runtime, memory, worker, tasks, answers } = startIn();
    memory.put(taskRecord(1, obedient));
    await runtime.clock.advance(0);
    const stopped = worker.stop();
    await runtime.clock.advance(afterMs - 1);
    expect(runtime.delays).toEqual([]);
    await runtime.clock.advance(1);
    await stopped;
    expect(tasks[0]?.task.signal.aborted).toBe(true);
    expect(answers()).toEqual([]);
    expect(runtime.delays).toEqual([{ messageId: 'message-1', seconds: 1 }]);
    expect(memory.left()).toEqual(['message-1']);
  });

  it('tells the core of a task that it puts off and had said to have begun', async () => {
    const { runtime, memory, worker, answers } = startIn();
    memory.put(taskRecord(1, true, { heartbeatSeconds: 60 }));
    await runtime.clock.advance(0);
    const stopped = worker.stop();
    await runtime.clock.advance(20_000);
    await stopped;
    expect(answers().map(({ type }) => type)).toEqual(['TaskHeartbeat', 'TaskPutOff']);
    expect(memory.left()).toEqual(['message-1']);
  });
});
