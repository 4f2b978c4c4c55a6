import type { TaskAnswer, TaskMessage } from '../contract/messages.ts';
import type { PayloadRef } from '../contract/payloads.ts';
import { createPayloads } from '../contract/payloads.ts';
import { defined } from '../core/defined.ts';
import type { Json } from '../core/json.ts';
import { millisecondsOf } from '../core/json.ts';
import { DEFAULT_POLICY } from '../core/retry.ts';
import type { PluginHandler } from './define-plugin.ts';
import { EndedAttempts } from './ended-attempts.ts';
import type { LogFields } from './log.ts';
import { performBatch } from './perform-batch.ts';
import type { Clock } from './runtime.ts';
import { systemClock } from './runtime.ts';

/** The task to perform; all of it may be left out. */
export interface TaskSetting {
  /** Default `order-1`. */
  readonly orderId?: string;
  /** Default `test`. */
  readonly workflow?: string;
  /** Default `plugin`. */
  readonly job?: string;
  /** Default 1. */
  readonly attempt?: number;
  /** Default: none. */
  readonly attributes?: TaskMessage['attributes'];
  /** Default: the job alone. */
  readonly tasks?: TaskMessage['tasks'];
  /** Default: none. */
  readonly done?: readonly string[];
  /** Default: none, as for a plugin without `history: true`. */
  readonly history?: TaskMessage['history'];
  /** Default: none, as for a plugin without `stateful: true`. */
  readonly sessionId?: string;
  /** Default: none, likewise. */
  readonly transactionId?: string;
  /** Default: none, as for an order that nobody traces. */
  readonly traceparent?: string;
  /** Default: none. */
  readonly tracestate?: string;
  /** The failure that an activity's `onFailure` is about. Default: none, as anywhere else. */
  readonly caught?: TaskMessage['caught'];
  /** What the task gave that is to be undone, and how its order ends: it is the plugin's `compensate` that runs. Default: none. */
  readonly compensate?: TaskMessage['compensate'];
  /** Milliseconds until the attempt's deadline, more than 0. Default 3 600 000, as for a plugin that declares no timeout. */
  readonly timeoutMs?: number;
  /** Milliseconds until the Lambda's timeout. Default 900 000, the longest that Lambda has. */
  readonly lambdaTimeoutMs?: number;
  /** Default: the system's. A clock of your own tests deadlines without waiting. */
  readonly clock?: Clock;
}

const DEFAULT_TIMEOUT_MS = millisecondsOf(DEFAULT_POLICY.timeoutSeconds);

/** What a plugin made of a task. */
export type PerformedTask = {
  /** How many heartbeats it sent. */
  readonly heartbeats: number;
  /** The lines that it logged. */
  readonly logged: readonly LogFields[];
} & (
  | { readonly status: 'completed'; readonly result: Json }
  /** It returned `task.later()`: whoever has the token finishes it. */
  | { readonly status: 'deferred'; readonly token: string }
  | {
      readonly status: 'failed';
      readonly error: { readonly code: string; readonly message: string };
      /** What happens next: a retry by policy, none, or one after `afterSeconds`. */
      readonly retry: 'policy' | 'never' | 'later';
      readonly afterSeconds?: number;
    }
);

/**
 * Has a plugin perform one task, as it would on AWS but without it: the input becomes JSON and back, is checked, and the
 * result comes back as the orchestrator would get it. No environment variable is needed.
 *
 * @param input the task's input: JSON
 * @throws {Error} if `timeoutMs` is 0 or less, since a plugin begins no task whose deadline has passed; or if the plugin sends no
 * answer, which is a fault of the SDK
 *
 * @example
 * import { definePlugin } from 'batonflow/sdk';
 * import { performOnce } from 'batonflow/sdk/testing';
 *
 * const double = definePlugin((n: number) => n * 2);
 * const performed = await performOnce(double, 21);
 * // { status: 'completed', result: 42, heartbeats: 0, logged: [] }
 */
export async function performOnce<Input, Result>(
  handler: Pick<PluginHandler<Input, Result>, 'work'>,
  input: unknown,
  setting: TaskSetting = {},
): Promise<PerformedTask> {
  const { clock = systemClock, lambdaTimeoutMs = 900_000 } = setting;
  const answers: TaskAnswer[] = [];
  const logged: LogFields[] = [];
  const objects = new Map<string, Buffer>();
  const files = {
    bucket: 'objects',
    put: async (key: string, bytes: Uint8Array) => void objects.set(key, Buffer.from(bytes)),
    get: async (key: string) => objects.get(key),
  };
  const payloads = createPayloads(files);
  const runtime = {
    plugin: 'plugin',
    key: 'a key for tests',
    clock,
    log: (line: LogFields) => logged.push(line),
    send: async (body: string) => {
      answers.push(...(JSON.parse(body) as { answers: TaskAnswer[] }).answers);
    },
    deleteRecord: async () => {},
    delayRecord: async () => {},
    standingOf: async () => ({ open: true }),
    ordered: false,
    endedAttempts: new EndedAttempts(),
    payloads,
    files,
  };
  const message = messageOf(input, setting, clock);
  const { orderId } = message;
  const body = JSON.stringify(message);
  const attributes = { ApproximateReceiveCount: '1' };
  const record = { messageId: 'message-1', receiptHandle: 'receipt-1', attributes, body };
  await performBatch(handler.work, [record], lambdaTimeoutMs, runtime);
  const heartbeats = answers.filter(({ type }) => type === 'TaskHeartbeat').length;
  const answer = answers.find((one) => one.type !== 'TaskHeartbeat');
  if (answer === undefined) throw new Error('the plugin sent no answer');
  if (answer.type === 'TaskCompleted') {
    const stored = 'stored' in answer ? (answer.stored as PayloadRef) : undefined;
    const result =
      stored === undefined
        ? answer.result
        : JSON.parse(Buffer.from(await payloads.get(orderId, stored)).toString());
    return { status: 'completed', result: result as Json, heartbeats, logged };
  }
  if (answer.type === 'TaskDeferred') {
    return { status: 'deferred', token: answer.token, heartbeats, logged };
  }
  if (answer.type !== 'TaskFailed')
    throw new Error('the task had expired: timeoutMs must be over 0');
  const { error, retry, afterSeconds } = answer;
  const later = afterSeconds === undefined ? {} : { afterSeconds };
  return { status: 'failed', error, retry, ...later, heartbeats, logged };
}

function messageOf(input: unknown, setting: TaskSetting, clock: Clock): TaskMessage {
  const { job = 'plugin', timeoutMs = DEFAULT_TIMEOUT_MS, history, caught, compensate } = setting;
  const { sessionId, transactionId, traceparent, tracestate } = setting;
  return {
    orderId: setting.orderId ?? 'order-1',
    workflow: setting.workflow ?? 'test',
    // What the plugin before returned may be nothing.
    input: (input ?? null) as Json,
    attributes: setting.attributes ?? {},
    tasks: setting.tasks ?? [job],
    done: setting.done ?? [],
    invited: {
      plugin: {
        taskId: 't1',
        job,
        attempt: setting.attempt ?? 1,
        deadlineAt: clock.now() + timeoutMs,
        ...defined({ sessionId, transactionId, traceparent, tracestate }),
      },
    },
    ...defined({ history, caught, compensate }),
  };
}
