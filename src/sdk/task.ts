import type { TaskMessage } from '../contract/messages.ts';
import type { TaskLog } from './log.ts';
import type { TaskStore } from './task-store.ts';

/**
 * The order's original input and its jobs so far, by job name. Only a plugin that declares `history: true` gets it.
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 *
 * export const handler = definePlugin((price: number, task) => ({
 *   price,
 *   asQuoted: price === task.history?.jobs.quote?.result,
 * }));
 */
export type TaskHistory = NonNullable<TaskMessage['history']>;

/**
 * The task that a plugin performs: which order it belongs to, how much time it has, and how to say that it still works.
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 *
 * export const handler = definePlugin(async ({ urls }: { urls: string[] }, task) => {
 *   let bytes = 0;
 *   for (const url of urls) {
 *     const response = await fetch(url, { signal: task.signal });
 *     bytes += (await response.arrayBuffer()).byteLength;
 *     await task.heartbeat();
 *   }
 *   return { bytes };
 * });
 */
export interface Task {
  readonly orderId: string;
  /** The name of the order's workflow. */
  readonly workflow: string;
  /** The task's name among the order's jobs: the plugin's name, `resize#2` the second time. With `orderId` it identifies the task over all of its attempts. */
  readonly job: string;
  /** From 1. */
  readonly attempt: number;
  /** What the order's sender said about it, for filters and conditions. */
  readonly attributes: TaskMessage['attributes'];
  /** The order's tasks as its workflow names them: what runs in parallel is nested, `*` stands for everyone registered. */
  readonly tasks: TaskMessage['tasks'];
  /** Names of the jobs that are done, in no particular order. */
  readonly done: readonly string[];
  /** Only for a plugin that declares `history: true`. */
  readonly history?: TaskHistory;
  /** Only in an activity's `onFailure`: the failure that it is about, with the job (`task`) and the plugin that failed. */
  readonly caught?: NonNullable<TaskMessage['caught']>;
  /**
   * Only for a plugin that declares `stateful: true`: the session to which the task belongs, as the attribute says that its `ordered` names; where
   * the order has none, the order's id. No other task of the session is performed meanwhile.
   */
  readonly sessionId?: string;
  /**
   * Only for a plugin that declares `stateful: true`: the same in all attempts of the task, and no other task has it, now or later. A task may
   * be performed twice: write what it changes in your store together with this id, on the condition that the store does not have it yet.
   * What undoes a job is a task of its own, with an id of its own.
   *
   * @example
   * import { definePlugin } from 'batonflow/sdk';
   *
   * const carts = new Map<string, { items: number; done: Set<string> }>();
   *
   * export const handler = definePlugin((items: number, { sessionId = '', transactionId = '' }) => {
   *   const cart = carts.get(sessionId) ?? { items: 0, done: new Set() };
   *   if (!cart.done.has(transactionId)) {
   *     cart.items += items;
   *     cart.done.add(transactionId);
   *   }
   *   carts.set(sessionId, cart);
   *   return { items: cart.items };
   * });
   */
  readonly transactionId?: string;
  /**
   * Where the task hangs in the trace of its order: the header `traceparent` of W3C Trace Context. Send it along with your own calls, or give it
   * to your tracer as the parent. Only where somebody traces the order.
   */
  readonly traceparent?: string;
  /** The header `tracestate` that goes with it, if the order's sender sent one. */
  readonly tracestate?: string;
  /** The instant at which `signal` fires, in milliseconds since 1970. */
  readonly deadlineAt: number;
  /** Milliseconds until `deadlineAt`, at least 0. */
  remainingMs(): number;
  /**
   * Fires at the attempt's deadline, or shortly before the Lambda's own timeout, whichever is earlier. Hand it to whatever
   * takes one: `fetch`, AWS clients (`abortSignal`), timers.
   */
  readonly signal: AbortSignal;
  /**
   * Says that the task is still at work. A plugin that declares `heartbeatSeconds` needs it: an attempt has failed when that many seconds
   * pass after its last heartbeat. The SDK sends the first one as the task begins, and none after that. It has no timer
   * for them, because a heartbeat says that your code still gets on: a task that hangs must fall silent.
   *
   * Call it as often as you like: at most one heartbeat per `heartbeatEverySeconds` (default 5) is sent. It never rejects: a heartbeat
   * that cannot be sent is logged, and the next call tries again.
   */
  heartbeat(): Promise<void>;
  /**
   * The task's token. Whoever has it can finish the task in the plugin's stead, and needs no other: give it to nobody else, and to no log.
   */
  readonly token: string;
  /**
   * To be returned in place of a result when somebody else finishes the task: a person, another system. The task stays open, without an
   * instance, until a callback with its `token` comes, or until its deadline (`timeoutSeconds` of the plugin, counted from the dispatch).
   * Nothing happens unless it is returned. Its type is `never`, so that the type of the function's other results is that of the task's.
   *
   * @example
   * import { definePlugin } from 'batonflow/sdk';
   *
   * export const handler = definePlugin(async (question: string, task) => {
   *   await fetch('https://desk.example/questions', {
   *     method: 'POST',
   *     body: JSON.stringify({ question, token: task.token }),
   *   });
   *   return task.later();
   * });
   */
  later(): never;
  /** Files, for what is too large to be a result, or no JSON. */
  readonly store: TaskStore;
  /** Its lines carry the ids of the task. */
  readonly log: TaskLog;
}
