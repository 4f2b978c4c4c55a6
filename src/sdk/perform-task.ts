import { messageText } from '../contract/message-text.ts';
import type { AnsweredRun, Invitation, TaskMessage } from '../contract/messages.ts';
import { MissingPayloadError } from '../contract/payloads.ts';
import { isRedelivered } from '../contract/redelivery.ts';
import { defined } from '../core/defined.ts';
import type { AboutAnswer } from './answer.ts';
import { completed, completedElsewhere, deferred, expired, failed, stackOf } from './answer.ts';
import type { Attempt } from './attempt.ts';
import { heartbeatsOf } from './heartbeats.ts';
import type { InputSchema } from './input-schema.ts';
import { readInput } from './input-schema.ts';
import { isLater, later } from './later.ts';
import type { LambdaEnd } from './out-of-time.ts';
import { deadlineSignal, isAbort, OutOfTime, whenAborted } from './out-of-time.ts';
import { MAX_INLINE_RESULT_BYTES, writeResult } from './result.ts';
import type { Clock, Runtime } from './runtime.ts';
import type { Task } from './task.ts';
import { PermanentError } from './task-errors.ts';
import { taskStore } from './task-store.ts';

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

/**
 * What undoes the work of a task that completed. It may run twice, like any task: undoing what is undone already must change nothing.
 * What it throws decides what becomes of the attempt, as it does for the work itself. What it returns is not kept, but `task.later()` defers it.
 *
 * @example
 * import { type Compensate, definePlugin } from 'batonflow/sdk';
 *
 * const charge = async (amount: number) => ({ chargeId: `charge of ${amount}` });
 * const refund: Compensate<number, { chargeId: string }> = ({ result, ending }, task) => {
 *   task.log.info('refunded', { chargeId: result.chargeId, because: ending.status });
 * };
 * export const handler = definePlugin(charge, { compensate: refund });
 */
export type Compensate<Input, Result> = (done: CompletedWork<Input, Result>, task: Task) => unknown;

/**
 * The work that is to be undone, and why.
 *
 * @example
 * import type { CompletedWork } from 'batonflow/sdk';
 *
 * export const why = ({ ending }: CompletedWork<number, number>): string =>
 *   ending.status === 'failed' ? ending.error.message : (ending.reason ?? 'cancelled');
 */
export interface CompletedWork<Input, Result> {
  /** What the task got. */
  readonly input: Input;
  /** What it gave, as JSON carried it: of a date, its text, whatever the type says. */
  readonly result: Result;
  /** How the order ends: it `failed` with an `error`, or was `cancelled`, maybe with a `reason`. */
  readonly ending: NonNullable<TaskMessage['compensate']>['ending'];
}

/** A plugin as it was defined. */
export interface PluginWork<Input, Result> {
  readonly perform: Perform<Input, Result>;
  readonly compensate?: Compensate<Input, Awaited<Result>>;
  readonly input?: InputSchema<Input>;
  readonly heartbeatEverySeconds: number;
  readonly checkBeforeStart: boolean;
}

/** The time that a task has in its function. */
export interface Turn {
  readonly lambdaEnd: LambdaEnd;
  /** Other tasks have used some of the function's time before: a task that runs out of it is given back, not failed. */
  readonly cutShort: boolean;
}

/** What became of an attempt. */
export type Outcome =
  /**
   * @param answer the answer as JSON text
   * @param storedBytes what its result has that lies in the bucket
   * @param again the answer asks for another attempt, as far as the task has any left
   */
  | {
      readonly status: 'answered';
      readonly answer: string;
      readonly storedBytes?: number;
      readonly again?: true;
    }
  /** The core no longer awaits the attempt: there is nothing to do, and nothing to say. */
  | { readonly status: 'closed' }
  /**
   * It did not begin, or could not end for want of time: its message has to come again.
   * @param told the core has been told that it began
   */
  | { readonly status: 'putOff'; readonly told: boolean };

/** Performs one task. Nothing is thrown, whatever happens. */
export async function performTask<Input, Result>(
  work: PluginWork<Input, Result>,
  attempt: Attempt,
  turn: Turn,
  runtime: Runtime,
): Promise<Outcome> {
  const { clock, instance, stopping } = runtime;
  const { record, invitation } = attempt;

  // 1. Does it still make sense to begin?
  if (isLate(attempt, clock)) return expiredUnbegun(attempt, clock);
  if (work.checkBeforeStart && !(await isOpen(attempt, runtime))) return { status: 'closed' };

  // 2. Say that it begins. A redelivered message may have ended its process before; should it do so again, this
  //    heartbeat is the only trace, so the work waits until it has left.
  const heartbeats = heartbeatsOf(attempt, work.heartbeatEverySeconds * 1000, runtime);
  if (isRedelivered(record)) {
    if (!(await heartbeats.beat())) return { status: 'putOff', told: false };
  } else if (invitation.heartbeatSeconds !== undefined) {
    await heartbeats.beat();
  }
  if (isLate(attempt, clock)) return expiredUnbegun(attempt, clock);

  // 3. Fetch what was too large for the queue.
  const stopped: Outcome = { status: 'putOff', told: tellsThatItBegins(attempt) };
  const startedAt = clock.now();
  const ran = () => ({ startedAt, endedAt: clock.now(), ...defined({ instance }) });
  const message = await wholeMessage(attempt, runtime);
  if (message === 'unreachable') return stopped;
  if (message instanceof PermanentError) return fail(attempt, message, ran());

  // 4. Perform it, until it ends, or the time of its function or worker does.
  const { lambdaEnd, cutShort } = turn;
  const { signal, deadlineAt, release } = deadlineSignal(invitation.deadlineAt, lambdaEnd, runtime);
  const beat = async () => {
    await heartbeats.beat();
  };
  const store = taskStore(message.orderId, invitation.job, runtime);
  const { token, log } = attempt;
  const means = { signal, deadlineAt, heartbeat: beat, store, token, log };
  const task = taskOf(message, invitation, means, clock);
  const performing = async (): Promise<Outcome> => {
    try {
      const result = await resultOf(work, message, task);
      if (result === undefined) return handOn(attempt, ran());
      // A heartbeat has moved the order on: what its message carried is no longer true.
      const sealed = heartbeats.haveBegun() ? undefined : invitation.sealed;
      const about = { token, ran: ran(), ...defined({ sealed }) };
      return (await answerWith(result, attempt, about, runtime)) ?? stopped;
    } catch (thrown) {
      const reason = signal.aborted && isAbort(thrown) ? signal.reason : thrown;
      return isGivenBack(reason, cutShort) ? stopped : fail(attempt, reason, ran());
    }
  };
  const cutOff = Promise.withResolvers<Outcome>();
  const cancelCutOff = clock.after(lambdaEnd.answerAt - clock.now(), () => {
    cutOff.resolve(cutShort ? stopped : fail(attempt, OutOfTime.ofFunction(), ran()));
  });
  const forgetStop = whenAborted(stopping?.putOff, () => cutOff.resolve(stopped));
  try {
    return await Promise.race([performing(), cutOff.promise]);
  } finally {
    release();
    cancelCutOff();
    forgetStop();
    heartbeats.end();
  }
}

/** The result as JSON text; `undefined` where somebody else finishes the task. Of an undoing, nothing is kept. */
async function resultOf<Input, Result>(
  work: PluginWork<Input, Result>,
  message: TaskMessage,
  task: Task,
): Promise<string | undefined> {
  const input = await readInput(work.input, message.input);
  if (message.compensate === undefined) {
    const result = await work.perform(input, task);
    return isLater(result) ? undefined : writeResult(result);
  }
  if (work.compensate === undefined) {
    const why =
      'the plugin declares `compensates`, but its function was defined without `compensate`';
    throw new PermanentError('NO_COMPENSATION', why);
  }
  const { result, ending } = message.compensate;
  const done = { input, result: result as Awaited<Result>, ending };
  const returned = await work.compensate(done, task);
  return isLater(returned) ? undefined : 'null';
}

/** Somebody else finishes the task. */
function handOn({ token, log }: Attempt, ran: AnsweredRun): Outcome {
  log.info('task deferred');
  return { status: 'answered', answer: JSON.stringify(deferred(token, ran)) };
}

/** The answer with this result, which goes into the bucket if no message holds it; `undefined` if it could not be stored. */
async function answerWith(
  result: string,
  { message: { orderId }, log }: Attempt,
  about: AboutAnswer,
  { payloads }: Runtime,
): Promise<Outcome | undefined> {
  const bytes = Buffer.from(result);
  if (bytes.byteLength <= MAX_INLINE_RESULT_BYTES) {
    return { status: 'answered', answer: completed(result, about) };
  }
  try {
    const stored = await payloads.put(orderId, bytes);
    const answer = completedElsewhere(stored, about);
    return { status: 'answered', answer, storedBytes: stored.bytes };
  } catch (error) {
    log.error('the result could not be stored', { reason: String(error) });
    return undefined;
  }
}

/** The message, from the bucket if it lies there. One that is gone does not come back. */
async function wholeMessage(
  { message, log }: Attempt,
  { payloads }: Runtime,
): Promise<TaskMessage | PermanentError | 'unreachable'> {
  if (!('stored' in message)) return message;
  try {
    const bytes = await payloads.get(message.orderId, message.stored);
    return JSON.parse(Buffer.from(bytes).toString()) as TaskMessage;
  } catch (error) {
    if (error instanceof MissingPayloadError) {
      return new PermanentError('PAYLOAD_MISSING', error.message);
    }
    log.error('the task could not be fetched from the bucket', { reason: String(error) });
    return 'unreachable';
  }
}

/** Whether the core is told that the attempt begins. */
export function tellsThatItBegins({ record, invitation }: Attempt): boolean {
  return isRedelivered(record) || invitation.heartbeatSeconds !== undefined;
}

function isLate({ invitation }: Attempt, clock: Clock): boolean {
  return clock.now() >= invitation.deadlineAt;
}

function expiredUnbegun({ invitation, token, log }: Attempt, clock: Clock): Outcome {
  const lateSeconds = Math.round((clock.now() - invitation.deadlineAt) / 1000);
  log.warn('task not begun: its deadline has passed', { lateSeconds });
  return { status: 'answered', answer: JSON.stringify(expired(token)), again: true };
}

/** Whether the core still awaits the attempt. If the core cannot be asked, the task begins: better twice than never. */
async function isOpen({ token, log }: Attempt, runtime: Runtime): Promise<boolean> {
  try {
    const { open, deferred } = await runtime.standingOf(token);
    if (!open) log.info('task not begun: nobody waits for it any more');
    if (deferred) log.info('task not begun: it has been left to whoever holds its token');
    return open && !deferred;
  } catch (error) {
    log.warn('the core could not be asked whether the task is open', { reason: String(error) });
    return true;
  }
}

/** Whether an attempt was ended by no fault of its own, and comes again. */
function isGivenBack(thrown: unknown, cutShort: boolean): boolean {
  if (!(thrown instanceof OutOfTime)) return false;
  return thrown.code === 'WORKER_STOPPED' || (thrown.code === 'LAMBDA_TIMEOUT' && cutShort);
}

function fail({ token, log }: Attempt, thrown: unknown, ran: AnsweredRun): Outcome {
  const answer = failed(token, thrown, ran);
  const stack = stackOf(thrown);
  // What a plugin says on purpose needs no whole stack.
  const where = answer.retry === 'policy' ? { stack } : { at: firstFrame(stack) };
  log.warn('task failed', { code: answer.error.code, retry: answer.retry, ...where });
  const again = answer.retry === 'never' ? {} : { again: true as const };
  return { status: 'answered', answer: messageText(JSON.stringify(answer)), ...again };
}

/** Where it was thrown, as V8 writes it: `at charge (file:///…/handler.ts:12:9)`. */
function firstFrame(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .find((line) => /^\s+at /.test(line))
    ?.trim();
}

function taskOf(
  message: TaskMessage,
  invitation: Invitation,
  means: Pick<Task, 'signal' | 'deadlineAt' | 'heartbeat' | 'store' | 'token' | 'log'>,
  clock: Clock,
): Task {
  const { orderId, workflow, attributes, tasks, done, history, caught } = message;
  const { job, attempt, sessionId, transactionId, traceparent, tracestate } = invitation;
  return {
    ...{ orderId, workflow, job, attempt, attributes, tasks, done, ...means },
    ...(history === undefined ? {} : { history }),
    ...(caught === undefined ? {} : { caught }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
    later,
    remainingMs: () => Math.max(0, means.deadlineAt - clock.now()),
  };
}
