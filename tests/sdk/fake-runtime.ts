import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TaskMessage } from '../../src/contract/messages.ts';
import {
  answerSchema,
  orchestratorMessageSchema,
  storedAnswerSchema,
} from '../../src/contract/messages.ts';
import type { TaskClaim } from '../../src/contract/task-token.ts';
import { pluginKey, readToken } from '../../src/contract/task-token.ts';
import type { Standing } from '../../src/sdk/ask-standing.ts';
import { EndedAttempts } from '../../src/sdk/ended-attempts.ts';
import type { LogFields } from '../../src/sdk/log.ts';
import type { QueueRecord } from '../../src/sdk/queue-record.ts';
import type { Clock, Runtime } from '../../src/sdk/runtime.ts';

import { createMemoryPayloads } from '../ports/memory/objects.ts';

const MASTER_SECRET = 'the master secret of the test';

/** A clock that stands still until it is told to advance. */
export interface FakeClock extends Clock {
  /** Goes forward call by call, and lets what each sets off run. */
  advance(ms: number): Promise<void>;
}

export function fakeClock(startsAt = 1_000_000): FakeClock {
  let now = startsAt;
  const calls = new Set<{ at: number; call: () => void }>();
  return {
    now: () => now,
    after(ms, call) {
      const entry = { at: now + ms, call };
      calls.add(entry);
      return () => calls.delete(entry);
    },
    async advance(ms) {
      if (ms < 0) throw new Error('a clock does not run backwards');
      const end = now + ms;
      await nextTurn();
      for (;;) {
        const [next] = [...calls].sort((x, y) => x.at - y.at);
        if (next === undefined || next.at > end) break;
        calls.delete(next);
        now = Math.max(now, next.at);
        next.call();
        await nextTurn();
      }
      now = end;
    },
  };
}

/** An answer as the orchestrator reads it: with the claim of its token instead of the token. */
export type ReadAnswer = { claim: TaskClaim } & Record<string, unknown>;

export interface FakeRuntime extends Runtime {
  readonly clock: FakeClock;
  /** Bodies of the messages that were sent. */
  readonly bodies: string[];
  readonly lines: LogFields[];
  /** Reads everything sent as the orchestrator does: schema and signature. */
  answers(): ReadAnswer[];
  /** Whether sending works at present. */
  online: boolean;
  /** The message ids of the records that were taken out of the queue before the batch's end, in this order. */
  readonly deleted: string[];
  /** The records that were given back, and the seconds after which they come again. */
  readonly delays: { readonly messageId: string; readonly seconds: number }[];
  /** How attempts stand that the core no longer awaits, by order. */
  readonly standings: Map<string, Standing>;
  /** What lies in the bucket, by key. */
  readonly objects: Map<string, Uint8Array>;
}

export function fakeRuntime(plugin = 'resize'): FakeRuntime {
  const bodies: string[] = [];
  const lines: LogFields[] = [];
  const deleted: string[] = [];
  const delays: { messageId: string; seconds: number }[] = [];
  const standings = new Map<string, Standing>();
  const objects = new Map<string, Uint8Array>();
  const runtime: FakeRuntime = {
    plugin,
    key: pluginKey(MASTER_SECRET, plugin),
    clock: fakeClock(),
    log: (line) => lines.push(line),
    online: true,
    send: async (body) => {
      if (!runtime.online) throw new Error('SQS does not answer');
      bodies.push(body);
    },
    deleteRecord: async ({ messageId }) => {
      deleted.push(messageId);
    },
    delayRecord: async ({ messageId }, seconds) => {
      delays.push({ messageId, seconds });
    },
    standingOf: async (token) => standings.get(claimOf(token).orderId) ?? { open: true },
    ordered: false,
    endedAttempts: new EndedAttempts(),
    payloads: createMemoryPayloads(objects),
    files: {
      bucket: 'objects',
      put: async (key, body) => void objects.set(key, body),
      get: async (key) => {
        const found = objects.get(key);
        return found && Buffer.from(found);
      },
    },
    objects,
    deleted,
    delays,
    standings,
    bodies,
    lines,
    answers: () => bodies.flatMap(readBody),
  };
  return runtime;
}

function readBody(body: string): ReadAnswer[] {
  const message = orchestratorMessageSchema.parse(JSON.parse(body));
  if (!('answers' in message)) throw new Error('the message holds no answers');
  return message.answers.map((value) => {
    const { token, ...answer } =
      storedAnswerSchema.safeParse(value).data ?? answerSchema.parse(value);
    return { claim: claimOf(token), ...answer };
  });
}

function claimOf(token: string): TaskClaim {
  const claim = readToken(token, (plugin) => [pluginKey(MASTER_SECRET, plugin)]);
  if (claim === undefined) throw new Error('the signature is not genuine');
  return claim;
}

interface TaskSetting extends Partial<TaskMessage> {
  readonly plugin?: string;
  readonly deadlineAt?: number;
  readonly heartbeatSeconds?: number;
  readonly sessionId?: string;
  readonly transactionId?: string;
  readonly sealed?: string;
  /** How often SQS has delivered it, this time included. */
  readonly receiveCount?: number;
}

/** A record of the plugin's queue; by default at its first delivery. */
export function taskRecord(n: number, input: unknown, setting: TaskSetting = {}): QueueRecord {
  const { plugin = 'resize', deadlineAt = Number.MAX_SAFE_INTEGER } = setting;
  const { plugin: _, deadlineAt: __, heartbeatSeconds, receiveCount, ...more } = setting;
  const { sessionId, transactionId, sealed, ...rest } = more;
  const own = JSON.parse(
    JSON.stringify({ heartbeatSeconds, sessionId, transactionId, sealed }),
  ) as object;
  const message = {
    orderId: `order-${n}`,
    workflow: 'photos',
    input,
    attributes: { kind: 'photo' },
    tasks: ['validate', ['resize', 'crop']],
    done: ['validate'],
    invited: {
      crop: { taskId: 't3', job: 'crop', attempt: 1, deadlineAt },
      [plugin]: { taskId: 't2', job: plugin, attempt: 1, deadlineAt, ...own },
    },
    ...rest,
  };
  return queueRecord(`message-${n}`, JSON.stringify(message), receiveCount);
}

/** A record of the plugin's queue with any body. */
export function queueRecord(messageId: string, body: string, receiveCount = 1): QueueRecord {
  return {
    messageId,
    receiptHandle: `receipt of ${messageId}`,
    body,
    attributes: { ApproximateReceiveCount: String(receiveCount) },
  };
}
