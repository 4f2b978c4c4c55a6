import { isRedelivered, pauseSecondsAfter } from '../contract/redelivery.ts';
import type { Attempt } from './attempt.ts';
import { inPlaceOf } from './attempt.ts';
import {
  attemptIn,
  delay,
  mayHaveBegunBefore,
  performAll,
  takeOut,
  tellPutOff,
} from './batch-steps.ts';
import type { BatchOutcome } from './invocation.ts';
import { lambdaEndAfter } from './out-of-time.ts';
import type { PluginWork, Turn } from './perform-task.ts';
import type { QueueRecord } from './queue-record.ts';
import type { Runtime } from './runtime.ts';

/**
 * Performs the tasks of an ordered plugin: its queue delivers the messages of a line one after another, the next only when the one before is
 * deleted. So whoever stays in the queue keeps the place of its task:
 *
 * 1. The records are performed one by one, as they come, and each is answered and deleted before the next one begins.
 * 2. The message of an attempt that is to be followed by another stays, hidden for a while. When it comes again, the core is asked which
 *    attempt of the task is due by then, and that one is performed in its place. The message that the core has sent for it, which stands at
 *    the end of the line, is dropped when its turn comes. Should the first message be lost, the other one takes its part. So the first
 *    stays until the core has heard how that attempt ended: the other one, whose turn may be next, would perform it once more.
 * 3. Whoever stands behind a message that comes again is given back unbegun.
 *
 * @param remainingMs milliseconds until the function's timeout
 */
export async function performInOrder<Input, Result>(
  work: PluginWork<Input, Result>,
  records: readonly QueueRecord[],
  remainingMs: number,
  runtime: Runtime,
): Promise<BatchOutcome> {
  const { clock } = runtime;
  const lambdaEnd = lambdaEndAfter(clock.now(), remainingMs);
  const failed: QueueRecord[] = [];
  const heldLines = new Set<string>();
  const hold = async (record: QueueRecord, seconds: number) => {
    failed.push(record);
    heldLines.add(lineOf(record));
    await delay(record, seconds, runtime);
  };

  /** The time that the slowest has taken so far. */
  let longestMs = 0;
  for (const [n, record] of records.entries()) {
    const attempt = attemptIn(record, runtime);
    const isBehind = heldLines.has(lineOf(record));
    const isTooLate = n > 0 && lambdaEnd.signalAt - clock.now() <= longestMs;
    if (attempt === undefined || isBehind || isTooLate) {
      if (attempt !== undefined && mayHaveBegunBefore(attempt))
        await tellPutOff([attempt], runtime);
      // While the head of its line is hidden, nobody behind it is delivered, however visible.
      await hold(record, isBehind ? 0 : pauseSecondsAfter(record));
      continue;
    }
    const startedAt = clock.now();
    const turn = { lambdaEnd, cutShort: n > 0 };
    const seconds = await performDue(work, attempt, turn, runtime);
    longestMs = Math.max(longestMs, clock.now() - startedAt);
    if (seconds !== undefined) await hold(record, seconds);
    // What is left Lambda deletes itself when the batch is over.
    else if (n + 1 < records.length) await takeOut(record, runtime);
  }
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Performs the attempt that is due. @returns for how many seconds its message stays in the queue; `undefined` when it is done with */
async function performDue<Input, Result>(
  work: PluginWork<Input, Result>,
  attempt: Attempt,
  turn: Turn,
  runtime: Runtime,
): Promise<number | undefined> {
  const due = await dueNow(attempt, runtime);
  if (due.status === 'later') return due.seconds;
  if (due.status === 'never') return undefined;
  const [[, outcome] = []] = await performAll(work, [due.attempt], turn, runtime);
  if (outcome?.status === 'putOff') {
    if (outcome.told) await tellPutOff([due.attempt], runtime);
    return pauseSecondsAfter(attempt.record);
  }
  if (outcome?.status !== 'answered') return undefined;
  runtime.endedAttempts.add(due.attempt.token);
  const isInPlace = due.attempt !== attempt;
  return outcome.again || isInPlace ? UNTIL_HEARD_SECONDS : undefined;
}

/** The core should have heard how an attempt ended before it is asked what comes next. */
const UNTIL_HEARD_SECONDS = 2;

const lineOf = ({ attributes }: QueueRecord): string => attributes.MessageGroupId ?? '';

type Due =
  | { readonly status: 'now'; readonly attempt: Attempt }
  | { readonly status: 'later'; readonly seconds: number }
  | { readonly status: 'never' };

/** What has ended here is not done again while the core has yet to hear of it. */
async function dueNow(attempt: Attempt, runtime: Runtime): Promise<Due> {
  const due = await dueInPlaceOf(attempt, runtime);
  if (due.status !== 'now' || !runtime.endedAttempts.has(due.attempt.token)) return due;
  return { status: 'later', seconds: pauseSecondsAfter(attempt.record) };
}

/** Which attempt of the task is to be performed where this one stands. Only one that has just come for the first time needs no question. */
async function dueInPlaceOf(attempt: Attempt, runtime: Runtime): Promise<Due> {
  const { record, invitation, token, log } = attempt;
  if (!isRedelivered(record) && invitation.attempt === 1) return { status: 'now', attempt };
  try {
    const { open, deferred, instead, againAt } = await runtime.standingOf(token);
    if (deferred) return { status: 'never' };
    if (open) return { status: 'now', attempt };
    if (instead !== undefined) {
      return { status: 'now', attempt: inPlaceOf(attempt, instead, runtime) };
    }
    if (againAt === undefined) return { status: 'never' };
    const seconds = Math.ceil((againAt - runtime.clock.now()) / 1000);
    if (seconds <= 0) return { status: 'later', seconds: pauseSecondsAfter(record) };
    return { status: 'later', seconds: Math.min(seconds, LONGEST_HIDDEN_SECONDS) };
  } catch (error) {
    log.warn('the core could not be asked which attempt is due', { reason: String(error) });
    return { status: 'later', seconds: pauseSecondsAfter(record) };
  }
}

/** A message is hidden for 12 hours at most, all deliveries of it apart: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const LONGEST_HIDDEN_SECONDS = 11 * 60 * 60;
