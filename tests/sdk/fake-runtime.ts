import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TaskAnswer, TaskMessage } from '../../src/contract/messages.ts';
import { answerSchema, orchestratorMessageSchema } from '../../src/contract/messages.ts';
import type { TaskClaim } from '../../src/contract/task-token.ts';
import { pluginKey, readToken } from '../../src/contract/task-token.ts';
import type { LogFields } from '../../src/sdk/log.ts';
import type { Clock, Runtime } from '../../src/sdk/runtime.ts';

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
}

export function fakeRuntime(plugin = 'resize'): FakeRuntime {
  const bodies: string[] = [];
  const lines: LogFields[] = [];
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
    const { token, ...answer }: TaskAnswer = answerSchema.parse(value);
    const claim = readToken(token, (plugin) => pluginKey(MASTER_SECRET, plugin));
    if (claim === undefined) throw new Error('the signature is not genuine');
    return { claim, ...answer };
  });
}

/** A record of the plugin's queue. */
export function taskRecord(
  n: number,
  input: unknown,
  {
    plugin = 'resize',
    deadlineAt = Number.MAX_SAFE_INTEGER,
    ...rest
  }: { plugin?: string; deadlineAt?: number } & Partial<TaskMessage> = {},
): { messageId: string; body: string } {
  const message = {
    orderId: `order-${n}`,
    workflow: 'photos',
    input,
    attributes: { kind: 'photo' },
    tasks: ['validate', ['resize', 'crop']],
    done: ['validate'],
    invited: {
      crop: { taskId: 't3', job: 'crop', attempt: 1, deadlineAt },
      [plugin]: { taskId: 't2', job: plugin, attempt: 1, deadlineAt },
    },
    ...rest,
  };
  return { messageId: `message-${n}`, body: JSON.stringify(message) };
}
