import type { JournalEntry } from '../../src/core/journal-entry.ts';
import type { Json } from '../../src/core/json.ts';
import type { CompletedOrder, RunningOrder } from '../../src/core/order.ts';

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
    armedIn: 0,
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
      armedIn: 0,
      error: { ...error, task: 'B', plugin: 'B', attempt: 3 },
    },
  };
}
