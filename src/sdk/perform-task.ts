import { messageText } from '../contract/message-text.ts';
import { signToken } from '../contract/task-token.ts';
import { completed, failed } from './answer.ts';
import type { InputSchema } from './input-schema.ts';
import { readInput } from './input-schema.ts';
import { taskLog } from './log.ts';
import { writeResult } from './result.ts';
import type { Runtime } from './runtime.ts';
import type { Task } from './task.ts';
import type { ReceivedTask } from './task-message.ts';

/**
 * What a plugin's author writes: the work itself. Its result goes to the next plugin; what it throws decides what becomes of the attempt.
 *
 * @example
 * import { definePlugin, type Perform } from 'batonflow/sdk';
 *
 * const double: Perform<number, number> = (n) => n * 2;
 * export const handler = definePlugin(double);
 */
export type Perform<Input, Result> = (input: Input, task: Task) => Result | Promise<Result>;

/** A plugin as it was defined. */
export interface PluginWork<Input, Result> {
  readonly perform: Perform<Input, Result>;
  readonly input?: InputSchema<Input>;
  readonly heartbeatEverySeconds: number;
}

/** Two instants shortly before the Lambda's timeout. */
export interface LambdaEnd {
  /** Tasks are told to stop. */
  readonly signalAt: number;
  /** Those that have not stopped are answered for, so that the answers of their neighbours still get out. */
  readonly answerAt: number;
}

/** An attempt ran out of time. */
class OutOfTime extends Error {
  readonly code: 'TASK_TIMED_OUT' | 'LAMBDA_TIMEOUT';
  constructor(code: 'TASK_TIMED_OUT' | 'LAMBDA_TIMEOUT', message: string) {
    super(message);
    this.name = 'OutOfTime';
    this.code = code;
  }
}

/** Performs one task. Whatever happens, the answer to it comes back as JSON text; nothing is thrown. */
export async function performTask<Input, Result>(
  work: PluginWork<Input, Result>,
  received: ReceivedTask,
  lambdaEnd: LambdaEnd,
  runtime: Runtime,
): Promise<string> {
  const { clock, plugin } = runtime;
  const { orderId } = received.message;
  const { taskId, job, attempt } = received.invitation;
  const token = signToken({ orderId, taskId, attempt, plugin }, runtime.key);
  const log = taskLog({ plugin, orderId, taskId, job, attempt }, runtime.log);
  const fail = (thrown: unknown) => {
    const answer = failed(token, thrown);
    const stack = thrown instanceof Error && answer.retry === 'policy' ? thrown.stack : undefined;
    log.warn('task failed', { code: answer.error.code, retry: answer.retry, stack });
    return messageText(JSON.stringify(answer));
  };

  const lateMs = clock.now() - received.invitation.deadlineAt;
  if (lateMs >= 0) {
    const seconds = Math.round(lateMs / 1000);
    return fail(
      new OutOfTime('TASK_TIMED_OUT', `reached the plugin ${seconds} s after its deadline`),
    );
  }

  const { signal, deadlineAt, release } = deadline(received, lambdaEnd, clock);
  const pulse = heartbeats(token, work.heartbeatEverySeconds * 1000, log, runtime);
  const task = taskOf(received, { signal, deadlineAt, heartbeat: pulse.beat, log }, clock);
  const performing = async () => {
    try {
      const input = await readInput(work.input, received.message.input);
      return completed(token, writeResult(await work.perform(input, task)));
    } catch (thrown) {
      return fail(signal.aborted && isAbort(thrown) ? signal.reason : thrown);
    }
  };
  const cutOff = Promise.withResolvers<string>();
  const cancelCutOff = clock.after(lambdaEnd.answerAt - clock.now(), () => {
    cutOff.resolve(fail(lambdaTimeout()));
  });
  try {
    return await Promise.race([performing(), cutOff.promise]);
  } finally {
    release();
    cancelCutOff();
    pulse.end();
  }
}

function taskOf(
  { message, invitation }: ReceivedTask,
  means: Pick<Task, 'signal' | 'deadlineAt' | 'heartbeat' | 'log'>,
  clock: Runtime['clock'],
): Task {
  const { orderId, workflow, attributes, tasks, done, history } = message;
  const { job, attempt } = invitation;
  return {
    ...{ orderId, workflow, job, attempt, attributes, tasks, done, ...means },
    ...(history === undefined ? {} : { history }),
    remainingMs: () => Math.max(0, means.deadlineAt - clock.now()),
  };
}

/** A signal for the attempt's deadline or the Lambda's end, whichever is earlier. */
function deadline({ invitation }: ReceivedTask, { signalAt }: LambdaEnd, clock: Runtime['clock']) {
  const controller = new AbortController();
  const deadlineAt = Math.min(invitation.deadlineAt, signalAt);
  const release = clock.after(deadlineAt - clock.now(), () => {
    controller.abort(
      deadlineAt === invitation.deadlineAt
        ? new OutOfTime('TASK_TIMED_OUT', "the attempt's deadline has passed")
        : lambdaTimeout(),
    );
  });
  return { signal: controller.signal, deadlineAt, release };
}

function lambdaTimeout(): OutOfTime {
  return new OutOfTime(
    'LAMBDA_TIMEOUT',
    "the task was not done by the end of the function's timeout",
  );
}

/** Whether the error only says that the signal fired. */
function isAbort(thrown: unknown): boolean {
  return thrown instanceof OutOfTime || (thrown instanceof Error && thrown.name === 'AbortError');
}

function heartbeats(token: string, everyMs: number, log: Task['log'], runtime: Runtime) {
  const body = JSON.stringify({ answers: [{ type: 'TaskHeartbeat', token }] });
  let over = false;
  let sentAt = Number.NEGATIVE_INFINITY;
  return {
    beat: async () => {
      const now = runtime.clock.now();
      if (over || now - sentAt < everyMs) return;
      sentAt = now;
      try {
        await runtime.send(body);
      } catch (error) {
        sentAt = Number.NEGATIVE_INFINITY;
        log.warn('a heartbeat could not be sent', { reason: String(error) });
      }
    },
    end: () => {
      over = true;
    },
  };
}
