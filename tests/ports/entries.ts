import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import type { CompletedOrder, RunningOrder } from '../../src/core/order.ts';
import type { StageTask } from '../../src/core/task.ts';

export const T0 = Date.parse('2026-11-21T08:00:00.000Z');

/** What the entries of one order have in common. */
export interface OrderOf {
  readonly orderId: string;
  readonly acceptedAt?: number;
  readonly client?: string;
  readonly workflow?: string;
}

function identity({ orderId, acceptedAt = T0, client, workflow = 'photo-order' }: OrderOf) {
  return {
    orderId,
    workflow: { name: workflow, version: 3 },
    ...(client === undefined ? {} : { client }),
    attributes: { priority: 'high', kind: ['photo', 'raw'] },
    acceptedAt,
  };
}

/** Entry 0 of an order. */
export function placed(order: OrderOf, input: Json = { n: 0 }): JournalEntry {
  const { orderId, ...rest } = identity(order);
  const { acceptedAt: at, ...known } = rest;
  return {
    orderId,
    number: 0,
    at,
    events: [{ type: 'OrderPlaced', at, orderId, input, ...known, fingerprint: 'f1' }],
    state: {
      status: 'accepted',
      ...identity(order),
      entry: 0,
      payload: input,
      wakeUp: { at: at + 60_000, entry: 0 },
    },
  };
}

/** An entry in which one task ended and the next began. */
export function advanced(
  order: OrderOf,
  number: number,
  result: Json = { n: number },
  state: Partial<RunningOrder> = {},
): JournalEntry {
  const { orderId, acceptedAt: at } = identity(order);
  return {
    orderId,
    number,
    at: at + number,
    events: [{ type: 'TaskCompleted', at: at + number, taskId: `t${number}`, attempt: 1, result }],
    state: {
      status: 'running',
      ...identity(order),
      entry: number,
      payload: result,
      wakeUp: { at: at + 60_000, entry: 0 },
      taskCount: number + 1,
      jobs: { A: number + 1 },
      failedJobs: [],
      stage: {
        activity: number,
        stage: 'pre',
        tasks: [
          {
            status: 'inFlight',
            step: 0,
            plugin: 'A',
            mandatory: true,
            taskId: `t${number + 1}`,
            job: `A#${number + 1}`,
            attempt: 1,
            entry: number,
            giveUpAt: at + 86_400_000,
            dispatchedAt: at + number,
            deadlineAt: at + 300_000,
          },
        ],
      },
      ...state,
    },
  };
}

/** An entry of a parallel stage of so many tasks, in which the task at the index ended; those before it have ended already. */
export function wide(
  order: OrderOf,
  number: number,
  payload: Json,
  tasks: number,
  index: number,
  more: Partial<RunningOrder> = {},
): JournalEntry {
  const entry = advanced(order, number, { answered: index });
  const { acceptedAt: at } = identity(order);
  const times = { dispatchedAt: at, deadlineAt: at + 3_600_000, giveUpAt: at + 86_400_000 };
  const all = Array.from({ length: tasks }, (_, step): StageTask => {
    const base = { step, plugin: `P${step}`, mandatory: true } as const;
    const started = { ...base, taskId: `t${step + 1}`, job: `P${step}`, attempt: 1 };
    if (step > index) return { status: 'inFlight', ...started, entry: 1, ...times };
    return { status: 'completed', ...started, entry: Math.max(1, number - index + step) };
  });
  const state: RunningOrder = {
    ...(entry.state as RunningOrder),
    payload,
    jobs: { P0: 1, P1: 1 },
    stage: { activity: 0, stage: 'parallel', tasks: all },
    ...more,
  };
  return { ...entry, state };
}

/** The entry in which an order completes. */
export function completed(
  order: OrderOf,
  number: number,
  result: Json = { done: true },
): JournalEntry {
  const { orderId, acceptedAt: at } = identity(order);
  const state: CompletedOrder = {
    status: 'completed',
    ...identity(order),
    entry: number,
    endedAt: at + number,
    wakeUp: { at: at + 60_000, entry: 0 },
    failedJobs: [],
    result,
  };
  return {
    orderId,
    number,
    at: at + number,
    events: [{ type: 'TaskCompleted', at: at + number, taskId: `t${number}`, attempt: 1, result }],
    state,
  };
}

/** The entry in which an order fails: its events' values are in no state. */
export function failed(order: OrderOf, number: number): JournalEntry {
  const { orderId, acceptedAt: at } = identity(order);
  const error = { code: 'HANDLER_FAILED', message: 'no such image' };
  return {
    orderId,
    number,
    at: at + number,
    events: [
      { type: 'TaskCompleted', at: at + number, taskId: 't1', attempt: 1, result: { kept: 1 } },
      { type: 'TaskFailed', at: at + number, taskId: 't2', attempt: 3, error, retry: 'never' },
    ],
    state: {
      status: 'failed',
      ...identity(order),
      entry: number,
      endedAt: at + number,
      wakeUp: { at: at + 60_000, entry: 0 },
      error: { ...error, task: 'B', plugin: 'B', attempt: 3 },
      payload: { kept: 1 },
      stage: { activity: 0, stage: 'pre', tasks: [] },
      taskCount: 2,
      jobs: { A: 1, B: 1 },
      failedJobs: [],
    },
  };
}
